"""The pages around a file: template, upload, in hand, what was understood of it, written."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.imports import staging, working
from luodi.ground.imports.importer import Importer, current_language
from luodi.ground.imports.kinds import importer_for
from luodi.ground.imports.staging import DETAILS, ERRORS, Staged
from luodi.ground.scope.api import Request
from luodi.lib.errors import NotAllowed, UserError
from luodi.lib.excel import write_template
from luodi.lib.excel.layout import UNREAD
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show

ROWS_SHOWN = 100


class UploadForm(forms.Form):
    file = forms.FileField(label=_("文件（.xlsx 或 .csv）"))


def as_file(name: str, write: Callable[[IO[bytes]], object]) -> FileResponse:
    """A workbook that `write` makes, to be kept under a name."""
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write(stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx")


def _mine(request: Request, kind: str, digest: str) -> Staged:
    importer_for(request.actor, kind)
    return staging.staged(request.actor.account_id, kind, digest)


def _context(importer: Importer, kind: str) -> dict[str, Any]:
    return {"kind": kind, "importer": importer, "title": importer.title, "back": importer.back}


@login_required
def upload(request: Request, kind: str) -> HttpResponseBase:
    """The page of a kind of ledger; a POST keeps the file and makes the dry run."""
    importer = importer_for(request.actor, kind)
    form = UploadForm(**posted(request))
    if request.method == "POST":
        staged: Staged | None = carry_out(
            request,
            form,
            lambda data: working.upload(actor=request.actor, kind=kind, file=data["file"]),
        )
        if staged is not None:
            return redirect(working.page(staged))
    waiting = [
        {"name": one.read()["name"], "page": working.page(one)}
        for one in staging.waiting(request.actor.account_id, kind)
    ]
    context = {**_context(importer, kind), "form": form, "waiting": waiting}
    status = 422 if request.method == "POST" else 200
    return show(request, "imports/upload.html", context, status=status)


@login_required
def template(request: Request, kind: str) -> HttpResponseBase:
    """An empty sheet with notes and an example."""
    importer, language = importer_for(request.actor, kind), current_language()
    name = gettext("%(title)s导入模板") % {"title": importer.title}
    return as_file(name, lambda out: write_template(importer.sheet, out, language=language))


@login_required
def errors(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """The rows that cannot be taken, each with what is wrong, to be corrected and sent again."""
    path = _mine(request, kind, digest).file(ERRORS)
    name = gettext("%(title)s导入错误") % {"title": importer_for(request.actor, kind).title}
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx")


@login_required
def details(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """What becomes of every row."""
    path = _mine(request, kind, digest).file(DETAILS)
    name = gettext("%(title)s试读明细") % {"title": importer_for(request.actor, kind).title}
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx")


@login_required
@require_POST
def answers(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """Takes what somebody said of the file, and reads it again."""
    staged = _mine(request, kind, digest)
    said = _said(request.POST, staged.read().get("report") or {})
    return _again(
        request, staged, lambda: working.answer(actor=request.actor, staged=staged, answers=said)
    )


def _said(posted: QueryDict, report: Mapping[str, Any]) -> dict[str, str]:
    """The answers among what a form sent: to questions, and where something is to be otherwise."""
    said = {
        one["key"]: str(posted[one["key"]])
        for one in report.get("questions", [])
        if posted.get(one["key"])
    }
    for sheet in report.get("sheets", []):
        now = {one["answer"]: one["key"] for one in sheet["columns"]}
        for key, shown in {**now, sheet["answer"]: "", sheet["header"]: ""}.items():
            other = [value for value in posted.getlist(key) if value and value != shown]
            if other and key not in said:
                said[key] = other[0]
    return said


@login_required
@require_POST
def correct(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """Takes corrected rows, which join the good ones of the upload."""
    staged, file = _mine(request, kind, digest), request.FILES.get("file")
    if file is None:
        messages.error(request, gettext("请选择文件。"))
        return redirect(working.page(staged))
    return _again(
        request, staged, lambda: working.correct(actor=request.actor, staged=staged, file=file)
    )


def _again(request: Request, staged: Staged, do: Callable[[], object]) -> HttpResponseBase:
    try:
        do()
    except NotAllowed:
        raise
    except UserError as problem:
        messages.error(request, str(problem))
    return redirect(working.page(staged))


@login_required
@require_POST
def discard(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """Throws an upload away."""
    _mine(request, kind, digest).discard()
    messages.success(request, gettext("已丢弃，没有写入任何内容。"))
    return redirect("imports:upload", kind)


@login_required
def report(request: Request, kind: str, digest: str) -> HttpResponseBase:
    """How far the worker is, or what the dry run understood; a POST writes."""
    importer = importer_for(request.actor, kind)
    if said := staging.finished(request.actor.account_id, kind, digest):
        messages.success(request, said)
        return redirect(importer.back)
    staged, problem = staging.staged(request.actor.account_id, kind, digest), ""
    if request.method == "POST":
        try:
            written = working.write(actor=request.actor, staged=staged)
        except UserError as error:
            problem = str(error)
        else:
            if written is None:
                return redirect(request.path)
            messages.success(request, working.written(written))
            return redirect(importer.back)
    context = {**_context(importer, kind), "digest": digest}
    if progress := staged.read("progress"):
        seconds = int(time.time() - progress["since"])
        page = show(request, "imports/working.html", {**context, **progress, "seconds": seconds})
        page["Refresh"] = "2"
        return page
    state = staged.read()
    context |= {"name": state["name"], "before": state.get("before")}
    context |= _shown(importer, state.get("report") or {})
    context["problem"] = problem or state.get("problem", "")
    status = 422 if context["problem"] else 200
    return show(request, "imports/report.html", context, status=status)


def _shown(importer: Importer, report: Mapping[str, Any]) -> dict[str, Any]:
    """The report as its page needs it: the first of what is listed, choices for each column."""
    if not report:
        return {"report": None}
    english = current_language()
    fields = [(UNREAD, gettext("（不读）"))]
    fields += [(one.key, one.title(english)) for one in importer.sheet.columns]
    lists = ("problems", "changes", "left_rows", "fresh")
    total = {
        "problems": report["problem_count"],
        "changes": len(report["changes"]),
        "left_rows": report["left"],
        "fresh": report["new"],
    }
    read = [one for one in report["sheets"] if one["read"]]
    return {
        "report": report,
        **{key: report[key][:ROWS_SHOWN] for key in lists},
        "more": {key: max(total[key] - ROWS_SHOWN, 0) for key in lists},
        "fields": fields,
        "unread": [
            one["title"] for sheet in read for one in sheet["columns"] if one["key"] == UNREAD
        ],
        "questions": {one["key"] for one in report["questions"]},
        "asked": [one for one in report["questions"] if not one["answer"]],
        "assumed": [one for one in report["questions"] if one["answer"]],
    }
