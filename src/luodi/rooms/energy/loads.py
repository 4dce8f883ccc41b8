"""A day's load in whole watt-hours: from a file's values, pre-summed, laid over what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from luodi.rooms.energy.models.metering import POINTS

MEASURED, ESTIMATED, REPLACED, MISSING = "m", "e", "r", "-"
LARGEST_WH = 2_000_000_000  # of a quarter of an hour: 8 GW
Quarters = list[int | None]


@dataclass(frozen=True, slots=True)
class Load:
    """96 quarters in Wh, None where nothing is known, and a letter of quality for each."""

    wh: Quarters
    quality: str

    @property
    def missing(self) -> int:
        return self.quality.count(MISSING)

    @property
    def total(self) -> int:
        return sum(one for one in self.wh if one is not None)

    @property
    def hours(self) -> list[int | None]:
        """Wh of each hour; nothing where a quarter of it is missing."""
        found: list[int | None] = []
        for at in range(0, POINTS, 4):
            four = self.wh[at : at + 4]
            known = [one for one in four if one is not None]
            found.append(sum(known) if len(known) == 4 else None)
        return found


def load_of(values: Sequence[float | None], scale: float) -> Load:
    """What was measured, scaled to Wh and rounded to the whole."""
    wh: Quarters = [None if one is None else round(one * scale) for one in values]
    return Load(wh, "".join(MISSING if one is None else MEASURED for one in wh))


def scale_of(factor: Decimal, *, factored: bool, power: bool) -> float:
    """Wh for one of a file's units: kWh, or mean kW over a quarter of an hour."""
    unit = Decimal(250 if power else 1000)
    return float(unit if factored else unit * factor)


def laid_over(new: Load, old: Load) -> Load:
    """A correction over what is known: what it leaves open stays, what it changes is marked."""
    wh, quality = list(new.wh), list(new.quality)
    for at, before in enumerate(old.wh):
        if wh[at] is None:
            wh[at], quality[at] = before, old.quality[at]
        elif (
            before is not None and before != wh[at] and old.quality[at] in (MEASURED, REPLACED)
        ) or (before == wh[at] and quality[at] == MEASURED and old.quality[at] == REPLACED):
            quality[at] = REPLACED
    return Load(wh, "".join(quality))


def estimated(gap: Load, like: Sequence[Load]) -> Load:
    """Fills a day's gaps with the mean of the same quarters of other days; what none knows stays open."""
    wh, quality = list(gap.wh), list(gap.quality)
    for at, now in enumerate(gap.wh):
        known = [one.wh[at] for one in like]
        found = [one for one in known if one is not None]
        if now is None and found:
            wh[at], quality[at] = round(sum(found) / len(found)), ESTIMATED
    return Load(wh, "".join(quality))


EMPTY = Load([None] * POINTS, MISSING * POINTS)


def first_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def month_before(month: dt.date) -> dt.date:
    return (month.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
