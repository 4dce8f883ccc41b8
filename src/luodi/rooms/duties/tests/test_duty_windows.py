"""Windows against a reference that walks day by day; what is owed; how it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.rooms.duties.windows import (
    MONTHS,
    ONE_DAY,
    Every,
    Rule,
    State,
    Window,
    fixed_day,
    merged,
    owed_of,
    state_of,
    windows_of,
)

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2022, 12, 31))
LENGTHS = st.sampled_from([one for one in Every if one is not Every.DAY])
RULES = st.builds(Rule, since=DAYS, every=LENGTHS) | st.builds(
    Rule,
    since=DAYS,
    every=st.just(Every.DAY),
    day=st.sampled_from([(2, 29), (7, 1), (12, 31), (1, 1)]),
)
EDITIONS = st.lists(RULES, min_size=1, max_size=4, unique_by=lambda one: one.since).map(
    lambda rules: sorted(rules, key=lambda one: one.since)
)


def slowly(rules: Sequence[Rule], year: int, ended: dt.date | None) -> list[Window]:
    """Day by day from the first edition on: who is in charge, and does a window begin here?"""
    found: list[Window] = []
    in_charge: int | None = None
    inside_until = dt.date.min
    day = rules[0].since
    while day.year <= year:
        for place, rule in enumerate(rules):
            if (
                rule.since <= day
                and _begins(rule, day)
                and (in_charge is None or place > in_charge)
            ):
                in_charge = place
        if day >= inside_until and in_charge is not None and _begins(rules[in_charge], day):
            inside_until = _after(rules[in_charge], day)
            if ended is None or day < ended:
                found.append(Window(day, inside_until, in_charge))
        day += ONE_DAY
    return [one for one in found if one.start.year == year]


def _begins(rule: Rule, day: dt.date) -> bool:
    if rule.day:
        month, number = rule.day
        return day.month == month and (
            day.day == number or (number == 29 == day.day + 1 and (day + ONE_DAY).month != month)
        )
    return day.day == 1 and day.month in range(1, 13, MONTHS[rule.every])


def _after(rule: Rule, day: dt.date) -> dt.date:
    if rule.day:
        return day + ONE_DAY
    end = day + ONE_DAY
    while not (end.day == 1 and end.month in range(1, 13, MONTHS[rule.every])):
        end += ONE_DAY
    return end


@given(EDITIONS, st.integers(2019, 2024), st.none() | DAYS)
def test_windows_are_those_of_the_slow_walk(
    rules: list[Rule], year: int, ended: dt.date | None
) -> None:
    assert windows_of(rules, year, ended) == slowly(rules, year, ended)


@given(EDITIONS, RULES, st.integers(2019, 2024))
def test_a_new_edition_changes_the_future_only(rules: list[Rule], new: Rule, year: int) -> None:
    later = [*rules, Rule(max(new.since, rules[-1].since + ONE_DAY), new.every, day=new.day)]
    before = [one for one in windows_of(rules, year) if one.start < later[-1].since]
    after = [one for one in windows_of(later, year) if one.start < later[-1].since]
    assert before == after


def test_no_day_is_owed_twice_where_a_year_becomes_months() -> None:
    rules = [Rule(dt.date(2020, 1, 1), Every.YEAR), Rule(dt.date(2022, 7, 1), Every.MONTH)]
    assert len(windows_of(rules, 2022)) == 1
    assert len(windows_of(rules, 2023)) == 12


def test_the_29th_of_february_is_the_last_of_it() -> None:
    assert fixed_day(2023, 2, 29) == dt.date(2023, 2, 28)
    with pytest.raises(ValueError, match="fixed day"):
        Rule(dt.date(2022, 1, 1), Every.DAY)


SPANS = st.lists(
    st.tuples(DAYS, st.none() | DAYS).filter(lambda one: one[1] is None or one[0] < one[1]),
    max_size=4,
)


@given(SPANS, st.integers(1, 40), st.sampled_from([Every.MONTH, Every.QUARTER, Every.YEAR]))
def test_what_is_owed_is_the_share_of_days_on_which_the_unit_was_there(
    spans: list[tuple[dt.date, dt.date | None]], times: int, every: Every
) -> None:
    for window in windows_of([Rule(dt.date(2021, 1, 1), every)], 2021):
        there = 0
        day = window.last
        while day >= window.start and any(a <= day and (b is None or day < b) for a, b in spans):
            there, day = there + 1, day - ONE_DAY
        owed = owed_of(window, times, merged(spans))
        whole = (window.end - window.start).days
        assert (owed.wanted if owed else 0) == int(times * there / whole + 0.5)


def test_founded_in_the_quarter_and_dissolved_before_its_end() -> None:
    [window, *_rest] = windows_of([Rule(dt.date(2020, 1, 1), Every.QUARTER)], 2022)
    early = owed_of(window, 1, [(dt.date(2022, 1, 20), None)])
    late = owed_of(window, 1, [(dt.date(2022, 3, 1), None)])
    assert early and (early.start, early.wanted) == (dt.date(2022, 1, 20), 1)
    assert late and late.wanted == 0
    assert owed_of(window, 1, [(dt.date(2020, 1, 1), dt.date(2022, 3, 31))]) is None


def test_how_it_stands() -> None:
    [window, *_rest] = windows_of([Rule(dt.date(2020, 1, 1), Every.MONTH)], 2022)
    owed = owed_of(window, 1, [(dt.date(2020, 1, 1), None)])
    assert owed
    risk_on = dt.date(2022, 1, 25)

    def on(month: int, day: int, done: int = 0, **more: bool) -> State:
        return state_of(owed, done, dt.date(2022, month, day), risk_on=risk_on, **more)

    assert on(1, 24) is State.DUE
    assert on(1, 25) is State.RISK
    assert on(1, 25, planned=True) is State.DUE
    assert on(2, 1) is State.MISSED
    assert on(2, 1, planned=True) is State.MISSED
    assert on(2, 1, excused=True) is State.EXCUSED
    assert on(2, 1, 1, excused=True) is State.DONE
    assert state_of(owed, 0, dt.date(2021, 12, 31), risk_on=risk_on) is State.AHEAD
