"""Registers: defined, changed, retired, on a page and without code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import ROLE_KINDS, Actor, Unit, unchanged
from luodi.lib.errors import UserError
from luodi.rooms.registers.models import Entry, Evidence, Kind, Register
from luodi.rooms.registers.verbs.checks import code_from, key_of, text_of
from luodi.rooms.registers.verbs.columns import add_column


@transaction.atomic
def define_register(
    *,
    actor: Actor,
    unit: Unit,
    name: str,
    date_label: str,
    key: str = "",
    columns: Sequence[Mapping[str, Any]] = (),
    procedure: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Register:
    """Opens a register that `unit` keeps for itself and all below it. `columns` are the keyword
    arguments of `add_column`, in order; other facts as for `change_register`."""
    actor.require("registers.define", unit.path)
    taken = set(Register.objects.filter(unit=unit).values_list("key", flat=True))
    key = key_of(key) if key.strip() else code_from(name, taken)
    register = Register(unit=unit, key=key, procedure=dict(procedure) if procedure else None)
    _fill(register, {"name": name, "date_label": date_label, **facts})
    try:
        with transaction.atomic():
            register.save()
    except IntegrityError:
        raise UserError(_("本单位已有代码相同的台账。"), "key") from None
    for one in columns:
        add_column(actor=actor, register=register, **one)
    _check_title(register)
    return register


LENGTHS = {
    "name": 60,
    "name_en": 80,
    "description": 500,
    "unit_label": 30,
    "unit_label_en": 60,
    "date_label": 30,
    "date_label_en": 60,
}


def _fill(register: Register, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name in LENGTHS:
            must = name in ("name", "date_label")
            setattr(register, name, text_of(value, LENGTHS[name], name, must=must))
        elif name == "dated":
            register.dated = bool(value)
        elif name == "evidence":
            if value not in Evidence.values:
                raise UserError(_("请选择是否需要佐证材料。"), "evidence")
            register.evidence = value
        elif name == "write_roles":
            if set(value) - set(ROLE_KINDS):
                raise UserError(_("没有这个角色。"), "write_roles")
            register.write_roles = sorted(value)
        elif name == "title_column":
            register.title_column = value
        else:
            raise TypeError(name)


def _check_title(register: Register) -> None:
    naming = {
        c.key for c in register.columns.all() if c.kind in (Kind.TEXT, Kind.PLACE, Kind.PERSON)
    }
    if register.title_column and register.title_column not in naming:
        raise UserError(_("标题列应是文字、地点或人员。"), "title_column")


@transaction.atomic
def change_register(
    *, actor: Actor, register: Register, version: int | None = None, **facts: Any
) -> Register:
    """Changes what is given of: name, name_en, description, unit_label, date_label (and _en),
    title_column, dated, evidence, write_roles. Raises Stale where the register is no longer at
    `version`."""
    actor.require("registers.define", register.unit.path)
    unchanged(register, version, *facts)
    if facts.get("dated") is False and register.dated:
        ended = Entry.objects.filter(register=register, known__upper_inf=True)
        if ended.filter(valid__upper_inf=False).exists():
            raise UserError(_("已有条目写了结束日期，不能改成没有起止日期。"), "dated")
    _fill(register, facts)
    register.save()
    register.refresh_from_db(fields=["version"])
    _check_title(register)
    return register


@transaction.atomic
def retire_register(*, actor: Actor, register: Register) -> Register:
    """Takes a register out of use. Its entries stay and can be read; nothing new is written."""
    actor.require("registers.define", register.unit.path)
    if register.retired_at is None:
        register.retired_at = timezone.now()
        register.save(update_fields=["retired_at"])
    return register
