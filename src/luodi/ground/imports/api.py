"""Ledgers of every kind from files: what other apps may use of this one."""

from luodi.ground.imports.importer import (
    SKIP,
    Importer,
    Line,
    current_language,
)
from luodi.ground.imports.kinds import importer_for
from luodi.ground.imports.names import Names, units_named
from luodi.ground.imports.plain import Declared
from luodi.ground.imports.running import BATCH, Outcome
from luodi.ground.imports.views import as_file
from luodi.ground.imports.working import take

__all__ = [
    "BATCH",
    "SKIP",
    "Declared",
    "Importer",
    "Line",
    "Names",
    "Outcome",
    "as_file",
    "current_language",
    "importer_for",
    "take",
    "units_named",
]
