"""Organisations: added, renamed, moved, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from luodi.ground.scope import naming
from luodi.ground.scope.actor import Actor, below
from luodi.ground.scope.leaving import hand_on
from luodi.ground.scope.models import Unit
from luodi.ground.scope.permissions import PARENT_KINDS, UNIT_KIND_LABELS, UnitKind
from luodi.ground.scope.versions import unchanged
from luodi.ground.scope.who import today
from luodi.lib.chinese import pinyin_key
from luodi.lib.errors import UserError
from luodi.lib.text import one_line
from luodi.manifest import Heir, Owner


def create_unit(
    *,
    actor: Actor,
    kind: UnitKind,
    name: str,
    parent: Unit | None,
    short_name: str = "",
    opened_on: dt.date | None = None,
) -> Unit:
    """Adds an organisation to the tree. Raises UserError where the parent cannot have such one."""
    actor.require("units.write", parent.path if parent else None)
    _check_parent(kind, parent)
    name = one_line(name)
    if not name:
        raise UserError(_("请填写单位名称。"), "name")
    if naming.named_exactly(Unit.objects.open().filter(parent=parent), name):
        raise UserError(_("同一上级下已有“%(name)s”。") % {"name": name}, "name")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('scope_unit', 'id'))")
        (pk,) = cursor.fetchone()
    unit = Unit.objects.create(
        id=pk,
        kind=kind,
        name=name,
        short_name=one_line(short_name),
        parent=parent,
        path=f"{parent.path if parent else ''}{pk}.",
        sort_key=pinyin_key(name)[:200],
        opened_on=opened_on,
    )
    naming.first_names(unit)
    return unit


def _check_parent(kind: UnitKind, parent: Unit | None) -> None:
    allowed = PARENT_KINDS[UnitKind(kind)]
    if (UnitKind(parent.kind) if parent else None) not in allowed:
        names = "、".join(str(UNIT_KIND_LABELS[one]) for one in sorted(allowed - {None}, key=str))  # type: ignore[index]
        raise UserError(
            _("%(kind)s只能设在这些单位之下：%(names)s。")
            % {"kind": UNIT_KIND_LABELS[UnitKind(kind)], "names": names or _("（最上级）")},
            "parent",
        )
    if parent is not None and parent.closed_on is not None:
        raise UserError(_("“%(unit)s”已经撤销。") % {"unit": parent}, "parent")


@transaction.atomic
def change_unit(
    *,
    actor: Actor,
    unit: Unit,
    name: str,
    short_name: str = "",
    since: dt.date | None = None,
    corrects: bool = False,
    aliases: Iterable[str] | None = None,
    version: int | None = None,
) -> Unit:
    """Renames a unit from a day on (today). What it was called before goes on finding it.

    `corrects`: the name was written wrongly, nothing was renamed. `aliases`: what else it is called;
    None leaves them as they are. Raises Stale where the unit is no longer at `version`.
    """
    actor.require("units.write", unit.path)
    unchanged(unit, version, "name", "short_name")
    name, short_name = one_line(name), one_line(short_name)
    if not name:
        raise UserError(_("请填写单位名称。"), "name")
    changed = (name, short_name) != (unit.name, unit.short_name)
    if changed:
        naming.renamed(unit, name, short_name, since or today(), corrects)
    unit.name, unit.short_name = name, short_name
    unit.sort_key = pinyin_key(unit.name)[:200]
    unit.save(update_fields=["name", "short_name", "sort_key"])
    if changed:
        naming.tell(unit)
    if aliases is not None:
        naming.called_also(unit, aliases)
    return unit


@transaction.atomic
def move_unit(*, actor: Actor, unit: Unit, parent: Unit) -> Unit:
    """Puts a unit, with all below it and all their rows, under another parent.

    What its former superiors carried or were offered of it goes to the new one: it is they who see it.
    """
    # As they are now: a path that was read before another's move would put the unit where the
    # parent no longer is, and every row of it into the wrong scope.
    list(Unit.objects.select_for_update().filter(pk__in=[unit.pk, parent.pk]).order_by("pk"))
    unit.refresh_from_db()
    parent.refresh_from_db()
    actor.require("units.write", unit.path)
    actor.require("units.write", parent.path)
    _check_parent(UnitKind(unit.kind), parent)
    if parent.path.startswith(unit.path):
        raise UserError(_("不能把单位移到它自己或它的下级之下。"), "parent")
    old, new = unit.path, f"{parent.path}{unit.pk}."
    lost = former_superiors(unit, parent)
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scope_unit SET path = %s || substr(path, %s) WHERE path >= %s AND path < %s",
            [new, len(old) + 1, *below(old)],
        )
    unit.refresh_from_db()
    why = _("%(unit)s 改由%(parent)s管理") % {"unit": unit, "parent": parent}
    for superior in lost:
        owner = Owner(unit=superior, within=unit)
        hand_on(actor=actor, owner=owner, heir=Heir(unit=parent), why=why)
    return unit


def former_superiors(unit: Unit, parent: Unit) -> list[Unit]:
    """The units above a unit that no longer are, once it stands under another parent."""
    above = Unit.objects.above(unit).exclude(pk=unit.pk)
    return [one for one in above if not parent.path.startswith(one.path)]


@transaction.atomic
def close_unit(
    *, actor: Actor, unit: Unit, on: dt.date, heir: Heir | None = None, why: str = ""
) -> Unit:
    """Closes a unit that has no open units below it. Its history stays.

    What it and its people answered for there goes to the heir, without one to its superior.
    """
    actor.require("units.write", unit.path)
    if Unit.objects.open().below(unit).exclude(pk=unit.pk).exists():
        raise UserError(_("它还有未撤销的下级单位，请先撤销或移走它们。"))
    heir = heir or Heir(unit=unit.parent)
    if heir.unit is not None and heir.unit.pk == unit.pk:
        raise UserError(_("请选择另一个单位接手。"), "heir")
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    reason = why.strip() or _("%(unit)s 撤销") % {"unit": unit}
    hand_on(actor=actor, owner=Owner(unit=unit), heir=heir, why=reason)
    return unit


def reopen_unit(*, actor: Actor, unit: Unit) -> Unit:
    """Opens a closed unit again, where it stood. Raises UserError where its place is taken."""
    actor.require("units.write", unit.path)
    if unit.closed_on is None:
        return unit
    if unit.parent is not None and unit.parent.closed_on is not None:
        raise UserError(_("“%(unit)s”已经撤销。") % {"unit": unit.parent}, "parent")
    if Unit.objects.open().filter(parent_id=unit.parent_id, name=unit.name).exists():
        raise UserError(_("同一上级下已有“%(name)s”。") % {"name": unit.name}, "name")
    unit.closed_on = None
    unit.save(update_fields=["closed_on"])
    return unit
