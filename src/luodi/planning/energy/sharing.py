"""Who gets how much of the saving that the park makes together.

The game: every enterprise holds an *entitlement*, a share of each contract's generation and
volume; a group saves v(S) = (cost without contracts) - (least cost with its own entitlements).
Green targets stay out of it: a target is its owner's own affair.

* **Owen** (1975): everyone pays the contract's scarcity for what it takes and receives it for its
  entitlement, at the duals of the whole park. Always in the core, and free once the plan is solved.
* **Shapley** (1953): the mean marginal contribution over all orders of joining.

The least cost of a group of enterprises, by putting a price on the contract's volume.

The volume is the one row that ties all steps together. With the scarcity that sorting finds put
into the prices instead, simplex works on steps that hardly touch one another. The storage that it
finds is then held fixed and the green power sorted out anew: a plan. Weak duality bounds it from
below with the same scarcity. Where the two meet, the cost is proven; else the model is solved
whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from ..core import Floats, Status
from . import crash, greedy
from .compare import compare
from .crash import Memories
from .dispatch import costs, total
from .highs import Solver, lower_bound
from .model import build
from .plan import EnergyPlan
from .problem import EnergyProblem
from .relief import demand_prices
from .solve import read_dispatch, solve, sortable, sorted_green

EXACT_UP_TO = 12
Value = Callable[[int], float]  # of a coalition as a bit mask


@dataclass(frozen=True)
class Blocking:
    """The group with the most to gain alone: by ``gain`` yuan (≤ 0: nobody would)."""

    members: tuple[str, ...]
    gain: float


@dataclass(frozen=True)
class Sharing:
    """Savings in yuan by enterprise. ``error``: half-widths at 95 % where Shapley was sampled.

    ``complete``: every group was examined for the two ``…_blocking``, not only sampled ones.
    """

    names: tuple[str, ...]
    alone_cost: Floats
    owen: Floats
    shapley: Floats
    error: Floats | None
    owen_blocking: Blocking
    shapley_blocking: Blocking
    complete: bool
    solves: int


def untargeted(problem: EnergyProblem) -> EnergyProblem:
    free = tuple(replace(e, green_share_min=0.0) for e in problem.enterprises)
    return replace(problem, enterprises=free)


def group(problem: EnergyProblem, members: Sequence[int]) -> EnergyProblem:
    """The problem of some enterprises with their entitlements to every contract."""
    claim = float(problem.entitlements[list(members)].sum())
    contracts = tuple(
        replace(
            c,
            profile_mwh=c.profile_mwh * claim,
            volume_mwh=c.volume_mwh * claim,
            monthly_mwh=c.monthly_mwh * claim,
        )
        for c in problem.contracts
    )
    enterprises = tuple(problem.enterprises[i] for i in members)
    return replace(problem, enterprises=enterprises, contracts=contracts)


def individual_costs(plan: EnergyPlan) -> Floats:
    """(N,) yuan by enterprise, without the take-or-pay shortfall."""
    return np.asarray(sum(p for name, p in plan.parts.items() if name != "shortfall"))


def owen(plan: EnergyPlan, alone_cost: Floats) -> Floats:
    """(N,) savings by the duals. They sum to the saving of the whole park (strong duality).

    Where the plan was proven only within a gap, the gap is split by entitlement.
    """
    problem = plan.problem
    cost = individual_costs(plan)
    for k, (c, r) in enumerate(zip(problem.contracts, plan.rents, strict=True)):
        cost = cost + plan.dispatch.green[k] @ r.price(problem.month)
        cost = cost - problem.entitlements * r.total(c)
    saved = alone_cost - cost
    whole = float(alone_cost.sum()) - plan.objective
    return saved + (whole - float(saved.sum())) * problem.entitlements


def share_by_duals(plan: EnergyPlan) -> tuple[tuple[str, ...], Floats]:
    """Names and Owen savings (N,) in yuan, however many enterprises there are."""
    names = tuple(e.name for e in plan.problem.enterprises)
    return names, owen(without_targets(plan), compare(plan).no_contract_by_enterprise)


def without_targets(plan: EnergyPlan) -> EnergyPlan:
    """The proven plan of the same park without green targets: itself where none of them binds."""
    free = untargeted(plan.problem)
    binds = any(kind == "share" and value > 0 for (kind, _), value in plan.limits.items())
    if binds or plan.status is not Status.OPTIMAL:
        return solve(free)
    return replace(plan, problem=free)


class Game:
    """v(S) in yuan for bit masks of enterprises, each solved once."""

    def __init__(self, plan: EnergyPlan, alone_cost: Floats) -> None:
        self.alone_cost = alone_cost
        self._groups = Groups(plan.problem, plan.memories)
        everyone = (1 << alone_cost.size) - 1
        self.known: dict[int, float] = {0: 0.0, everyone: float(alone_cost.sum()) - plan.objective}

    def __call__(self, mask: int) -> float:
        self.fill([mask], workers=1)
        return self.known[mask]

    def fill(self, masks: Sequence[int], workers: int) -> None:
        """Solve what is not yet known, on several processes if wished."""
        todo = [m for m in masks if m not in self.known]
        todo.sort(key=self._groups.size, reverse=True)  # the long ones first keep all busy
        if workers == 1 or len(todo) < 2:
            costs = [self._groups.cost(m) for m in todo]
        else:
            with ProcessPoolExecutor(workers, initializer=_begin, initargs=(self._groups,)) as pool:
                costs = list(pool.map(_cost, todo))
        for mask, cost in zip(todo, costs, strict=True):
            self.known[mask] = float(self.alone_cost[_members(mask)].sum()) - cost


@dataclass(frozen=True)
class Groups:
    """What a process needs to know to price any group."""

    problem: EnergyProblem
    memories: Memories

    def cost(self, mask: int) -> float:
        return least_cost(group(self.problem, _members(mask)), self.memories)

    def size(self, mask: int) -> tuple[int, int]:
        """How long it takes: by the batteries first, then by the enterprises."""
        members = [self.problem.enterprises[i] for i in _members(mask)]
        return sum(e.battery is not None for e in members), len(members)


_here: list[Groups] = []  # of this process, in a pool


def _begin(groups: Groups) -> None:
    _here.append(groups)


def _cost(mask: int) -> float:
    return _here[-1].cost(mask)


def _members(mask: int) -> list[int]:
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def share(
    plan: EnergyPlan,
    *,
    exact_up_to: int = EXACT_UP_TO,
    samples: int = 60,
    seed: int = 0,
    workers: int = 1,
) -> Sharing:
    """Owen and Shapley shares, and for each the group that would gain most by leaving.

    ``plan``: of the whole park. Up to ``exact_up_to`` enterprises every coalition is solved
    (2^n - 2 plans); beyond, Shapley is estimated from ``samples`` orders of joining, each also
    taken backwards.
    """
    alone_cost = compare(plan).no_contract_by_enterprise
    plan = without_targets(plan)
    n = alone_cost.size
    game = Game(plan, alone_cost)
    by_duals = owen(plan, alone_cost)
    error: Floats | None = None
    if n <= exact_up_to:
        game.fill(range(1, 1 << n), workers)
        by_order = shapley(game, n)
    else:
        by_order, error = sampled_shapley(game, n, samples, np.random.default_rng(seed))
    names = tuple(e.name for e in plan.problem.enterprises)
    return Sharing(
        names=names,
        alone_cost=alone_cost,
        owen=by_duals,
        shapley=by_order,
        error=error,
        owen_blocking=most_blocking(game.known, by_duals, names),
        shapley_blocking=most_blocking(game.known, by_order, names),
        complete=len(game.known) == 1 << n,
        solves=len(game.known) - 2,
    )


def effort(problem: EnergyProblem, groups: float) -> float:
    """Estimate the work of pricing so many groups, in battery-steps: the same on any machine."""
    batteries = sum(e.battery is not None for e in problem.enterprises)
    each = 0.02 * len(problem.enterprises) + batteries / 2  # sorting, and the storage of half
    return groups * each * problem.steps


def affordable(problem: EnergyProblem, most: float) -> tuple[int, int]:
    """Give ``exact_up_to`` and ``samples`` for :func:`share` within ``most`` battery-steps.

    No samples at all where not even two orders are affordable.
    """
    n = len(problem.enterprises)
    exact = n if n <= EXACT_UP_TO and effort(problem, 2.0**n) <= most else 0
    return exact, int(min(60, most / max(effort(problem, 2.0 * n), 1e-9)))


def shapley(value: Value, n: int) -> Floats:
    """Exactly, from all 2^n coalitions."""
    weight = [math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)]
    out = np.zeros(n)
    for mask in range(1 << n):
        worth, size = value(mask), mask.bit_count()
        for i in range(n):
            if mask >> i & 1:
                out[i] += weight[size - 1] * worth
            else:
                out[i] -= weight[size] * worth
    return out


def sampled_shapley(
    value: Value, n: int, samples: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Mean over random orders in forward-backward pairs, and its 95 % half-width (t ≈ 2).

    The bound is the usual one for sampled orders (Castro, Gómez and Tejada 2009).
    """
    pairs = np.zeros((samples, n))
    for s in range(samples):
        order = rng.permutation(n)
        for path in (order, order[::-1]):
            mask, before = 0, 0.0
            for i in path:
                mask |= 1 << int(i)
                worth = value(mask)
                pairs[s, i] += (worth - before) / 2
                before = worth
    spread = pairs.std(axis=0, ddof=1) if samples > 1 else np.full(n, np.inf)
    return pairs.mean(axis=0), 2.0 * spread / math.sqrt(samples)


