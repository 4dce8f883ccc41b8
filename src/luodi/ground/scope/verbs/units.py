"""Organisations: added, renamed, moved, closed."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor, below
from luodi.ground.scope.models import Unit
from luodi.ground.scope.permissions import PARENT_KINDS, UNIT_KIND_LABELS, UnitKind
from luodi.ground.scope.versions import unchanged
from luodi.lib.chinese import pinyin_key
from luodi.lib.errors import UserError
from luodi.lib.text import one_line


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
    if Unit.objects.open().filter(parent=parent, name=name).exists():
        raise UserError(_("同一上级下已有“%(name)s”。") % {"name": name}, "name")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('scope_unit', 'id'))")
        (pk,) = cursor.fetchone()
    return Unit.objects.create(
        id=pk,
        kind=kind,
        name=name,
        short_name=one_line(short_name),
        parent=parent,
        path=f"{parent.path if parent else ''}{pk}.",
        sort_key=pinyin_key(name)[:200],
        opened_on=opened_on,
    )


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
    *, actor: Actor, unit: Unit, name: str, short_name: str = "", version: int | None = None
) -> Unit:
    """Renames a unit. Raises Stale where it is no longer at `version`."""
    actor.require("units.write", unit.path)
    unchanged(unit, version, "name", "short_name")
    name = one_line(name)
    if not name:
        raise UserError(_("请填写单位名称。"), "name")
    unit.name, unit.short_name = name, one_line(short_name)
    unit.sort_key = pinyin_key(unit.name)[:200]
    unit.save(update_fields=["name", "short_name", "sort_key"])
    return unit


@transaction.atomic
def move_unit(*, actor: Actor, unit: Unit, parent: Unit) -> Unit:
    """Puts a unit, with all below it and all their rows, under another parent."""
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
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scope_unit SET path = %s || substr(path, %s) WHERE path >= %s AND path < %s",
            [new, len(old) + 1, *below(old)],
        )
    unit.refresh_from_db()
    return unit


def close_unit(*, actor: Actor, unit: Unit, on: dt.date) -> Unit:
    """Closes a unit that has no open units below it. Its history stays."""
    actor.require("units.write", unit.path)
    if Unit.objects.open().below(unit).exclude(pk=unit.pk).exists():
        raise UserError(_("它还有未撤销的下级单位，请先撤销或移走它们。"))
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
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
