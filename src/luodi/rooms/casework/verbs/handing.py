"""The responsibility list: receiving, handing over, accepting, returning, asking for help.

Until somebody has accepted, the one who gave stays responsible.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Account, Actor, Unit, people_of
from luodi.lib.errors import NotFound, UserError
from luodi.lib.text import one_line
from luodi.rooms.casework import notify
from luodi.rooms.casework.engine import Work, lay_down, record, take
from luodi.rooms.casework.models import Case, Category, Responsibility, Share
from luodi.rooms.casework.standing import (
    is_of,
    nearest,
    seat,
    superiors,
    takers,
)
from luodi.rooms.casework.timeline import way_of
from luodi.rooms.casework.verbs.raising import known

Role, Status = Responsibility.Role, Responsibility.Status


@transaction.atomic
def receive(
    *,
    actor: Actor,
    case: Case,
    title: str = "",
    category: Category | None = None,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Takes a raised problem on: by a name of the responsible unit, or by a superior.

    Who has been responsible from the start stays so: nothing was handed over. `title`, `category`:
    what it is called and filed as from now on; nothing leaves it as it is.
    """
    work = take(actor, case, "receive", at=at, version=version)
    lead = work.standing.lead
    unit, own = lead.unit, seat(actor, "cases.receive", work.case.unit.path)
    if own is not None and not work.stands_for and not is_of(actor, lead, "cases.receive"):
        unit = Unit.objects.get(pk=own)
    holder = lead.account_id if work.stands_for else actor.account_id or lead.account_id
    if (unit.pk, holder) != (lead.unit_id, lead.account_id):
        change_lead(work, Responsibility(unit=unit, account_id=holder))
    if (title := one_line(title)[:120]) and title != work.case.title:
        work.also["title"] = title
        work.texts.append(title)
    if category is not None and category.pk != work.case.category_id:
        work.also["category_id"] = known(actor, category).pk
    record(work)
    return lay_down(work)


def change_lead(work: Work, new: Responsibility) -> None:
    """Ends the present lead and makes `new` the lead (an offer that is accepted, or a new row)."""
    lead = work.standing.lead
    end(lead, Status.ENDED, work.at)
    new.role, new.status = Role.LEAD, Status.ACCEPTED
    if new._state.adding:
        new.case, new.by_id, new.at = work.case, work.actor.account_id or None, work.at
    if new.account_id == work.actor.account_id:
        new.account = Account(pk=work.actor.account_id, name=work.actor.name)
    new.save()
    work.standing.rows = [row for row in work.standing.rows if row is not lead and row is not new]
    work.standing.rows.append(new)


def end(row: Responsibility, status: str, at: dt.datetime, reason: str = "") -> None:
    row.status, row.ended_at = status, at
    if reason:
        row.reason = reason
    row.save(update_fields=["status", "ended_at", "reason"])


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    case: Case,
    unit: Unit,
    account: Account | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Offers the lead to a unit, or to a named person of it, who must accept."""
    work = take(actor, case, "hand_over", at=at, version=version)
    _offer(work, unit, account, Role.LEAD, reason)
    return lay_down(work)


@transaction.atomic
def escalate(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Offers the lead to the nearest superior of the responsible unit that has people."""
    work = take(actor, case, "escalate", at=at, version=version)
    above = superiors(work.standing.lead.unit)
    people = people_of(above, "cases.receive", timezone.localdate(work.at))
    target = nearest(above, people)
    if target is None:
        raise UserError(_("上面没有可以接收的单位了，请直接交办给有关部门。"))
    _offer(work, Unit.objects.get(pk=target), None, Role.LEAD, reason, people)
    return lay_down(work)


def _offer(
    work: Work,
    unit: Unit,
    account: Account | None,
    role: str,
    reason: str,
    people: dict[int, list[Account]] | None = None,
) -> None:
    """Offers a part to a unit that has somebody to take it, and gives it sight of the case."""
    if not takers(work.case.unit).filter(pk=unit.pk).exists():
        raise UserError(_("这个问题不能交给“%(unit)s”，请换一个单位。") % {"unit": unit}, "unit")
    if people is None:
        people = people_of([unit.pk], "cases.receive", timezone.localdate(work.at))
    able = people.get(unit.pk, [])
    if not able:
        raise UserError(
            _("“%(unit)s”还没有能接收问题的人员，请换一个单位，或请管理员先设置。")
            % {"unit": unit},
            "unit",
        )
    if account is not None and account not in able:
        raise UserError(_("%(name)s 不是该单位能接收问题的人员。") % {"name": account}, "account")
    lead = work.standing.lead
    if unit.pk == lead.unit_id and (role == Role.CO or account in {None, lead.account}):
        raise UserError(_("“%(unit)s”已经是责任单位。") % {"unit": unit}, "unit")
    named = account or (able[0] if len(able) == 1 else None)
    row = Responsibility.objects.create(
        case=work.case,
        unit=unit,
        account=named,
        role=role,
        status=Status.OFFERED,
        by_id=work.actor.account_id or None,
        at=work.at,
        reason=reason.strip(),
    )
    work.standing.rows.append(row)
    if not work.case.unit.path.startswith(unit.path):
        Share.objects.get_or_create(case=work.case, unit=unit, defaults={"unit_path": unit.path})
    facts = {"unit": unit.pk, "unit_name": unit.name, "account": named.name if named else ""}
    if work.transition.key == "hand_over":
        facts["way"] = way_of(lead.unit, unit)
    record(work, reason, **facts)


