"""Plan, act for a day, look again: a rolling horizon with updated forecasts.

A window of a week knows nothing of the year's contract volume. A plan over the rest of the
forecast, renewed every month, tells how much of it belongs to the window: as a cap where volume
is scarce, as a floor where take-or-pay obliges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..core import Progress
from .dispatch import Dispatch, costs, idle, total
from .problem import Array, Battery, DemandBasis, EnergyProblem
from .solve import solve

Forecast = Callable[[int], EnergyProblem]
"""``forecast(t)``: the whole problem as foreseen at step ``t`` (what lies behind is ignored)."""


@dataclass(frozen=True)
class Rolled:
    """What happened. ``cost``: yuan in truth; ``hindsight``: the proven optimum knowing all."""

    dispatch: Dispatch
    cost: float
    hindsight: float
    replans: int

    @property
    def regret(self) -> float:
        """Share of the cost that perfect foresight would have saved."""
        return (self.cost - self.hindsight) / max(abs(self.hindsight), 1e-9)


def window(
    problem: EnergyProblem,
    begin: int,
    end: int,
    *,
    volumes_mwh: Array | None = None,
    states_mwh: Array | None = None,
    peaks_mw: Array | None = None,
    owed_mwh: Array | None = None,
) -> EnergyProblem:
    """Steps begin … end as a problem of its own.

    ``volumes_mwh``: what is left of each contract; ``states_mwh``: battery contents; ``peaks_mw``:
    demand already metered this month; ``owed_mwh``: least use of each contract, at its shortfall
    price.
    """
    cut = slice(begin, end)
    month = problem.month[cut]
    months = int(month[-1] - month[0]) + 1
    start = np.datetime64(problem.start_on, "h") + np.timedelta64(
        round(begin * problem.step_h), "h"
    )
    enterprises = []
    for i, e in enumerate(problem.enterprises):
        battery: Battery | None = e.battery
        if battery is not None and states_mwh is not None:
            battery = replace(battery, initial_mwh=float(states_mwh[i]))
        floor = np.zeros(months)
        if peaks_mw is not None and e.demand_basis is DemandBasis.MAX_DEMAND:
            floor[0] = peaks_mw[i]
        enterprises.append(
            replace(
                e,
                load_mwh=e.load_mwh[cut],
                grid_price=e.grid_price[cut],
                pv_mwh=e.pv_mwh[cut],
                battery=battery,
                green_share_min=0.0,
                peak_floor_mw=floor,
            )
        )
    contracts = []
    for k, c in enumerate(problem.contracts):
        most = c.volume_mwh if volumes_mwh is None else float(volumes_mwh[k])
        owed = 0.0 if owed_mwh is None else min(float(owed_mwh[k]), most)
        contracts.append(
            replace(
                c,
                profile_mwh=c.profile_mwh[cut],
                price=c.price[cut],
                volume_mwh=most,
                monthly_mwh=np.zeros(0),
                take_or_pay=owed / most if owed > 0 else 0.0,
                self_use_min=0.0,
                load_share_min=0.0,
            )
        )
    day = start.astype("datetime64[D]").astype(object)
    return replace(
        problem, enterprises=tuple(enterprises), contracts=tuple(contracts), start_on=day
    )


def roll(
    actual: EnergyProblem,
    forecast: Forecast,
    *,
    every: int = 24,
    ahead: int = 168,
    renew: int = 720,
    progress: Progress | None = None,
) -> Rolled:
    """Run through ``actual``: every ``every`` steps plan ``ahead`` steps on the forecast.

    ``every`` must be whole days. The first ``every`` steps of a plan are carried out on what
    really comes: batteries as planned, green power as planned where it is generated and used.
    Every ``renew`` steps the course of each contract's volume is planned anew over the rest of
    the horizon. Monthly volumes, green targets and quotas are not enforced within a window.
    """
    done = idle(actual)
    n, steps = actual.load_mwh.shape
    left = np.array([c.volume_mwh for c in actual.contracts])
    states = np.array(
        [(e.battery.initial_mwh or 0.0) if e.battery else 0.0 for e in actual.enterprises]
    )
    peaks = np.zeros((n, actual.months))
    course, spent, scarce, renewed = np.zeros((0, 0)), left, left, 0
    replans = 0
    for begin in range(0, steps, every):
        if progress is not None:
            progress.report(None, None)
            if progress.stopped:
                break
        seen = forecast(begin)
        if begin % renew == 0:
            course, scarce = _course(seen, begin, left)
            spent, renewed = left.copy(), begin
        end = min(begin + ahead, steps)
        due = np.maximum(course[:, end - renewed - 1] - (spent - left), 0.0)
        sight = window(
            seen,
            begin,
            end,
            volumes_mwh=np.where(scarce > 0, np.minimum(due, left), left),
            states_mwh=states,
            peaks_mw=peaks[:, actual.month[begin]],
            owed_mwh=np.where(scarce < 0, due, 0.0),
        )
        plan = solve(sight)
        _act(actual, plan.dispatch, done, begin, min(begin + every, steps), states, left)
        acted = slice(begin, min(begin + every, steps))
        metered = done.metered(actual)[:, acted] / actual.step_h
        for m in np.unique(actual.month[acted]):
            here = metered[:, actual.month[acted] == m]
            peaks[:, m] = np.maximum(peaks[:, m], here.max(axis=1))
        replans += 1
    return Rolled(done, total(costs(actual, done)), solve(actual).objective, replans)


def _course(seen: EnergyProblem, begin: int, left: Array) -> tuple[Array, Array]:
    """(C, T - begin) cumulative use of each contract in a plan over the rest, and its dual (C,).

    Take-or-pay counts only as far as it is not yet fulfilled.
    """
    used = np.array([c.volume_mwh for c in seen.contracts]) - left
    owed = np.maximum([c.floor_mwh for c in seen.contracts] - used, 0.0)
    rest = window(seen, begin, seen.steps, volumes_mwh=left, owed_mwh=owed)
    # batteries move hours, not months: without them the course is a sort, and nearly the same
    plain = tuple(replace(e, battery=None) for e in rest.enterprises)
    plan = solve(replace(rest, enterprises=plain))
    course = np.cumsum(plan.dispatch.green.sum(axis=1), axis=1)
    return course, np.array([r.volume for r in plan.rents])


def _act(
    actual: EnergyProblem,
    planned: Dispatch,
    done: Dispatch,
    begin: int,
    end: int,
    states: Array,
    left: Array,
) -> None:
    """Carry out steps begin … end in place, kept feasible against what really came."""
    for t in range(begin, end):
        for i, e in enumerate(actual.enterprises):
            b = e.battery
            net = float(e.load_mwh[t] - e.pv_mwh[t])
            if b is not None:
                room = (b.energy_mwh - states[i]) / b.efficiency
                charge = min(float(planned.charge[i, t - begin]), room)
                out = min(
                    float(planned.discharge[i, t - begin]),
                    states[i] * b.efficiency,
                    max(net + charge, 0.0),
                )
                state = states[i] + charge * b.efficiency - out / b.efficiency
                states[i] = min(max(state, 0.0), b.energy_mwh)
                done.charge[i, t], done.discharge[i, t] = charge, out
                net += charge - out
            done.state[i, t] = states[i]
            done.export[i, t] = max(-net, 0.0)
        _green(actual, planned, done, t, t - begin, left)


def _green(
    actual: EnergyProblem, planned: Dispatch, done: Dispatch, t: int, at: int, left: Array
) -> None:
    """Green power as planned, thinned to what is generated, needed and left; the rest by price."""
    need = np.array([e.load_mwh[t] - e.pv_mwh[t] for e in actual.enterprises])
    need = np.maximum(need + done.charge[:, t] - done.discharge[:, t], 0.0)
    for k, c in enumerate(actual.contracts):
        taken = np.minimum(planned.green[k, :, at], need)
        most = min(float(c.profile_mwh[t]), float(left[k]))
        taken = taken * min(1.0, most / max(float(taken.sum()), 1e-12))
        done.green[k, :, t] = taken
        need = need - taken
        left[k] -= float(taken.sum())
