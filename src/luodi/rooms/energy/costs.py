"""What a month's electricity costs in parts, and what the same would have cost from the grid alone.

An estimate from the tariff that is in force: the grid company's own bill decides.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Unit
from luodi.rooms.energy.loads import first_of
from luodi.rooms.energy.models import Bill, BillLine, DayLoad, Settlement, Tariff

PARTS = {
    "green": _("绿电电能量"),
    "certificate": _("绿证"),
    "other": _("偏差和差额"),
    "grid": _("电网购电"),
    "delivery": _("输配电"),
    "line_loss": _("线损"),
    "system": _("系统运行"),
    "funds": _("基金及附加"),
    "demand": _("需量电费"),
}
OF_LINE = {"energy": "green", "certificate": "certificate"}
PERIODS = {"s": "sharp", "p": "peak", "f": "flat", "v": "valley"}


@dataclass(slots=True)
class MonthCost:
    """A month: kWh consumed and settled green, yuan by part, and what the grid alone would cost."""

    month: dt.date
    kwh: float = 0.0
    green_kwh: float = 0.0
    parts: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))
    grid_alone: float = 0.0
    by_contract: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    green_price: float | None = None

    @property
    def total(self) -> float:
        return sum(self.parts.values())

    @property
    def saved(self) -> float:
        """What the green power saved against the grid in the same hours."""
        return self.grid_alone - self.total

    @property
    def price(self) -> float | None:
        return self.total / self.kwh if self.kwh else None


def costs_of(unit: Unit, since: dt.date, until: dt.date) -> list[MonthCost]:
    """The months from one until another (exclusive) of a unit and all below it."""
    below = {"path__gte": unit.path, "path__lt": unit.path[:-1] + "/"}
    tariffs = list(Tariff.objects.filter(since__lt=until).order_by("since"))
    rows = DayLoad.objects.filter(**below, day__gte=since, day__lt=until, known_until=None)
    rows = rows.filter(meter__direction="use")
    energy: dict[dt.date, list[int]] = defaultdict(lambda: [0] * 24)
    peaks: dict[tuple[int, dt.date], int] = defaultdict(int)
    for meter, day, hours in rows.values_list("meter_id", "day", "hours"):
        month = first_of(day)
        sums = energy[month]
        known = [one or 0 for one in hours]
        energy[month] = [a + b for a, b in zip(sums, known, strict=True)]
        peaks[meter, month] = max(peaks[meter, month], max(known))
    found = {month: MonthCost(month) for month in energy}
    for month, whole in energy.items():
        tariff = next((one for one in reversed(tariffs) if one.since <= month), None)
        most = sum(wh for (_meter, when), wh in peaks.items() if when == month)
        _grid(found[month], whole, tariff, most)
    _green(found, below, since, until)
    return [found[month] for month in sorted(found)]


def _grid(cost: MonthCost, hours: Sequence[int], tariff: Tariff | None, most_wh: int) -> None:
    """What all of it would cost from the grid; `most_wh`: the greatest hour of each meter, summed."""
    cost.kwh = sum(hours) / 1000
    if tariff is None:
        return
    prices = [float(getattr(tariff, PERIODS.get(letter, "flat"))) for letter in tariff.periods]
    prices += [float(tariff.flat)] * (24 - len(prices))
    cost.parts["grid"] = sum(wh / 1000 * price for wh, price in zip(hours, prices, strict=False))
    for name in ("delivery", "line_loss", "system", "funds"):
        cost.parts[name] = cost.kwh * float(getattr(tariff, name))
    cost.parts["demand"] = most_wh / 1000 * float(tariff.demand)
    cost.grid_alone = sum(cost.parts.values())


def _green(
    found: dict[dt.date, MonthCost], below: dict[str, str], since: dt.date, until: dt.date
) -> None:
    """Puts what the bills settled in the grid's place, at the mean price of the month's hours."""
    bills = Bill.objects.filter(**below, month__gte=since, month__lt=until)
    bills = bills.exclude(stage=Settlement.State.DRAFT).select_related("contract")
    green: dict[dt.date, Decimal] = defaultdict(Decimal)
    for bill in bills:
        if bill.month in found:
            cost = found[bill.month]
            cost.green_kwh += bill.settled_wh / 1000
            cost.by_contract[bill.contract.name] += bill.settled_wh / 1000
    lines = BillLine.objects.filter(bill__in=bills).values_list("bill__month", "kind", "amount")
    for month, kind, amount in lines:
        if month in found:
            found[month].parts[OF_LINE.get(kind, "other")] += float(amount)
            if kind == "energy":
                green[month] += amount
    for month, cost in found.items():
        if cost.kwh and cost.green_kwh:
            cost.parts["grid"] *= max(1 - cost.green_kwh / cost.kwh, 0)
            cost.green_price = float(green[month]) / cost.green_kwh
