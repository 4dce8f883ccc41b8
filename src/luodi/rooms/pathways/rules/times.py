"""Periods of calendar time: months and years by corresponding days, and what is left out of them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

Stretch = tuple[dt.date, dt.date | None]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in calendar months and days; negative ones lead back."""

    months: int = 0
    days: int = 0


def later(day: dt.date, span: Span) -> dt.date:
    """The corresponding day after the span; the month's last where there is none.

    民法典第二百零二条: 到期月没有对应日的, 月末日为期间的最后一日.
    """
    total = day.year * 12 + day.month - 1 + span.months
    year, month = divmod(total, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days=span.days)


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Completed years on a day; who was born on 29 February completes one on 1 March where there
    is no such day, as `directory.completed_months` counts."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def birthday(born_on: dt.date, years: int) -> dt.date:
    """The first day on which somebody has completed so many years."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return dt.date(born_on.year + years, 3, 1)


def stretched(begin: dt.date, span: Span, out: Sequence[Stretch]) -> dt.date | None:
    """The first day by which the span has passed since `begin`, days in `out` left out.

    `out`: stretches from a day until a day (exclusive) that do not overlap; one without an end
    that begins before the span is over gives None: nobody can say.
    """
    target = later(begin, span)
    for since, until in sorted(out, key=lambda one: one[0]):
        first = max(since, begin)
        if first >= target:
            break
        if until is None:
            return None
        target += max(until - first, dt.timedelta())
    return target