def most_blocking(known: dict[int, float], savings: Floats, names: Sequence[str]) -> Blocking:
    """Among the coalitions whose value is known, the one that loses most by staying."""
    best, gain = 0, -math.inf
    for mask, worth in known.items():
        if 0 < mask < (1 << savings.size) - 1:
            more = worth - float(savings[_members(mask)].sum())
            if more > gain:
                best, gain = mask, more
    return Blocking(tuple(names[i] for i in _members(best)), gain)


CENT = 0.005  # yuan between plan and bound that count as none


def least_cost(problem: EnergyProblem, memories: crash.Memories) -> float:
    """Yuan. ``memories``: how batteries ended in a solved model of the same enterprises."""
    if sortable(problem) and not greedy.applies(problem):
        found = _priced(problem, memories)
        if found is not None:
            return found
    return solve(problem).objective


def _priced(problem: EnergyProblem, memories: crash.Memories) -> float | None:
    """The proven least cost in yuan, or ``None`` where plan and bound do not meet."""
    favourable, _ = demand_prices(problem)
    model = build(problem, favourable)
    wanted = crash.room(model, memories)
    rho = greedy.allocate(problem, problem.contracts[0], model.takers, wanted).rents.volume
    tied = {k: model.rows[k, 0].first for k in ("volume", "floor") if (k, 0) in model.rows}
    dual = np.zeros(model.row_lower.size)
    dual[tied["floor" if rho < 0 else "volume"]] = -rho
    low, high = model.row_lower.copy(), model.row_upper.copy()
    low[list(tied.values())], high[list(tied.values())] = -np.inf, np.inf
    cost = model.cost - model.matrix.T @ dual
    solver = Solver(replace(model, cost=cost, row_lower=low, row_upper=high))
    crash.start(solver, memories, priced=True)
    answer = solver.run()
    if not answer.optimal:
        return None
    cheapest = total(costs(problem, sorted_green(model, read_dispatch(model, answer.x))))
    dual += np.where(dual == 0, answer.row_dual, 0)
    proven = cheapest - lower_bound(model, dual) <= CENT
    return cheapest if proven else None
