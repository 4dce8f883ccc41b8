"""Columns: added, changed, moved, retired, and what a change does to the entries that stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, unchanged
from luodi.lib.errors import UserError
from luodi.rooms.registers.kinds import cleaned
from luodi.rooms.registers.lookups import LOOKUPS, holder_of
from luodi.rooms.registers.models import REFERENCES, Column, Entry, Kind, Register
from luodi.rooms.registers.verbs.checks import RESERVED, code_from, key_of, text_of

MOST_COLUMNS = 40

COLUMN_FACTS = {
    "label", "label_en", "required", "help", "measure", "places", "choices", "listed",
}  # fmt: skip


@transaction.atomic
def add_column(
    *,
    actor: Actor,
    register: Register,
    kind: str,
    label: str,
    key: str = "",
    lookup: str = "",
    via: str = "",
    **facts: Any,
) -> Column:
    """Adds a column at the end; without a key it gets one from its label. Refuses one that asks for
    what another record already holds."""
    actor.require("registers.define", register.unit.path)
    if kind not in Kind.values:
        raise UserError(_("请选择类型。"), "kind")
    if register.columns.count() >= MOST_COLUMNS:
        raise UserError(_("一本台账最多 %(most)s 列。") % {"most": MOST_COLUMNS})
    taken = set(register.columns.values_list("key", flat=True))
    key = key_of(key) if key.strip() else code_from(label, taken)
    if key in RESERVED:
        raise UserError(_("“%(key)s”另有用处，请换一个代码。") % {"key": key}, "key")
    last = register.columns.aggregate(last=Max("position"))["last"]
    column = Column(
        register=register,
        key=key,
        kind=kind,
        lookup=lookup if kind == Kind.LOOKUP else "",
        via=via if kind == Kind.LOOKUP else "",
        position=0 if last is None else last + 1,
    )
    _fill_column(column, {"label": label, **facts})
    _check_column(register, column)
    try:
        with transaction.atomic():
            column.save()
    except IntegrityError:
        raise UserError(_("已有代码相同的列。"), "key") from None
    register.__dict__.pop("all_columns", None)
    return column


def _fill_column(column: Column, facts: Mapping[str, Any]) -> None:
    if strange := set(facts) - COLUMN_FACTS:
        raise TypeError(sorted(strange)[0])
    for name, most in (("label", 30), ("label_en", 60), ("help", 200), ("measure", 20)):
        if name in facts:
            setattr(column, name, text_of(facts[name], most, name, must=name == "label"))
    for name in ("required", "listed"):
        if name in facts:
            setattr(column, name, bool(facts[name]))
    if "places" in facts:
        if not 0 <= int(facts["places"] or 0) <= 6:
            raise UserError(_("小数位数为0至6。"), "places")
        column.places = int(facts["places"] or 0)
    if "choices" in facts:
        column.choices = _choices(facts["choices"])


def _choices(given: Sequence[Any]) -> list[list[str]]:
    found = [[str(part).strip() for part in one] for one in given]
    values = [one[0] for one in found]
    if any(len(one) != 3 or not one[0] or not one[1] for one in found):
        raise UserError(_("每个选项要有代码和名称。"), "choices")
    if len(set(values)) != len(values) or len({one[1] for one in found}) != len(found):
        raise UserError(_("选项不能重复。"), "choices")
    if any(len(part) > 60 for one in found for part in one) or len(found) > 100:
        raise UserError(_("选项太长或太多。"), "choices")
    return found


def _check_column(register: Register, column: Column) -> None:
    others = register.columns.filter(retired_at=None).exclude(pk=column.pk)
    if others.filter(label=column.label).exists() or column.label == register.date_label:
        raise UserError(_("已有同名的列。"), "label")
    if column.kind in (Kind.CHOICE, Kind.CHOICES) and not column.choices:
        raise UserError(_("请写出选项，每行一个。"), "choices")
    if column.kind == Kind.LOOKUP:
        _check_lookup(register, column)
    elif held := holder_of(column.label):
        raise UserError(
            _("“%(label)s”系统里已有，请把类型选为“引用”，取自“%(lookup)s”，不再重复填写。")
            % {"label": column.label, "lookup": LOOKUPS[held].label},
            "label",
        )


def _check_lookup(register: Register, column: Column) -> None:
    lookup = LOOKUPS.get(column.lookup)
    if lookup is None:
        raise UserError(_("请选择取自哪一项。"), "lookup")
    kinds = {one.key: one.kind for one in register.columns.filter(retired_at=None)}
    if column.via == "" and lookup.of == "unit":
        return
    if kinds.get(column.via) != lookup.of:
        of = Kind.PERSON.label if lookup.of == "person" else Kind.UNIT.label
        raise UserError(_("“经由”要选一个类型为“%(kind)s”的列。") % {"kind": of}, "via")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of a column does to the entries that stand: how many there are, how many lack
    what is now required, how many have a value that no longer fits (then it is refused)."""

    entries: int
    incomplete: int
    unfit: int
    example: str = ""


