"""Pages that rooms fill together: the workbench, a unit's file, a person's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from luodi.manifest import Part


@dataclass(frozen=True, slots=True)
class Shown:
    """A part with what its template shows."""

    template: str
    context: Mapping[str, Any]
    side: bool


def parts_of(request: HttpRequest, parts: Iterable[Part], about: Any = None) -> list[Shown]:
    """The parts that have something to show to who asks, in their order.

    A template includes each: `{% include part.template with part=part.context %}`.
    """
    found = []
    for part in sorted(parts, key=lambda one: one.rank):
        context = part.of(request, about)
        if context is not None:
            found.append(Shown(part.template, context, part.side))
    return found
