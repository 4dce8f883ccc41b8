"""Finds registers and their entries for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from luodi.ground.scope.api import Actor, today
from luodi.lib.chinese import nearness
from luodi.manifest import Hit
from luodi.rooms.registers.models import Entry, Register
from luodi.rooms.registers.verbs.recording import may_see


def find_registers(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """Registers in use, by name."""
    rows = Register.objects.filter(retired_at=None, name__icontains=text).select_related("unit")
    for row in rows[:limit]:
        address = reverse("registers:entries", args=[row.pk])
        yield Hit(str(row), address, str(row.unit), nearness(row.name, text))


def find_entries(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """What holds today in the registers that the actor may read, by words of its columns."""
    rows = Register.objects.filter(retired_at=None).prefetch_related("columns")
    for register in rows:
        if not may_see(actor, register):
            continue
        entries = Entry.objects.on(today()).filter(register=register).search(register, text)
        entries = entries.select_related("unit").prefetch_related("references")
        for entry in entries.order_by("-since_on", "-pk")[:limit]:
            entry.register = register
            address = reverse("registers:entry", args=[entry.origin_id])
            note = f"{register} · {entry.unit}"
            yield Hit(entry.title, address, note, nearness(entry.title, text))
