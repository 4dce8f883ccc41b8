"""The working calendar: business time and working days, with make-up days and split shifts.

All arithmetic is a bisection in a table of the working spans as instants (microseconds since 1970,
UTC) with their running sum, so ten years cost what a day costs, and a shift that ends at midnight
or a change of the clocks in the zone needs no special case.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from chinese_calendar.constants import Holiday, holidays, workdays

from luodi.lib.sentences import SentenceError

Span = tuple[time, time]

FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2120
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
NAMES: Final[dict[str, str]] = {one.value: one.chinese for one in Holiday}
OFFICE_HOURS: Final[tuple[Span, ...]] = ((time(8), time(12)), (time(14, 30), time(18)))


class CalendarError(SentenceError):
    """The calendar cannot answer: it has no working time, or the date lies outside its years."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """What an exceptional day is. `spans`: `()` a day off, None the calendar's ordinary hours."""

    spans: tuple[Span, ...] | None = None
    name: str = ""

    @classmethod
    def off(cls, name: str = "") -> DayRule:
        return cls((), name)


@dataclass(frozen=True, slots=True)
class _Table:
    """The working spans of some years, in order, as instants in microseconds."""

    first_year: int
    last_year: int
    starts: list[int]
    ends: list[int]
    before: list[int]  # working time in the table before each span
    closings: list[int]  # the end of each working day
    total: int

    def worked_until(self, at: int) -> int:
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.before[index] + min(at, self.ends[index]) - self.starts[index]

    def moved(self, at: int, amount: int) -> int | None:
        """`amount` of working time after (negative: before) `at`; None if outside the table."""
        goal = self.worked_until(at) + amount
        if goal < 0 or goal > self.total or not self.starts:
            return None
        find = bisect_left if amount > 0 else bisect_right
        index = find(self.before, goal) - 1
        found = self.starts[index] + goal - self.before[index]
        return found if found <= self.ends[index] else None

    def closing(self, at: int, nth: int) -> int | None:
        index = bisect_right(self.closings, at) + nth - 1
        return self.closings[index] if 0 <= index < len(self.closings) else None


