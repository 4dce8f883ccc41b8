"""How much to sign when wind, prices and loads are uncertain: expected cost and CVaR.

The volumes are signed now, everything else is decided when the scenario is known. The cost of a
scenario is convex in the volumes and its slope is the plan's dual, so cutting planes (Benders
1962, one cut per scenario) close in on the optimum with a proven gap.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core import BadData, Progress, relative_gap
from . import greedy
from .plan import EnergyPlan
from .problem import Array, EnergyProblem
from .solve import Session, solve


@dataclass(frozen=True)
class Scenario:
    name: str
    probability: float
    problem: EnergyProblem


@dataclass(frozen=True)
class VolumePlan:
    """``volumes_mwh`` by contract. Costs in yuan; ``cvar``: mean of the worst ``tail`` share."""

    volumes_mwh: Array
    expected: float
    cvar: float
    objective: float
    bound: float
    costs: Array
    plans: tuple[EnergyPlan, ...]
    tail: float
    seconds: float

    @property
    def gap(self) -> float | None:
        return relative_gap(self.objective, self.bound)


def vary(
    problem: EnergyProblem,
    name: str,
    probability: float,
    *,
    load: float = 1.0,
    generation: float = 1.0,
    price: float = 1.0,
) -> Scenario:
    """A scenario by factors on loads, contract generation and grid prices."""
    enterprises = tuple(
        replace(e, load_mwh=e.load_mwh * load, grid_price=e.grid_price * price)
        for e in problem.enterprises
    )
    contracts = tuple(replace(c, profile_mwh=c.profile_mwh * generation) for c in problem.contracts)
    varied = replace(problem, enterprises=enterprises, contracts=contracts)
    return Scenario(name, probability, varied)


def cvar(costs: Array, probabilities: Array, tail: float) -> float:
    """Mean cost of the worst ``tail`` share of the probability (Rockafellar and Uryasev 2000)."""
    order = np.argsort(-costs)
    weight = np.minimum(np.cumsum(probabilities[order]), tail)
    return float(np.diff(weight, prepend=0.0) @ costs[order]) / tail


class _Subproblem:
    """One scenario, solved again and again for other volumes."""

    def __init__(self, problem: EnergyProblem) -> None:
        self.problem = problem
        self.session = None if greedy.applies(problem) else Session(problem)

    def at(self, volumes: Array) -> EnergyPlan:
        if self.session is not None:
            for k, v in enumerate(volumes):
                self.session.set_volume(k, float(v))
            return self.session.solve()
        pairs = zip(self.problem.contracts, volumes, strict=True)
        contracts = tuple(replace(c, volume_mwh=float(v)) for c, v in pairs)
        return solve(replace(self.problem, contracts=contracts))


def choose_volumes(
    scenarios: Sequence[Scenario],
    largest_mwh: Sequence[float],
    *,
    risk_weight: float = 0.0,
    tail: float = 0.1,
    tolerance: float = 1e-5,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> VolumePlan:
    """Volumes that minimise (1 - risk_weight) × mean + risk_weight × CVaR of the cost.

    ``largest_mwh``: the most that each contract offers. Take-or-pay moves with the volume.
    """
    began = time.perf_counter()
    probabilities = np.array([s.probability for s in scenarios])
    if not np.isclose(probabilities.sum(), 1.0):
        raise BadData("情景概率之和应为 1。", "Probabilities must add up to 1.")
    top = np.asarray(largest_mwh, dtype=float)
    parts = [_Subproblem(s.problem) for s in scenarios]
    cuts: list[tuple[int, float, Array]] = []  # (scenario, constant, slope)
    best: VolumePlan | None = None
    bound, volumes = -np.inf, top
    while True:
        plans = tuple(p.at(volumes) for p in parts)
        costs = np.array([p.objective for p in plans])
        for s, plan in enumerate(plans):
            slope = np.array([-r.volume_rent for r in plan.rents]) / volumes
            floor = plan.objective if plan.bound is None else plan.bound
            cuts.append((s, floor - float(slope @ volumes), slope))
        worst = cvar(costs, probabilities, tail)
        mean = float(probabilities @ costs)
        value = (1 - risk_weight) * mean + risk_weight * worst
        if best is None or value < best.objective:
            seconds = time.perf_counter() - began
            best = VolumePlan(volumes, mean, worst, value, bound, costs, plans, tail, seconds)
        proposed, bound = _master(cuts, probabilities, top, risk_weight, tail)
        bound = min(bound, best.objective)
        seconds = time.perf_counter() - began
        best = replace(best, bound=bound, seconds=seconds)
        if progress is not None:
            progress.report(best.objective, bound)
        late = time_limit is not None and seconds > time_limit
        gap = best.objective - bound
        if late or (progress and progress.stopped) or gap <= tolerance * abs(best.objective):
            return best
        if np.allclose(proposed, volumes, rtol=1e-9):
            return best
        volumes = np.maximum(proposed, 1e-4 * top)  # the slope is read at a positive volume


def _master(
    cuts: Sequence[tuple[int, float, Array]],
    probabilities: Array,
    top: Array,
    risk_weight: float,
    tail: float,
) -> tuple[Array, float]:
    """The cutting-plane model: columns volumes, scenario costs, the quantile, excesses."""
    from scipy.optimize import linprog  # 25 MB that only this needs

    c, s = top.size, probabilities.size
    cost = np.concatenate(
        [
            np.zeros(c),
            (1 - risk_weight) * probabilities,
            [risk_weight],
            risk_weight * probabilities / tail,
        ]
    )
    rows = np.zeros((len(cuts) + s, cost.size))
    side = np.zeros(len(cuts) + s)
    for r, (k, constant, slope) in enumerate(cuts):
        rows[r, :c], rows[r, c + k], side[r] = slope, -1.0, -constant
    for k in range(s):
        r = len(cuts) + k
        rows[r, c + k], rows[r, c + s], rows[r, c + s + 1 + k] = 1.0, -1.0, -1.0
    free = (None, None)
    bounds = [(0.0, float(t)) for t in top] + [free] * (s + 1) + [(0.0, None)] * s
    done = linprog(cost, rows, side, bounds=bounds, method="highs")
    return np.asarray(done.x[:c]), float(done.fun)
