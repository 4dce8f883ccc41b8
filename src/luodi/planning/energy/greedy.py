"""One contract and nothing that ties hours together: sorting the margins is exact.

Hour ⊂ month ⊂ horizon limits are nested (laminar), so giving every MWh to the best margin, first
within hours, then within months, then over the horizon, is optimal (greedy on a polymatroid,
Edmonds 1970), and the margin of the first MWh that is turned away is the dual of its limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core import Floats
from .model import Taker, takers
from .problem import Contract, EnergyProblem


@dataclass(frozen=True)
class Rents:
    """Duals of one contract, yuan per MWh: what one more MWh would be worth to the park.

    ``volume`` may be negative: then take-or-pay forces more than is worth buying.
    ``volume_rent``: yuan, the dual times the limit that it belongs to (volume, floor or quota).
    """

    hour: Floats  # (T,)
    month: Floats  # (M,) or empty
    volume: float
    volume_rent: float

    def total(self, c: Contract) -> float:
        """Yuan over the horizon: what holding the contract is worth."""
        monthly = float(self.month @ c.monthly_mwh) if self.month.size else 0.0
        return float(self.hour @ c.profile_mwh) + monthly + self.volume_rent

    def price(self, month: NDArray[np.intp]) -> Floats:
        """(T,) the scarcity of a MWh in each step."""
        return self.hour + (self.month[month] if self.month.size else 0.0) + self.volume


@dataclass(frozen=True)
class Sorted:
    """``taken``: (K, T) MWh by taker. ``cut``: the taker turned away first, -1 where none is."""

    taken: Floats
    rents: Rents
    cut: NDArray[np.intp]  # (T,)
    month_last: dict[int, tuple[int, int]]  # by month: (taker, step) that its limit cut
    last: tuple[int, int] | None  # (taker, step) that the horizon's volume or floor cut


def applies(problem: EnergyProblem) -> bool:
    """One contract without minimum quotas, and every taker plain."""
    if len(problem.contracts) > 1 or any(
        c.self_use_min or c.load_share_min for c in problem.contracts
    ):
        return False
    return all(t.plain for t in takers(problem))


def allocate(problem: EnergyProblem, c: Contract, buyers: Sequence[Taker], room: Floats) -> Sorted:
    """Hand out contract ``c``. ``room``: (K, T) most that each buyer takes per step."""
    margin = np.stack([b.value for b in buyers]) - c.unit_cost
    bonus = c.shortfall_price if c.floor_mwh > 0 else 0.0
    taken, cut, hour_cut = _within_hours(margin, room, c.profile_mwh)
    taken[margin + bonus <= 0] = 0.0
    k, t = np.nonzero(taken)
    m, amount = margin[k, t], taken[k, t]
    order = np.argsort(-m, kind="stable")
    k, t, m, amount = k[order], t[order], m[order], amount[order]
    month_cut = np.full(problem.months, -np.inf)
    month_last = {}
    for month in range(c.monthly_mwh.size):
        here = np.flatnonzero(problem.month[t] == month)
        at = _fill(amount, here, c.monthly_mwh[month])
        if at is not None:
            month_cut[month], month_last[month] = m[at], (int(k[at]), int(t[at]))
    rho, last = _over_the_horizon(m, amount, c, bonus)
    out = np.zeros_like(taken)
    out[k, t] = amount
    nu = np.maximum(month_cut - rho, 0.0)
    pi = np.maximum(hour_cut - nu[problem.month] - rho, 0.0)
    where = None if last is None else (int(k[last]), int(t[last]))
    held = rho * (c.volume_mwh if rho > 0 else c.floor_mwh)
    rents = Rents(pi, nu if c.monthly_mwh.size else np.zeros(0), rho, held)
    return Sorted(out, rents, cut, month_last, where)


def _within_hours(
    margin: Floats, room: Floats, profile: Floats
) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Best margins first under each hour's generation: taken, who was cut, and its margin."""
    steps = margin.shape[1]
    order = np.argsort(-margin, axis=0, kind="stable")
    sorted_room = np.take_along_axis(room, order, axis=0)
    total = np.cumsum(sorted_room, axis=0)
    given = np.clip(profile - (total - sorted_room), 0.0, sorted_room)
    taken = np.empty_like(given)
    np.put_along_axis(taken, order, given, axis=0)
    over = total > profile
    cut = np.where(over.any(axis=0), order[np.argmax(over, axis=0), np.arange(steps)], -1)
    worth = np.where(cut >= 0, margin[cut, np.arange(steps)], -np.inf)
    return taken, cut, worth


def _fill(amount: Floats, here: NDArray[np.intp], limit: float) -> int | None:
    """Cut ``amount`` (in place) to ``limit``, best first; the segment that was cut."""
    total = np.cumsum(amount[here])
    if not total.size or total[-1] <= limit:
        return None
    amount[here] = np.clip(limit - (total - amount[here]), 0.0, amount[here])
    return int(here[int(np.argmax(total > limit))])


def _over_the_horizon(
    margin: Floats, amount: Floats, c: Contract, bonus: float
) -> tuple[float, int | None]:
    """Cut to the volume, to what pays, and to the floor below it: (dual, segment cut)."""
    total = np.cumsum(amount)
    before = total - amount
    limit = np.where(margin > 0, c.volume_mwh, min(c.floor_mwh, c.volume_mwh))
    amount[:] = np.clip(limit - before, 0.0, amount)
    rejected = np.flatnonzero(total > limit)
    if total.size and total[-1] > c.volume_mwh and margin[rejected[0]] > 0:
        return float(margin[rejected[0]]), int(rejected[0])
    used = float(amount.sum())
    if bonus and used < c.floor_mwh - 1e-9:
        return -bonus, None
    if bonus and rejected.size and used <= c.floor_mwh + 1e-9:
        return float(max(min(margin[rejected[0]], 0.0), -bonus)), int(rejected[0])
    # the floor is met exactly by the last MWh: it must not cost more than it is forced to
    return float(np.min(margin[amount > 0], initial=0.0)), None


def saving_bound(
    problem: EnergyProblem, c: Contract, margin: Floats, room: Floats, r: Rents
) -> float:
    """Weak duality: no allocation of contract ``c`` can save more than this (yuan)."""
    gain = np.maximum(margin - r.price(problem.month), 0.0) * room
    return float(gain.sum()) + r.total(c)
