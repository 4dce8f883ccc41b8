"""What a month costs: pure, from stays, levels, prices and absences to lines in fen-exact yuan."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Price:
    """A price from a day until a day (exclusive; None: open)."""

    kind: str
    name: str
    per: str
    amount: Decimal
    level: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True)
class Lived:
    """A span of days, until exclusive (None: open), with a bed's charge or a level as `what`."""

    since: dt.date
    until: dt.date | None
    what: str = ""

    def holds_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Out:
    """An absence: left on a day, back on a day (None: still out)."""

    left: dt.date
    back: dt.date | None

    def whole_days(self, until: dt.date) -> int:
        """The days away from morning to night: all, or as far as `until` for who is still out."""
        return max(0, ((self.back or until) - self.left).days - 1)

    def is_whole(self, day: dt.date) -> bool:
        return self.left < day and (self.back is None or day < self.back)


@dataclass(frozen=True, slots=True)
class Rule:
    """How absence is charged: see `models.Terms`."""

    free_from: int = 3
    meal_back: bool = True
    care_back: bool = True
    bed_share: int = 100


@dataclass(frozen=True, slots=True)
class Line:
    """So many days of one item at a price; `away`: reduced because the resident was out."""

    kind: str
    text: str
    quantity: int
    price: Decimal
    amount: Decimal
    away: bool = False


def lines_of(
    month: dt.date,
    stays: Sequence[Lived],
    levels: Sequence[Lived],
    prices: Sequence[Price],
    absences: Sequence[Out] = (),
    rule: Rule = Rule(),
    until: dt.date | None = None,
) -> list[Line]:
    """The lines of a month (its first day), as far as `until` (exclusive; None: the whole month).

    A day is charged when the resident has a bed that night; a monthly price is charged by days of
    the month. Equal items of equal price are one line, in the order of kinds; amounts to the fen,
    half up, rounded once a line.
    """
    days_in_month = calendar.monthrange(month.year, month.month)[1]
    end = min(month + dt.timedelta(days=days_in_month), until or dt.date.max)
    counted: dict[tuple[str, str, Decimal, str, int], int] = {}
    day = month
    while day < end:
        stay = next((one for one in stays if one.holds_on(day)), None)
        if stay is not None:
            level = next((one.what for one in levels if one.holds_on(day)), "")
            reduced, whole = _out(day, absences, rule, end)
            for one in _items(day, stay.what, level, prices):
                share = _share(one.kind, rule, reduced=reduced, whole=whole)
                key = (one.kind, one.name, one.amount, one.per, share)
                counted[key] = counted.get(key, 0) + 1
        day += DAY
    return [_line(key, days, days_in_month) for key, days in counted.items() if key[4]]


def _items(day: dt.date, charge: str, level: str, prices: Sequence[Price]) -> list[Price]:
    """What is charged on a day: the bed's item, the level's, meals, and others."""
    there = [one for one in prices if one.holds_on(day)]
    beds = [one for one in there if one.kind == "bed"]
    bed = [one for one in beds if one.name == charge] or beds
    care = [one for one in there if one.kind == "care" and one.level == level]
    rest = [one for one in there if one.kind in {"meal", "other"}]
    return [*bed[:1], *care[:1], *rest]


def _out(day: dt.date, absences: Sequence[Out], rule: Rule, until: dt.date) -> tuple[bool, bool]:
    """Whether a day is reduced (of an absence long enough), and whether it was away as a whole."""
    for one in absences:
        if one.is_whole(day):
            return one.whole_days(until) >= rule.free_from, True
    return False, False


def _share(kind: str, rule: Rule, *, reduced: bool, whole: bool) -> int:
    """Which part of a day's price is charged, in per cent."""
    if kind == "meal" and whole and rule.meal_back:
        return 0
    if reduced and kind == "care" and rule.care_back:
        return 0
    if reduced and kind == "bed":
        return rule.bed_share
    return 100


def _line(key: tuple[str, str, Decimal, str, int], days: int, days_in_month: int) -> Line:
    kind, name, price, per, share = key
    amount = price * days * share / 100
    if per == "month":
        amount /= days_in_month
    return Line(kind, name, days, price, amount.quantize(FEN, ROUND_HALF_UP), share != 100)
