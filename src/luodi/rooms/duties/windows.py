"""Calendar windows: when something must have happened, for whom, and how that stands. No database.

A duty's editions follow each other. A window that has begun is finished under the edition with which
it began; an edition takes over with the first of its own windows that begins on or after its day, so
that a new edition changes the future only and no day is owed twice.
"""

from __future__ import annotations

import datetime as dt
import enum
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date | None]  # from a day on, until a day (exclusive; None: no end)


class Every(enum.StrEnum):
    """How long a window is; DAY: one fixed day of each year."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    DAY = "day"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Rule:
    """What an edition says of time: from a day on, so many `times` in each window.

    `day`: month and day of the fixed day; the 29th of February is the last of February in other
    years.
    """

    since: dt.date
    every: Every
    times: int = 1
    day: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if (self.every is Every.DAY) != (self.day is not None):
            raise ValueError("a fixed day, and only that, has a month and a day")

    def begins(self, day: dt.date) -> bool:
        """Whether a window of this length begins on a day."""
        if self.day is not None:
            return day == fixed_day(day.year, *self.day)
        return day.day == 1 and (day.month - 1) % MONTHS[self.every] == 0

    def end(self, day: dt.date) -> dt.date:
        """Of a window that begins on a day, the first day after it."""
        if self.every is Every.DAY:
            return day + ONE_DAY
        return _month_after(day, MONTHS[self.every])

    def takes_over(self) -> dt.date:
        """The first of its own windows that begins on or after its day."""
        if self.day is not None:
            this = fixed_day(self.since.year, *self.day)
            return this if this >= self.since else fixed_day(self.since.year + 1, *self.day)
        first = self.since if self.since.day == 1 else _month_after(self.since.replace(day=1), 1)
        while not self.begins(first):
            first = _month_after(first, 1)
        return first


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `start` up to, not including, `end`, under the rule at `place` among the editions."""

    start: dt.date
    end: dt.date
    place: int

    @property
    def last(self) -> dt.date:
        return self.end - ONE_DAY


def fixed_day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, monthrange(year, month)[1]))


def _month_after(day: dt.date, months: int) -> dt.date:
    count = day.year * 12 + day.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, 1)


def windows_of(rules: Sequence[Rule], year: int, ended: dt.date | None = None) -> list[Window]:
    """The windows of a duty that begin in a year, in order.

    `rules`: of its editions, by their days. No window begins on or after the day on which the duty
    `ended`. Every window ends with its year, so that years are laid out by themselves.
    """
    takes_over = [rule.takes_over() for rule in rules]
    starts = {dt.date(year, month, 1) for month in range(1, 13)}
    starts |= {fixed_day(year, *rule.day) for rule in rules if rule.day}
    found: list[Window] = []
    for day in sorted(starts):
        if (ended and day >= ended) or (found and day < found[-1].end):
            continue
        place = max((k for k, first in enumerate(takes_over) if first <= day), default=None)
        if place is not None and rules[place].begins(day):
            found.append(Window(day, rules[place].end(day), place))
    return found


# --- for whom ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Owed:
    """A window as it holds for one unit: from when, and how much is wanted (0: too short to ask)."""

    window: Window
    start: dt.date
    wanted: int


def owed_of(window: Window, times: int, spans: Iterable[Span]) -> Owed | None:
    """What a unit that the duty held for during `spans` owes in a window; None for nothing.

    Who is gone before the window's last day owes nothing more. Who came in the course of it owes
    the share of the days that were left, rounded half up: of one meeting a quarter, it from the
    middle of the quarter on does not.
    """
    for since, until in spans:
        if since <= window.last and (until is None or until > window.last):
            start = max(window.start, since)
            whole, there = (window.end - window.start).days, (window.end - start).days
            return Owed(window, start, (2 * times * there + whole) // (2 * whole))
    return None


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch as one."""
    found: list[Span] = []
    for since, until in sorted(spans, key=lambda one: one[0]):
        if found:
            first, last = found[-1]
            if last is None:
                break
            if since <= last:
                found[-1] = (first, None if until is None else max(last, until))
                continue
        found.append((since, until))
    return found


# --- how it stands --------------------------------------------------------------------------------


class State(enum.StrEnum):
    """How a window stands on a day."""

    DONE = "done"
    EXCUSED = "excused"
    MISSED = "missed"
    RISK = "risk"
    DUE = "due"
    AHEAD = "ahead"
    NOT_ASKED = "not_asked"


def state_of(
    owed: Owed,
    done: int,
    today: dt.date,
    *,
    risk_on: dt.date,
    planned: bool = False,
    excused: bool = False,
) -> State:
    """How what is owed stands on a day, after so much of it was `done`.

    `risk_on`: the day from which it is at risk, unless one is `planned` for a later day of the window.
    """
    if not owed.wanted:
        return State.NOT_ASKED
    if done >= owed.wanted:
        return State.DONE
    if excused:
        return State.EXCUSED
    if today >= owed.window.end:
        return State.MISSED
    if today < owed.start:
        return State.AHEAD
    return State.RISK if today >= risk_on and not planned else State.DUE
