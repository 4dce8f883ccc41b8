"""A contract's month: draft, checked, agreed, closed. A closed one never moves: what comes later is a
difference in the next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Annotated

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.notices.api import Message, tell_each
from luodi.ground.records.api import Date, Reason, verb
from luodi.ground.scope.api import (
    Actor,
    Unit,
    because,
    people_of,
    today,
)
from luodi.lib.errors import UserError
from luodi.rooms.energy.billing import write_bills
from luodi.rooms.energy.computing import compute, differences, generating
from luodi.rooms.energy.consumption import gaps_of, meters_of
from luodi.rooms.energy.loads import first_of, month_before, next_month
from luodi.rooms.energy.models import (
    GreenContract,
    Settlement,
    Volume,
)
from luodi.rooms.energy.settling import (
    largest_remainder,
    yuan,
)

State = Settlement.State
NO_RULE = gettext_lazy("不考核")


# --- the states -----------------------------------------------------------------------------------


@verb(permission="energy.manage", on="contract")
def draft_month(
    *,
    actor: Actor,
    contract: GreenContract,
    month: Annotated[dt.date, Date(gettext_lazy("月份"))],
    at: dt.datetime | None = None,
) -> Settlement:
    """Makes a month's draft, or makes it anew from what is known now. Months follow one another:
    the one before must be closed. Raises UserError for a month that is not over, or agreed."""
    month, at = first_of(month), at or timezone.now()
    if next_month(month) > today():
        raise UserError(_("这个月还没有过完。"), "month")
    GreenContract.objects.select_for_update().get(pk=contract.pk)  # one draft at a time
    found = Settlement.objects.filter(contract=contract, month=month).first()
    if found and found.state in (State.AGREED, State.CLOSED):
        raise UserError(_("这个月已经确认，不能重新计算。"), "month")
    before = (
        Settlement.objects.filter(contract=contract, month__lt=month).order_by("-month").first()
    )
    if before and before.state != State.CLOSED:
        raise UserError(_("请先关账 %(month)s。") % {"month": f"{before.month:%Y-%m}"}, "month")
    if Settlement.objects.filter(contract=contract, month__gt=month).exists():
        raise UserError(_("后面的月份已经结算。"), "month")
    if before and next_month(before.month) != month:
        said = _("上次结算到 %(month)s，请按月依次结算。")
        raise UserError(said % {"month": f"{before.month:%Y-%m}"}, "month")
    carried = carried_of(before)
    late, lines = differences(contract, month)
    done = compute(contract, month, carried=carried, late=late, also={one.unit_id for one in lines})
    rule = done.terms.rule
    settlement = found or Settlement(contract=contract, month=month)
    settlement.state, settlement.read_at = State.DRAFT, at
    settlement.generated_wh = done.generated
    settlement.rule = f"{rule.name}：{rule.source}" if rule else str(NO_RULE)
    settlement.checked_by = settlement.checked_at = None
    settlement.save()
    settlement.bills.all().delete()
    write_bills(settlement, done, lines)
    settlement.refresh_from_db()
    return settlement


def carried_of(before: Settlement | None) -> dict[int, int]:
    """What of each buyer's certificates is not yet a whole one."""
    return dict(before.bills.values_list("unit_id", "carried_wh")) if before else {}


def locked(settlement: Settlement, *states: str) -> Settlement:
    """The settlement as it stands, held. Raises UserError where it is in none of the states."""
    found = Settlement.objects.select_for_update().select_related("contract").get(pk=settlement.pk)
    if found.state not in states:
        raise UserError(
            _("这个月现在是“%(state)s”，不能这样做。") % {"state": found.get_state_display()}
        )
    return found


def move(settlement: Settlement, state: str) -> None:
    """Takes a month into a state; its bills say it too, because an enterprise sees no more of it."""
    settlement.bills.update(stage=state)  # first: of a closed month nothing moves any more
    settlement.state = state
    settlement.save()


