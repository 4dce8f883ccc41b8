"""What the plan is measured against: no contract at all, and sharing out pro rata."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..core import Floats
from .dispatch import Dispatch, costs, idle, total
from .plan import EnergyPlan
from .problem import EnergyProblem
from .solve import solve


@dataclass(frozen=True)
class Comparison:
    """Yuan over the horizon. ``pro_rata`` may miss targets that the plan keeps."""

    plan: float
    no_contract: float
    pro_rata: float
    no_contract_by_enterprise: Floats  # (N,)

    @property
    def saving(self) -> float:
        return self.no_contract - self.plan


@lru_cache(maxsize=4)
def compare(plan: EnergyPlan) -> Comparison:
    """Compare with no contract and with sharing out pro rata (solved once for a plan)."""
    problem = plan.problem
    alone = without_contracts(problem)
    each = np.sum([p for name, p in alone.parts.items() if name != "shortfall"], axis=0)
    naive = total(costs(problem, pro_rata(problem)))
    return Comparison(plan.objective, alone.objective, naive, np.asarray(each))


def without_contracts(problem: EnergyProblem) -> EnergyPlan:
    """Plan the same park without green contracts (and so without green targets)."""
    free = tuple(replace(e, green_share_min=0.0) for e in problem.enterprises)
    return solve(replace(problem, enterprises=free, contracts=()))


def pro_rata(problem: EnergyProblem) -> Dispatch:
    """Share hourly green power by load, thinned evenly to the volumes; batteries idle."""
    net = np.stack([np.maximum(e.load_mwh - e.pv_mwh, 0) for e in problem.enterprises])
    green = np.zeros((len(problem.contracts), *net.shape))
    left = net.copy()
    for k, c in enumerate(problem.contracts):
        need = left.sum(axis=0)
        flow = np.minimum(c.profile_mwh, need)
        if c.monthly_mwh.size:
            month = np.bincount(problem.month, flow, problem.months)
            thin = np.minimum(1, c.monthly_mwh / np.maximum(month, 1e-9))
            flow = flow * thin[problem.month]
        flow = flow * min(1.0, c.volume_mwh / max(float(flow.sum()), 1e-9))
        green[k] = left * flow / np.maximum(need, 1e-12)
        left = np.maximum(left - green[k], 0)
    return idle(problem, green)
