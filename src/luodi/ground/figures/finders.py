"""Finds figures for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from luodi.ground.figures.reading import may_read
from luodi.ground.figures.registry import figures
from luodi.ground.figures.search import found_by
from luodi.ground.scope.api import Actor
from luodi.lib.chinese import nearness
from luodi.manifest import Hit


def find_figures(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """The figures that the actor may read, by name, synonym or definition."""
    may = [one for one in figures() if may_read(actor, one)]
    for one in found_by(may, text)[:limit]:
        name = str(one.name)
        address = reverse("figures:reading", args=[one.key])
        yield Hit(name, address, str(one.definition)[:60], min(nearness(name, text) + 1, 5))
