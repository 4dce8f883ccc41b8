"""From the rows of all units to the calendar of one.

The rows are few and change rarely, while a deadline is computed with every verb. So a process
keeps the calendars that it built until the rows are others; one small query tells.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from luodi.ground.calendars.models import CalendarDay, OfficeHours
from luodi.ground.scope.api import Unit
from luodi.lib.calendars import OFFICE_HOURS, DayRule, Span, WorkingCalendar

Stamp = tuple[object, ...]
Periods = list[tuple[dt.date, tuple[Span, ...]]]

# Before the first hours that somebody set, the usual ones are taken to have held since then.
BEGINNING = dt.date(2015, 1, 1)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class _Rows:
    """The exceptional days and the dated hours, by unit id; None: everyone's."""

    days: dict[int | None, dict[dt.date, DayRule]]
    hours: dict[int | None, Periods]


def calendar_for(unit: Unit) -> WorkingCalendar:
    """The calendar of a unit: of each day and of the hours, the nearest superior's word counts."""
    stamp = _stamp()
    above = [int(part) for part in unit.path.strip(".").split(".")]
    rows = _rows(stamp)
    layers = tuple(pk for pk in above if pk in rows.days or pk in rows.hours)
    return _calendar(stamp, layers)


def _stamp() -> Stamp:
    """Differs whenever a row was added, changed or removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM (SELECT count(*), max(changed_at) FROM calendars_calendarday) AS days,"
            " (SELECT count(*), max(changed_at) FROM calendars_officehours) AS hours"
        )
        return tuple(cursor.fetchone())


@lru_cache(maxsize=2)
def _rows(stamp: Stamp) -> _Rows:
    rows = _Rows({}, {})
    for day in CalendarDay.objects.all():
        spans = {"off": (), "work": None, "own": spans_of(day.spans)}[day.kind]
        rows.days.setdefault(day.unit_id, {})[day.on] = DayRule(spans, day.name)
    for hours in OfficeHours.objects.order_by("since"):
        rows.hours.setdefault(hours.unit_id, []).append((hours.since, spans_of(hours.spans)))
    return rows


@lru_cache(maxsize=256)
def _calendar(stamp: Stamp, layers: tuple[int, ...]) -> WorkingCalendar:
    rows = _rows(stamp)
    days: dict[dt.date, DayRule] = {}
    periods: Periods = []
    for pk in (None, *layers):
        days |= rows.days.get(pk, {})
        periods = rows.hours.get(pk, periods)
    ordinary = periods[-1][1] if periods else OFFICE_HOURS
    return WorkingCalendar(spans=ordinary, exceptions=_earlier_hours(periods, days) | days)


def _earlier_hours(periods: Periods, days: dict[dt.date, DayRule]) -> dict[dt.date, DayRule]:
    """Days on which other hours held than those that hold from the last period on."""
    found: dict[dt.date, DayRule] = {}
    starts = [(BEGINNING, OFFICE_HOURS), *periods]
    for (since, spans), (until, _later) in itertools.pairwise(starts):
        for offset in range((until - since).days):
            day = since + offset * ONE_DAY
            rule = days.get(day)
            if rule is None and day.weekday() < 5:
                found[day] = DayRule(spans)
            elif rule is not None and rule.spans is None:
                days[day] = DayRule(spans, rule.name)
    return found


def spans_of(stored: list[list[str]]) -> tuple[Span, ...]:
    """The spans of a stored list: `[["08:00", "12:00"], …]`."""
    return tuple((dt.time.fromisoformat(a), dt.time.fromisoformat(b)) for a, b in stored)
