"""Whether a promise is kept: comparison, gap and light, from values alone.

A target is judged at its due day, or before it today. Before the day it keeps pace when it has
come at least as far as a straight line from where it began to what was promised.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Kind, Value

NUMERIC = frozenset(Kind) - {Kind.DATE, Kind.WORD, Kind.YES_NO}


class Light(models.TextChoices):
    MET = "met", _("已达到")
    ON_THE_WAY = "on_the_way", _("推进中")
    BEHIND = "behind", _("滞后")
    MISSED = "missed", _("未达到")
    NO_DATA = "no_data", _("无数据")

    @property
    def is_gap(self) -> bool:
        return self in {Light.BEHIND, Light.MISSED}

    @property
    def tone(self) -> str:
        """The theme's class for it."""
        return {
            Light.MET: "light-green",
            Light.ON_THE_WAY: "light-blue",
            Light.BEHIND: "light-amber",
            Light.MISSED: "light-red",
            Light.NO_DATA: "",
        }[self]


@dataclass(frozen=True, slots=True)
class Course:
    """How a target stands: promised (comparison, wanted) and found (value).

    start: the value on the first day `since`, None where it is unknown; judged on `at` for a due
    day `due_on`. `counts_up`: the figure counts what happens in a period, which can only grow.
    """

    value: Value
    comparison: str
    wanted: Value
    since: dt.date
    due_on: dt.date
    at: dt.date
    start: Value = None
    counts_up: bool = False

    @property
    def light(self) -> Light:
        if self.value is None:
            return Light.NO_DATA
        kept = holds(self.value, self.comparison, self.wanted)
        if self.at >= self.due_on:
            return Light.MET if kept else Light.MISSED
        if kept:
            return Light.ON_THE_WAY if self._may_be_lost() else Light.MET
        return Light.ON_THE_WAY if self._keeps_pace() else Light.BEHIND

    @property
    def gap(self) -> Decimal | None:
        """What must still be added (less than zero: taken away); None where that is no number."""
        if not isinstance(self.value, Decimal) or not isinstance(self.wanted, Decimal):
            return None
        if holds(self.value, self.comparison, self.wanted):
            return Decimal(0)
        return self.wanted - self.value

    def _may_be_lost(self) -> bool:
        """What is counted up has kept below a bound only when the period is over."""
        return self.counts_up and self.comparison in {"<", "<=", "="}

    def _keeps_pace(self) -> bool:
        if not isinstance(self.value, Decimal) or not isinstance(self.wanted, Decimal):
            return True  # a word, a day, a yes: it comes at once, until the due day it may
        if self.counts_up and self.value >= self.wanted and self.comparison != ">":
            return False  # past the bound, and it cannot come back
        start = Decimal(0) if self.counts_up else self.start
        if not isinstance(start, Decimal):
            return True  # without a beginning no pace can be told
        whole = max((self.due_on - self.since).days, 1)
        passed = min(max((self.at - self.since).days, 0), whole)
        # compared without dividing: value - start against (wanted - start) * passed / whole
        done, way = (self.value - start) * whole, (self.wanted - start) * passed
        return done >= way if self.wanted >= start else done <= way


def holds(value: Value, comparison: str, wanted: Value) -> bool:
    """Whether a value keeps what was promised; False where the two cannot be compared."""
    if value is None or type(value) is not type(wanted):
        return False
    match comparison:
        case "=":
            return value == wanted
        case ">=":
            return value >= wanted  # type: ignore[operator]
        case ">":
            return value > wanted  # type: ignore[operator]
        case "<=":
            return value <= wanted  # type: ignore[operator]
        case "<":
            return value < wanted  # type: ignore[operator]
    raise ValueError(comparison)


def wanted_of(kind: Kind, text: str) -> Value:
    """A promised value as its figure's kind has it; None for a text that is no such value."""
    text = text.strip()
    if kind is Kind.WORD:
        return text or None
    if kind is Kind.DATE:
        return _day(text)
    if kind is Kind.YES_NO:
        return {"yes": True, "是": True, "no": False, "否": False}.get(text)
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 18 else None


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def comparisons_of(kind: Kind) -> frozenset[str]:
    """Which comparisons make sense: words and yes / no are equal or not."""
    return frozenset({"="}) if kind in {Kind.WORD, Kind.YES_NO} else frozenset("<>=") | {"<=", ">="}
