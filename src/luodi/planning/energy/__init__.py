"""Green power, storage and carbon of a park: the least-cost plan, proven; its bills, fairly shared.

>>> from luodi.planning import energy
>>> plan = energy.solve(energy.example())
"""

from pathlib import Path

from . import rolling, scenarios, settlement, sharing, tables, variants
from .compare import compare, explain, pro_rata, without_contracts
from .example import benchmark_park, example
from .output import write_plan
from .plan import EnergyPlan
from .problem import (
    Battery,
    CarbonMarket,
    CarbonScope,
    Contract,
    DemandBasis,
    DeviationRule,
    EnergyProblem,
    Enterprise,
)
from .report import report
from .solve import Session, solve
from .tables import read_problem, write_template


def read_actual(path: str | Path, problem: EnergyProblem) -> EnergyProblem:
    """Read what came true, for bills (see :func:`luodi.planning.energy.tables.read_actual`)."""
    return tables.read_actual(path, problem)


__all__ = [
    "Battery",
    "CarbonMarket",
    "CarbonScope",
    "Contract",
    "DemandBasis",
    "DeviationRule",
    "EnergyPlan",
    "EnergyProblem",
    "Enterprise",
    "Session",
    "benchmark_park",
    "compare",
    "example",
    "explain",
    "pro_rata",
    "read_actual",
    "read_problem",
    "report",
    "rolling",
    "scenarios",
    "settlement",
    "sharing",
    "solve",
    "variants",
    "without_contracts",
    "write_plan",
    "write_template",
]
