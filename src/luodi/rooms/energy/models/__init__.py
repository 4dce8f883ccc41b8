"""What the energy room keeps."""

from luodi.rooms.energy.models.carbon import (
    FACTORS,
    FUELS,
    PURPOSES,
    Certificate,
    Claim,
    Factor,
    FuelUse,
    Slice,
    Tariff,
)
from luodi.rooms.energy.models.contracts import (
    DeviationRule,
    GreenContract,
    Terms,
    Volume,
)
from luodi.rooms.energy.models.metering import (
    POINTS,
    DayLoad,
    Meter,
    Plant,
    ReadingFile,
    RegisterReading,
)
from luodi.rooms.energy.models.months import LINES, Bill, BillLine, Settlement
from luodi.rooms.energy.models.scenarios import Scenario

__all__ = [
    "FACTORS",
    "FUELS",
    "LINES",
    "POINTS",
    "PURPOSES",
    "Bill",
    "BillLine",
    "Certificate",
    "Claim",
    "DayLoad",
    "DeviationRule",
    "Factor",
    "FuelUse",
    "GreenContract",
    "Meter",
    "Plant",
    "ReadingFile",
    "RegisterReading",
    "Scenario",
    "Settlement",
    "Slice",
    "Tariff",
    "Terms",
    "Volume",
]
