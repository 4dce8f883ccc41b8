"""One address per page: the whole page, or only the part of it that htmx asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Renders `template`, or its `{% partialdef fragment %}` where htmx will put it alone.

    The element that htmx replaces must carry the fragment's name as its id. A `listing` in the
    context is a fragment of every page that includes it, without more ado; one that refuses its
    address makes the answer a 422.
    """
    context = dict(context or {})
    if status == 200 and getattr(context.get("listing"), "refusal", None):
        status = 422
    target = _target(request)
    if target and target == fragment:
        template = f"{template}#{fragment}"
    elif target and target == getattr(context.get("listing"), "id", None):
        template = "shell/listing.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _target(request: HttpRequest) -> str:
    """The id of what htmx replaces; empty where the whole page is wanted."""
    htmx = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.history_restore_request:
        return ""
    return htmx.target or ""
