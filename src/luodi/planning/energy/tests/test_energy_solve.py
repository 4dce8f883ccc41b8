"""The plan against an independent model in scipy, the fast path against the LP, broken plans."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from luodi.planning.core import BadData, Infeasible, PlanningError, Progress, Status
from luodi.planning.energy import (
    Battery,
    CarbonMarket,
    CarbonScope,
    Contract,
    DemandBasis,
    EnergyProblem,
    Enterprise,
    Session,
    benchmark_park,
    crash,
    decompose,
    highs,
    solve,
)
from luodi.planning.energy.dispatch import costs, total

T = 6
START = dt.date(2023, 1, 31)  # 24 steps of 4 h cross into February


def park(
    seed: int,
    *,
    n: int = 3,
    contracts: int = 1,
    plain: bool = False,
    monthly: bool = False,
    floor: float = 0.0,
) -> EnergyProblem:
    """A small random park; six steps of eight hours over two days and two months."""
    rng = np.random.default_rng(seed)
    whole = lambda low, high, size=None: rng.integers(low, high, size).astype(float)  # noqa: E731
    enterprises = []
    for i in range(n):
        battery = None
        if not plain and rng.random() < 0.6:
            start = None if rng.random() < 0.5 else 2.0
            battery = Battery(1.0, 6.0, 0.9, float(whole(0, 40)), start)
        scope = list(CarbonScope)[rng.integers(3)]
        enterprises.append(
            Enterprise(
                f"e{i}",
                whole(2, 20, T),
                whole(100, 900, T),
                pv_mwh=whole(0, 12, T) * (rng.random() < 0.5),
                feed_in_price=50.0,
                demand_basis=DemandBasis.NONE if plain else list(DemandBasis)[rng.integers(3)],
                fixed_price=1.0,
                capacity_kva=4000.0,
                battery=battery,
                carbon_scope=scope,
                direct_emissions_t=5.0,
                quota_t=float(whole(0, 60)),
                green_share_min=0.0 if plain else 0.1 * float(rng.integers(0, 3)),
            )
        )
    offers = tuple(
        Contract(
            f"c{k}",
            whole(0, 30, T),
            float(whole(20, 90)),
            whole(200, 500, T),
            monthly_mwh=whole(15, 60, 2) if monthly else np.zeros(0),
            price_cap=450.0,
            certificate_price=5.0,
            take_or_pay=floor,
            shortfall_price=80.0 if floor else 0.0,
            behind_meter=not plain and bool(rng.random() < 0.3),
        )
        for k in range(contracts)
    )
    market = CarbonMarket(80.0, 60.0, 0.5, plain or bool(rng.random() < 0.5))
    return EnergyProblem(tuple(enterprises), offers, START, 8.0, market)


def reference(p: EnergyProblem) -> float | None:
    """The same optimum from a plain dense model: every quantity its own variable and row.

    The demand price is taken at full relief or none, as the enterprise's fixed load decides.
    """
    names: dict[tuple[object, ...], int] = {}
    cost: list[float] = []
    bounds: list[tuple[float, float | None]] = []

    def var(*key: object, price: float = 0.0, top: float | None = None, low: float = 0.0) -> int:
        names[key] = len(cost)
        cost.append(price)
        bounds.append((low, top))
        return names[key]

    eq: list[tuple[dict[int, float], float]] = []
    ub: list[tuple[dict[int, float], float]] = []
    constant = 0.0
    for i, e in enumerate(p.enterprises):
        own = 0.0 if e.carbon_scope is not CarbonScope.SHADOW else 60.0 * 0.5
        b = e.battery or Battery(0, 0, 1.0, 0.0)
        for t in range(T):
            var("grid", i, t, price=float(e.grid_price[t]) + own)
            surplus = max(e.pv_mwh[t] - e.load_mwh[t], 0)
            var("out", i, t, price=-e.feed_in_price, top=surplus)
            var("in", i, t, top=b.power_mw * 8)
            var("from", i, t, price=b.degradation, top=b.power_mw * 8)
            var("soc", i, t, top=b.energy_mwh)
            balance = {
                names["grid", i, t]: 1.0,
                names["out", i, t]: -1.0,
                names["in", i, t]: -1.0,
                names["from", i, t]: 1.0,
            }
            for k, c in enumerate(p.contracts):
                price = min(c.price[t], c.price_cap) + c.certificate_price
                balance[var("green", k, i, t, price=float(price))] = 1.0
            eq.append((balance, e.load_mwh[t] - e.pv_mwh[t]))
        for t in range(T):
            row = {
                names["soc", i, t]: 1.0,
                names["in", i, t]: -b.efficiency,
                names["from", i, t]: 1 / b.efficiency,
            }
            if t == 0 and b.initial_mwh is not None:
                eq.append((row, b.initial_mwh))
                ub.append(({names["soc", i, T - 1]: -1.0}, -b.initial_mwh))
            else:
                before = names["soc", i, t - 1 if t else T - 1]
                row[before] = row.get(before, 0.0) - 1.0
                eq.append((row, 0.0))
        excess = var("excess", i, price=80.0, low=-1e6 if p.carbon.resale else 0.0)
        row = {excess: -1.0}
        if e.carbon_scope is CarbonScope.PILOT:
            row |= {names["grid", i, t]: 0.5 for t in range(T)}
        ub.append((row, e.quota_t - e.direct_emissions_t))
        if e.demand_basis is DemandBasis.CAPACITY:
            constant += 2 * e.fixed_price * e.capacity_kva
        if e.demand_basis is DemandBasis.MAX_DEMAND:
            for m in range(2):
                peak = var("peak", i, m, price=e.fixed_price * 1000)
                for t in np.flatnonzero(p.month == m):
                    row = {names["grid", i, t]: 1 / 8, peak: -1.0}
                    for k, c in enumerate(p.contracts):
                        if not c.behind_meter:
                            row[names["green", k, i, t]] = 1 / 8
                    ub.append((row, 0.0))
        if e.green_share_min:
            row = {names["green", k, i, t]: -1.0 for k in range(len(p.contracts)) for t in range(T)}
            row |= {names["out", i, t]: 1.0 for t in range(T)}
            ub.append((row, e.pv_mwh.sum() - e.green_share_min * e.load_mwh.sum()))
    for k, c in enumerate(p.contracts):
        everyone = range(len(p.enterprises))
        hourly = [{names["green", k, i, t]: 1.0 for i in everyone} for t in range(T)]
        ub += zip(hourly, c.profile_mwh, strict=True)
        for m in range(c.monthly_mwh.size):
            here = np.flatnonzero(p.month == m)
            row = {names["green", k, i, t]: 1.0 for i in everyone for t in here}
            ub.append((row, c.monthly_mwh[m]))
        year = {names["green", k, i, t]: 1.0 for i in everyone for t in range(T)}
        ub.append((year, c.volume_mwh))
        if c.shortfall_price:
            short = var("short", k, price=c.shortfall_price)
            ub.append((dict.fromkeys([*year, short], -1.0), -c.floor_mwh))

    def dense(rows: list[tuple[dict[int, float], float]]) -> tuple[np.ndarray, np.ndarray]:
        a = np.zeros((len(rows), len(cost)))
        for r, (entries, _) in enumerate(rows):
            for j, v in entries.items():
                a[r, j] = v
        return a, np.array([side for _, side in rows])

    (a_ub, b_ub), (a_eq, b_eq) = dense(ub), dense(eq)
    done = linprog(cost, a_ub, b_ub, a_eq, b_eq, bounds)
    return None if done.status == 2 else float(done.fun) + constant


def never_relieved(p: EnergyProblem) -> EnergyProblem:
    """Transformers so large that the 0.9 rule, which no LP can hold, never applies."""
    big = tuple(replace(e, capacity_kva=e.capacity_kva * 100) for e in p.enterprises)
    return replace(p, enterprises=big)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 2), st.booleans(), st.sampled_from([0.0, 0.5, 1.0]))
def test_the_plan_is_the_optimum_of_a_plain_model(
    seed: int, contracts: int, monthly: bool, floor: float
) -> None:
    p = never_relieved(park(seed, contracts=contracts, monthly=monthly, floor=floor))
    expected = reference(p)
    if expected is None:
        with pytest.raises(Infeasible) as told:
            solve(p)
        assert told.value.clashes
        return
    plan = solve(p)
    assert plan.objective == pytest.approx(expected, rel=1e-7, abs=1e-4)
    assert plan.status is Status.OPTIMAL
    assert plan.check(p) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([0.0, 0.5, 1.0]))
def test_sorting_equals_the_programme_and_its_bound(seed: int, monthly: bool, floor: float) -> None:
    p = park(seed, n=4, plain=True, monthly=monthly, floor=floor)
    by_sort = solve(p)
    by_lp = Session(p).solve()
    assert by_sort.method == "sort"
    assert by_lp.method == "simplex"
    assert by_sort.objective == pytest.approx(by_lp.objective, rel=1e-9)
    assert by_sort.bound == pytest.approx(by_sort.objective, rel=1e-9)
    assert by_sort.check(p) == []


def test_sorting_finds_the_same_dual_on_a_year() -> None:
    p = benchmark_park(5, steps=2000)
    by_sort, by_lp = solve(p).rents[0], Session(p).solve().rents[0]
    assert by_sort.volume == pytest.approx(by_lp.volume)
    assert by_sort.volume > 0
    assert np.allclose(by_sort.hour, by_lp.hour)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(5, 120), st.floats(100, 500))
def test_a_warm_re_solve_equals_a_cold_one(seed: int, volume: float, price: float) -> None:
    p = never_relieved(park(seed, floor=0.5))
    p = replace(p, enterprises=tuple(replace(e, green_share_min=0.0) for e in p.enterprises))
    session = Session(p)
    session.solve()
    session.set_volume(0, volume)
    session.set_price(0, price)
    warm = session.solve()
    cold = solve(session.problem)
    assert warm.objective == pytest.approx(cold.objective, rel=1e-7)
    assert warm.check(session.problem) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_with_the_relief_rule_the_gap_is_honest(seed: int) -> None:
    p = park(seed)
    p = replace(p, enterprises=tuple(replace(e, green_share_min=0.0) for e in p.enterprises))
    plan = solve(p)
    assert plan.check(p) == []
    assert plan.bound is not None
    assert plan.bound <= plan.objective + 1e-6
    dearest = solve(never_relieved(p))  # any plan costs at most as much with relief as without
    assert plan.bound <= total(costs(p, dearest.dispatch)) + 1e-6


BREAKS = {
    "green": "more than the contract generates",
    "charge": "battery energy is not conserved",
    "discharge": "negative purchase",
    "state": "battery energy is not conserved",
    "export": "more fed in than surplus PV",
}


@pytest.mark.parametrize("field", BREAKS)
def test_check_finds_what_was_broken(field: str) -> None:
    p = benchmark_park(3, batteries=3, steps=240)
    plan = solve(p)
    assert plan.check(p) == []
    series = getattr(plan.dispatch, field).copy()
    series[..., 100] += 1000.0
    broken = replace(plan, dispatch=replace(plan.dispatch, **{field: series}))
    found = [v.say("en") for v in broken.check(p)]
    assert any(BREAKS[field] in f for f in found)
    assert field == "state" or any("objective differs" in f for f in found)


def test_check_finds_a_broken_objective_bound_volume_and_target() -> None:
    p = benchmark_park(3, batteries=1, steps=240)
    plan = solve(p)
    assert replace(plan, objective=plan.objective * 1.01).check(p)
    assert replace(plan, bound=plan.objective * 1.01).check(p)
    smaller = replace(p.contracts[0], volume_mwh=p.contracts[0].volume_mwh / 2)
    assert any("volume" in v.say("en") for v in plan.check(replace(p, contracts=(smaller,))))
    stricter = tuple(replace(e, green_share_min=0.99) for e in p.enterprises)
    assert any("share" in v.say("en") for v in plan.check(replace(p, enterprises=stricter)))


def test_clashing_targets_are_named() -> None:
    p = benchmark_park(3, steps=240)
    first = replace(p.enterprises[0], green_share_min=0.95)
    with pytest.raises(Infeasible) as told:
        solve(replace(p, enterprises=(first, *p.enterprises[1:])))
    said = told.value.say("en")
    assert "示例企业1" in said
    assert "generation profile" in said or "delivers at most" in said
    assert "示例企业2" not in said


def test_a_direct_connection_that_cannot_be_used_enough_is_named() -> None:
    p = benchmark_park(2, steps=240)
    c = replace(p.contracts[0], behind_meter=True, self_use_min=0.9)
    with pytest.raises(Infeasible, match="direct connection"):
        solve(replace(p, contracts=(c,)))


def test_stopping_keeps_a_plan_with_an_honest_gap() -> None:
    p = benchmark_park(6, batteries=6, demand=True, steps=4000)
    progress = Progress()
    progress.stop()
    plan = solve(p, time_limit=0.001, progress=progress)
    best = solve(p)
    assert plan.status is Status.FEASIBLE
    assert plan.check(p) == []
    assert plan.bound is not None
    assert plan.bound <= best.objective <= plan.objective


def test_stopping_before_any_plan_is_told() -> None:
    p = benchmark_park(6, batteries=6, demand=True, steps=4000)
    scarce = replace(p.contracts[0], volume_mwh=p.contracts[0].volume_mwh / 5)
    greedy_misses = tuple(replace(e, green_share_min=0.05) for e in p.enterprises)
    p = replace(p, contracts=(scarce,), enterprises=greedy_misses)
    assert solve(p).check(p) == []
    with pytest.raises(PlanningError, match="Stopped before"):
        solve(p, time_limit=0.001)


@pytest.mark.parametrize(
    "change",
    [
        {"load_mwh": np.array([1.0, -1.0])},
        {"load_mwh": np.array([1.0, np.nan])},
        {"grid_price": np.ones(3)},
        {"green_share_min": 1.2},
        {"feed_in_price": -1.0},
        {"demand_basis": DemandBasis.MAX_DEMAND},
        {"battery": Battery(1.0, 2.0, efficiency=1.5)},
    ],
)
def test_bad_data_is_refused_in_words(change: dict[str, object]) -> None:
    good = Enterprise("甲", np.ones(2), np.full(2, 500.0))
    with pytest.raises(BadData) as told:
        EnergyProblem((replace(good, **change),), (), START)
    assert "甲" in told.value.say("zh")


def spot_park() -> EnergyProblem:
    p = benchmark_park(2, batteries=1, steps=48)
    price = p.enterprises[0].grid_price.copy()
    price[12:16] = -80.0
    return replace(p, enterprises=tuple(replace(e, grid_price=price) for e in p.enterprises))


def test_negative_spot_prices_are_planned_with() -> None:
    """They were refused, as if every enterprise fed in, though none has photovoltaics."""
    p = spot_park()
    plan = solve(p)
    assert plan.check(p) == []
    assert plan.status is Status.OPTIMAL
    assert plan.dispatch.green[0, :, 12:16].sum() == pytest.approx(0, abs=1e-6)


def test_a_battery_that_would_buy_to_sell_is_refused() -> None:
    p = spot_park()
    e = replace(p.enterprises[0], pv_mwh=p.enterprises[0].load_mwh * 2, feed_in_price=100.0)
    with pytest.raises(BadData, match="at step 13 surplus sells above"):
        replace(p, enterprises=(e, p.enterprises[1]))
    without = replace(e, battery=None)
    assert solve(replace(p, enterprises=(without, p.enterprises[1]))).status is Status.OPTIMAL


def test_slices_by_work_end_in_the_same_bills(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine, which was given other slices of seconds, came to another vertex."""
    p = benchmark_park(4, batteries=3, demand=True, steps=24 * 20)
    plans = []
    for slow in (1.0, 50.0):
        clock = iter(np.arange(0, 1e9) * slow)
        monkeypatch.setattr(highs.time, "perf_counter", lambda clock=clock: float(next(clock)))
        plans.append(solve(p, progress=Progress()))
    a, b = (plan.dispatch for plan in plans)
    assert (a.green == b.green).all()
    assert (a.charge == b.charge).all()


