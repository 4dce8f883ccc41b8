from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.lib.calendars import (
    CalendarError,
    DayRule,
    WorkingCalendar,
    statutory_exceptions,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def working_minutes(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    """Slow and obvious: look at every minute."""
    count = 0
    while start < end:
        spans = calendar.spans_on(start.astimezone(calendar.zone).date())
        count += any(low <= start < high for low, high in spans)
        start += MINUTE
    return count


NATIONAL_2022 = statutory_exceptions(2022)[0]
OFFICE = WorkingCalendar(exceptions=NATIONAL_2022)


def test_split_shifts_leave_out_the_lunch_break() -> None:
    assert OFFICE.add(at("2022-12-22 11:00"), hours(2)) == at("2022-12-22 15:30")
    assert OFFICE.between(at("2022-12-22 07:00"), at("2022-12-22 23:00")) == hours(7.5)


def test_holidays_and_make_up_days_of_the_national_calendar() -> None:
    assert not OFFICE.is_working_day(date(2022, 10, 3))
    assert OFFICE.is_working_day(date(2022, 10, 8))  # a Saturday made up
    # Seven days off: from Friday evening to the make-up Saturday.
    assert OFFICE.add(at("2022-09-30 17:00"), hours(2)) == at("2022-10-08 09:00")


def test_amount_that_ends_with_the_shift_is_due_then_and_not_next_morning() -> None:
    assert OFFICE.add(at("2022-12-22 08:00"), hours(7.5)) == at("2022-12-22 18:00")
    assert OFFICE.add(at("2022-12-22 18:00"), -hours(7.5)) == at("2022-12-22 08:00")


def test_the_midnight_minute_counts() -> None:
    night = WorkingCalendar(((time(22), time(0)),), weekend=frozenset())
    assert night.between(at("2022-12-22 23:59"), at("2022-12-23 00:00")) == MINUTE
    assert night.add(at("2022-12-22 22:00"), hours(2)) == at("2022-12-23 00:00")
    round_the_clock = WorkingCalendar(((time(0), time(0)),), weekend=frozenset())
    assert round_the_clock.add(at("2022-12-31 23:59"), 2 * MINUTE) == at("2023-01-01 00:01")
    assert round_the_clock.between(at("2020-01-01"), at("2023-01-01")) == timedelta(days=1096)
    assert round_the_clock.add_working_days(at("2022-12-30 09:00"), 1) == at("2023-01-01")


def test_touching_spans_are_one_and_overlapping_ones_are_refused() -> None:
    touching = WorkingCalendar(((time(12), time(18)), (time(8), time(12))))
    assert touching.spans == ((time(8), time(18)),)
    with pytest.raises(CalendarError, match="重叠"):
        WorkingCalendar(((time(8), time(12)), (time(11), time(18))))
    with pytest.raises(CalendarError, match="晚于"):
        WorkingCalendar(((time(18), time(8)),))


def test_own_hours_of_a_day() -> None:
    flood = WorkingCalendar(exceptions={date(2022, 12, 24): DayRule(((time(6), time(0)),), "防汛")})
    assert flood.between(at("2022-12-24"), at("2022-12-26")) == hours(18)


def test_working_days_begin_the_day_after_and_end_when_business_ends() -> None:
    assert OFFICE.add_working_days(at("2022-09-29 09:00"), 1) == at("2022-09-30 18:00")
    assert OFFICE.add_working_days(at("2022-09-29 23:00"), 3) == at("2022-10-09 18:00")
    assert OFFICE.closing(at("2022-10-09 18:00"), 0) == at("2022-10-09 18:00")
    assert OFFICE.closing(at("2022-10-09 18:00"), -2) == at("2022-09-30 18:00")
    assert OFFICE.closings_between(at("2022-09-30 18:00"), at("2022-10-09 18:00")) == 2
    with pytest.raises(CalendarError):
        OFFICE.add_working_days(at("2022-09-29 09:00"), 0)


@pytest.mark.parametrize(
    "empty", [WorkingCalendar(()), WorkingCalendar(weekend=frozenset(range(7)))]
)
def test_empty_calendar_says_so(empty: WorkingCalendar) -> None:
    start = at("2022-12-22 09:00")
    with pytest.raises(CalendarError) as caught:
        empty.add(start, hours(1))
    assert "没有足够的工作时间" in caught.value.zh
    assert "too little working time" in caught.value.en
    for impossible in (lambda: empty.add(start, -hours(1)), lambda: empty.closing(start, 1)):
        with pytest.raises(CalendarError):
            impossible()
    assert empty.between(start, at("2026-01-01")) == timedelta(0)
    with pytest.raises(CalendarError, match="范围"):
        OFFICE.between(start, at("2300-01-01"))


def test_years_without_a_notice_are_marked() -> None:
    rules, published = statutory_exceptions(2026)
    assert published
    assert rules[date(2026, 10, 1)].spans == ()
    assert rules[date(2026, 10, 10)].spans is None
    assert statutory_exceptions(2027) == ({}, False)
    assert statutory_exceptions(1990) == ({}, False)


def test_equal_calendars_are_equal_and_cannot_be_changed() -> None:
    assert WorkingCalendar(exceptions=NATIONAL_2022) == OFFICE
    assert hash(WorkingCalendar(exceptions=NATIONAL_2022)) == hash(OFFICE)
    with pytest.raises(TypeError):
        OFFICE.exceptions[date(2022, 1, 1)] = DayRule()  # type: ignore[index]


def test_clocks_put_forward_and_back_count_real_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = WorkingCalendar(((time(0), time(6)),), zone=berlin, weekend=frozenset())
    assert night.between(at("2022-03-27", berlin), at("2022-03-28", berlin)) == hours(5)
    assert night.between(at("2022-10-30", berlin), at("2022-10-31", berlin)) == hours(7)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    def spans() -> tuple[tuple[time, time], ...]:
        marks = draw(st.lists(st.integers(0, 24 * 6), max_size=6, unique=True).map(sorted))
        pairs = zip(marks[::2], marks[1::2], strict=False)
        return tuple((clock(low), clock(high)) for low, high in pairs)

    def clock(tens: int) -> time:
        return time(tens // 6 % 24, tens % 6 * 10)

    days = st.integers(0, 40).map(lambda n: date(2022, 12, 20) + timedelta(days=n))
    exceptions = {
        day: draw(st.sampled_from([DayRule.off(), DayRule(None)])) if plain else DayRule(spans())
        for day, plain in draw(st.dictionaries(days, st.booleans(), max_size=6)).items()
    }
    weekend = draw(st.frozensets(st.integers(0, 6), max_size=6))
    return WorkingCalendar(spans(), exceptions, weekend=weekend)


MOMENTS = st.integers(0, 9 * 1440).map(lambda n: at("2022-12-27") + n * MINUTE)


@settings(max_examples=60, deadline=None)
@given(calendars(), MOMENTS, MOMENTS)
def test_business_time_agrees_with_counting_minutes(
    calendar: WorkingCalendar, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    amount = working_minutes(calendar, start, end) * MINUTE
    assert calendar.between(start, end) == amount
    assert calendar.between(end, start) == -amount
    if amount:
        reached, left = calendar.add(start, amount), calendar.add(end, -amount)
        assert start < reached <= end
        assert start <= left < end
        assert calendar.between(start, reached) == amount == calendar.between(left, end)
        # the first, and the last, such moment
        assert calendar.between(start, reached - MINUTE) < amount
        assert calendar.between(left + MINUTE, end) < amount


@settings(max_examples=60, deadline=None)
@given(calendars(), MOMENTS, MOMENTS)
def test_closings_agree_with_listing_days(
    calendar: WorkingCalendar, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    days = [date(2022, 12, 20) + timedelta(days=n) for n in range(40)]
    closings = [spans[-1][1] for day in days if (spans := calendar.spans_on(day))]
    inside = [closing for closing in closings if start < closing <= end]
    assert calendar.closings_between(start, end) == len(inside)
    for nth, closing in enumerate(inside, 1):
        assert calendar.closing(start, nth) == closing
        assert calendar.closing(end, nth - len(inside)) == closing
