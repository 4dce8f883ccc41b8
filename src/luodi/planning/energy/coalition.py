"""The least cost of a group of enterprises, by putting a price on the contract's volume.

The volume is the one row that ties all steps together. With the scarcity that sorting finds put
into the prices instead, simplex works on steps that hardly touch one another. The storage that it
finds is then held fixed and the green power sorted out anew: a plan. Weak duality bounds it from
below with the same scarcity. Where the two meet, the cost is proven; else the model is solved
whole.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import crash, greedy
from .dispatch import costs, total
from .highs import Solver, lower_bound
from .model import build
from .problem import EnergyProblem
from .relief import demand_prices
from .solve import read_dispatch, solve, sortable, sorted_green

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
