"""Every kind of matching against the obvious slow reference, and `check` against broken plans."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from luodi.planning import Infeasible, Status
from luodi.planning.matching.candidates import find_arcs
from luodi.planning.matching.problem import (
    Contracts,
    MatchingProblem,
    Transport,
    make_needs,
    make_offers,
)
from luodi.planning.matching.solve import solve

whole = st.integers(0, 6)


@st.composite
def problems(draw, *, blend=False, order=("served", "cost")):
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    column = lambda size, values: np.array(draw(st.lists(values, min_size=size, max_size=size)))  # noqa: E731
    more_offer, more_need = {}, {}
    if blend:
        low = column(n, st.integers(0, 9)).astype(float)[:, None]
        more_offer = {"quality_low": low, "quality_high": low + 1}
        limit = column(m, st.integers(3, 8)).astype(float)[:, None]
        more_need = {"quality_high": limit, "blend": np.ones(m, dtype=bool)}
        more_need["quality_low"] = np.full((m, 1), np.nan)
    offers = make_offers(
        [f"s{i}" for i in range(n)],
        draw(st.lists(st.sampled_from(["10", "1001", "20"]), min_size=n, max_size=n)),
        column(n, whole).astype(float),
        column(n, whole).astype(float),
        region=tuple(draw(st.lists(st.sampled_from("ab"), min_size=n, max_size=n))),
        **more_offer,
    )
    needs = make_needs(
        [f"d{j}" for j in range(m)],
        draw(st.lists(st.sampled_from(["10", "20"]), min_size=m, max_size=m)),
        column(m, whole).astype(float),
        cap=column(m, st.integers(2, 12)).astype(float),
        priority=column(m, st.integers(1, 2)),
        region=tuple(draw(st.lists(st.sampled_from("ab"), min_size=m, max_size=m))),
        **more_need,
    )
    pairs = np.array(list(itertools.product(range(n), range(m))), dtype=np.int64)
    freight = column(n * m, whole).astype(float)
    transport = Transport(
        offer=pairs[:, 0], need=pairs[:, 1], km=np.full(n * m, np.nan), yuan=freight
    )
    attributes = ("灰分",) if blend else ()
    return MatchingProblem(
        offers, needs, Contracts.none(1), transport, order=order, attributes=attributes
    )


def reference(p):
    """Goals one after the other with scipy's dense linear programs."""
    arcs = find_arcs(p)
    k, n, m = len(arcs), len(p.offers), len(p.needs)
    if k == 0:
        return None
    rows, limits = np.zeros((n + m, k)), np.concatenate([p.offers.tonnes, p.needs.tonnes])[:, 0]
    rows[arcs.offer, range(k)] = 1
    rows[n + arcs.need, range(k)] = 1
    if p.attributes:
        mix = np.zeros((m, k))
        mix[arcs.need, range(k)] = (
            p.offers.quality_high[arcs.offer, 0] - p.needs.quality_high[arcs.need, 0]
        )
        rows, limits = np.vstack([rows, mix]), np.concatenate([limits, np.zeros(m)])
    here = np.array(p.offers.region)[arcs.offer] == np.array(p.needs.region)[arcs.need]
    values = []
    for goal in p.order:
        classes = np.unique(p.needs.priority) if goal == "served" else [None]
        for c in classes:
            cost = {
                "served": -(p.needs.priority[arcs.need] == c).astype(float),
                "local": -here.astype(float),
                "cost": arcs.price,
            }[goal]
            best = linprog(cost, A_ub=rows, b_ub=limits).fun
            values.append(abs(best))
            rows, limits = np.vstack([rows, cost]), np.append(limits, best + 1e-7)
    return values


