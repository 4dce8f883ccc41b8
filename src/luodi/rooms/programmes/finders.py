"""Finds programmes and their measures for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from luodi.ground.scope.api import Actor
from luodi.lib.chinese import nearness
from luodi.manifest import Hit
from luodi.rooms.programmes.models import Measure, Programme


def find_programmes(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """Programmes by name, then measures by their words."""
    rows = Programme.objects.filter(name__icontains=text).select_related("unit")
    for row in rows.order_by("-since", "pk")[:limit]:
        address = reverse("programmes:programme", args=[row.pk])
        yield Hit(row.name, address, str(row.unit), nearness(row.name, text))
    measures = Measure.objects.filter(text__icontains=text).select_related("programme")
    for measure in measures.order_by("-since", "pk")[:limit]:
        address = reverse("programmes:programme", args=[measure.programme_id])
        yield Hit(measure.text[:80], address, measure.programme.name, 4)
