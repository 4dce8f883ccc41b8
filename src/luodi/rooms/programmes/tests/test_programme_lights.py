"""Lights and gaps against a slow reading of the same rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.ground.figures.api import Kind, Value
from luodi.rooms.programmes.growth import growth_of
from luodi.rooms.programmes.lights import Course, Light, comparisons_of, holds, wanted_of

START = dt.date(2021, 1, 1)
amounts = st.integers(-60, 60).map(lambda n: Decimal(n) / 4)
comparisons = st.sampled_from(["=", ">=", "<=", ">", "<"])


def slow(course: Course) -> Light:
    """The rules day by day: where the straight line stands on the day, in exact fractions."""
    if course.value is None:
        return Light.NO_DATA
    value, wanted = Fraction(course.value), Fraction(course.wanted)  # type: ignore[arg-type]
    kept = {
        "=": value == wanted,
        ">=": not value < wanted,
        "<=": not value > wanted,
        ">": value > wanted,
        "<": value < wanted,
    }[course.comparison]
    if course.at >= course.due_on:
        return Light.MET if kept else Light.MISSED
    falling = course.comparison in ("<", "<=", "=") and course.counts_up
    if kept:
        return Light.ON_THE_WAY if falling else Light.MET
    if course.counts_up:
        beyond = value > wanted or (value == wanted and course.comparison == "<")
        if beyond:
            return Light.BEHIND
        start = Fraction(0)
    elif course.start is None:
        return Light.ON_THE_WAY
    else:
        start = Fraction(course.start)  # type: ignore[arg-type]
    day, line = course.since, start
    step = (wanted - start) / max((course.due_on - course.since).days, 1)
    while day < course.at:
        day, line = day + dt.timedelta(days=1), line + step
    ahead = value >= line if wanted >= start else value <= line
    return Light.ON_THE_WAY if ahead else Light.BEHIND


@given(
    value=st.none() | amounts,
    comparison=comparisons,
    wanted=amounts,
    start=st.none() | amounts,
    length=st.integers(0, 40),
    passed=st.integers(0, 60),
    counts_up=st.booleans(),
)
def test_the_light_is_what_the_rules_say_day_by_day(
    value: Value,
    comparison: str,
    wanted: Decimal,
    start: Value,
    length: int,
    passed: int,
    counts_up: bool,
) -> None:
    course = Course(
        value=value,
        comparison=comparison,
        wanted=wanted,
        since=START,
        due_on=START + dt.timedelta(days=length),
        at=START + dt.timedelta(days=passed),
        start=start,
        counts_up=counts_up,
    )
    assert course.light is slow(course)
    if isinstance(value, Decimal):
        assert course.gap is not None
        kept = holds(value, comparison, wanted)
        assert course.gap == 0 if kept else holds(value + course.gap, "=", wanted)


@given(value=amounts, wanted=amounts)
def test_comparisons_exclude_and_complete_each_other(value: Decimal, wanted: Decimal) -> None:
    found = {one: holds(value, one, wanted) for one in ("=", ">=", "<=", ">", "<")}
    assert [found["<"], found["="], found[">"]].count(True) == 1
    assert found[">="] == (found[">"] or found["="]) and found["<="] == (found["<"] or found["="])


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.COUNT, " 1,200 ", Decimal(1200)),
        (Kind.SHARE, "30.5", Decimal("30.5")),
        (Kind.COUNT, "NaN", None),
        (Kind.COUNT, "1e400", None),
        (Kind.WORD, "优秀", "优秀"),
        (Kind.DATE, "2022-12-31", dt.date(2022, 12, 31)),
        (Kind.DATE, "2022-02-31", None),
        (Kind.YES_NO, "是", True),
        (Kind.YES_NO, "也许", None),
    ],
)
def test_a_promised_value_is_of_its_figures_kind(kind: Kind, text: str, value: Value) -> None:
    assert wanted_of(kind, text) == value


def test_words_are_equal_or_not() -> None:
    assert comparisons_of(Kind.WORD) == {"="}
    assert holds("优秀", "=", "优秀") and not holds("良好", "=", "优秀")
    assert not holds(Decimal(1), "=", "1")


@given(
    base=st.none() | st.decimals(-1000, 1000, places=2),
    current=st.none() | st.decimals(-1000, 1000, places=2),
)
def test_growth_is_exact_or_a_sentence(base: Decimal | None, current: Decimal | None) -> None:
    value, why = growth_of(base, current)
    assert (value is None) == bool(why)
    if value is not None:
        assert base is not None and current is not None and base > 0
        exact = (Fraction(current) / Fraction(base) - 1) * 100
        assert abs(Fraction(value) - exact) <= Fraction(1, 20)
