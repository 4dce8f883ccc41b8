"""What a verb refuses outside a form becomes a page with a sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from luodi.lib.errors import UserError


class PlainErrors:
    """Turns a UserError into its sentence and status; nothing the request wrote stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, UserError):
            return None
        request.must_roll_back = True  # type: ignore[attr-defined]
        return render(request, "error.html", {"title": str(error)}, status=error.status)
