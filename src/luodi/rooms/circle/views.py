"""Studies: the list, a new one, what one found; and the streets."""

from __future__ import annotations

import gzip
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, units_of
from luodi.rooms.circle.forms import StreetsForm
from luodi.rooms.circle.models import Settlement, Site, Streets, Study
from luodi.rooms.circle.streets import keep_streets
from luodi.rooms.circle.verbs import ask_study
from luodi.shell.cells import sheet_response
from luodi.shell.forms import carry_out
from luodi.shell.pages import show

SHOWN = 50
RUNNING = {Study.State.WAITING, Study.State.RUNNING}
# the map is one file with its script in it; it may do nothing but draw
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:;"
    " frame-ancestors 'self'; sandbox allow-scripts"
)


@login_required
def studies(request: Request) -> HttpResponseBase:
    """What was measured, the latest first; what is there to measure."""
    request.actor.require("circle.view")
    rows = Study.objects.select_related("unit", "asked_by").defer("result", "picture", "page")
    streets = Streets.objects.select_related("unit").defer("packed")
    context = {
        "studies": rows[:SHOWN],
        "streets": streets,
        "homes": Settlement.objects.count(),
        "sites": Site.objects.count(),
        "may_write": request.actor.may("circle.write"),
    }
    return show(request, "circle/studies.html", context)


new_study = page_of(
    ask_study,
    heading=gettext_lazy("测算健身圈"),
    back=lambda given: reverse("circle:studies"),
    initial=lambda request, given: {
        "unit": units_of(request.actor, "circle.write").order_by("path").first(),
        "kind": "any",
        "mode": "walk",
        "minutes": 15,
        "count": 3,
        "goal": "cover",
    },
    done=lambda study: reverse("circle:study", args=[study.pk]),
    submit=gettext_lazy("开始测算"),
)


def _find(request: Request, pk: int) -> Study:
    request.actor.require("circle.view")
    found: Study = get_object_or_404(Study.objects.select_related("unit", "asked_by"), pk=pk)
    return found


@login_required
def study(request: Request, pk: int) -> HttpResponseBase:
    """What a study found; while it is computed the page asks again every two seconds."""
    one = _find(request, pk)
    if request.GET.get("format") == "xlsx" and one.state == Study.State.READY:
        return _sheet(one)
    context: dict[str, Any] = {"study": one, "running": one.state in RUNNING}
    if one.state == Study.State.READY:
        result = one.result
        context |= {
            "result": result,
            "picture": mark_safe(one.picture),  # noqa: S308 - drawn by the planner, its texts escaped
            "everyone": result["groups"][-1],
            "far": [
                home
                for home in result["homes"]
                if home["before"] is None or home["before"] > result["limit"]
            ],
        }
    response = show(request, "circle/study.html", context)
    if one.state in RUNNING:
        response["Refresh"] = "2"
    return response


@login_required
@xframe_options_sameorigin
def study_map(request: Request, pk: int) -> HttpResponse:
    """The map to move about in: the streets are its background, no other server is asked."""
    one = _find(request, pk)
    if not one.page:
        raise Http404
    response = HttpResponse(gzip.decompress(bytes(one.page)))
    response["Content-Security-Policy"] = POLICY
    return response


def _sheet(one: Study) -> HttpResponseBase:
    titles = [
        _("村（社区）"),
        _("人口"),
        _("最近的设施"),
        _("现在（分钟）"),
        _("建成后（分钟）"),
    ]
    rows = (
        [home["name"], home["people"], home["nearest"], home["before"], home["after"]]
        for home in one.result["homes"]
    )
    response, _count = sheet_response(_("健身圈测算 %(id)s") % {"id": one.pk}, titles, rows)
    return response


@login_required
def streets(request: Request) -> HttpResponseBase:
    """Reads a file of streets."""
    request.actor.require("circle.write")
    form = StreetsForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda data: keep_streets(
            actor=request.actor,
            unit=data["unit"],
            name=data["file"].name,
            content=data["file"].read(),
        ),
    ):
        return redirect("circle:studies")
    return show(request, "circle/streets.html", {"form": form}, status=422 if form.errors else 200)
