"""A report's files: Word, PDF, article, the sealed report, the evidence pack."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from luodi.ground.scope.api import Actor
from luodi.ground.scope.middleware import Request
from luodi.lib.errors import UserError
from luodi.rooms.reports import api
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.views.reports import found

Maker = Callable[[Actor, Report], IO[bytes]]


def _sealed(actor: Actor, report: Report) -> IO[bytes]:
    actor.require("reports.publish", report.unit.path)  # it has the names behind the numbers
    return io.BytesIO(api.sealed_bytes(report))


MAKERS: dict[str, tuple[str, Maker]] = {
    "docx": ("docx", lambda a, r: io.BytesIO(api.output(actor=a, report=r).docx())),
    "pdf": ("pdf", lambda a, r: io.BytesIO(api.output(actor=a, report=r).pdf())),
    "article": (
        "html",
        lambda a, r: io.BytesIO(api.article(api.output(actor=a, report=r).document).encode()),
    ),
    "sealed": ("json", _sealed),
    "pack": ("zip", lambda a, r: api.pack(actor=a, report=r)),
}


@login_required
def download(request: Request, pk: int, form: str) -> HttpResponseBase:
    """One of the files, made now; always a download."""
    row = found(pk)
    request.actor.require("reports.view", row.unit.path)
    if form not in MAKERS:
        raise Http404
    ending, make = MAKERS[form]
    try:
        stream = make(request.actor, row)
    except UserError as problem:
        if problem.status != 422:
            raise
        messages.error(request, str(problem))
        return redirect("reports:report", pk)
    name = row.title if not row.is_draft else f"{row.pk}"
    response = FileResponse(stream, as_attachment=True, filename=f"{name}.{ending}")
    response["X-Content-Type-Options"] = "nosniff"
    return response
