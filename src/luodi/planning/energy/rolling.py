"""Plan, act for a day, look again: a rolling horizon with updated forecasts.

A window of a week knows nothing of the year's contract volume. A plan over the rest of the
forecast, renewed every month, tells how much of it belongs to the window: as a cap where volume
is scarce, as a floor where take-or-pay obliges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..core import BadData, Floats, Lang, Plan, Progress, Status, Text, Violation
from ..output import OutSheet, write_workbook
from ..report import Report
from ..tables import Sheet, number, read_workbook
from .dispatch import Dispatch, by_month, costs, idle, total
from .example import first_weeks
from .plan import violations
from .problem import Battery, DemandBasis, EnergyProblem
from .sheets import SHEETS
from .solve import solve as solve_park
from .tables import from_tables, write_problem
from .units import degrees, wan
from .variants import FACTORS, Variant

ROLLING = Sheet("rolling", Text("滚动", "Rolling"), (
    number("every", "多久重排一次", "Plan every", "h", 24.0, 24),
    number("ahead", "往前看多久", "Look ahead", "h", 168.0, 24),
    number("renew", "多久重分电量", "Renew volumes every", "h", 720.0, 24), *FACTORS[1:],
), required=False, note=Text(
    "“时序”是实际发生的；系数是预报与实际之比，1 为预报准确。",
    "The series are what comes true; factors are forecast over truth, 1 is perfect.",
))  # fmt: skip
Forecast = Callable[[int], EnergyProblem]
"""``forecast(t)``: the whole problem as foreseen at step ``t`` (what lies behind is ignored)."""


PERFECT = Variant("预报")


@dataclass(frozen=True)
class RollingProblem:
    """What comes true, how it is foreseen (factors on it), and the hours of planning."""

    truth: EnergyProblem
    foreseen: Variant = PERFECT
    every_h: float = 24.0
    ahead_h: float = 168.0
    renew_h: float = 720.0

    def __post_init__(self) -> None:
        if self.every_h % 24 or self.renew_h % self.every_h or self.ahead_h < self.every_h:
            zh = "重排间隔应为整天，重分间隔是它的倍数，往前看不短于它。"
            raise BadData(zh, "Plan every whole days, renew in multiples, look as far ahead.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Rolled(Plan[RollingProblem]):
    """What happened. ``objective``: yuan in truth; ``hindsight``: the optimum knowing all.

    Hindsight may carry energy from the last day to the first; so it is no bound, but a measure.
    """

    dispatch: Dispatch
    hindsight: float
    replans: int

    @property
    def regret(self) -> float:
        """Share of the cost that perfect foresight would have saved."""
        return (self.objective - self.hindsight) / max(abs(self.hindsight), 1e-9)

    def check(self, problem: RollingProblem) -> list[Violation]:
        """Verify balance, batteries and contracts; monthly volumes and quotas are not enforced."""
        truth = _unbound(problem.truth)
        found = violations(truth, self.dispatch)
        real = total(costs(problem.truth, self.dispatch))
        if abs(real - self.objective) > 1e-6 * max(abs(real), 1.0):
            found.append(Violation(Text("总费用", "the cost"), abs(real - self.objective)))
        return found


def _unbound(problem: EnergyProblem) -> EnergyProblem:
    """Drop what a window cannot keep, and let batteries start empty."""
    enterprises = tuple(
        replace(e, green_share_min=0.0, battery=e.battery and replace(e.battery, initial_mwh=0.0))
        for e in problem.enterprises
    )
    contracts = tuple(
        replace(c, monthly_mwh=np.zeros(0), self_use_min=0.0, load_share_min=0.0)
        for c in problem.contracts
    )
    return replace(problem, enterprises=enterprises, contracts=contracts)


def window(
    problem: EnergyProblem,
    begin: int,
    end: int,
    *,
    volumes_mwh: Floats | None = None,
    states_mwh: Floats | None = None,
    peaks_mw: Floats | None = None,
    owed_mwh: Floats | None = None,
) -> EnergyProblem:
    """Cut steps begin … end out as a problem of its own.

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


