"""Rules against a slow and obvious reading of every day; what is refused with which sentence."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.lib.calendars import WorkingCalendar, statutory_exceptions
from luodi.lib.errors import UserError
from luodi.rooms.places.models import Repeat
from luodi.rooms.places.recurrence import MOST, Rule, dates_of, holiday_on

CHINA = WorkingCalendar(exceptions=statutory_exceptions(2022)[0])
FIRST = st.dates(dt.date(2022, 1, 1), dt.date(2022, 6, 30))
RULES = st.builds(
    Rule,
    st.sampled_from([one.value for one in Repeat if one != Repeat.ONCE]),
    st.integers(1, 4),
    st.lists(st.sampled_from("1234567"), unique=True, max_size=3),
    st.dates(dt.date(2022, 7, 1), dt.date(2022, 12, 31)),
    st.booleans(),
)


def slowly(rule: Rule, first: dt.date) -> list[dt.date]:
    """Every day that the rule means, said anew: is this day one of them?"""
    assert rule.until is not None
    found = []
    monday = first - dt.timedelta(days=first.weekday())
    for n in range((rule.until - first).days + 1):
        day = first + dt.timedelta(days=n)
        months = (day.year - first.year) * 12 + day.month - first.month
        last = calendar.monthrange(day.year, day.month)[1]
        same = [d for d in range(1, last + 1) if day.replace(day=d).weekday() == first.weekday()]
        nth = (first.day - 1) // 7
        wanted = {
            Repeat.DAILY: n % rule.every == 0,
            Repeat.WORKDAYS: CHINA.is_working_day(day),
            Repeat.WEEKLY: (str(day.isoweekday()) in (rule.weekdays or str(first.isoweekday())))
            and (day - monday).days // 7 % rule.every == 0,
            Repeat.MONTH_DAY: months % rule.every == 0 and day.day == first.day,
            Repeat.MONTH_END: months % rule.every == 0 and day.day == last,
            Repeat.MONTH_WEEKDAY: months % rule.every == 0
            and day.day == (same[nth] if nth < len(same) else same[-1]),
        }
        if wanted[Repeat(rule.repeat)]:
            found.append(day)
    return found


@given(rule=RULES, first=FIRST)
def test_dates_equal_the_reference(rule: Rule, first: dt.date) -> None:
    wanted = slowly(rule, first)
    if not [day for day in wanted if not (rule.skip_holidays and holiday_on(CHINA, day))]:
        with pytest.raises(UserError, match="一次也没有"):
            dates_of(rule, first, CHINA)
        return
    found = dates_of(rule, first, CHINA)
    assert [one.on for one in found] == wanted
    for one in found:
        assert one.skipped == (holiday_on(CHINA, one.on) if rule.skip_holidays else "")


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule(Repeat.DAILY), "until"),
        (Rule(Repeat.DAILY, until=dt.date(2022, 1, 9)), "until"),
        (Rule(Repeat.DAILY, until=dt.date(2030, 1, 1)), "until"),
        (Rule(Repeat.DAILY, until=dt.date(2023, 3, 1)), "until"),  # 411 dates
        (Rule(Repeat.DAILY, every=0, until=dt.date(2022, 2, 1)), "every"),
        (Rule(Repeat.WEEKLY, weekdays=["8"], until=dt.date(2022, 2, 1)), "weekdays"),
        (Rule(Repeat.WEEKLY, weekdays=["7"], until=dt.date(2022, 1, 12)), "repeat"),
    ],
)
def test_a_rule_without_end_or_date_is_refused(rule: Rule, field: str) -> None:
    with pytest.raises(UserError) as refused:
        dates_of(rule, dt.date(2022, 1, 10), CHINA)
    assert refused.value.field == field


def test_a_month_without_the_day_has_none() -> None:
    rule = Rule(Repeat.MONTH_DAY, until=dt.date(2022, 6, 30))
    assert [one.on.month for one in dates_of(rule, dt.date(2022, 1, 31), CHINA)] == [1, 3, 5]
    assert (
        len(dates_of(Rule(Repeat.DAILY, until=dt.date(2022, 12, 31)), dt.date(2022, 1, 1), CHINA))
        < MOST
    )
