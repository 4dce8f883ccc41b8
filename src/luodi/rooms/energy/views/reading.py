"""Taking in readings, and filling gaps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request
from luodi.rooms.energy.models import Meter
from luodi.rooms.energy.verbs.filling import estimate_gaps
from luodi.rooms.energy.verbs.reading import AskProfile, BadFile, Taken, take_in
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show

UNSAID = ("", _("文件和电能表里都写明了"))


class ReadingForm(forms.Form):
    """A file, and what it leaves open."""

    file = forms.FileField(label=_("读数文件（.xlsx 或 .csv）"))
    labels = forms.ChoiceField(
        label=_("时刻含义"), required=False, choices=[UNSAID, *Meter.LABELS.items()]
    )
    factored = forms.ChoiceField(
        label=_("文件中的数值"), required=False, choices=[UNSAID, *Meter.FACTORED.items()]
    )


@login_required
def take_readings(request: Request) -> HttpResponseBase:
    """The form that takes a file in; what is wrong with it stands below, cell by cell."""
    request.actor.require("energy.read_in")
    form = ReadingForm(**posted(request))
    seen: list[Exception] = []

    def take(data: dict[str, Any]) -> Taken:
        try:
            return take_in(
                actor=request.actor,
                file=data["file"].file,
                name=data["file"].name,
                labels=data["labels"],
                factored=data["factored"],
            )
        except (AskProfile, BadFile) as problem:
            seen.append(problem)
            raise

    if request.method == "POST":
        done = carry_out(request, form, take)
        if done is not None:
            said = gettext(
                "已导入 %(file)s：新增 %(new)s 表日，更正 %(corrected)s 表日，%(same)s 表日没有变化。"
            )
            messages.success(
                request,
                said
                % {
                    "file": done.file.name,
                    "new": done.new,
                    "corrected": done.corrected,
                    "same": done.unchanged,
                },
            )
            return redirect("energy:home")
    bad = next((one for one in seen if isinstance(one, BadFile)), None)
    context = {
        "form": form,
        "problems": bad.problems if bad else [],
        "count": bad.count if bad else 0,
    }
    status = 422 if request.method == "POST" else 200
    return show(request, "energy/readings.html", context, status=status)


def find_meter(request: Request, pk: int, permission: str = "energy.view") -> Meter:
    row = get_object_or_404(Meter.objects.select_related("unit"), pk=pk)
    request.actor.require(permission, row.path)
    return row


estimate = page_of(
    estimate_gaps,
    find=lambda request, pk: {"meter": find_meter(request, pk, "energy.read_in")},
    heading=lambda given: gettext("补缺估算：%(meter)s") % {"meter": given["meter"]},
    note=_("缺口用前四周同一天、同一时刻的平均值补上，标为“估算”。以后导入的实测读数会替换它。"),
    back=lambda given: reverse("energy:curve", args=[given["meter"].pk]),
    submit=_("补缺"),
    said=_("已补缺。"),
)