def test_the_slices_go_on_from_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    p = benchmark_park(3, batteries=2, demand=True, steps=24 * 20)
    whole, heard = solve(p), []
    monkeypatch.setattr(highs, "SLICE", 200)
    progress = Progress(lambda now: heard.append(now.bound))
    parts = solve(p, progress=progress)
    assert parts.status is Status.OPTIMAL
    assert parts.objective == pytest.approx(whole.objective, rel=1e-9)
    assert len(heard) > 3


def test_equal_claims_are_served_in_the_order_of_the_list() -> None:
    """Two battery owners alike in everything: who stands first takes what both want."""
    p = benchmark_park(1, batteries=1, steps=96)
    e = p.enterprises[0]
    twins = tuple(replace(e, name=name) for name in ("甲", "乙"))
    c = replace(p.contracts[0], volume_mwh=p.contracts[0].volume_mwh / 4)
    twin_park = replace(p, enterprises=twins, contracts=(c,))
    d = solve(twin_park).dispatch
    first, second = d.green[0]
    drawn = np.maximum(d.withdrawal(twin_park)[0], 0)
    wanted = (second > 1e-6) & (first < drawn - 1e-6)
    margin = e.grid_price
    assert not (wanted & (margin > margin[first > 1e-6].min() + 1e-9)).any()


def test_from_twenty_batteries_on_prices_lead_and_the_programme_proves() -> None:
    p = benchmark_park(20, batteries=20, steps=24 * 10)
    assert decompose.applies(p)
    assert not decompose.applies(replace(p, enterprises=p.enterprises[:19]))
    plan = solve(p)
    assert plan.status is Status.OPTIMAL
    assert plan.check(p) == []


def test_behind_the_meter_the_sorted_start_stays_out(monkeypatch: pytest.MonkeyPatch) -> None:
    p = benchmark_park(2, batteries=1, demand=True, steps=96)
    direct = replace(p.contracts[0], behind_meter=True)
    monkeypatch.setattr(crash, "_basis", lambda *_: pytest.fail("a sorted start"))
    assert solve(replace(p, contracts=(direct,))).status is Status.OPTIMAL
