"""The page of an uploaded workbook: in hand, read, or written."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from luodi.apps.directory.sheets import staging, working
from luodi.apps.scope.middleware import Request
from luodi.lib.errors import UserError
from luodi.shell.forms import Text
from luodi.shell.pages import show


def working_page(
    request: Request,
    kind: str,
    digest: str,
    *,
    title: Text,
    back: str,
    again: str,
    errors: str,
) -> HttpResponseBase:
    """Shows how far the worker is, or what the dry run found; a POST writes.

    Goes on to `back` when it is written; offers `again` to send another file, and `errors`, the
    file of the rows that cannot be taken.
    """
    context: dict[str, Any] = {"title": title, "back": back, "again": again, "errors": errors}
    owner = request.actor.account_id
    if said := staging.finished(owner, kind, digest):
        messages.success(request, said)
        return redirect(back)
    path, problem = staging.staged(owner, kind, digest), ""
    if request.method == "POST":
        try:
            written = working.write(actor=request.actor, kind=kind, digest=digest)
        except UserError as error:
            problem = str(error)
        else:
            if written is None:
                return redirect(request.path)
            messages.success(request, working.written(written))
            return redirect(back)
    report, progress = staging.report_of(path), staging.progress_of(path)
    if progress:
        seconds = int(time.time() - progress["since"])
        page = show(
            request, "shell/import_working.html", {**context, **progress, "seconds": seconds}
        )
        page["Refresh"] = "2"
        return page
    problem = problem or report.pop("problem", "")
    context |= {"report": report, "problem": problem}
    return show(request, "shell/import_report.html", context, status=422 if problem else 200)
