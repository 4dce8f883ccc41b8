"""Excel in and out: template, upload and dry run, report, error file, import, export."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.apps.directory.forms.enterprises import EmptyForm, ReasonForm
from luodi.apps.directory.sheets import enterprises, people, staging
from luodi.apps.directory.sheets.running import Importer, Outcome, checked_rows, current_language
from luodi.apps.scope.api import Actor, today
from luodi.apps.scope.middleware import Request
from luodi.lib.errors import UserError
from luodi.lib.excel import Sheet, write_error_file, write_template
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show


@dataclass(frozen=True, slots=True)
class Ledger:
    """What can go in and out: `export` takes a form's data and the stream."""

    title: str | Promise
    updates: str | Promise
    page: str
    sheet: Callable[[], Sheet]
    importer: Callable[[Actor], Importer]
    take: Callable[..., Outcome]
    export: Callable[..., int]
    export_form: type[forms.Form]
    export_permission: str


LEDGERS = {
    "people": Ledger(
        _("人员"),
        _("再次上传时按身份证号更新同一个人，空白的格子不改动。"),
        "directory:people",
        people.sheet,
        lambda actor: people.People(actor, None),
        people.import_people,
        people.export_people,
        ReasonForm,
        "people.reveal",
    ),
    "enterprises": Ledger(
        _("企业"),
        _("再次上传时按统一社会信用代码更新同一家企业，空白的格子不改动。"),
        "directory:enterprises",
        enterprises.sheet,
        enterprises.Enterprises,
        enterprises.import_enterprises,
        enterprises.export_enterprises,
        EmptyForm,
        "cases.view",
    ),
}


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Excel文件（.xlsx）"))


def ledger_of(kind: str) -> Ledger:
    if kind not in LEDGERS:
        raise Http404
    return LEDGERS[kind]


@login_required
def upload(request: Request, kind: str) -> HttpResponseBase:
    """The page of a ledger; a POST stages the file and makes the dry run."""
    ledger = ledger_of(kind)
    request.actor.require("imports.run")
    form = UploadForm(**posted(request))
    digest = (
        carry_out(request, form, lambda data: _dry_run(request.actor, kind, ledger, data["file"]))
        if request.method == "POST"
        else None
    )
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


def _dry_run(actor: Actor, kind: str, ledger: Ledger, file: Any) -> str:
    digest, path = staging.stage(actor.account_id, kind, file.chunks())
    try:
        outcome = ledger.take(actor=actor, path=path, dry_run=True)
    except UserError:
        staging.discard(path)
        raise
    staging.keep_report(path, {"name": file.name, **outcome.as_dict()})
    return digest


@login_required
def report(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """What the dry run found; a POST writes the file."""
    ledger, actor = ledger_of(kind), request.actor
    actor.require("imports.run")
    path = staging.staged(actor.account_id, kind, digest)
    found, problem = staging.report_of(path), ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                outcome = ledger.take(actor=actor, path=path, dry_run=False)
        except UserError as error:
            problem = str(error)
        else:
            transaction.on_commit(lambda: staging.discard(path))
            counts = outcome.counts
            messages.success(
                request,
                _now("已写入：新增%(created)s条，更新%(updated)s条，没有变化%(unchanged)s条。")
                % {
                    "created": counts.created,
                    "updated": counts.updated,
                    "unchanged": counts.unchanged,
                },
            )
            return redirect(ledger.page)
    context = {
        "kind": kind,
        "digest": digest,
        "title": ledger.title,
        "back": reverse(ledger.page),
        "report": found,
        "problem": problem,
    }
    return show(request, "directory/import_report.html", context, status=422 if problem else 200)


def _file(name: str, write: Callable[[IO[bytes]], object]) -> FileResponse:
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write(stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx")


@login_required
def template(request: Request, kind: str) -> HttpResponseBase:
    """An empty sheet with notes and an example."""
    ledger = ledger_of(kind)
    request.actor.require("imports.run")
    name = _now("%(ledger)s导入模板") % {"ledger": ledger.title}
    language = current_language()
    return _file(name, lambda out: write_template(ledger.sheet(), out, language=language))


@login_required
def errors(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """The rows that cannot be taken, each with what is wrong, to be corrected and sent again."""
    ledger, actor = ledger_of(kind), request.actor
    actor.require("imports.run")
    path = staging.staged(actor.account_id, kind, digest)

    def write(out: IO[bytes]) -> None:
        with path.open("rb") as stream:
            rows = checked_rows(ledger.importer(actor), stream)
            write_error_file(ledger.sheet(), rows, out, language=current_language())

    return _file(_now("%(ledger)s导入错误") % {"ledger": ledger.title}, write)


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
