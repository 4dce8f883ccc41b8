"""Volumes under uncertainty against a grid search; the rolling horizon; sweeps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.planning.core import BadData
from luodi.planning.energy import benchmark_park, rolling, scenarios, solve, variants
from luodi.planning.energy.scenarios import Scenario, VolumesProblem, cvar
from luodi.planning.energy.variants import Variant, sweep


def vary(p, name, probability, **factors):
    return Scenario(name, probability, Variant(name, **factors).of(p))


def choose_volumes(cases, largest, **more):
    return scenarios.solve(VolumesProblem(tuple(cases), tuple(largest), **more))


def three_cases(batteries: int = 0):
    p = benchmark_park(3, batteries=batteries, steps=24 * 14)
    c = replace(p.contracts[0], take_or_pay=1.0, shortfall_price=250.0)
    p = replace(p, contracts=(c,))
    return [
        vary(p, "calm", 0.3, generation=0.3),
        vary(p, "usual", 0.5),
        vary(p, "weak load", 0.2, load=0.5, price=0.8),
    ]


@pytest.mark.parametrize("risk_weight", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("batteries", [0, 1])
def test_no_other_volume_is_better(risk_weight: float, batteries: int) -> None:
    cases = three_cases(batteries)
    top = cases[0].problem.contracts[0].volume_mwh * 1.5
    plan = choose_volumes(cases, [top], risk_weight=risk_weight, tail=0.3)
    assert plan.gap is not None
    assert plan.gap <= 1e-5
    weights = np.array([s.probability for s in cases])
    for share in np.linspace(0.02, 1, 12):
        costs = []
        for s in cases:
            c = replace(s.problem.contracts[0], volume_mwh=share * top)
            costs.append(solve(replace(s.problem, contracts=(c,))).objective)
        value = (1 - risk_weight) * float(weights @ costs)
        value += risk_weight * cvar(np.array(costs), weights, 0.3)
        assert value >= plan.bound - 1e-6 * abs(value)


def test_caring_for_the_tail_never_raises_the_tail() -> None:
    cases = three_cases()
    top = cases[0].problem.contracts[0].volume_mwh * 1.5
    calm = choose_volumes(cases, [top], risk_weight=0.0, tail=0.3)
    careful = choose_volumes(cases, [top], risk_weight=0.9, tail=0.3)
    assert careful.cvar <= calm.cvar * (1 + 1e-4)
    assert careful.expected >= calm.expected * (1 - 1e-4)
    assert careful.volumes_mwh[0] < calm.volumes_mwh[0]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.floats(0.05, 1.0))
def test_cvar_equals_its_minimum_form(costs: list[float], tail: float) -> None:
    c = np.array(costs)
    p = np.full(c.size, 1 / c.size)
    forms = [q + float(p @ np.maximum(c - q, 0)) / tail for q in costs]
    assert cvar(c, p, tail) == pytest.approx(min(forms), abs=1e-9)


def test_probabilities_must_add_up() -> None:
    with pytest.raises(BadData, match="Probabilities"):
        choose_volumes(three_cases()[:2], [1000.0])


def test_rolling_with_perfect_forecasts_comes_close_to_hindsight() -> None:
    p = benchmark_park(3, batteries=1, steps=24 * 42)
    # a volume cap that binds makes keeping energy for later worth something
    p = replace(p, contracts=(replace(p.contracts[0], volume_mwh=p.contracts[0].volume_mwh / 2),))
    done = rolling.roll(p, lambda t: p)
    assert done.replans == 42
    assert -1e-9 <= done.regret < 0.01


def test_rolling_on_wrong_forecasts_stays_feasible_and_costs_more() -> None:
    p = benchmark_park(3, batteries=2, demand=True, steps=24 * 21)
    rng = np.random.default_rng(4)

    def forecast(t: int):
        wrong = tuple(
            replace(e, load_mwh=e.load_mwh * rng.uniform(0.8, 1.2, p.steps)) for e in p.enterprises
        )
        c = replace(p.contracts[0], profile_mwh=p.contracts[0].profile_mwh * rng.uniform(0.7, 1.3))
        return replace(p, enterprises=wrong, contracts=(c,))

    done = rolling.roll(p, forecast)
    plan = replace(solve(p), dispatch=done.dispatch, objective=done.objective, bound=None)
    broken = [v for v in plan.check(p) if "conserved" not in v.say("en")]
    assert broken == []  # (it starts empty and need not end where it began)
    assert 0 <= done.regret < 0.2


def test_variants_keep_their_order_and_processes_change_nothing() -> None:
    p = benchmark_park(2, batteries=1, steps=168)
    asked = [Variant(f"{f}", load=f, battery=f) for f in (1.5, 0.5, 1.0)]
    problem = variants.VariantsProblem(p, tuple(asked))
    plan = variants.solve(problem)
    assert plan.check(problem) == []
    together = sweep([v.of(p) for v in asked], workers=2)
    assert [o.objective for o in together] == [o.objective for o in plan.plans]
    assert plan.plans[0].objective > plan.plans[2].objective > plan.plans[1].objective
    assert plan.objective == plan.plans[1].objective


@pytest.mark.parametrize("study", [scenarios, variants, rolling])
def test_every_study_goes_from_workbook_to_plan_and_report(study, tmp_path: Path) -> None:
    path = tmp_path / "study.xlsx"
    study.write_template(path)
    problem = study.read_problem(path)
    short = benchmark_park(2, batteries=1, steps=24 * 7)
    if study is scenarios:
        cases = tuple(replace(s, problem=short) for s in problem.scenarios)
        problem = replace(problem, scenarios=cases)
    else:
        problem = replace(problem, **{"park" if study is variants else "truth": short})
    plan = study.solve(problem)
    assert plan.check(problem) == []
    assert replace(plan, objective=plan.objective * 1.01).check(problem) or study is variants
    study.write_plan(tmp_path / "plan.xlsx", problem, plan)
    assert study.explain(problem, plan) in study.report(problem, plan).replace("</p><p>", "\n")
