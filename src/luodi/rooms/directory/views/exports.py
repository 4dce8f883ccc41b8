"""Excel out: all rows as a sheet that can be imported again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import ReasonForm
from luodi.ground.scope.api import Request, today
from luodi.rooms.directory.forms.enterprises import EmptyForm
from luodi.rooms.directory.sheets import enterprises, people
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show


@dataclass(frozen=True, slots=True)
class Ledger:
    """What goes out: `export` takes the form's data and the stream."""

    title: str | Promise
    export: Callable[..., int]
    form: type[forms.Form]
    permission: str


LEDGERS = {
    "people": Ledger(_("人员"), people.export_people, ReasonForm, "people.reveal"),
    "enterprises": Ledger(_("企业"), enterprises.export_enterprises, EmptyForm, "cases.view"),
}


@login_required
def export(request: Request, kind: str) -> HttpResponseBase:
    """All rows as a sheet that can be imported again; full numbers leave with a reason."""
    if kind not in LEDGERS:
        raise Http404
    ledger = LEDGERS[kind]
    request.actor.require(ledger.permission)
    form = ledger.form(**posted(request))
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
            "back": reverse("imports:upload", args=[kind]),
        }
        return show(request, "shell/form_page.html", context, status=422 if form.is_bound else 200)
    stream.seek(0)
    name = f"{ledger.title}-{today().isoformat()}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)
