"""Variants of a park side by side: other loads, generation, prices, volumes, batteries."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..core import Lang, Plan, Progress, Status, Text, Violation
from ..output import OutSheet, write_workbook
from ..report import Report
from ..tables import Sheet, number, read_workbook, text
from .example import first_weeks
from .plan import EnergyPlan
from .problem import EnergyProblem
from .sheets import SHEETS
from .solve import solve as solve_park
from .tables import from_tables, write_problem


@dataclass(frozen=True)
class Variant:
    """Factors on loads, generation of contracts, grid prices, volumes and batteries of a park."""

    name: str
    load: float = 1.0
    generation: float = 1.0
    price: float = 1.0
    volume: float = 1.0
    battery: float = 1.0

    def of(self, problem: EnergyProblem) -> EnergyProblem:
        """Apply the factors to a park."""
        enterprises = []
        for e in problem.enterprises:
            b = e.battery
            if b is not None:
                power, energy = b.power_mw * self.battery, b.energy_mwh * self.battery
                b = replace(b, power_mw=power, energy_mwh=energy) if self.battery else None
            load, price = e.load_mwh * self.load, e.grid_price * self.price
            enterprises.append(replace(e, load_mwh=load, grid_price=price, battery=b))
        contracts = [
            replace(
                c,
                profile_mwh=c.profile_mwh * self.generation,
                volume_mwh=c.volume_mwh * self.volume,
                monthly_mwh=c.monthly_mwh * self.volume,
            )
            for c in problem.contracts
        ]
        return replace(problem, enterprises=tuple(enterprises), contracts=tuple(contracts))


FACTORS = (
    text("name", "名称", "Name", unique=True),
    number("load", "负荷系数", "Load factor", "", 1.0),
    number("generation", "发电系数", "Generation factor", "", 1.0),
    number("price", "电价系数", "Price factor", "", 1.0),
)
VARIANTS = Sheet("variants", Text("变体", "Variants"), (
    *FACTORS, number("volume", "合同电量系数", "Volume factor", "", 1.0),
    number("battery", "储能系数", "Battery factor", "", 1.0),
))  # fmt: skip


@dataclass(frozen=True)
class VariantsProblem:
    park: EnergyProblem
    variants: tuple[Variant, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class VariantsPlan(Plan[VariantsProblem]):
    """A plan for each variant. ``objective``, ``bound``: yuan of the cheapest one."""

    plans: tuple[EnergyPlan, ...]

    def check(self, problem: VariantsProblem) -> list[Violation]:
        return [
            replace(violation, where=f"{v.name} {violation.where}".strip())
            for v, plan in zip(problem.variants, self.plans, strict=True)
            for violation in plan.check(v.of(problem.park))
        ]


def read_problem(path: str | Path) -> VariantsProblem:
    """Read an energy workbook with a sheet of variants. Raises :class:`BadData`."""
    tables = read_workbook(path, (*SHEETS, VARIANTS))
    return VariantsProblem(
        from_tables(tables), tuple(Variant(**row) for row in tables["variants"].rows())
    )


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """Write the example as a workbook to fill."""
    p = example()
    rows = [[v.name, v.load, v.generation, v.price, v.volume, v.battery] for v in p.variants]
    write_problem(path, p.park, lang, {VARIANTS: rows})


def example() -> VariantsProblem:
    """Give eight weeks of the demonstration park (示例) and what people ask of it first."""
    asked = (
        Variant("照现在"), Variant("多签一成", volume=1.1), Variant("储能加倍", battery=2.0),
        Variant("不要储能", battery=0.0), Variant("风光少两成", generation=0.8),
        Variant("电价涨一成", price=1.1),
    )  # fmt: skip
    return VariantsProblem(first_weeks(8), asked)


def solve(
    problem: VariantsProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> VariantsPlan:
    """Plan every variant; ``time_limit`` is for all together."""
    clock = progress or Progress()
    began, plans = clock.seconds, []
    for k, v in enumerate(problem.variants):
        left = None
        if time_limit is not None:
            left = (time_limit - (clock.seconds - began)) / (len(problem.variants) - k)
        more = {"time_limit": left, "seed": seed, "progress": clock.part()}
        plans.append(solve_park(v.of(problem.park), **more))  # type: ignore[arg-type]
        clock.report(min(p.objective for p in plans), None)
    return _of(plans, clock.seconds - began)


def _of(plans: Sequence[EnergyPlan], seconds: float) -> VariantsPlan:
    best = min(plans, key=lambda p: p.objective)
    proven = all(p.status is Status.OPTIMAL for p in plans)
    return VariantsPlan(
        objective=best.objective,
        bound=min(-np.inf if p.bound is None else p.bound for p in plans),
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        seconds=seconds,
        plans=tuple(plans),
    )


def sweep(problems: Sequence[EnergyProblem], *, workers: int = 1) -> list[EnergyPlan]:
    """Solve many problems in their order, on several processes if wished."""
    if workers == 1 or len(problems) < 2:
        return [solve_park(p) for p in problems]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(solve_park, problems))


HEADS = (
    Text("变体", "Variant"), Text("总费用 (万元)", "Cost (10,000 yuan)"),
    Text("与第一个相差 (万元)", "Against the first"), Text("绿电 (MWh)", "Green (MWh)"),
    Text("每度 (元)", "yuan per kWh"), Text("再多签一千度可省 (元)", "One MWh more saves (yuan)"),
)  # fmt: skip


def _rows(problem: VariantsProblem, plan: VariantsPlan) -> list[list[Any]]:
    first = plan.plans[0].objective
    return [
        [
            v.name, p.objective / 1e4, (p.objective - first) / 1e4, p.green_mwh, p.unit_price,
            p.rents[0].volume if p.rents else None,
        ]
        for v, p in zip(problem.variants, plan.plans, strict=True)
    ]  # fmt: skip


def explain(problem: VariantsProblem, plan: VariantsPlan, lang: Lang = "zh") -> str:
    """Tell what each variant costs, one a line."""
    return "\n".join(
        Text(
            f"{name}：总费用 {cost:,.1f} 万元（{more:+,.1f}），合同绿电 {green:,.0f} 兆瓦时。",
            f"{name}: {cost:,.1f} (10,000 yuan; {more:+,.1f}), {green:,.0f} MWh of green power.",
        ).say(lang)
        for name, cost, more, green, _, _ in _rows(problem, plan)
    )


def write_plan(
    path: str | Path, problem: VariantsProblem, plan: VariantsPlan, lang: Lang = "zh"
) -> None:
    """Write one row per variant."""
    write_workbook(path, [OutSheet(Text("变体", "Variants"), HEADS, _rows(problem, plan))], lang)


def report(problem: VariantsProblem, plan: VariantsPlan, lang: Lang = "zh") -> str:
    """Write one HTML file."""
    page = Report(Text("绿电方案逐个比较", "Variants of a park"), lang)
    page.words(explain(problem, plan, lang)).table(HEADS, _rows(problem, plan), decimals=1)
    return page.proof(plan, problem).html()