@verb(permission="energy.manage", on="settlement")
def check_month(
    *, actor: Actor, settlement: Settlement, at: dt.datetime | None = None
) -> Settlement:
    """Says that a draft is right, and shows the bills to the enterprises. Refuses while readings are
    missing: a gap is no zero."""
    found, at = locked(settlement, State.DRAFT), at or timezone.now()
    units = [one.unit for one in found.bills.select_related("unit")]
    meters = [one for some in meters_of(units).values() for one in some]
    for unit, some in meters_of(units).items():
        if not some:
            name = next(one.name for one in units if one.pk == unit)
            raise UserError(_("%(unit)s 没有登记电能表。") % {"unit": name})
    gaps = gaps_of([*meters, *generating(found.contract)], found.month)
    if gaps:
        told = "；".join(str(one) for one in gaps[:4])
        raise UserError(_("还缺读数：%(gaps)s。请补导读数，或确认后补缺估算。") % {"gaps": told})
    fresh, lines = differences(found.contract, found.month)
    now = compute(
        found.contract,
        found.month,
        carried={one.unit_id: one.carried_in_wh for one in found.bills.all()},
        late=fresh,
        also={one.unit_id for one in lines},
    )
    billed = {one.unit_id: one.amount for one in found.bills.all()}
    extra: dict[int, int] = defaultdict(int)
    for line in lines:
        extra[line.unit_id] += line.fen
    if billed != {s.party.key: s.total + yuan(extra[s.party.key]) for s in now.month.shares}:
        raise UserError(_("草稿之后读数或条款有变，请先重新计算。"))
    found.checked_at, found.checked_by_id = at, actor.account_id or None
    move(found, State.CHECKED)
    _tell(found, at)
    return found


def _tell(settlement: Settlement, at: dt.datetime) -> None:
    """Tells each enterprise of its bill."""
    bills = {one.unit_id: one for one in settlement.bills.all()}
    people = people_of(bills, "energy.agree", today())
    tell_each(
        [
            Message(
                account.pk,
                f"energy.bill:{bills[unit].pk}",
                _("%(month)s 绿电账单待确认") % {"month": f"{settlement.month:%Y-%m}"},
                reverse("energy:bill", args=[bills[unit].pk]),
            )
            for unit, accounts in people.items()
            for account in accounts
        ],
        at=at,
    )


@verb(permission="energy.manage", on="settlement")
def return_month(
    *,
    actor: Actor,
    settlement: Settlement,
    reason: Annotated[str, Reason()],
    at: dt.datetime | None = None,
) -> Settlement:
    """Takes a month that is not closed back to a draft, computed anew; who agreed is asked again."""
    found = locked(settlement, State.CHECKED, State.AGREED)
    because(reason)
    move(found, State.DRAFT)
    return draft_month(actor=actor, contract=found.contract, month=found.month, at=at)


@verb(permission="energy.manage", on="settlement")
def close_month(
    *, actor: Actor, settlement: Settlement, at: dt.datetime | None = None
) -> Settlement:
    """Closes a month on which all have agreed. It never moves again: the database holds it."""
    found = locked(settlement, State.AGREED)
    found.closed_at = at or timezone.now()
    move(found, State.CLOSED)
    found.refresh_from_db()
    return found


@verb(permission="energy.manage", on="contract")
def spread_volume(
    *,
    actor: Actor,
    contract: GreenContract,
    unit: Unit,
    year: int,
    kwh: int,
    curve: tuple[int, ...] = (1,) * 12,
) -> list[Volume]:
    """Spreads a year's volume of a buyer over its months by a curve of twelve weights, to the kWh."""
    if len(curve) != 12 or sum(curve) <= 0 or min(curve) < 0:
        raise UserError(_("曲线应为 12 个不小于零的数。"), "curve")
    if (
        Settlement.objects.filter(contract=contract, month__year=year)
        .exclude(state=State.DRAFT)
        .exists()
    ):
        raise UserError(_("这一年已有月份结算，请逐月更改。"), "year")
    Volume.objects.filter(contract=contract, unit=unit, month__year=year).delete()
    parts = largest_remainder(kwh, list(curve))
    made = [
        Volume(contract=contract, unit=unit, month=dt.date(year, at + 1, 1), kwh=part)
        for at, part in enumerate(parts)
        if part
    ]
    Volume.objects.bulk_create(made)
    return made


# --- what pages ask -------------------------------------------------------------------------------


def next_to_settle(contract: GreenContract) -> dt.date:
    """The month that is settled next: after the last one, else the first with a volume."""
    last = Settlement.objects.filter(contract=contract).order_by("-month").first()
    if last:
        return next_month(last.month) if last.state == State.CLOSED else last.month
    first = Volume.objects.filter(contract=contract).order_by("month").first()
    return first.month if first else month_before(today())
