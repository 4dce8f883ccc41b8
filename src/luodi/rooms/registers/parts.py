"""What registers put on a unit's and a person's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, Unit, today
from luodi.manifest import Moment
from luodi.rooms.registers.models import Entry
from luodi.rooms.registers.queries import EntryQuerySet
from luodi.rooms.registers.verbs.recording import may_see

SHOWN = 60  # entries on a page; a register's own list has all


def entries_of(request: Request, unit: Unit) -> Mapping[str, Any] | None:
    """What stands in the registers about a unit today, register by register."""
    return _shown(request.actor, Entry.objects.on(today()).under(unit), unit)


def entries_about(request: Request, person: Any) -> Mapping[str, Any] | None:
    """What stands in the registers about a person today."""
    return _shown(request.actor, Entry.objects.on(today()).filter(references__person=person))


def _shown(actor: Actor, rows: EntryQuerySet, unit: Unit | None = None) -> Mapping[str, Any] | None:
    if not actor.may("registers.view"):
        return None
    rows = rows.filter(register__retired_at=None).select_related("register", "unit")
    rows = rows.prefetch_related("register__columns", "references__unit", "references__person")
    found = list(rows.order_by("register__name", "register_id", "-since_on", "-pk")[:SHOWN])
    seen = [one for one in found if may_see(actor, one.register, one.path)]
    books = [(book, list(some)) for book, some in groupby(seen, key=lambda one: one.register)]
    return {"books": books, "unit": unit} if books else None


def moments_of(actor: Actor, unit: Unit, limit: int) -> Iterator[Moment]:
    """That entries began to hold."""
    if not actor.may("registers.view", unit.path):
        return
    rows = Entry.objects.begun(None, today()).on(today()).under(unit)
    rows = rows.select_related("register").prefetch_related("register__columns")
    for one in rows.order_by("-since_on", "-pk")[:limit]:
        if may_see(actor, one.register, one.path):
            words = {"register": one.register, "title": one.title}
            address = reverse("registers:entry", args=[one.origin_id])
            yield Moment(one.since_on, _("%(register)s：%(title)s") % words, address)
