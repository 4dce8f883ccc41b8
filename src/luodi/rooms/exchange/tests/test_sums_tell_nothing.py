"""The rule of sums, against a slow and obvious reader who tries to find somebody's number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, UnitKind, acting
from luodi.lib.errors import NotAllowed
from luodi.rooms.exchange import api
from luodi.rooms.exchange.models import Part, Total
from luodi.rooms.exchange.sums import SHARE, K, Parts, may_show
from luodi.rooms.exchange.verbs.publishing import months_back, publish_totals

AMOUNTS = st.dictionaries(
    st.integers(1, 9), st.integers(1, 60).map(Decimal), min_size=0, max_size=9
)


def found_out(changes: dict[int, Decimal]) -> bool:
    """Whether a sum of these is about too few, or nearly one enterprise's own, to anybody who takes
    away the own part."""
    real = {key: abs(one) for key, one in changes.items() if one}
    if not real:
        return False
    if len(real) < K:
        return True
    for reader in (None, *real):
        others = {key: one for key, one in real.items() if key != reader}
        for one in others.values():
            if one > SHARE * sum(others.values()):
                return True
    return False


@given(st.lists(AMOUNTS, max_size=6))
def test_no_two_published_sums_differ_by_somebodys_number(months: list[Parts]) -> None:
    published: list[Parts] = []
    for parts in months:
        if may_show(parts, published):
            published.append(parts)
    for now in published:
        assert not found_out(dict(now)) and len(now) >= K
        for before in published:
            changes = {
                key: now.get(key, Decimal(0)) - before.get(key, Decimal(0))
                for key in {*now, *before}
            }
            assert not found_out(changes)


def test_a_return_to_an_old_sum_does_not_single_out_who_stayed_away() -> None:
    """Each step is of five, and yet the first and the third differ by one alone."""
    first = {one: Decimal(10) for one in range(1, 8)}
    second = {one: Decimal(20) for one in range(1, 8)}
    third = first | {7: Decimal(20)}
    assert may_show(first) and may_show(second, [first])
    assert may_show(third, [second]) and not may_show(third, [first, second])


@pytest.fixture
def crowd(zone: Zone) -> list[scope.Unit]:
    return [
        scope.create_unit(
            actor=SYSTEM, kind=UnitKind.ENTERPRISE, name=f"示例第{number}公司", parent=zone.district
        )
        for number in range(6)
    ]


def test_totals_are_published_late_and_by_the_engine_alone(
    zone: Zone, crowd: list[scope.Unit]
) -> None:
    at = dt.datetime(2026, 1, 10, 8, tzinfo=dt.UTC)
    for place, unit in enumerate(crowd[:4]):
        api.post_offer(
            actor=SYSTEM,
            unit=unit,
            way="want",
            words="石灰石",
            amount=f"每月{100 + place}吨",
            at=at,
        )
    with acting(zone.actor("office")) as office, pytest.raises(NotAllowed):
        publish_totals(actor=office, on=dt.date(2026, 4, 2))
    assert publish_totals(actor=SYSTEM, on=dt.date(2026, 4, 2)) == 0  # four are too few
    for unit in crowd[4:]:
        api.post_offer(
            actor=SYSTEM, unit=unit, way="want", words="石灰石", amount="每月100吨", at=at
        )
    assert publish_totals(actor=SYSTEM, on=dt.date(2026, 4, 2)) == 1
    assert publish_totals(actor=SYSTEM, on=dt.date(2026, 4, 9)) == 0  # once
    api.post_offer(
        actor=SYSTEM,
        unit=zone.enterprise,
        way="want",
        words="石灰石",
        amount="每月77吨",
        at=dt.datetime(2026, 2, 3, tzinfo=dt.UTC),
    )
    assert publish_totals(actor=SYSTEM, on=dt.date(2026, 5, 2)) == 0  # the difference is one's own
    with acting(zone.actor("liaison")):
        assert [one.monthly for one in Total.objects.all()] == [Decimal(606)]
        assert not Part.objects.exists()


def test_months_back() -> None:
    assert months_back(dt.date(2026, 2, 28), 3) == dt.date(2025, 11, 1)
    assert months_back(dt.date(2026, 12, 1), -1) == dt.date(2027, 1, 1)
