"""Ledgers of every kind from files: what other apps may use of this one."""

from luodi.ground.imports.importer import (
    Importer,
    Line,
    current_language,
    importer_for,
)
from luodi.ground.imports.plain import Declared
from luodi.ground.imports.running import BATCH, Outcome
from luodi.ground.imports.views import as_file
from luodi.ground.imports.working import take

__all__ = [
    "BATCH",
    "Declared",
    "Importer",
    "Line",
    "Outcome",
    "as_file",
    "current_language",
    "importer_for",
    "take",
]
