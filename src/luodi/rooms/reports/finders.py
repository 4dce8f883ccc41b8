"""Finds reports for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from luodi.ground.scope.api import Actor
from luodi.lib.chinese import nearness
from luodi.manifest import Hit
from luodi.rooms.reports.models import Report


def find_reports(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """By title, the newest first."""
    rows = Report.objects.filter(title__icontains=text).defer("packed", "text")
    for row in rows.select_related("unit").order_by("-until", "-pk")[:limit]:
        note = f"{row.unit} · {row.until} · {row.get_state_display()}"
        yield Hit(
            row.title, reverse("reports:report", args=[row.pk]), note, nearness(row.title, text)
        )
