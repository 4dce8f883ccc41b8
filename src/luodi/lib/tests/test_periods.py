from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.lib.periods import MONTHS, Period, containing

BEGIN = date(2020, 1, 1)
DAYS = st.integers(0, 900).map(lambda n: BEGIN + timedelta(days=n))
PERIODS = st.builds(
    lambda start, length: Period(start, length and start + timedelta(days=length)),
    DAYS,
    st.none() | st.integers(1, 500),
)


def days(period: Period) -> set[date]:
    """Slow and obvious: the days one by one, as far as the tests look."""
    some = (BEGIN + timedelta(days=n) for n in range(1500))
    return {day for day in some if day in period}


def test_a_period_does_not_contain_its_end() -> None:
    december = Period(date(2022, 12, 1), date(2023, 1, 1))
    assert date(2022, 12, 31) in december
    assert date(2023, 1, 1) not in december
    assert date(9999, 12, 31) in Period(date(2022, 12, 1))


def test_a_period_is_not_empty() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Period(date(2022, 12, 1), date(2022, 12, 1))


@given(PERIODS, PERIODS)
def test_intersection_has_the_days_of_both(one: Period, other: Period) -> None:
    both = one.intersect(other)
    assert (set() if both is None else days(both)) == days(one) & days(other)
    assert one.overlaps(other) == bool(days(one) & days(other))


@given(DAYS, st.sampled_from(list(MONTHS)))
def test_unit_of_a_day(day: date, unit: str) -> None:
    period = containing(day, unit)  # type: ignore[arg-type]
    size = MONTHS[unit]  # type: ignore[index]
    number = day.year * 12 + day.month - 1
    same = {d for d in days(Period(BEGIN)) if (d.year * 12 + d.month - 1) // size == number // size}
    assert days(period) == same


@given(PERIODS, st.sampled_from(list(MONTHS)))
def test_units_cover_a_period_without_gap(period: Period, unit: str) -> None:
    parts = list(islice(period.each(unit), 60))  # type: ignore[arg-type]
    assert period.start in parts[0]
    assert all(one.end == other.start for one, other in pairwise(parts))
    if period.end is not None:
        assert period.end - timedelta(days=1) in parts[-1]


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        (containing(date(2022, 12, 22), "year"), "2022年", "2022"),
        (containing(date(2022, 12, 22), "quarter"), "2022年第四季度", "Q4 2022"),
        (containing(date(2022, 12, 22), "month"), "2022年12月", "2022-12"),
        (Period(date(2022, 12, 22)), "2022-12-22 起", "from 2022-12-22"),
        (
            Period(date(2022, 12, 22), date(2023, 1, 6)),
            "2022-12-22 至 2023-01-05",
            "2022-12-22 to 2023-01-05",
        ),
    ],
)
def test_labels(period: Period, zh: str, en: str) -> None:
    assert (period.label(), period.label("en")) == (zh, en)
