"""The page of the search, and the short list under its box."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from luodi.ground.scope.api import Request
from luodi.ground.search.finding import find_everywhere
from luodi.shell.pages import show

FEW, MANY = 5, 20


@login_required
def search(request: Request) -> HttpResponse:
    """What was found, by kinds; for the box of Ctrl+K only the best."""
    text = request.GET.get("q", "").strip()
    quick = request.htmx.target == "quick-found" if request.htmx else False  # type: ignore[attr-defined]
    found = find_everywhere(request, text, FEW if quick else MANY)
    context = {"text": text, "found": found, "quick": quick}
    return show(request, "search/search.html", context, fragment="quick-found")
