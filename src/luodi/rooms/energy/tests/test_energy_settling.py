"""The settlement's arithmetic against a slow, obvious reference: parts add up to the whole."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from luodi.planning import energy
from luodi.planning.energy.settlement import settle as plan_settle
from luodi.rooms.energy.settling import (
    CERTIFICATE,
    Party,
    Price,
    largest_remainder,
    settle,
    split,
)

WH = st.integers(0, 90_000_000_000)
parties_ = st.lists(
    st.builds(
        lambda agreed, consumed, carried, late: (agreed, consumed, carried, late),
        WH,
        WH,
        st.integers(-400_000, CERTIFICATE - 1),
        st.sampled_from([0, 0, 0, 120_000, -2_500_000]),
    ),
    min_size=1,
    max_size=6,
)
prices = st.builds(
    Price,
    energy=st.decimals(Decimal("0.1"), Decimal("0.5"), places=5),
    certificate=st.decimals(0, 20, places=2),
    cap=st.none() | st.decimals(Decimal("0.2"), Decimal("0.4"), places=5),
    user_rate=st.sampled_from([Decimal(0), Decimal("0.1")]),
    supplier_rate=st.sampled_from([Decimal(0), Decimal("0.1")]),
    tolerance=st.sampled_from([Decimal(0), Decimal("0.03")]),
)


@given(prices, parties_, WH)
def test_the_bills_are_the_invoice_and_nothing_is_lost(
    price: Price, given_: list[tuple[int, int, int, int]], generated: int
) -> None:
    parties = [Party(at, *one) for at, one in enumerate(given_)]
    done = settle(price, parties, generated)
    agreed = sum(one.agreed for one in parties)
    # what is made is shared out whole, never more than was agreed
    assert sum(one.generated for one in done.shares) == (min(generated, agreed) if agreed else 0)
    for one in done.shares:
        assert one.settled == min(one.party.agreed, one.generated, one.party.consumed)
        assert one.certificates >= 0
        held = one.party.carried + one.party.late + one.settled
        assert one.certificates * CERTIFICATE + one.carried == held
    # each line of the bills adds up to the supplier's, which is the exact sum rounded once
    for kind, fen in done.invoice.items():
        assert sum(one.fen[kind] for one in done.shares) == fen
    exact = Fraction(price.capped) * sum(one.settled for one in done.shares) / 10
    assert done.invoice["energy"] == int(
        (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    )
    assert done.total == sum((one.total for one in done.shares), Decimal(0))


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8), st.integers(0, 10**12))
def test_largest_remainder_is_fair_and_whole(weights: list[int], total: int) -> None:
    parts = largest_remainder(total, weights)
    whole = sum(weights)
    assert sum(parts) == (total if whole else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert whole == 0 or abs(part - Fraction(total * weight, whole)) < 1


@given(st.lists(st.fractions(-1000, 1000), min_size=1, max_size=6))
def test_a_split_rounds_the_sum_once(exact: list[Fraction]) -> None:
    total, parts = split(exact)
    assert sum(parts) == total and abs(total - sum(exact)) <= Fraction(1, 2)
    assert all(abs(part - one) < 1 for part, one in zip(parts, exact, strict=True))


def test_the_planners_settlement_says_the_same() -> None:
    """The planner computes in MWh and floats; the same month agrees with it to a fen for each line."""
    hours = 744
    firms = tuple(
        energy.Enterprise(name, np.full(hours, load), np.full(hours, 500.0), entitlement=share)
        for name, load, share in (("示例甲", 0.1, 0.6), ("示例乙", 0.05, 0.4))
    )
    contract = energy.Contract(
        "示例", np.full(hours, 0.12), 10_000.0, np.full(1, 342.0), certificate_price=6.0
    )
    problem = energy.EnergyProblem(firms, (contract,), dt.date(2024, 5, 1))
    plan = energy.solve(problem)
    theirs = plan_settle(problem, plan)
    green = theirs.green
    parties = [
        Party(at, int(row.agreed * 1_000_000), int(row.consumed * 1_000_000))
        for at, row in enumerate(green)
    ]
    mine = settle(
        Price(Decimal("0.342"), Decimal(6)),
        parties,
        int(sum(row.generated for row in green) * 1_000_000),
    )
    for share, row, bill in zip(mine.shares, green, theirs.bills, strict=True):
        assert abs(Decimal(share.settled) / 1_000_000 - row.settled) <= Decimal("0.001")
        assert abs(Decimal(share.fen["energy"]) / 100 - bill.lines["green"]) <= Decimal("1")
