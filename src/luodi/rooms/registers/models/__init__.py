"""Registers and their columns, entries, figures defined on the page, and award rounds."""

from luodi.rooms.registers.models.award import Ballot, Candidacy, Objection, Round
from luodi.rooms.registers.models.entry import Entry, Reference
from luodi.rooms.registers.models.register import (
    NUMBERS,
    REFERENCES,
    Column,
    Evidence,
    Kind,
    Register,
    RegisterFigure,
)

__all__ = [
    "NUMBERS",
    "REFERENCES",
    "Ballot",
    "Candidacy",
    "Column",
    "Entry",
    "Evidence",
    "Kind",
    "Objection",
    "Reference",
    "Register",
    "RegisterFigure",
    "Round",
]
