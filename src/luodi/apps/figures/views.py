"""Pages of the figures: which there are, and what one says."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from luodi.apps.figures.forms import QuestionForm
from luodi.apps.figures.reading import read
from luodi.apps.figures.registry import figure as figure_of
from luodi.apps.figures.registry import figures
from luodi.apps.scope.middleware import Request
from luodi.shell.pages import show


@login_required
def catalogue(request: Request) -> HttpResponse:
    """Every figure that the actor may read on some unit."""
    may = [one for one in figures() if request.actor.may(one.permission)]
    return show(request, "figures/catalogue.html", {"figures": may})


@login_required
def reading(request: Request, key: str) -> HttpResponse:
    """One reading: the value, its definition, its rows."""
    figure = figure_of(key)
    request.actor.require(figure.permission)
    form = QuestionForm.of(request, figure)
    context: dict[str, Any] = {"form": form, "figure": figure}
    if form.is_valid():
        asked = form.question()
        page = request.GET.get("page", "1")
        context["reading"] = read(
            actor=request.actor,
            key=key,
            unit=asked.unit,
            until=asked.until,
            since=asked.since,
            known_at=asked.known_at,
            parameters=asked.parameters,
            page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        )
    return show(request, "figures/reading.html", context)
