"""Many variants at once: local processes, or a Dask cluster by its address."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module

from ..core import PlanningError
from .problem import EnergyProblem
from .solve import solve


@dataclass(frozen=True)
class Outcome:
    """What is kept of a variant: yuan, MWh, and yuan/MWh for one more of each contract's volume."""

    name: str
    objective: float
    bound: float
    seconds: float
    green_mwh: float
    parts: dict[str, float]
    volume_values: tuple[float, ...]


def outcome(case: tuple[str, EnergyProblem]) -> Outcome:
    name, problem = case
    plan = solve(problem)
    return Outcome(
        name=name,
        objective=plan.objective,
        bound=plan.objective if plan.bound is None else plan.bound,
        seconds=plan.seconds,
        green_mwh=plan.green_mwh,
        parts={k: float(v.sum()) for k, v in plan.parts.items()},
        volume_values=tuple(r.volume for r in plan.rents),
    )


def sweep(
    cases: Iterable[tuple[str, EnergyProblem]],
    *,
    workers: int | None = None,
    address: str | None = None,
) -> list[Outcome]:
    """Solve (name, problem) pairs, in their order.

    ``address``: of a Dask scheduler (``tcp://host:8786``; needs the package ``distributed`` there
    and here). Otherwise ``workers`` local processes (default: all cores but one); 1 means none.
    """
    todo = list(cases)
    if address is not None:
        return _on_dask(todo, address)
    workers = workers or max((os.cpu_count() or 2) - 1, 1)
    if workers == 1 or len(todo) < 2:
        return [outcome(c) for c in todo]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(outcome, todo))


def _on_dask(todo: list[tuple[str, EnergyProblem]], address: str) -> list[Outcome]:
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise PlanningError(
            "集群计算需要安装 distributed（Dask）。",
            "A cluster needs the package distributed (Dask).",
        ) from None
    with distributed.Client(address) as client:
        found: list[Outcome] = client.gather(client.map(outcome, todo, pure=False))
        return found