@transaction.atomic
def accept(
    *, actor: Actor, case: Case, at: dt.datetime | None = None, version: int | None = None
) -> Case:
    """Takes the offered lead; from now on the actor is responsible, and the giver no longer."""
    work = take(actor, case, "accept", at=at, version=version)
    offer = _offered(work)
    if not work.stands_for:
        offer.account_id = actor.account_id or offer.account_id
    change_lead(work, offer)
    record(work, unit=offer.unit_id, unit_name=offer.unit.name)
    return lay_down(work)


def _offered(work: Work) -> Responsibility:
    offer = work.standing.offer
    if offer is None:
        raise UserError(_("现在没有待接收的交办。"))
    return offer


@transaction.atomic
def return_(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Gives an offered lead back, for a reason; the giver has been responsible all along."""
    work = take(actor, case, "return_", at=at, version=version)
    record(work, reason, unit=_offered(work).unit_id, unit_name=_offered(work).unit.name)
    withdraw_offer(work, _offered(work), reason)
    return lay_down(work)


@transaction.atomic
def take_back(
    *,
    actor: Actor,
    case: Case,
    reason: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Withdraws an offer that nobody has accepted yet."""
    work = take(actor, case, "take_back", at=at, version=version)
    record(work, reason, unit=_offered(work).unit_id, unit_name=_offered(work).unit.name)
    withdraw_offer(work, _offered(work), reason)
    return lay_down(work)


def withdraw_offer(work: Work, row: Responsibility, reason: str) -> None:
    """Ends an offer and, if the unit has no other part in the case, its sight of it."""
    end(row, Status.RETURNED, work.at, reason.strip())
    work.standing.rows.remove(row)
    others = Responsibility.objects.filter(case=work.case, unit_id=row.unit_id)
    if not others.exclude(status=Status.RETURNED).exists():
        # The row's own unit may be the one that acts: its sight ends with this transaction.
        work.unshare = row.unit_id


# --- helpers --------------------------------------------------------------------------------


@transaction.atomic
def ask_department(
    *,
    actor: Actor,
    case: Case,
    unit: Unit,
    text: str,
    account: Account | None = None,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Asks another unit, such as a county department, to help; the lead stays where it is."""
    work = take(actor, case, "ask_department", at=at, version=version)
    if any(row.unit_id == unit.pk for row in (*work.standing.helpers, *work.standing.asked)):
        raise UserError(_("已经请“%(unit)s”协办了。") % {"unit": unit}, "unit")
    _offer(work, unit, account, Role.CO, text)
    asked = work.standing.asked[-1]
    lay_down(work)
    people = people_of([unit.pk], "cases.receive", timezone.localdate(work.at))
    named = {asked.account_id} if asked.account_id else {one.pk for one in people[unit.pk]}
    notify.send(work, named, str(work.transition.label))
    return work.case


@transaction.atomic
def join(
    *, actor: Actor, case: Case, at: dt.datetime | None = None, version: int | None = None
) -> Case:
    """Agrees to help."""
    work = take(actor, case, "join", at=at, version=version)
    row = _asked(work)
    row.status = Status.ACCEPTED
    if not work.stands_for:
        row.account_id = actor.account_id or row.account_id
    row.save(update_fields=["status", "account"])
    record(work, unit=row.unit_id, unit_name=row.unit.name)
    return lay_down(work)


@transaction.atomic
def decline(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Declines to help, for a reason."""
    work = take(actor, case, "decline", at=at, version=version)
    row = _asked(work)
    record(work, reason, unit=row.unit_id, unit_name=row.unit.name)
    withdraw_offer(work, row, reason)
    return lay_down(work)


def _asked(work: Work) -> Responsibility:
    """The request for help that the actor may answer."""
    mine = {held.unit_id for held in work.actor.holdings}
    for row in work.standing.asked:
        if work.actor.everything or row.unit_id in mine:
            return row
    raise UserError(_("没有等您答复的协办请求。"))


# --- many at once ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of one case of many: `problem` is the sentence why it was not handed over."""

    case: Case
    problem: str = ""


def bulk_assign(
    *,
    actor: Actor,
    cases: Iterable[Case],
    unit: Unit,
    account: Account | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> list[Assigned]:
    """Hands several cases over to one unit; each that cannot be says why, the others go."""
    actor.require("cases.assign")
    return each(
        cases,
        lambda case: hand_over(
            actor=actor, case=case, unit=unit, account=account, reason=reason, at=at
        ),
    )


def each(cases: Iterable[Case], step: Callable[[Case], object]) -> list[Assigned]:
    """Takes a step with each of several cases; each that cannot says why, the others go."""
    results = []
    for case in sorted(cases, key=lambda one: one.pk):
        try:
            with transaction.atomic():
                step(case)
            results.append(Assigned(case))
        except UserError as problem:
            results.append(Assigned(case, str(problem)))
    return results


@transaction.atomic
def classify(*, actor: Actor, case: Case, category: Category) -> Case:
    """Files a case under a category: whoever may receive it, at any time; the trail keeps which."""
    found: Case | None = Case.objects.select_for_update().filter(pk=case.pk).first()
    if found is None:
        raise NotFound(_("没有这个问题，或您无权查看。"))
    actor.require("cases.receive", found.unit.path)
    found.category = known(actor, category)
    Case.objects.filter(pk=found.pk).update(category=found.category)
    return found
