"""The pages around a workbook: template, upload, in hand, read with its errors, or written."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.middleware import Request
from luodi.lib.errors import UserError
from luodi.lib.excel import Sheet, write_template
from luodi.rooms.directory.sheets import staging, working
from luodi.rooms.directory.sheets.running import current_language
from luodi.shell.forms import Text, carry_out, posted
from luodi.shell.pages import show


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Excel文件（.xlsx）"))


def uploaded(request: Request, kind: str) -> tuple[UploadForm, str | None]:
    """The form of an upload and, of a workbook that was sent and kept, its digest."""
    form = UploadForm(**posted(request))
    if request.method != "POST":
        return form, None
    digest: str | None = carry_out(
        request,
        form,
        lambda data: working.upload(actor=request.actor, kind=kind, file=data["file"]),
    )
    return form, digest


def as_file(name: str, write: Callable[[IO[bytes]], object]) -> FileResponse:
    """A workbook that `write` makes, to be kept under a name."""
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write(stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx")


def template_file(sheet: Sheet, title: Text) -> FileResponse:
    """An empty sheet with notes and an example."""
    language = current_language()
    name = gettext("%(title)s导入模板") % {"title": title}
    return as_file(name, lambda out: write_template(sheet, out, language=language))


def errors_file(request: Request, kind: str, digest: str, title: Text) -> FileResponse:
    """The rows that cannot be taken, each with what is wrong, to be corrected and sent again."""
    path = staging.errors_of(request.actor.account_id, kind, digest)
    name = gettext("%(title)s导入错误") % {"title": title}
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx")


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
