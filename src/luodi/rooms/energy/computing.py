"""A contract's month from what is known now, and how it differs from what was billed; nothing is written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit
from luodi.lib.errors import UserError
from luodi.rooms.energy.consumption import energy_of, meters_of
from luodi.rooms.energy.loads import next_month
from luodi.rooms.energy.models import (
    Bill,
    BillLine,
    GreenContract,
    Meter,
    Settlement,
    Terms,
    Volume,
)
from luodi.rooms.energy.settling import (
    Month,
    Party,
    Price,
    settle,
)

State = Settlement.State
YEARS_OPEN = 3  # 民法典 Art. 188: claims lapse after three years


@dataclass(frozen=True, slots=True)
class Computed:
    """A month as it is now: its terms, the units of its parties, the shares."""

    terms: Terms
    units: Mapping[int, Unit]
    month: Month
    generated: int


def terms_on(contract: GreenContract, month: dt.date) -> Terms:
    """The terms that hold in a month. Raises UserError where there are none."""
    rows = Terms.objects.filter(contract=contract, since__lt=next_month(month))
    found = rows.select_related("rule").order_by("-since").first()
    if found is None:
        raise UserError(_("%(month)s 没有价格条款，请先登记。") % {"month": f"{month:%Y-%m}"})
    return found


def price_of(terms: Terms) -> Price:
    rule = terms.rule
    return Price(
        energy=terms.energy_price,
        certificate=terms.certificate_price,
        cap=terms.price_cap,
        user_rate=rule.user_rate if rule else Decimal(0),
        supplier_rate=rule.supplier_rate if rule else Decimal(0),
        tolerance=rule.tolerance if rule else Decimal(0),
        shortfall=terms.shortfall_price,
    )


def compute(
    contract: GreenContract,
    month: dt.date,
    *,
    carried: Mapping[int, int] | None = None,
    late: Mapping[int, int] | None = None,
    also: Iterable[int] = (),
) -> Computed:
    """A contract's month from what is known now; nothing is written. `carried`, `late`: Wh by unit;
    `also`: units that have something to settle though they agreed on nothing this month."""
    terms = terms_on(contract, month)
    volumes = list(
        Volume.objects.filter(contract=contract, month=month)
        .select_related("unit")
        .order_by("unit__path")
    )
    if not volumes:
        raise UserError(_("%(month)s 没有合同电量，请先登记。") % {"month": f"{month:%Y-%m}"})
    agreed = {one.unit_id: one.kwh * 1000 for one in volumes}
    carried, late = carried or {}, late or {}
    rest = {*also, *(pk for pk, wh in (*carried.items(), *late.items()) if wh)} - agreed.keys()
    units = {one.unit_id: one.unit for one in volumes}
    units |= {one.pk: one for one in Unit.objects.filter(pk__in=rest).order_by("path")}
    consumed = consumed_of(units.values(), month, but=contract)
    generated = sum(energy_of(generating(contract), month).values())
    short = _shortfall(contract, terms, month, volumes, consumed)
    parties = [
        Party(
            key=pk,
            agreed=agreed.get(pk, 0),
            consumed=consumed[pk],
            carried=carried.get(pk, 0),
            late=late.get(pk, 0),
            shortfall=short.get(pk, 0),
        )
        for pk in units
    ]
    return Computed(terms, units, settle(price_of(terms), parties, generated), generated)


def generating(contract: GreenContract) -> list[Meter]:
    """The meters of the contract's plant."""
    if contract.plant_id is None:
        return []
    return list(Meter.objects.filter(plant_id=contract.plant_id, direction=Meter.GENERATION))


def consumed_of(
    units: Iterable[Unit], month: dt.date, but: GreenContract | None = None
) -> dict[int, int]:
    """Wh of each unit in a month, less what other contracts have settled of it already: what was
    consumed once is not green twice."""
    mine = meters_of(units)
    by_meter = energy_of([one for meters in mine.values() for one in meters], month)
    found = {unit: sum(by_meter.get(one.pk, 0) for one in meters) for unit, meters in mine.items()}
    if but is not None:
        rows = Bill.objects.filter(month=month, unit_id__in=found).exclude(contract=but)
        rows = rows.filter(contract_id__lt=but.pk)  # the earlier contract takes first
        for unit, wh in rows.values_list("unit_id").annotate(Sum("settled_wh")):
            found[unit] = max(found[unit] - int(wh), 0)
    return found


def _shortfall(
    contract: GreenContract,
    terms: Terms,
    month: dt.date,
    volumes: list[Volume],
    consumed: Mapping[int, int],
) -> dict[int, int]:
    """Take-or-pay at the end of the year: what each buyer took below its floor of the year's volume."""
    if month.month != 12 or not terms.take_or_pay:
        return {}
    begin = month.replace(month=1)
    year = Volume.objects.filter(contract=contract, month__gte=begin, month__lte=month)
    agreed = dict(year.values_list("unit_id").annotate(Sum("kwh")))
    before = Bill.objects.filter(contract=contract, month__gte=begin, month__lt=month)
    taken = dict(before.values_list("unit_id").annotate(Sum("settled_wh")))
    found = {}
    for one in volumes:
        now = min(one.kwh * 1000, consumed[one.unit_id])
        floor = int(agreed[one.unit_id] * 10 * terms.take_or_pay)
        found[one.unit_id] = max(floor - int(taken.get(one.unit_id, 0)) - now, 0)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """What a closed month would now be, less what was billed of it: a quantity and fen."""

    unit_id: int
    month: dt.date
    kind: str
    quantity: int
    fen: int


def differences(contract: GreenContract, month: dt.date) -> tuple[dict[int, int], list[Difference]]:
    """What changed of the closed months since they were billed: Wh that certificates have still to
    be issued for, by unit, and the lines.

    A late certificate is issued, and paid, when its MWh is whole: in the month that counts it.
    """
    closed = Settlement.objects.filter(contract=contract, month__lt=month, state=State.CLOSED)
    closed = closed.filter(month__gte=month.replace(year=month.year - YEARS_OPEN))
    late: dict[int, int] = defaultdict(int)
    found: list[Difference] = []
    for one in closed.order_by("month"):
        billed, quantities = _billed(contract, one.month)
        now = compute(contract, one.month)
        for share in now.month.shares:
            unit = share.party.key
            before = quantities.get((unit, "energy"), 0)
            late[unit] += share.settled - before
            for kind in share.fen:
                if kind == "certificate":
                    continue
                more = share.quantities[kind] - quantities.get((unit, kind), 0)
                fen = share.fen[kind] - billed.get((unit, kind), 0)
                if more or fen:
                    found.append(Difference(unit, one.month, kind, more, fen))
    return {unit: wh for unit, wh in late.items() if wh}, found


def _billed(
    contract: GreenContract, month: dt.date
) -> tuple[dict[tuple[int, str], int], dict[tuple[int, str], int]]:
    """What was billed of a month so far, its own lines and all differences: fen, and Wh."""
    fen: dict[tuple[int, str], int] = defaultdict(int)
    wh: dict[tuple[int, str], int] = defaultdict(int)
    rows = BillLine.objects.filter(
        bill__contract=contract, of_month=month, bill__settlement__state=State.CLOSED
    )
    for unit, kind, of_kind, quantity, amount in rows.values_list(
        "bill__unit_id", "kind", "of_kind", "quantity", "amount"
    ):
        fen[unit, of_kind or kind] += int(amount * 100)
        wh[unit, of_kind or kind] += int(quantity * 1000)
    return fen, wh
