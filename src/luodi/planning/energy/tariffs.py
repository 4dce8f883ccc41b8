"""Prices by time of use and the two-part tariff, as editable data with their sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core import Floats
from .problem import DemandBasis, EnergyProblem, Enterprise

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
