"""Finds cases for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from luodi.ground.scope.api import Actor
from luodi.lib.chinese import nearness
from luodi.manifest import Hit
from luodi.rooms.casework.lines import lines
from luodi.rooms.casework.models import Case
from luodi.rooms.casework.notify import url_of


def find_cases(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """By number or a part of it, and by words of what was written; open ones and new ones first."""
    rows = Case.objects.search(text).order_by(F("closed_at").desc(nulls_first=True), "-pk")
    keys = list(rows.values_list("pk", flat=True)[:limit])
    for line in lines(keys).values():
        note = f"{line.code} · {line.unit} · {line.state_now.label}"
        rank = 0 if line.code.lower() == text.lower() else min(nearness(line.title, text), 3)
        yield Hit(line.title, url_of(line), note, rank)
