"""What models say of their tables, and what the database makes of it: for all other apps."""

from luodi.ground.tables.declared import Table, tables
from luodi.ground.tables.guard import (
    FOUND_BY_OWNER,
    IN_RANGE,
    IN_SCOPE,
    KEPT_ABOVE,
    NOBODY,
    OWN,
    SIGNED,
    ByUnit,
    Guard,
    Policy,
    Public,
    WrittenBy,
    has_power,
    in_range_or,
    signed,
)
from luodi.ground.tables.migrating import live_imports, missing, pending
from luodi.ground.tables.reconcile import Undeclared, differences, reconcile
from luodi.ground.tables.watch import Key, More, Trigger, Unwatched, Watch

__all__ = [
    "FOUND_BY_OWNER",
    "IN_RANGE",
    "IN_SCOPE",
    "KEPT_ABOVE",
    "NOBODY",
    "OWN",
    "SIGNED",
    "ByUnit",
    "Guard",
    "Key",
    "More",
    "Policy",
    "Public",
    "Table",
    "Trigger",
    "Undeclared",
    "Unwatched",
    "Watch",
    "WrittenBy",
    "differences",
    "has_power",
    "in_range_or",
    "live_imports",
    "missing",
    "pending",
    "reconcile",
    "signed",
    "tables",
]
