"""Two ways in for those who have an account: a liaison's own, and an officer's at the telephone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.evidence.api import files_of
from luodi.ground.scope.api import Request
from luodi.rooms.casework import api
from luodi.rooms.casework.forms import BehalfForm, RaiseForm
from luodi.rooms.casework.models import Case
from luodi.rooms.casework.views.common import templates_of
from luodi.shell.forms import carry_out
from luodi.shell.pages import show

Data = dict[str, Any]


@login_required
def new(request: Request) -> HttpResponse:
    """Raises a problem in one's own name: a liaison fills in one field."""
    request.actor.require("cases.raise")
    return _raise(request, RaiseForm, _own, gettext_lazy("反映问题"))


@login_required
def behalf(request: Request) -> HttpResponse:
    """Enters what somebody said by telephone or in person."""
    request.actor.require("cases.receive")
    return _raise(request, BehalfForm, _for_somebody, gettext_lazy("登记问题"))


def _raise(request: Request, kind: Any, verb: Any, heading: Any) -> HttpResponse:
    texts, text = templates_of(request, kind.kind)
    posted = request.method == "POST"
    initial = {"text": text, "unit": request.GET.get("unit", "")}
    form = kind(
        request.POST if posted else None,
        request.FILES if posted else None,
        actor=request.actor,
        initial=initial,
    )
    if posted:
        case = carry_out(request, form, lambda data: _with_files(request, form, verb, data))
        if case is not None:
            said = _("已登记，编号 %(code)s。办理进展会在“消息”里通知您。")
            if form.again:
                said = _("这个问题您刚才已经反映过，编号 %(code)s，没有重复登记。")
            messages.success(request, said % {"code": case.code})
            return redirect("cases:case", case.code)
    context = {"form": form, "texts": texts, "heading": heading}
    return show(request, "casework/raise.html", context, status=422 if posted else 200)


def _with_files(request: Request, form: Any, verb: Any, data: Data) -> Case:
    """The case with its files; sent again after going back, the one that there is."""
    files: list[UploadedFile[bytes]] = data.pop("file")
    unit = data.get("unit") or form.only
    name = data.get("reporter_name", "")
    found = api.raised_just_now(actor=request.actor, unit=unit, text=data["text"], name=name)
    form.again = found is not None
    case: Case = found or verb(request, form, data)
    there = _names_of(found) if found else set()
    for upload in files:
        if (upload.name, upload.size) in there:
            continue
        api.attach(actor=request.actor, case=case, upload=upload)
    return case


def _names_of(case: Case) -> set[tuple[str, int]]:
    key = (Case._meta.db_table, case.pk)
    return {(one.name, one.size) for one in files_of({key[0]: [key[1]]}).get(key, [])}


def _own(request: Request, form: RaiseForm, data: Data) -> Case:
    unit = data.pop("unit", None) or form.only
    return api.raise_problem(actor=request.actor, unit=unit, **data)


def _for_somebody(request: Request, form: BehalfForm, data: Data) -> Case:
    return api.raise_on_behalf(actor=request.actor, **data)
