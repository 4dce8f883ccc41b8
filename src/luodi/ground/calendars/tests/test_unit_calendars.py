"""Editable calendars: the nearest word counts, and what people edited is never overwritten."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.zone import Zone

from luodi.ground.calendars import api as calendars
from luodi.ground.calendars.api import CalendarDay, calendar_for
from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import NotAllowed, UserError

MONDAY = dt.date(2026, 3, 2)
SUMMER = ((dt.time(8), dt.time(12)), (dt.time(15), dt.time(18, 30)))


def hours(zone_calendar: object, day: dt.date) -> list[str]:
    return [
        f"{start:%H:%M}-{end:%H:%M}"
        for start, end in zone_calendar.spans_on(day)  # type: ignore[attr-defined]
    ]


def test_the_nearest_superior_that_says_something_counts(zone: Zone) -> None:
    calendars.set_day(actor=SYSTEM, on=MONDAY, kind="off", name="全体")
    calendars.set_day(actor=SYSTEM, on=MONDAY, kind="work", unit=zone.district)
    own = [(dt.time(9), dt.time(10))]
    calendars.set_day(actor=SYSTEM, on=MONDAY, kind="own", unit=zone.enterprise, spans=own)
    assert hours(calendar_for(zone.elsewhere), MONDAY) == []
    assert hours(calendar_for(zone.second), MONDAY) == ["08:00-12:00", "14:30-18:00"]
    assert hours(calendar_for(zone.enterprise), MONDAY) == ["09:00-10:00"]
    calendars.clear_day(actor=SYSTEM, on=MONDAY, unit=zone.enterprise)
    assert hours(calendar_for(zone.enterprise), MONDAY) == ["08:00-12:00", "14:30-18:00"]


def test_hours_hold_from_their_day_on(zone: Zone) -> None:
    calendars.set_hours(actor=SYSTEM, since=dt.date(2026, 6, 1), spans=SUMMER)
    calendars.set_day(actor=SYSTEM, on=dt.date(2026, 5, 30), kind="work", name="调休")
    calendar = calendar_for(zone.enterprise)
    assert hours(calendar, dt.date(2026, 5, 29)) == ["08:00-12:00", "14:30-18:00"]
    assert hours(calendar, dt.date(2026, 5, 30)) == ["08:00-12:00", "14:30-18:00"]
    assert hours(calendar, dt.date(2026, 6, 1)) == ["08:00-12:00", "15:00-18:30"]
    assert hours(calendar, dt.date(2026, 5, 31)) == []


def test_a_published_year_fills_in_and_leaves_edited_days_alone(zone: Zone) -> None:
    calendars.set_day(actor=SYSTEM, on=dt.date(2026, 10, 1), kind="work", name="值班")
    filled = calendars.fill_year(actor=SYSTEM, year=2026)
    assert filled == CalendarDay.objects.filter(edited=False).count() > 20
    assert calendars.fill_year(actor=SYSTEM, year=2026) == filled
    calendar = calendar_for(zone.enterprise)
    assert calendar.is_working_day(dt.date(2026, 10, 1))
    assert not calendar.is_working_day(dt.date(2026, 10, 2))
    assert calendar.is_working_day(dt.date(2026, 2, 28))  # a Saturday, made up
    with pytest.raises(UserError, match="2050"):
        calendars.fill_year(actor=SYSTEM, year=2050)


def test_bad_hours_are_refused_with_a_sentence(zone: Zone) -> None:
    for spans in [(), [(dt.time(12), dt.time(8))], [*SUMMER, (dt.time(9), dt.time(10))]]:
        with pytest.raises(UserError) as refused:
            calendars.set_hours(actor=SYSTEM, since=MONDAY, spans=spans)
        assert refused.value.field == "spans"


def test_only_who_may_changes_a_calendar(zone: Zone) -> None:
    with pytest.raises(NotAllowed):
        calendars.set_day(actor=zone.actor("office"), on=MONDAY, kind="off")
    calendars.set_day(actor=zone.actor("system_admin"), on=MONDAY, kind="off", unit=zone.zone)
