"""Green power, storage and carbon of a park: the least-cost plan, proven; its bills, fairly shared.

>>> from luodi.planning import energy
>>> plan = energy.solve(energy.example())
"""

from . import rolling, scenarios, settlement, sharing, sweep
from .compare import compare, pro_rata, without_contracts
from .example import benchmark_park, example
from .output import write_plan
from .plan import EnergyPlan
from .problem import (
    Battery,
    CarbonMarket,
    CarbonScope,
    Contract,
    DemandBasis,
    EnergyProblem,
    Enterprise,
)
from .report import report
from .solve import Session, solve
from .tables import read_problem, write_template

__all__ = [
    "Battery",
    "CarbonMarket",
    "CarbonScope",
    "Contract",
    "DemandBasis",
    "EnergyPlan",
    "EnergyProblem",
    "Enterprise",
    "Session",
    "benchmark_park",
    "compare",
    "example",
    "pro_rata",
    "read_problem",
    "report",
    "rolling",
    "scenarios",
    "settlement",
    "sharing",
    "solve",
    "sweep",
    "without_contracts",
    "write_plan",
    "write_template",
]
