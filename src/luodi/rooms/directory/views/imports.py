"""Excel in and out: template, upload and dry run, report, error file, import, export."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import ReasonForm
from luodi.ground.scope.api import today
from luodi.ground.scope.middleware import Request
from luodi.lib.excel import Sheet
from luodi.rooms.directory.forms.enterprises import EmptyForm
from luodi.rooms.directory.sheets import enterprises, people
from luodi.rooms.directory.sheets.page import (
    errors_file,
    template_file,
    uploaded,
    working_page,
)
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show


@dataclass(frozen=True, slots=True)
class Ledger:
    """What can go in and out: `export` takes a form's data and the stream."""

    title: str | Promise
    updates: str | Promise
    page: str
    sheet: Callable[[], Sheet]
    export: Callable[..., int]
    export_form: type[forms.Form]
    export_permission: str


LEDGERS = {
    "people": Ledger(
        _("人员"),
        _("再次上传时按身份证号更新同一个人，空白的格子不改动。"),
        "directory:people",
        people.sheet,
        people.export_people,
        ReasonForm,
        "people.reveal",
    ),
    "enterprises": Ledger(
        _("企业"),
        _("再次上传时按统一社会信用代码更新同一家企业，空白的格子不改动。"),
        "directory:enterprises",
        enterprises.sheet,
        enterprises.export_enterprises,
        EmptyForm,
        "cases.view",
    ),
}


def ledger_of(kind: str) -> Ledger:
    if kind not in LEDGERS:
        raise Http404
    return LEDGERS[kind]


@login_required
def upload(request: Request, kind: str) -> HttpResponseBase:
    """The page of a ledger; a POST stages the file and makes the dry run."""
    ledger = ledger_of(kind)
    request.actor.require("imports.run")
    form, digest = uploaded(request, kind)
    if digest is not None:
        return redirect("directory:import_report", kind, digest)
    may_export = request.actor.may(ledger.export_permission)
    context = {
        "kind": kind,
        "title": ledger.title,
        "heading": _now("%(ledger)s：Excel导入导出") % {"ledger": ledger.title},
        "back": reverse(ledger.page),
        "updates": ledger.updates,
        "form": form,
        "export_form": ledger.export_form() if may_export else None,
    }
    return show(
        request, "directory/import.html", context, status=422 if request.method == "POST" else 200
    )


@login_required
def report(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """What the dry run found; a POST writes the file. A large one is in the worker's hands."""
    ledger = ledger_of(kind)
    request.actor.require("imports.run")
    return working_page(
        request,
        kind,
        digest,
        title=ledger.title,
        back=reverse(ledger.page),
        again=reverse("directory:import", args=[kind]),
        errors=reverse("directory:import_errors", args=[kind, digest]),
    )


@login_required
def template(request: Request, kind: str) -> HttpResponseBase:
    """An empty sheet with notes and an example."""
    ledger = ledger_of(kind)
    request.actor.require("imports.run")
    return template_file(ledger.sheet(), ledger.title)


@login_required
def errors(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """The rows that cannot be taken, each with what is wrong, to be corrected and sent again."""
    ledger = ledger_of(kind)
    request.actor.require("imports.run")
    return errors_file(request, kind, digest, ledger.title)


@login_required
def export(request: Request, kind: str) -> HttpResponseBase:
    """All rows as a sheet that can be imported again."""
    ledger = ledger_of(kind)
    request.actor.require(ledger.export_permission)
    form = ledger.export_form(**posted(request))
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    done = (
        carry_out(
            request,
            form,
            lambda data: ledger.export(actor=request.actor, stream=stream, **data),
        )
        if request.method == "POST"
        else None
    )
    if done is None:
        context = {
            "form": form,
            "heading": _now("%(ledger)s：导出Excel") % {"ledger": ledger.title},
            "submit": _now("导出Excel"),
            "back": reverse("directory:import", args=[kind]),
        }
        return show(request, "shell/form_page.html", context, status=422 if form.is_bound else 200)
    stream.seek(0)
    name = f"{ledger.title}-{today().isoformat()}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)
