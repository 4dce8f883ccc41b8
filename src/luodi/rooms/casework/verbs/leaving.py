"""Passing on what somebody leaves behind: without an offer, because nobody is there to keep it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from luodi.ground.scope.api import Account, Actor, Unit, people_of, serves, unbounded
from luodi.manifest import Heir
from luodi.rooms.casework import notify
from luodi.rooms.casework.engine import Work, lay_down, record, take
from luodi.rooms.casework.models import Case, Measure, Responsibility, Share
from luodi.rooms.casework.standing import carriers, nearest, superiors, takers
from luodi.rooms.casework.verbs.handing import change_lead, end, withdraw_offer

Role, Status = Responsibility.Role, Responsibility.Status
NEEDED = {Role.LEAD: "cases.receive", Role.CO: "cases.carry"}


def _taken(actor: Actor, case: Case, at: dt.datetime | None) -> Work:
    """Takes a case in hand to pass something of it on. Raises NotAllowed: who may hand it over may."""
    actor.require("cases.assign", case.unit.path)
    return take(unbounded(actor), case, "pass_on", at=at)


@transaction.atomic
def pass_on(
    *,
    actor: Actor,
    row: Responsibility,
    heir: Heir,
    why: str = "",
    at: dt.datetime | None = None,
) -> Case:
    """Gives a part in a case (lead, offer, help) to an heir, or to the unit's queue; see `seat_of`."""
    work = _taken(actor, row.case, at)
    row = next(one for one in work.standing.rows if one.pk == row.pk)
    unit, account = seat_of(work, row, heir)
    was = row.account.name if row.account else row.unit.name
    if row is work.standing.offer and unit.pk == work.standing.lead.unit_id:
        return _given_back(work, row, why)
    _replaced(work, row, unit, account)
    record(
        work,
        why,
        unit=unit.pk,
        unit_name=unit.name,
        account=account.name if account else "",
        of=was,
    )
    lay_down(work)
    if row.role == Role.CO and account is not None:
        notify.send(work, {account.pk}, str(work.transition.label))
    return work.case


def _given_back(work: Work, row: Responsibility, why: str) -> Case:
    """An offer whose heir is the lead itself is no offer any more."""
    back = take(work.actor, work.case, "take_back", at=None)
    row = next(one for one in back.standing.rows if one.pk == row.pk)
    record(back, why, unit=row.unit_id, unit_name=row.unit.name)
    withdraw_offer(back, row, why)
    return lay_down(back)


def _replaced(work: Work, row: Responsibility, unit: Unit, account: Account | None) -> None:
    new = Responsibility(
        case=work.case,
        unit=unit,
        account=account,
        role=row.role,
        status=row.status,
        by_id=work.actor.account_id or None,
        at=work.at,
        reason=row.reason,
    )
    if row is work.standing.lead:
        change_lead(work, new)
    else:
        end(row, Status.ENDED, work.at)
        work.standing.rows.remove(row)
        helps = [one.unit_id for one in (*work.standing.helpers, *work.standing.asked)]
        if row.role != Role.CO or unit.pk not in helps:
            new.save()
            work.standing.rows.append(new)
    if not work.case.unit.path.startswith(unit.path):
        Share.objects.get_or_create(case=work.case, unit=unit, defaults={"unit_path": unit.path})


def seat_of(work: Work, row: Responsibility, heir: Heir) -> tuple[Unit, Account | None]:
    """Who takes a part over: the heir in the unit where they serve (the row's own first), the heir's
    unit, the row's own unit, or the nearest above the case that has people."""
    day, needed = timezone.localdate(work.at), NEEDED[Role(row.role)]
    able = takers(work.case.unit)
    if heir.account is not None:
        own = heir.account.roles.on(day).values_list("unit_id", flat=True)
        units = sorted(able.filter(pk__in=own), key=lambda one: (one.pk != row.unit_id, -one.depth))
        people = people_of([one.pk for one in units], needed, day)
        for unit in units:
            if heir.account in people.get(unit.pk, []):
                return unit, heir.account
    wanted = [one.pk for one in (heir.unit, row.unit) if one is not None]
    wanted += [*superiors(row.unit), *superiors(work.case.unit)]
    open_ones = set(able.filter(pk__in=wanted).values_list("pk", flat=True))
    wanted = [pk for pk in wanted if pk in open_ones]
    found = nearest(wanted, people_of(wanted, needed, day))
    return (Unit.objects.get(pk=found), None) if found else (row.unit, None)


def settle_lead(work: Work) -> None:
    """A case that is taken up again goes on with who led it, or with who is there in their place."""
    lead = work.standing.lead
    unit, _account = seat_of(work, lead, Heir())
    gone = lead.account_id is not None and lead.account not in carriers(
        work.standing, timezone.localdate(work.at)
    )
    if gone or unit.pk != lead.unit_id:
        _replaced(work, lead, unit, None)
    still_open = Measure.objects.open().filter(case=work.case, owner__isnull=False)
    for one in still_open.filter(~Q(serves("owner_id", None, timezone.localdate(work.at)))):
        one.owner, one.owner_name = None, unit.name[:60]
        one.save(update_fields=["owner", "owner_name"])


@transaction.atomic
def pass_measure_on(
    *,
    actor: Actor,
    row: Measure,
    heir: Heir,
    why: str = "",
    at: dt.datetime | None = None,
) -> Measure:
    """Gives an open measure to an heir who carries the case, else to the unit that leads it."""
    work = _taken(actor, row.case, at)
    able = carriers(work.standing, timezone.localdate(work.at))
    lead, was = work.standing.lead, row.owner_name
    owner = next((one for one in (heir.account, lead.account) if one and one in able), None)
    row.owner, row.owner_name = owner, (owner.name if owner else lead.unit.name)[:60]
    row.save(update_fields=["owner", "owner_name"])
    to = {"unit_name": lead.unit.name, "account": owner.name if owner else ""}
    record(work, why or row.text, measure=row.pk, of=was, **to)
    lay_down(work)
    if owner is not None:
        notify.send(work, {owner.pk}, str(work.transition.label))
    return row


@transaction.atomic
def pass_report_on(
    *,
    actor: Actor,
    row: Case,
    heir: Heir,
    why: str = "",
    at: dt.datetime | None = None,
) -> Case:
    """Lets somebody else of the unit that reported say whether it is solved, or anybody of it."""
    work = _taken(actor, row, at)
    day, unit = timezone.localdate(work.at), work.case.reporter_unit
    able = people_of([unit.pk], "cases.verify", day).get(unit.pk, [])
    account = heir.account if heir.account in able else None
    record(
        work,
        why,
        speaker=account.pk if account else 0,
        unit_name=unit.name,
        account=account.name if account else "",
        of=work.case.reporter_name,
    )
    return lay_down(work)
