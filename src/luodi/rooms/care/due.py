"""When acts and doses are due: pure, from what a plan says to instants in the home's time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
HORIZON = dt.timedelta(hours=36)
CLOCKS: dict[str, dt.time] = {
    "night": dt.time(2),
    "morning": dt.time(8),
    "noon": dt.time(12),
    "afternoon": dt.time(15),
    "evening": dt.time(19),
}
Span = tuple[dt.datetime, dt.datetime | None]


def instants(
    clocks: Iterable[dt.time],
    since: dt.datetime,
    until: dt.datetime,
    every: str = "day",
    days: Sequence[int] = (),
) -> Iterator[dt.datetime]:
    """The instants in [since, until) at which something is due.

    every: `day`, `week` (days are weekdays, 1 is Monday), `month` (days of the month; the 31st of a
    short month is its last day).
    """
    times = sorted(set(clocks))
    day = since.astimezone(CHINA).date()
    last = until.astimezone(CHINA).date()
    while day <= last:
        if _meant(day, every, days):
            for clock in times:
                at = dt.datetime.combine(day, clock, CHINA)
                if since <= at < until:
                    yield at
        day += dt.timedelta(days=1)


def _meant(day: dt.date, every: str, days: Sequence[int]) -> bool:
    if every == "week":
        return day.isoweekday() in days
    if every == "month":
        is_last = (day + dt.timedelta(days=1)).month != day.month
        return day.day in days or (is_last and any(one > day.day for one in days))
    return True


def clocks_of(slots: Iterable[str], clock: dt.time | None) -> list[dt.time]:
    """The clock times of slots, and of a clock time of its own."""
    return [*(CLOCKS[one] for one in slots if one in CLOCKS), *([clock] if clock else [])]


def away(at: dt.datetime, absences: Iterable[Span]) -> bool:
    """Whether somebody is out at an instant."""
    return any(left <= at and (back is None or at < back) for left, back in absences)
