"""Ledgers of every kind from files: what other apps may use of this one."""

from luodi.ground.imports.importer import (
    Importer,
    Line,
    current_language,
    importer_for,
    provide,
)
from luodi.ground.imports.plain import declare
from luodi.ground.imports.running import BATCH, Outcome
from luodi.ground.imports.views import as_file
from luodi.ground.imports.working import take

__all__ = [
    "BATCH",
    "Importer",
    "Line",
    "Outcome",
    "as_file",
    "current_language",
    "declare",
    "importer_for",
    "provide",
    "take",
]
