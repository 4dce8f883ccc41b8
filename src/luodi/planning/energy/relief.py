"""The demand charge's 0.9 rule before the plan is known: granted, refused, or in doubt."""

from __future__ import annotations

import numpy as np

from ..core import Floats
from .dispatch import by_month, relief
from .problem import DemandBasis, EnergyProblem


def demand_prices(problem: EnergyProblem) -> tuple[Floats, Floats]:
    """(N, M) yuan per MW and month, with the rule granted and refused where it is in doubt.

    In doubt are months in which the battery or a direct connection could carry the metered
    energy across 260 kWh per kVA. With the first prices the model is a relaxation.
    """
    shape = (len(problem.enterprises), problem.months)
    granted, refused = np.zeros(shape), np.zeros(shape)
    direct = np.zeros(problem.steps)
    for c in problem.contracts:
        if c.behind_meter:
            direct = direct + c.profile_mwh
    for i, e in enumerate(problem.enterprises):
        if e.demand_basis is not DemandBasis.MAX_DEMAND:
            continue
        net = e.load_mwh - e.pv_mwh
        low = high = by_month(problem, np.maximum(net, 0))
        low = low - by_month(problem, np.minimum(direct, np.maximum(net, 0)))
        if e.battery is not None:
            steps = by_month(problem, np.ones(problem.steps))
            lost = 1 - e.battery.efficiency**2
            through = e.battery.power_mw * problem.step_h * steps
            low = low - e.battery.energy_mwh - by_month(problem, np.maximum(-net, 0))
            high = high + lost * through + e.battery.energy_mwh / e.battery.efficiency
        price = e.fixed_price * 1000
        granted[i] = price * relief(e, high)
        refused[i] = price * relief(e, low)
    return granted, refused