@settings(max_examples=60, deadline=None)
@given(problems())
def test_flow_reaches_the_linear_programs_optimum_in_order(p):
    plan = solve(p)
    assert plan.method == "flow"
    assert plan.check(p) == []
    assert plan.status is Status.OPTIMAL
    expected = reference(p)
    if expected is not None:
        assert [lv.value for lv in plan.levels] == pytest.approx(expected, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(problems(blend=True, order=("local", "served", "cost")))
def test_blending_program_reaches_the_optimum_in_order(p):
    plan = solve(p)
    assert plan.check(p) == []
    expected = reference(p)
    if expected is not None:
        assert [lv.value for lv in plan.levels] == pytest.approx(expected, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_one_more_tonne_is_worth_what_solving_again_says(p):
    plan = solve(p)
    for i in range(len(p.offers)):
        tonnes = p.offers.tonnes.copy()
        tonnes[i] += 1
        again = solve(replace(p, offers=replace(p.offers, tonnes=tonnes)))
        served = sum(lv.value for lv in again.levels if lv.goal == "served")
        served -= sum(lv.value for lv in plan.levels if lv.goal == "served")
        assert plan.worth.offer_served[i, 0] == pytest.approx(served, abs=1e-6)
        saving = plan.objective - again.objective
        assert plan.worth.offer_saving[i, 0] == pytest.approx(saving, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(problems(), st.integers(1, 3), st.integers(0, 2))
def test_lots_and_source_limits_match_enumeration_of_switches(p, lot, most):
    n, m = len(p.offers), len(p.needs)
    offers = replace(p.offers, min_lot=np.full(n, float(lot)))
    p = replace(p, offers=offers, needs=replace(p.needs, max_sources=np.full(m, most)))
    plan = solve(p)
    assert plan.check(p) == []
    arcs = find_arcs(p)
    if len(arcs) > 7:
        return
    best = None
    for used in itertools.product([0, 1], repeat=len(arcs)):
        on = np.flatnonzero(used)
        if most and (np.bincount(arcs.need[on], minlength=m) > most).any():
            continue
        value = _fixed_switches(p, arcs, on, lot)
        best = value if value is not None and (best is None or value < best) else best
    assert [
        -round(plan.levels[0].value, 4),
        *(round(lv.value * (1 if lv.goal == "cost" else -1), 3) for lv in plan.levels[1:]),
    ] == pytest.approx(best or [0.0] * len(plan.levels), abs=1e-3)


def _fixed_switches(p, arcs, on, lot):
    rows = np.zeros((len(p.offers) + len(p.needs), len(on)))
    rows[arcs.offer[on], range(len(on))] = 1
    rows[len(p.offers) + arcs.need[on], range(len(on))] = 1
    limits = np.concatenate([p.offers.tonnes, p.needs.tonnes])[:, 0]
    out = []
    for c in [*np.unique(p.needs.priority), None]:
        cost = arcs.price[on] if c is None else -1.0 * (p.needs.priority[arcs.need[on]] == c)
        if not len(on):
            out.append(0.0)
            continue
        found = linprog(cost, A_ub=rows, b_ub=limits, bounds=(lot, None))
        if not found.success:
            return None
        out.append(round(found.fun, 4))
        rows, limits = np.vstack([rows, cost]), np.append(limits, found.fun + 1e-7)
    return out


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_candidate_search_is_proven_against_all_pairs(seed):
    r = np.random.default_rng(seed)
    place = lambda k: {"longitude": r.uniform(110, 112, k), "latitude": r.uniform(36, 38, k)}  # noqa: E731
    offers = make_offers(
        [f"s{i}" for i in range(30)], ["A"] * 30, r.integers(1, 20, 30), r.integers(1, 99, 30),
        **place(30),
    )  # fmt: skip
    needs = make_needs([f"d{j}" for j in range(25)], ["A"] * 25, r.integers(1, 20, 25), **place(25))
    whole_problem = MatchingProblem(offers, needs, Contracts.none(1))
    few = replace(whole_problem, transport=Transport(nearest=2))
    full, searched = solve(whole_problem), solve(few)
    assert searched.n_arcs < full.n_arcs
    assert searched.objective == pytest.approx(full.objective, rel=1e-7)
    assert searched.status is Status.OPTIMAL


def test_firm_need_that_cannot_be_met_is_told_with_its_rivals():
    offers = make_offers(["甲"], ["A"], np.array([10.0]), np.array([5.0]))
    needs = make_needs(["乙", "丙"], ["A", "A"], np.array([8.0, 8.0]), priority=np.array([0, 0]))
    p = MatchingProblem(offers, needs, Contracts.none(1))
    with pytest.raises(Infeasible) as told:
        solve(p)
    assert "共需 16 吨" in told.value.say("zh")
    assert "合计只有 10 吨" in told.value.say("zh")


def test_contracts_are_kept_and_clashing_ones_are_named():
    offers = make_offers(["甲", "乙"], ["A", "A"], np.array([10.0, 10.0]), np.array([5.0, 1.0]))
    needs = make_needs(["丙"], ["A"], np.array([12.0]))
    kept = Contracts(np.array([0]), np.array([0]), np.array([[6.0]]), np.array([5.5]))
    plan = solve(MatchingProblem(offers, needs, kept))
    assert plan.objective == pytest.approx(6 * 5.5 + 6 * 1.0)
    with pytest.raises(Infeasible, match="contracts bind 11 t"):
        solve(MatchingProblem(offers, needs, replace(kept, tonnes=np.array([[11.0]]))))


@pytest.fixture
def solved():
    low = np.array([[2.0], [6.0]])
    offers = make_offers(
        ["甲", "乙"], ["A", "A"], np.array([10.0, 10.0]), np.array([5.0, 1.0]),
        quality_low=low, quality_high=low, min_lot=np.array([2.0, 0.0]),
    )  # fmt: skip
    needs = make_needs(
        ["丙", "丁"], ["A", "A"], np.array([8.0, 4.0]), priority=np.array([0, 1]),
        cap=np.array([9.0, 9.0]), quality_low=np.full((2, 1), np.nan),
        quality_high=np.array([[4.0], [9.0]]), blend=np.array([True, False]),
        max_share=np.array([1.0, 0.8]), max_sources=np.array([2, 0]),
    )  # fmt: skip
    p = MatchingProblem(offers, needs, Contracts.none(1), attributes=("灰分",))
    return p, solve(p)


def broken(plan, **changes):
    return [v.constraint.zh for v in replace(plan, **changes).check(plan.problem)]


def test_check_finds_every_kind_of_damage(solved):
    p, plan = solved
    assert plan.check(p) == []
    assert "目标值不符" in broken(plan, tonnes=plan.tonnes * 0.9)
    assert "必须满足的需求未满足" in broken(plan, tonnes=plan.tonnes * 0.9)
    assert {"超过可供数量", "超过需求数量"} <= set(broken(plan, tonnes=plan.tonnes * 3))
    assert "数量为负" in broken(plan, tonnes=-plan.tonnes)
    assert "低于最小批量" in broken(plan, tonnes=plan.tonnes * 0.01)
    assert "到厂价不符" in broken(plan, price=plan.price + 1)
    assert "总费用不符" in broken(plan, objective=plan.objective + 1)
    all_from_one = {"offer": np.array([1]), "need": np.array([0]), "tonnes": np.array([[8.0]])}
    line = {"price": np.array([1.0]), "km": np.array([np.nan])}
    assert "混配后“灰分”超限" in broken(plan, **all_from_one, **line)
    assert "单个供应商份额过大" in broken(
        plan, **(all_from_one | {"need": np.array([1]), "tonnes": np.array([[4.0]])}), **line
    )
    low_bound = tuple(replace(lv, bound=lv.value * 2) for lv in plan.levels)
    assert "界限不可信" in broken(plan, levels=low_bound)
    dear = replace(p, needs=replace(p.needs, cap=np.array([0.5, 0.5])))
    assert "到厂价高于限价" in [v.constraint.zh for v in plan.check(dear)]
    single = replace(p, needs=replace(p.needs, max_sources=np.array([1, 1])))
    assert "供应商过多" in [v.constraint.zh for v in plan.check(single)]
