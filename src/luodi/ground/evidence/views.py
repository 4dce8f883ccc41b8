"""Sending a file back to who may see it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from luodi.ground.evidence.kinds import SHOWN
from luodi.ground.evidence.models import File


@login_required
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file's bytes; the row's policy decides who finds it."""
    return sent(get_object_or_404(File, pk=pk), in_place="download" not in request.GET)


def sent(file: File, *, in_place: bool) -> HttpResponseBase:
    """The answer that carries a file's bytes. Raises Http404 where the disk has lost them."""
    if not file.location.exists():
        raise Http404
    response = FileResponse(
        file.location.open("rb"),
        as_attachment=not (in_place and file.content_type in SHOWN),
        filename=file.name,
        content_type=file.content_type,
    )
    # an uploaded page must never run in our name
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
