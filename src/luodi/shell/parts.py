"""Pages that rooms fill together: the workbench, a unit's file, a person's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from luodi.manifest import Manifest, Moment, Part, manifests

MOMENTS = 20


@dataclass(frozen=True, slots=True)
class Filled:
    """A part with what it shows; its template reads the context as `part`."""

    template: str
    context: Mapping[str, Any]


def filled_parts(request: HttpRequest, page: str, about: Any = None) -> dict[str, list[Filled]]:
    """The parts of a page, as the actor may see them, by place (`main`, `side` …) and rank.

    page: the field of `Manifest` that holds the page's parts. about: what the page is about.
    """
    return parts_of(request, _parts(manifests(), page), about)


def parts_of(request: HttpRequest, parts: Iterable[Part], about: Any) -> dict[str, list[Filled]]:
    """Some parts, as the actor may see them, by place and rank."""
    found: dict[str, list[Filled]] = {}
    for part in sorted(parts, key=lambda part: part.rank):
        context = part.of(request, about)
        if context is not None:
            found.setdefault(part.place, []).append(Filled(part.template, context))
    return found


def moments_of(actor: Any, unit: Any) -> list[Moment]:
    """What happened to a unit, of every room, the latest first; at most MOMENTS."""
    found = [
        one
        for manifest in manifests()
        if manifest.timeline
        for one in manifest.timeline(actor, unit, MOMENTS)
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)[:MOMENTS]


def _parts(all_of: Iterable[Manifest], page: str) -> Iterable[Part]:
    for manifest in all_of:
        yield from getattr(manifest, page)