def effect_of(*, column: Column, **facts: Any) -> Effect:
    """Looks at every entry; writes nothing."""
    trial = Column.objects.get(pk=column.pk)
    _fill_column(trial, facts)
    rows = Entry.objects.known().filter(register=column.register)
    count = rows.count()
    if trial.kind in REFERENCES or trial.kind == Kind.LOOKUP:
        held = rows.filter(references__column=trial.key).count() if trial.required else count
        return Effect(count, count - held if trial.kind != Kind.LOOKUP else 0, 0)
    filled = unfit = 0
    example = ""
    for values in rows.values_list("values", flat=True).iterator(chunk_size=2000):
        kept = values.get(trial.key)
        if kept is None:
            continue
        filled += 1
        try:
            cleaned(trial, kept)
        except UserError as problem:
            unfit += 1
            example = example or str(problem)
    return Effect(count, count - filled if trial.required else 0, unfit, example)


@transaction.atomic
def change_column(
    *, actor: Actor, column: Column, version: int | None = None, **facts: Any
) -> Effect:
    """Changes a column, never its kind (retire it and add another). Raises UserError where values
    that stand would no longer fit: a choice in use removed, decimal places lost. Entries that lack
    what is now required stay; they are asked for it when they are next changed. Raises Stale where
    the column is no longer at `version`."""
    actor.require("registers.define", column.register.unit.path)
    unchanged(column, version, *facts)
    effect = effect_of(column=column, **facts)
    if effect.unfit:
        raise UserError(
            _("已有 %(count)s 个条目的内容不再合适，没有更改。例如：%(example)s")
            % {"count": effect.unfit, "example": effect.example},
            "choices" if "choices" in facts else "places",
        )
    _fill_column(column, facts)
    _check_column(column.register, column)
    column.save()
    column.register.__dict__.pop("all_columns", None)
    return effect


@transaction.atomic
def move_column(*, actor: Actor, column: Column, up: bool) -> None:
    """Changes places with the column before (or after) it."""
    actor.require("registers.define", column.register.unit.path)
    order = list(column.register.columns.filter(retired_at=None).order_by("position", "id"))
    place = order.index(column)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])


@transaction.atomic
def retire_column(*, actor: Actor, column: Column) -> Column:
    """Takes a column out of forms and lists; what entries hold in it stays. Refused while a figure
    or a looked-up column needs it."""
    register = column.register
    actor.require("registers.define", register.unit.path)
    needed = [one.label for one in register.columns.filter(retired_at=None, via=column.key)]
    for figure in register.figures.filter(retired_at=None):
        keys = {one["column"] for one in [*figure.conditions, *figure.side]} | {figure.amount}
        if column.key in keys:
            needed.append(figure.name)
    if column.key == register.title_column:
        needed.append(_("标题"))
    if needed:
        text = _("“%(names)s”要用到这一列，请先改它。") % {"names": _("、").join(needed)}
        raise UserError(text)
    column.retired_at = timezone.now()
    column.save(update_fields=["retired_at"])
    return column
