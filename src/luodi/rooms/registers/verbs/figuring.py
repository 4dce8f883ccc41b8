"""Figures over a register: defined, changed, retired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.registers.conditions import checked
from luodi.rooms.registers.models import NUMBERS, Register, RegisterFigure
from luodi.rooms.registers.verbs.checks import code_from, key_of, text_of


@transaction.atomic
def define_figure(
    *, actor: Actor, register: Register, name: str, kind: str, key: str = "", **facts: Any
) -> RegisterFigure:
    """Defines a number over the register; it is `registers.<register>.<key>` everywhere."""
    actor.require("registers.define", register.unit.path)
    taken = set(register.figures.values_list("key", flat=True))
    key = key_of(key) if key.strip() else code_from(name, taken)
    figure = RegisterFigure(register=register, key=key)
    _fill_figure(figure, {"name": name, "kind": kind, **facts})
    try:
        with transaction.atomic():
            figure.save()
    except IntegrityError:
        raise UserError(_("已有代码相同的指标。"), "key") from None
    return figure


@transaction.atomic
def change_figure(*, actor: Actor, figure: RegisterFigure, **facts: Any) -> RegisterFigure:
    """Changes what is given; the version rises where the meaning changes."""
    actor.require("registers.define", figure.register.unit.path)
    before = figure.meaning()
    _fill_figure(figure, facts)
    if figure.meaning() != before:
        figure.version += 1
    figure.save()
    return figure


@transaction.atomic
def retire_figure(*, actor: Actor, figure: RegisterFigure) -> None:
    """Takes a figure out of use."""
    actor.require("registers.define", figure.register.unit.path)
    figure.retired_at = timezone.now()
    figure.save(update_fields=["retired_at"])


def _fill_figure(figure: RegisterFigure, facts: Mapping[str, Any]) -> None:
    register = figure.register
    for name, most in (("name", 60), ("name_en", 80), ("measure", 20)):
        if name in facts:
            setattr(figure, name, text_of(facts[name], most, name, must=name == "name"))
    for name in ("conditions", "side"):
        if name in facts:
            setattr(figure, name, checked(register, facts[name], name))
    if "synonyms" in facts:
        figure.synonyms = [text_of(one, 40, "synonyms", must=True) for one in facts["synonyms"]]
    for name in ("kind", "time", "amount", "places"):
        if name in facts:
            setattr(figure, name, facts[name])
    if figure.kind not in RegisterFigure.Kind.values:
        raise UserError(_("请选择算法。"), "kind")
    if figure.time not in RegisterFigure.Time.values:
        raise UserError(_("请选择时间。"), "time")
    if not 0 <= int(figure.places or 0) <= 6:
        raise UserError(_("小数位数为0至6。"), "places")
    figure.places = int(figure.places or 0)
    numeric = {column.key for column in register.living if column.kind in NUMBERS}
    if figure.kind == RegisterFigure.Kind.SUM and figure.amount not in numeric:
        raise UserError(_("合计要选一个数字列或金额列。"), "amount")
    if figure.kind != RegisterFigure.Kind.SUM:
        figure.amount = ""
    if figure.kind == RegisterFigure.Kind.SHARE:
        figure.measure = "%"
        if not figure.side:
            raise UserError(_("占比要写出分子的条件。"), "side")
    else:
        figure.side = []
