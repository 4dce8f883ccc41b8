"""A register's Excel in and out: template, dry run, report, error file, import, export."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import IO

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.apps.directory.api import running, staging, working, working_page
from luodi.apps.registers.models import Register
from luodi.apps.registers.sheets import KIND, Entries, export_entries, sheet_of
from luodi.apps.registers.verbs.recording import may_write
from luodi.apps.registers.views.common import register_of, seen
from luodi.apps.scope.api import today
from luodi.apps.scope.middleware import Request
from luodi.lib.errors import NotAllowed
from luodi.lib.excel import write_error_file, write_template
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Excel文件（.xlsx）"))


def _writable(request: Request, pk: int) -> Register:
    register = seen(request, register_of(request, pk))
    actor = request.actor
    if not any(may_write(actor, register, held.path) for held in actor.holdings):
        raise NotAllowed(_("您的角色不能登记这本台账，请联系建账单位。"))
    return register


def _kind(register: Register) -> str:
    return f"{KIND}{register.pk}"


@login_required
def upload(request: Request, pk: int) -> HttpResponseBase:
    """The page of import and export; a POST stages the file and makes the dry run."""
    register = _writable(request, pk)
    form = UploadForm(**posted(request))
    digest = (
        carry_out(
            request,
            form,
            lambda data: working.upload(
                actor=request.actor, kind=_kind(register), file=data["file"]
            ),
        )
        if request.method == "POST"
        else None
    )
    if digest is not None:
        return redirect("registers:import_report", pk, digest)
    status = 422 if request.method == "POST" else 200
    context = {"register": register, "form": form}
    return show(request, "registers/import.html", context, status=status)


@login_required
def report(request: Request, pk: int, digest: str) -> HttpResponseBase:
    """What the dry run found; a POST writes the file. A large one is in the worker's hands."""
    register = _writable(request, pk)
    return working_page(
        request,
        _kind(register),
        digest,
        title=str(register),
        back=reverse("registers:entries", args=[pk]),
        again=reverse("registers:import", args=[pk]),
        errors=reverse("registers:import_errors", args=[pk, digest]),
    )


def _file(name: str, write: Callable[[IO[bytes]], object]) -> FileResponse:
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write(stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx")


@login_required
def template(request: Request, pk: int) -> HttpResponseBase:
    """An empty sheet with notes and an example."""
    register = _writable(request, pk)
    name = gettext("%(register)s导入模板") % {"register": register}
    language = running.current_language()
    return _file(name, lambda out: write_template(sheet_of(register), out, language=language))


@login_required
def errors(request: Request, pk: int, digest: str) -> HttpResponseBase:
    """The rows that cannot be taken, each with what is wrong, to be corrected and sent again."""
    register, actor = _writable(request, pk), request.actor
    path = staging.staged(actor.account_id, _kind(register), digest)

    def write(out: IO[bytes]) -> None:
        with path.open("rb") as stream:
            rows = running.checked_rows(Entries(actor, register), stream)
            write_error_file(sheet_of(register), rows, out, language=running.current_language())

    return _file(gettext("%(register)s导入错误") % {"register": register}, write)


@login_required
def export(request: Request, pk: int) -> HttpResponseBase:
    """All entries as a sheet that can be imported again; the trail notes that it left."""
    register = seen(request, register_of(request, pk))
    if request.method != "POST":
        return redirect("registers:import", pk)
    return _file(
        f"{register}-{today().isoformat()}",
        lambda out: export_entries(actor=request.actor, register=register, stream=out),
    )
