"""Registers: what other apps may use of them."""

from luodi.rooms.registers.conditions import Condition
from luodi.rooms.registers.lookups import LOOKUPS
from luodi.rooms.registers.models import (
    Candidacy,
    Column,
    Entry,
    Kind,
    Objection,
    Register,
    RegisterFigure,
    Round,
)
from luodi.rooms.registers.procedure import Result, results
from luodi.rooms.registers.sheets import export_entries, import_entries
from luodi.rooms.registers.shipped import install, shipped
from luodi.rooms.registers.verbs.awarding import (
    advance,
    cast_ballot,
    nominate,
    object_to,
    open_round,
    resolve,
    review,
)
from luodi.rooms.registers.verbs.columns import (
    Effect,
    add_column,
    change_column,
    effect_of,
    move_column,
    retire_column,
)
from luodi.rooms.registers.verbs.defining import (
    change_register,
    define_register,
    retire_register,
)
from luodi.rooms.registers.verbs.figuring import change_figure, define_figure, retire_figure
from luodi.rooms.registers.verbs.recording import (
    attach,
    change_entry,
    correct_entry,
    current,
    end_entry,
    may_see,
    may_write,
    record_entry,
    withdraw_entry,
)

__all__ = [
    "LOOKUPS",
    "Candidacy",
    "Column",
    "Condition",
    "Effect",
    "Entry",
    "Kind",
    "Objection",
    "Register",
    "RegisterFigure",
    "Result",
    "Round",
    "add_column",
    "advance",
    "attach",
    "cast_ballot",
    "change_column",
    "change_entry",
    "change_figure",
    "change_register",
    "correct_entry",
    "current",
    "define_figure",
    "define_register",
    "effect_of",
    "end_entry",
    "export_entries",
    "import_entries",
    "install",
    "may_see",
    "may_write",
    "move_column",
    "nominate",
    "object_to",
    "open_round",
    "record_entry",
    "resolve",
    "results",
    "retire_column",
    "retire_figure",
    "retire_register",
    "review",
    "shipped",
    "withdraw_entry",
]