def solve(
    problem: RollingProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Rolled:
    """Run through the year as it comes true, planning on the forecast (see :func:`roll`)."""
    seen, step = problem.foreseen.of(problem.truth), problem.truth.step_h
    every, ahead, renew = (
        round(h / step) for h in (problem.every_h, problem.ahead_h, problem.renew_h)
    )
    return roll(problem.truth, lambda _: seen, every=every, ahead=ahead, renew=renew,
                progress=progress)  # fmt: skip


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
    Stopped, the rest runs without batteries and green power.
    """
    clock = progress or Progress()
    began = clock.seconds
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
        clock.report(None, None)
        if clock.stopped:
            done.state[:, begin:] = states[:, np.newaxis]
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
        plan = solve_park(sight)
        _act(actual, plan.dispatch, done, begin, min(begin + every, steps), states, left)
        acted = slice(begin, min(begin + every, steps))
        metered = done.metered(actual)[:, acted] / actual.step_h
        for m in np.unique(actual.month[acted]):
            here = metered[:, actual.month[acted] == m]
            peaks[:, m] = np.maximum(peaks[:, m], here.max(axis=1))
        replans += 1
    return Rolled(
        objective=total(costs(actual, done)),
        bound=None,
        status=Status.FEASIBLE,
        seconds=clock.seconds - began,
        dispatch=done,
        hindsight=solve_park(actual).objective,
        replans=replans,
    )


def act(actual: EnergyProblem, planned: Dispatch) -> Dispatch:
    """Carry a whole plan out on what really comes, kept feasible."""
    done = idle(actual)
    left = np.array([c.volume_mwh for c in actual.contracts])
    start = [e.battery.initial_mwh if e.battery else 0.0 for e in actual.enterprises]
    states = np.array(
        [planned.state[i, -1] if s is None else s for i, s in enumerate(start)], dtype=float
    )
    _act(actual, planned, done, 0, actual.steps, states, left)
    return done


def _course(seen: EnergyProblem, begin: int, left: Floats) -> tuple[Floats, Floats]:
    """Give (C, T - begin) cumulative use of each contract in a plan over the rest, and its dual (C,).

    Take-or-pay counts only as far as it is not yet fulfilled.
    """
    used = np.array([c.volume_mwh for c in seen.contracts]) - left
    owed = np.maximum([c.floor_mwh for c in seen.contracts] - used, 0.0)
    rest = window(seen, begin, seen.steps, volumes_mwh=left, owed_mwh=owed)
    # batteries move hours, not months: without them the course is a sort, and nearly the same
    plain = tuple(replace(e, battery=None) for e in rest.enterprises)
    plan = solve_park(replace(rest, enterprises=plain))
    course = np.cumsum(plan.dispatch.green.sum(axis=1), axis=1)
    return course, np.array([r.volume for r in plan.rents])


def _act(
    actual: EnergyProblem,
    planned: Dispatch,
    done: Dispatch,
    begin: int,
    end: int,
    states: Floats,
    left: Floats,
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
    actual: EnergyProblem, planned: Dispatch, done: Dispatch, t: int, at: int, left: Floats
) -> None:
    """Take green power as planned, thinned to what is generated, needed and left; the rest by price."""
    need = np.array([e.load_mwh[t] - e.pv_mwh[t] for e in actual.enterprises])
    need = np.maximum(need + done.charge[:, t] - done.discharge[:, t], 0.0)
    for k, c in enumerate(actual.contracts):
        taken = np.minimum(planned.green[k, :, at], need)
        most = min(float(c.profile_mwh[t]), float(left[k]))
        taken = taken * min(1.0, most / max(float(taken.sum()), 1e-12))
        done.green[k, :, t] = taken
        need = need - taken
        left[k] -= float(taken.sum())


def read_problem(path: str | Path) -> RollingProblem:
    """Read an energy workbook with a sheet of rolling. Raises :class:`BadData`."""
    tables = read_workbook(path, (*SHEETS, ROLLING))
    row = tables["rolling"].only()
    hours = [row.pop(key) for key in ("every", "ahead", "renew")]
    return RollingProblem(from_tables(tables), Variant("预报", **row), *hours)


def example() -> RollingProblem:
    """Give the demonstration park's first four weeks (示例), wind and sun foreseen too high."""
    return RollingProblem(first_weeks(4), Variant("预报", generation=1.2))


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """Write the example as a workbook to fill."""
    p = example()
    f = p.foreseen
    rows = [[p.every_h, p.ahead_h, p.renew_h, f.load, f.generation, f.price]]
    write_problem(path, p.truth, lang, {ROLLING: rows})


def explain(problem: RollingProblem, plan: Rolled, lang: Lang = "zh") -> str:
    """Tell what happened, and what perfect foresight would have saved."""
    green = float(plan.dispatch.green.sum())
    return Text(
        f"重排 {plan.replans} 次，实际总费用 {wan(plan.objective)} 万元，用绿电 {degrees(green)}；"
        f"若事先全知道是 {wan(plan.hindsight)} 万元，因看不准多花 {plan.regret:.2%}。",
        f"{plan.replans} plans; the true cost is {plan.objective:,.0f} yuan with {green:,.0f} MWh "
        f"of green power. Knowing all it is {plan.hindsight:,.0f}: {plan.regret:.2%} more.",
    ).say(lang)


HEADS = (
    Text("企业", "Enterprise"), Text("月", "Month"), Text("绿电 (MWh)", "Green (MWh)"),
    Text("电网购电 (MWh)", "Grid (MWh)"), Text("储能放电 (MWh)", "Battery out (MWh)"),
)  # fmt: skip


def _rows(problem: RollingProblem, plan: Rolled) -> list[list[Any]]:
    truth, d = problem.truth, plan.dispatch
    series = [by_month(truth, s) for s in (d.green_by_enterprise, d.grid(truth), d.discharge)]
    return [
        [e.name, m + 1, *(float(s[i, m]) for s in series)]
        for i, e in enumerate(truth.enterprises)
        for m in range(truth.months)
    ]


def write_plan(path: str | Path, problem: RollingProblem, plan: Rolled, lang: Lang = "zh") -> None:
    """Write what every enterprise took by month."""
    write_workbook(path, [OutSheet(Text("逐月", "Months"), HEADS, _rows(problem, plan))], lang)


def report(problem: RollingProblem, plan: Rolled, lang: Lang = "zh") -> str:
    """Write one HTML file."""
    page = Report(Text("绿电滚动运行", "A park planned day by day"), lang)
    page.words(explain(problem, plan, lang)).table(HEADS, _rows(problem, plan), decimals=1)
    return page.proof(plan, problem).html()
