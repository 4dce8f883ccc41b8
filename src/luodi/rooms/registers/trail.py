"""Registers in the words of the trail: columns by their labels, choices by theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from luodi.ground.audit.api import PARTS, VALUES
from luodi.ground.audit.api import Entry as Trail
from luodi.ground.scope.api import ROLE_KINDS, Actor
from luodi.lib.errors import UserError
from luodi.rooms.registers.conditions import in_words
from luodi.rooms.registers.kinds import shown
from luodi.rooms.registers.lookups import LOOKUPS
from luodi.rooms.registers.models import Column, Entry, Reference, Register, RegisterFigure, Round
from luodi.rooms.registers.models.register import in_language
from luodi.rooms.registers.procedure import Plan, Stage, plan_of
from luodi.rooms.registers.verbs.recording import may_see
from luodi.shell.cells import text_of

Kept = dict[object, Any]
Told = Callable[[Register, Any], str]


def declare() -> None:
    """Tells the trail how to say what registers keep as keys."""
    PARTS["registers_entry", "values"] = _values
    ways: tuple[tuple[type[Model], str, Told], ...] = (
        (Reference, "column", _label),
        (Register, "title_column", _label),
        (Register, "write_roles", _roles),
        (Column, "via", _label),
        (Column, "choices", _choices),
        (RegisterFigure, "amount", _label),
        (RegisterFigure, "conditions", in_words),
        (RegisterFigure, "side", in_words),
    )
    PARTS["registers_round", "plan"] = _parameters
    PARTS["registers_round", "stage"] = _stage
    PARTS["registers_round", "log"] = _log
    for model, name, told in ways:
        PARTS[model._meta.db_table, name] = _explained(model, name, told)
    VALUES["registers_column", "lookup"] = lambda key: LOOKUPS[key].label if key in LOOKUPS else key


def may_read(actor: Actor, trail: Trail) -> bool:
    """Whether the actor may see the page of the entry that an entry of the trail speaks of."""
    register = _register(trail, {})
    return register.pk is not None and may_see(actor, register, trail.path)


def _register(trail: Trail, kept: Kept) -> Register:
    """The register that an entry of the trail speaks of; an empty one where it is not to be seen.

    Entries of the trail that make a row name it; of others the row is asked.
    """
    if trail.subject == "registers_register":
        key: Any = trail.subject_id
    elif trail.subject == "registers_reference":
        key = _once(kept, Reference, trail.subject_id, "entry__register_id")
    elif "register_id" in trail.changes:
        old, new = trail.changes["register_id"]
        key = new or old
    else:
        models = {"registers_entry": Entry, "registers_column": Column}
        key = _once(kept, models.get(trail.subject, RegisterFigure), trail.subject_id)
    if (Register, str(key)) not in kept:
        found = Register.objects.filter(pk=key).prefetch_related("columns").first()
        kept[Register, str(key)] = found or Register()
    register: Register = kept[Register, str(key)]
    return register


def _once(kept: Kept, model: Any, pk: str, field: str = "register_id") -> Any:
    if (model, pk) not in kept:
        kept[model, pk] = model.objects.filter(pk=pk).values_list(field, flat=True).first()
    return kept[model, pk]


def _columns(register: Register) -> Mapping[str, Column]:
    return {one.key: one for one in register.all_columns} if register.pk else {}


def _values(trail: Trail, values: Any, kept: Kept) -> dict[str, str]:
    """What an entry holds in each column, in the columns' order."""
    columns = _columns(_register(trail, kept))
    found: dict[str, str] = {}
    for key in sorted(values, key=lambda one: list(columns).index(one) if one in columns else -1):
        column = columns.get(key)
        label = column.title if column else key
        if label in found:  # a column that is out of use may have had the same label
            label = f"{label}（{key}）"
        found[label] = str(text_of(shown(column, values[key]) if column else values[key]))
    return found


def _explained(
    model: type[Model], name: str, told: Told
) -> Callable[[Trail, Any, Kept], Mapping[str, str]]:
    """The field under its own name, its value in the words of the register."""

    def split(trail: Trail, value: Any, kept: Kept) -> dict[str, str]:
        register = _register(trail, kept)
        field: Any = model._meta.get_field(name)
        label = str(field.verbose_name)
        return {label: told(register, value) if register.pk else str(text_of(value))}

    return split


def _label(register: Register, key: str) -> str:
    return str(_columns(register).get(key, key))


def _choices(register: Register, choices: list[list[str]]) -> str:
    return _("、").join(in_language(zh, en) for _value, zh, en in choices)


def _roles(register: Register, roles: list[str]) -> str:
    return _("、").join(str(ROLE_KINDS[one].label) if one in ROLE_KINDS else one for one in roles)


# --- awards ---------------------------------------------------------------------------------------


def _plan(trail: Trail, kept: Kept) -> Plan | None:
    """The procedure of the round that an entry of the trail speaks of; None where none is seen."""
    old, new = trail.changes.get("plan", (None, None))
    try:
        return plan_of(new or old or _once(kept, Round, trail.subject_id, "plan"))
    except UserError:
        return None


def _stages(trail: Trail, kept: Kept) -> dict[str, str]:
    plan = _plan(trail, kept)
    return {one.key: str(one) for one in plan.stages} if plan else {}


def _stage(trail: Trail, key: str, kept: Kept) -> dict[str, str]:
    return {_("阶段"): _stages(trail, kept).get(key, key)}


def _log(trail: Trail, log: Any, kept: Kept) -> dict[str, str]:
    """Since when each stage was; until when at least, where that is fixed."""
    stages = _stages(trail, kept)
    return {
        stages.get(one["stage"], one["stage"]): " — ".join(
            day for day in (one["since"], one["until"]) if day
        )
        for one in log
    }


def _parameters(trail: Trail, data: Any, kept: Kept) -> dict[str, str]:
    plan = _plan(trail, kept)
    if plan is None:
        return {}
    weights = {_("%(jury)s的权重") % {"jury": one}: str(one.weight) for one in plan.juries}
    return {
        _("程序"): " → ".join(_with_days(one) for one in plan.stages),
        _("名额"): str(plan.seats),
        _("最低得票率"): f"{plan.threshold}%",
        **weights,
    }


def _with_days(stage: Stage) -> str:
    return str(stage) + (_("（%(days)s个工作日）") % {"days": stage.days} if stage.days else "")
