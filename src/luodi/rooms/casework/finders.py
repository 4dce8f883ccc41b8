"""Finds cases for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor
from luodi.lib.chinese import nearness
from luodi.manifest import Hit
from luodi.rooms.casework.lines import lines
from luodi.rooms.casework.models import Case
from luodi.rooms.casework.notify import url_of


def find_cases(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """By number or a part of it, and by any part of what was written; open and new ones first.

    Where nothing has all of it, the nearest, and the note says so.
    """
    first = (F("closed_at").desc(nulls_first=True), "-pk")
    rows = Case.objects.search(text).order_by(*first).values_list("pk", flat=True)
    keys = list(rows[:limit])
    if is_near := not keys:
        keys = list(Case.objects.nearest(text).order_by(*first).values_list("pk", flat=True)[:3])
    for line in lines(keys).values():
        note = f"{line.code} · {line.unit} · {line.state_now.label}"
        if is_near:
            yield Hit(line.title, url_of(line), _("相近：%(note)s") % {"note": note}, 9)
            continue
        rank = 0 if line.code.lower() == text.lower() else min(nearness(line.title, text), 3)
        yield Hit(line.title, url_of(line), note, rank)
