"""What a plan decides, and what it costs: computed from the problem alone, without a solver.

Prices by time of use and the two-part tariff, as editable data with their sources.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..core import Floats, Text
from .problem import CarbonScope, DemandBasis, EnergyProblem, Enterprise

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


Hours = Sequence[tuple[int, int]]
# 发改价格〔2023〕526号: the demand price falls to 90 % in months with at least 260 kWh per kVA
DEMAND_RELIEF, RELIEF_KWH_PER_KVA = 0.9, 260.0


@dataclass(frozen=True)
class TimeOfUse:
    """Periods as [from, to) hours of the day; ``up`` and ``down`` are relative to ``flat``."""

    flat: float
    peak: Hours
    valley: Hours
    up: float
    down: float

    def prices(self, hours: NDArray[np.float64]) -> Floats:
        """Yuan/MWh for hours of the day (any shape)."""
        out = np.full(np.shape(hours), self.flat)
        for spans, factor in ((self.peak, 1 + self.up), (self.valley, 1 - self.down)):
            for begin, end in spans:
                out[(hours >= begin) & (hours < end)] = self.flat * factor
        return out


def shanxi_2022(flat: float) -> TimeOfUse:
    """Shanxi 2022 (晋发改商品发〔2021〕479号). ``flat``: yuan/MWh.

    The trading rules were reissued in December 2025; check the periods of the year in question.
    """
    return TimeOfUse(flat, ((8, 11), (17, 23)), ((0, 7), (11, 13)), 0.60, 0.55)


def hour_of_day(steps: int, step_h: float = 1.0) -> NDArray[np.float64]:
    return np.asarray((np.arange(steps) * step_h) % 24, dtype=float)


def steps_in_year(start_on: dt.date, step_h: float = 1.0) -> int:
    days = (start_on.replace(year=start_on.year + 1) - start_on).days
    return round(days * 24 / step_h)


def fixed_charges(
    problem: EnergyProblem, e: Enterprise, metered_mwh: Floats, peak_mw: Floats
) -> Floats:
    """(M,) yuan for the fixed part of the tariff.

    ``metered_mwh``: (M,) energy through the meter; ``peak_mw``: (M,) highest mean power of a step.
    """
    if e.demand_basis is DemandBasis.CAPACITY:
        return np.full(problem.months, e.fixed_price * e.capacity_kva)
    if e.demand_basis is DemandBasis.NONE:
        return np.zeros(problem.months)
    return peak_mw * 1000 * e.fixed_price * relief(e, metered_mwh)


def relief(e: Enterprise, metered_mwh: Floats) -> Floats:
    """(M,) 0.9 in months with at least 260 kWh per kVA, else 1."""
    kwh_per_kva = metered_mwh * 1000 / max(e.capacity_kva, 1e-9)
    return np.where(kwh_per_kva >= RELIEF_KWH_PER_KVA, DEMAND_RELIEF, 1.0)
