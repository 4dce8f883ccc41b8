"""Shares: they add up, Owen is in the core, Shapley is what its definition says."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.planning.energy import Battery, benchmark_park, sharing, solve


def slow_shapley(value: sharing.Value, n: int) -> np.ndarray:
    out = np.zeros(n)
    orders = list(itertools.permutations(range(n)))
    for order in orders:
        mask, before = 0, 0.0
        for i in order:
            mask |= 1 << i
            out[i] += value(mask) - before
            before = value(mask)
    return out / len(orders)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-50, 200), min_size=16, max_size=16))
def test_shapley_is_the_mean_over_all_orders(worth: list[int]) -> None:
    value = lambda mask: float(worth[mask]) if mask else 0.0  # noqa: E731
    assert np.allclose(sharing.shapley(value, 4), slow_shapley(value, 4))


@pytest.mark.parametrize("batteries", [0, 2])
@pytest.mark.parametrize("seed", range(4))
def test_owen_is_in_the_core_and_both_share_everything(batteries: int, seed: int) -> None:
    p = benchmark_park(4, batteries=batteries, seed=seed, steps=336)
    done = sharing.share(solve(p))
    saving = done.alone_cost.sum() - solve(p).objective
    assert done.complete
    assert done.owen.sum() == pytest.approx(saving, rel=1e-9)
    assert done.shapley.sum() == pytest.approx(saving, rel=1e-9)
    assert done.owen_blocking.gain <= 1e-6 * saving


def test_owen_stays_in_the_core_under_take_or_pay() -> None:
    p = benchmark_park(4, batteries=1, seed=3, steps=336)
    c = replace(p.contracts[0], take_or_pay=1.0, shortfall_price=300.0, price=np.full(1, 620.0))
    p = replace(p, contracts=(c,))
    assert solve(p).rents[0].volume < 0
    done = sharing.share(solve(p))
    assert done.owen_blocking.gain <= 1e-6 * abs(done.alone_cost.sum())
    total = done.alone_cost.sum() - solve(p).objective
    assert done.owen.sum() == pytest.approx(total)


def test_an_unfair_share_is_blocked_and_the_group_is_named() -> None:
    p = benchmark_park(3, seed=1, steps=336)
    done = sharing.share(solve(p))
    game = {0b001: 0.0, 0b010: 0.0, 0b100: 0.0, 0b011: 90.0, 0b101: 0.0, 0b110: 0.0, 0b111: 100.0}
    blocking = sharing.most_blocking(game, np.array([10.0, 10.0, 80.0]), done.names)
    assert blocking.members == done.names[:2]
    assert blocking.gain == 70.0


def test_sampling_meets_the_exact_value_within_its_bound() -> None:
    p = benchmark_park(6, seed=2, steps=168)
    exact = sharing.share(solve(p))
    drawn = sharing.share(solve(p), exact_up_to=3, samples=40, seed=5)
    assert drawn.error is not None
    assert drawn.shapley.sum() == pytest.approx(exact.shapley.sum())
    assert (np.abs(drawn.shapley - exact.shapley) <= 2 * drawn.error + 1e-6).all()
    assert drawn.solves <= exact.solves


def test_a_battery_owner_alone_saves_nothing_without_a_claim() -> None:
    p = benchmark_park(2, steps=168)
    first = replace(p.enterprises[0], entitlement=0.0, battery=Battery(1.0, 4.0))
    second = replace(p.enterprises[1], entitlement=1.0)
    game_of = replace(p, enterprises=(first, second))
    alone = sharing.group(game_of, [0])
    assert alone.contracts[0].volume_mwh == 0.0


@pytest.mark.parametrize("seed", range(6))
def test_a_groups_cost_is_the_whole_models_to_the_cent(seed: int) -> None:
    p = benchmark_park(4, batteries=1 + seed % 2, demand=seed % 3 == 0, seed=seed, steps=1000)
    volume = p.contracts[0].volume_mwh * (0.4, 0.8, 3.0)[seed % 3]
    take = replace(p.contracts[0], volume_mwh=volume, take_or_pay=0.9, shortfall_price=80.0)
    plan = solve(replace(p, contracts=(take,)))
    assert plan.memories
    for mask in range(1, 15):
        members = [i for i in range(4) if mask >> i & 1]
        group = sharing.group(plan.problem, members)
        whole = solve(group).objective
        for memories in (plan.memories, {}):
            assert abs(sharing.least_cost(group, memories) - whole) < 0.02


def test_targets_that_bind_nobody_cost_no_second_plan() -> None:
    p = benchmark_park(3, batteries=1, seed=2, steps=336)
    for share, again in ((0.01, False), (0.95, True)):
        first = replace(p.enterprises[0], green_share_min=share)
        other = replace(p.enterprises[1], green_share_min=0.0)
        plan = solve(replace(p, enterprises=(first, other, p.enterprises[2])))
        free = sharing.without_targets(plan)
        assert (free.dispatch is not plan.dispatch) == again
        assert free.objective == pytest.approx(solve(sharing.untargeted(p)).objective, rel=1e-9)
