"""Many batteries: enterprises meet only at the contract, so its price can lead them apart.

At given scarcity prices (the contract's duals) every enterprise has a small problem of its own;
their sum is a proven lower bound (Lagrange). Their battery schedules, with the green power sorted
out anew, are a plan; its duals are the next prices. Schedules are mixed with the best one so far
and prices are averaged (conditional gradient), because answers to one price overshoot.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from ..core import Floats, Progress
from . import greedy
from .dispatch import Dispatch, costs, idle, total
from .model import Taker
from .plan import EnergyPlan
from .problem import CarbonScope, Contract, EnergyProblem

MANY = 20  # batteries from which a first plan by prices comes sooner than the whole programme's
STEPS = (1.0, 0.5, 0.25, 0.1)
SolveOne = Callable[[Floats], EnergyPlan]


def applies(problem: EnergyProblem) -> bool:
    """Tell whether prices lead: ``MANY`` batteries, one contract over the public network."""
    batteries = sum(e.battery is not None for e in problem.enterprises)
    if batteries < MANY or len(problem.contracts) != 1:
        return False
    c = problem.contracts[0]
    strict_pilot = not problem.carbon.resale and any(
        e.carbon_scope is CarbonScope.PILOT for e in problem.enterprises
    )
    targets = any(e.green_share_min for e in problem.enterprises)
    return not (c.behind_meter or c.self_use_min or c.load_share_min or strict_pilot or targets)


@dataclass
class Incumbent:
    """The best plan so far, its cost, and the duals of its green power."""

    dispatch: Dispatch
    cost: float
    rents: greedy.Rents


def lead(
    problem: EnergyProblem,
    solvers: Sequence[SolveOne | None],
    *,
    tolerance: float,
    rounds: int,
    time_limit: float | None,
    progress: Progress | None,
) -> tuple[Dispatch, greedy.Rents, float]:
    """(dispatch, rents, proven lower bound).

    ``solvers[i]`` answers a series of scarcity prices (T,) with the least-cost plan of enterprise
    i alone; ``None`` marks those without battery, which a formula answers.
    """
    began = time.perf_counter()
    c = problem.contracts[0]
    best = _sorted_out(problem, idle(problem))
    prices, bound = best.rents, -np.inf
    plain = _Plain(problem, [i for i, s in enumerate(solvers) if s is None])
    active = [(i, s) for i, s in enumerate(solvers) if s is not None]
    with ThreadPoolExecutor(max(min(len(active), (os.cpu_count() or 2) // 2), 1)) as pool:
        for r in range(rounds):
            series = prices.price(problem.month)
            answers = list(pool.map(lambda job, s=series: job[1](s), active))
            own = sum(a.objective if a.bound is None else a.bound for a in answers)
            bound = max(bound, own + plain.cost(series) - prices.total(c))
            found = _collect(problem, [i for i, _ in active], answers)
            step = STEPS if r else (1.0,)
            tries = [_sorted_out(problem, mixed(best.dispatch, found, w)) for w in step]
            nearest = min(tries, key=lambda t: t.cost)
            if nearest.cost < best.cost:
                best = nearest
            prices = average(c, prices, nearest.rents, 2 / (r + 3))
            if progress is not None:
                progress.report(best.cost, bound)
            spent = time.perf_counter() - began
            late = time_limit is not None and spent * (r + 2) / (r + 1) > time_limit
            done = best.cost - bound <= tolerance * abs(best.cost)
            if done or late or (progress is not None and progress.stopped):
                break
    return best.dispatch, prices, bound


class _Plain:
    """Enterprises without battery: what they pay at any scarcity price."""

    def __init__(self, problem: EnergyProblem, members: list[int]) -> None:
        self.c = problem.contracts[0]
        self.value = problem.energy_value[members]
        nets = [problem.enterprises[i].load_mwh - problem.enterprises[i].pv_mwh for i in members]
        self.room = np.maximum(np.array(nets).reshape(-1, problem.steps), 0.0)
        parts = costs(problem, idle(problem))
        rows = [p[members] for name, p in parts.items() if name != "shortfall"]
        self.base = float(np.sum(rows)) if members else 0.0

    def cost(self, prices: Floats) -> float:
        gain = self.value - self.c.unit_cost - prices
        most = np.minimum(self.room, self.c.profile_mwh)
        return self.base - float((np.maximum(gain, 0.0) * most).sum())


def _sorted_out(problem: EnergyProblem, d: Dispatch) -> Incumbent:
    """Batteries as in ``d``, green power sorted out exactly."""
    c = problem.contracts[0]
    room = np.maximum(d.withdrawal(problem), 0.0)
    buyers = [Taker([i], problem.energy_value[i], room[i], True) for i in range(room.shape[0])]
    done = greedy.allocate(problem, c, buyers, room)
    whole = replace(d, green=done.taken[np.newaxis])
    return Incumbent(whole, total(costs(problem, whole)), done.rents)


def _collect(
    problem: EnergyProblem, members: Sequence[int], answers: Sequence[EnergyPlan]
) -> Dispatch:
    out = idle(problem)
    for i, plan in zip(members, answers, strict=True):
        d = plan.dispatch
        out.charge[i], out.discharge[i] = d.charge[0], d.discharge[0]
        out.state[i], out.export[i] = d.state[0], d.export[0]
    return out


def mixed(a: Dispatch, b: Dispatch, weight: float) -> Dispatch:
    """(1 - weight) a + weight b: batteries only obey linear limits, so mixtures keep them."""
    if weight == 1.0:
        return b

    def mix(x: Floats, y: Floats) -> Floats:
        return (1 - weight) * x + weight * y

    return Dispatch(
        a.green,
        mix(a.charge, b.charge),
        mix(a.discharge, b.discharge),
        mix(a.state, b.state),
        mix(a.export, b.export),
    )


def average(c: Contract, a: greedy.Rents, b: greedy.Rents, weight: float) -> greedy.Rents:
    volume = (1 - weight) * a.volume + weight * b.volume
    held = volume * (c.volume_mwh if volume > 0 else c.floor_mwh)
    hour = (1 - weight) * a.hour + weight * b.hour
    return greedy.Rents(hour, (1 - weight) * a.month + weight * b.month, volume, held)


def alone(problem: EnergyProblem, i: int) -> EnergyProblem:
    """Enterprise i with all that the contract generates before it, and no volume in its way."""
    c = problem.contracts[0]
    free = replace(
        c,
        volume_mwh=float(c.profile_mwh.sum()),
        monthly_mwh=np.zeros(0),
        take_or_pay=0.0,
        shortfall_price=0.0,
        price=np.minimum(c.price, c.price_cap),
        price_cap=np.inf,
    )
    return replace(problem, enterprises=(problem.enterprises[i],), contracts=(free,))
