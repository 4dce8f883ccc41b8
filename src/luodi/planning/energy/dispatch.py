"""What a plan decides, and what it costs: computed from the problem alone, without a solver."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core import Floats, Text
from .problem import CarbonScope, EnergyProblem
from .tariffs import fixed_charges

PARTS: dict[str, Text] = {
    "grid": Text("电网电量电费", "grid energy"),
    "green": Text("绿电电能量", "green energy"),
    "certificate": Text("绿证（环境价值）", "green certificates"),
    "delivery": Text("绿电输配及附加", "delivery of green power"),
    "fixed": Text("基本电费（需量/容量）", "demand or capacity charge"),
    "shortfall": Text("照付不议缺额", "take-or-pay shortfall"),
    "degradation": Text("储能损耗", "battery wear"),
    "feed_in": Text("光伏余电收入", "income from surplus PV"),
    "carbon": Text("碳成本（履约）", "carbon cost"),
    "shadow": Text("影子碳成本（不入账）", "shadow carbon (not billed)"),
}


@dataclass(frozen=True)
class Dispatch:
    """Hourly decisions in MWh per step. ``green``: (C, N, T); the others (N, T).

    ``state`` is the battery's content at the end of each step.
    """

    green: Floats
    charge: Floats
    discharge: Floats
    state: Floats
    export: Floats

    @cached_property
    def green_by_enterprise(self) -> Floats:
        """(N, T)"""
        return np.asarray(self.green.sum(axis=0))

    def grid(self, problem: EnergyProblem) -> Floats:
        """(N, T) what is bought from the grid, by the energy balance."""
        return self.withdrawal(problem) - self.green_by_enterprise

    def withdrawal(self, problem: EnergyProblem) -> Floats:
        """(N, T) load less own photovoltaics plus battery: grid and green power together."""
        pv = np.stack([e.pv_mwh for e in problem.enterprises])
        return problem.load_mwh - pv + self.export + self.charge - self.discharge

    def metered(self, problem: EnergyProblem) -> Floats:
        """(N, T) what passes the meter: withdrawal less direct connections."""
        behind = [k for k, c in enumerate(problem.contracts) if c.behind_meter]
        return np.asarray(self.withdrawal(problem) - self.green[behind].sum(axis=0))


def idle(problem: EnergyProblem, green: Floats | None = None) -> Dispatch:
    """A dispatch without batteries; surplus photovoltaics are fed in."""
    n, t = problem.load_mwh.shape
    pv = np.stack([e.pv_mwh for e in problem.enterprises])
    state = np.zeros((n, t))
    for i, e in enumerate(problem.enterprises):
        if e.battery is not None and e.battery.initial_mwh:
            state[i] = e.battery.initial_mwh
    none = np.zeros((len(problem.contracts), n, t))
    surplus = np.maximum(pv - problem.load_mwh, 0)
    return Dispatch(
        none if green is None else green, np.zeros((n, t)), np.zeros((n, t)), state, surplus
    )


def by_month(problem: EnergyProblem, series: Floats) -> Floats:
    """Sum (..., T) to (..., M)."""
    edges = np.flatnonzero(np.diff(problem.month, prepend=-1))
    return np.asarray(np.add.reduceat(series, edges, axis=-1))


def peak_by_month(problem: EnergyProblem, series_mwh: Floats) -> Floats:
    """(..., M) highest mean power in MW."""
    edges = np.flatnonzero(np.diff(problem.month, prepend=-1))
    return np.asarray(np.maximum.reduceat(series_mwh, edges, axis=-1)) / problem.step_h


def fixed_costs(problem: EnergyProblem, dispatch: Dispatch) -> Floats:
    """(N, M) yuan: capacity, or demand with the 0.9 rule."""
    metered = dispatch.metered(problem)
    energy, peak = by_month(problem, metered), peak_by_month(problem, metered)
    rows = []
    for i, e in enumerate(problem.enterprises):
        floor = e.peak_floor_mw if e.peak_floor_mw.size else 0.0
        rows.append(fixed_charges(problem, e, energy[i], np.maximum(peak[i], floor)))
    return np.stack(rows)


def emissions(problem: EnergyProblem, dispatch: Dispatch) -> Floats:
    """(N,) tonnes from purchased grid power; certificates make contract power count as zero."""
    return np.asarray(dispatch.grid(problem).sum(axis=1)) * problem.carbon.grid_factor


def costs(problem: EnergyProblem, dispatch: Dispatch) -> dict[str, Floats]:
    """Yuan by part (see ``PARTS``), each (N,), except ``shortfall``, which is (C,)."""
    prices = np.stack([e.grid_price for e in problem.enterprises])
    green = dispatch.green.sum(axis=2)
    t = problem.steps

    def bought(price: list[Floats]) -> Floats:
        paid = [dispatch.green[k] @ p for k, p in enumerate(price)]
        return np.sum(paid, axis=0) if paid else np.zeros(len(problem.enterprises))

    contracts = problem.contracts
    taken = green.sum(axis=1)
    missing = [max(c.floor_mwh - taken[k], 0) * c.shortfall_price for k, c in enumerate(contracts)]
    wear = [e.battery.degradation if e.battery else 0.0 for e in problem.enterprises]
    income = np.array([e.feed_in_price for e in problem.enterprises])
    carbon, shadow = carbon_costs(problem, emissions(problem, dispatch))
    return {
        "grid": np.einsum("nt,nt->n", prices, dispatch.grid(problem)),
        "green": bought([np.minimum(c.price, c.price_cap) for c in contracts]),
        "certificate": bought([np.full(t, c.certificate_price) for c in contracts]),
        "delivery": bought([np.full(t, c.delivery_price) for c in contracts]),
        "fixed": fixed_costs(problem, dispatch).sum(axis=1),
        "shortfall": np.array(missing),
        "degradation": np.array(wear) * dispatch.discharge.sum(axis=1),
        "feed_in": -income * dispatch.export.sum(axis=1),
        "carbon": carbon,
        "shadow": shadow,
    }


def carbon_costs(problem: EnergyProblem, indirect_t: Floats) -> tuple[Floats, Floats]:
    """(N,) what the scheme bills, and (N,) what the plan adds as a shadow price."""
    market = problem.carbon
    billed, shadow = [], []
    for e, indirect in zip(problem.enterprises, indirect_t, strict=True):
        counted = indirect if e.carbon_scope is CarbonScope.PILOT else 0.0
        over = e.direct_emissions_t + counted - e.quota_t
        billed.append(market.price * (over if market.resale else max(over, 0.0)))
        valued = indirect if e.carbon_scope is CarbonScope.SHADOW else 0.0
        shadow.append(market.shadow_price * valued)
    return np.array(billed), np.array(shadow)


def total(parts: dict[str, Floats]) -> float:
    return float(sum(p.sum() for p in parts.values()))