@dataclass(frozen=True)
class WorkingCalendar:
    """Ordinary hours, weekend and exceptional days. Every moment taken is an aware datetime.

    spans: hours of an ordinary day, local wall time; an end of 00:00 means 24:00. Spans may touch
    but not overlap. exceptions: days that differ (holidays, make-up days, own hours); they win
    over the weekend. weekend: weekdays without work, Monday is 0.
    """

    spans: tuple[Span, ...] = OFFICE_HOURS
    exceptions: Mapping[date, DayRule] = field(default_factory=dict, hash=False)
    zone: ZoneInfo = SHANGHAI
    weekend: frozenset[int] = frozenset({5, 6})
    _tables: list[_Table] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rules = {
            day: DayRule(None if rule.spans is None else _ordered(rule.spans), rule.name)
            for day, rule in self.exceptions.items()
        }
        object.__setattr__(self, "spans", _ordered(self.spans))
        object.__setattr__(self, "exceptions", MappingProxyType(rules))
        object.__setattr__(self, "weekend", frozenset(self.weekend))

    def knows(self, year: int) -> bool:
        """Whether the year's holidays are among the exceptions: every notice names 1 October."""
        around = (date(year, 10, day) for day in (1, 2, 3))
        return any(day in self.exceptions and self.exceptions[day].spans == () for day in around)

    def is_working_day(self, day: date) -> bool:
        return bool(self._hours(day))

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working spans of a local day, in order, in the calendar's zone."""
        tomorrow = day + timedelta(days=1)
        return [
            (
                datetime.combine(day, start, self.zone),
                datetime.combine(day if end > start else tomorrow, end, self.zone),
            )
            for start, end in self._hours(day)
        ]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Business time from start to end; negative if end comes first."""
        table = self._covering(start, end)
        worked = table.worked_until(_instant(end)) - table.worked_until(_instant(start))
        return timedelta(microseconds=worked)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment by which `amount` of business time has passed since start.

        A negative amount gives the last moment from which that much passes until start; no amount
        gives start. Raises CalendarError where the calendar has too little working time.
        """
        if not amount:
            return start
        at, wanted = _instant(start), amount // MICROSECOND
        table = self._covering(start)
        while (found := table.moved(at, wanted)) is None:
            table = self._widen(table, later=wanted > 0)
        return self._local(found)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The end of business on the `days`-th working day after the day of start (days >= 1).

        Civil Code of China, Art. 201: the day on which a period begins does not count; Art. 203:
        where there are business hours, a period ends when business ends on its last day.
        """
        if days < 1:
            raise CalendarError("工作日数至少为 1。", "The number of working days is at least 1.")
        return self.closing(self.end_of_day(start), days)

    def end_of_day(self, at: datetime) -> datetime:
        """The midnight that ends the local day of a moment."""
        tomorrow = at.astimezone(self.zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(0), self.zone)

    def closings_between(self, start: datetime, end: datetime) -> int:
        """How many working days end after start and not after end (0 if end comes first)."""
        closings = self._covering(start, end).closings
        count = bisect_right(closings, _instant(end)) - bisect_right(closings, _instant(start))
        return max(count, 0)

    def closing(self, start: datetime, nth: int) -> datetime:
        """The nth end of a working day after start; 0: the last not after it; -1: before that."""
        at = _instant(start)
        table = self._covering(start)
        while (found := table.closing(at, nth)) is None:
            table = self._widen(table, later=nth > 0)
        return self._local(found)

    def _hours(self, day: date) -> tuple[Span, ...]:
        rule = self.exceptions.get(day)
        if rule is not None:
            return self.spans if rule.spans is None else rule.spans
        return () if day.weekday() in self.weekend else self.spans

    def _local(self, instant: int) -> datetime:
        return (EPOCH + timedelta(microseconds=instant)).astimezone(self.zone)

    def _covering(self, *moments: datetime) -> _Table:
        """A table with the years of the moments and one more on either side."""
        years = [moment.astimezone(self.zone).year for moment in moments]
        first, last = min(years) - 1, max(years) + 1
        if self._tables:
            table = self._tables[0]
            if table.first_year <= first and last <= table.last_year:
                return table
            first, last = min(first, table.first_year), max(last, table.last_year)
        return self._keep(first, last)

    def _widen(self, table: _Table, *, later: bool) -> _Table:
        """A table of twice as many years, up to the years that a calendar knows."""
        years = table.last_year - table.first_year + 1
        if later and table.last_year < LAST_YEAR:
            return self._keep(table.first_year, min(table.last_year + years, LAST_YEAR))
        if not later and table.first_year > FIRST_YEAR:
            return self._keep(max(table.first_year - years, FIRST_YEAR), table.last_year)
        raise CalendarError(
            f"工作日历中没有足够的工作时间（已查至 {LAST_YEAR if later else FIRST_YEAR} 年），"
            "请检查工作时段和休息日设置。",
            "The working calendar has too little working time (searched up to "
            f"{LAST_YEAR if later else FIRST_YEAR}); check its hours and days off.",
        )

    def _keep(self, first_year: int, last_year: int) -> _Table:
        if first_year < FIRST_YEAR or last_year > LAST_YEAR:
            raise CalendarError(
                f"日期超出工作日历的范围（{FIRST_YEAR + 1}—{LAST_YEAR - 1} 年）。",
                f"The date is outside the calendar's years ({FIRST_YEAR + 1}-{LAST_YEAR - 1}).",
            )
        table = self._tabulate(first_year, last_year)
        self._tables[:] = [table]
        return table

    def _tabulate(self, first_year: int, last_year: int) -> _Table:
        table = _Table(first_year, last_year, [], [], [], [], 0)
        total = 0
        first, after = date(first_year, 1, 1).toordinal(), date(last_year + 1, 1, 1).toordinal()
        for day in map(date.fromordinal, range(first, after)):
            spans = self.spans_on(day)
            for start, end in ((_instant(a), _instant(b)) for a, b in spans):
                if start < end:  # else the clocks were put forward over the span
                    table.starts.append(start)
                    table.ends.append(end)
                    table.before.append(total)
                    total += end - start
            if spans:
                table.closings.append(table.ends[-1])
        return replace(table, total=total)


def _instant(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _ordered(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order; those that touch become one. An end of 00:00 is 24:00."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= end != time(0):
            raise CalendarError(
                f"工作时段 {start:%H:%M}—{end:%H:%M} 的结束时间应晚于开始时间。",
                f"The working hours {start:%H:%M}-{end:%H:%M} must end after they start.",
            )
        if merged and (merged[-1][1] > start or merged[-1][1] == time(0)):
            raise CalendarError(
                f"{start:%H:%M} 开始的工作时段与前一时段重叠。",
                f"The working hours from {start:%H:%M} overlap the ones before.",
            )
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def statutory_exceptions(year: int) -> tuple[dict[date, DayRule], bool]:
    """Days off and make-up working days of a year in China, and whether they are published.

    Taken from the State Council's yearly notices as `chinesecalendar` carries them. The notice
    for a year appears late in the year before: an unpublished year gives `({}, False)`.
    """
    days_off = ((day, NAMES.get(name, name)) for day, name in holidays.items() if day.year == year)
    rules = {day: DayRule.off(name) for day, name in days_off}
    made_up = {
        day: DayRule(None, NAMES.get(name, name))
        for day, name in workdays.items()
        if day.year == year
    }
    return rules | made_up, bool(rules)


def announced_years() -> list[int]:
    """The years whose notices `statutory_exceptions` knows, in order."""
    return sorted({day.year for day in holidays})
