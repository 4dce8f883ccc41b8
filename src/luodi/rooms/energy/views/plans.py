"""Plans of the park: asked for, watched, kept, moved by sliders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.audit.api import note
from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, Unit
from luodi.lib.errors import UserError
from luodi.rooms.energy.models import Scenario
from luodi.rooms.energy.park import Question
from luodi.rooms.energy.verbs import plans as verbs
from luodi.rooms.energy.verbs.plans import KINDS, OPEN
from luodi.shell.pages import show

SLIDERS = (
    ("volume", _("合同电量（%）"), 50, 200, 5, 100),
    ("price", _("绿电价格（元/千瓦时）"), 0.25, 0.45, 0.001, 0.342),
    ("carbon_price", _("碳价（元/吨）"), 0, 300, 10, 0),
)


def own_park(request: Request) -> Unit:
    """The unit whose park one manages."""
    request.actor.require("energy.manage")
    held = [one for one in request.actor.holdings if "energy.manage" in one.role.permissions]
    return Unit.objects.get(pk=min(held, key=lambda one: one.path).unit_id)


@login_required
def plans(request: Request) -> HttpResponseBase:
    """The kept plans, the latest first, and the sliders."""
    request.actor.require("energy.park")
    context = {
        "rows": Scenario.objects.defer("workbook", "report").select_related("asked_by")[:50],
        "may_ask": request.actor.may("energy.manage"),
        "sliders": SLIDERS,
        "kinds": KINDS,
    }
    return show(request, "energy/plans.html", context)


def find(request: Request, pk: int, permission: str = "energy.park") -> Scenario:
    row = get_object_or_404(Scenario.objects.defer("workbook", "report"), pk=pk)
    request.actor.require(permission, row.path)
    return row


@login_required
def plan(request: Request, pk: int) -> HttpResponseBase:
    """A plan: what it says, against what, how far it is; its files."""
    row = find(request, pk)
    wanted = request.GET.get("format", "")
    if wanted in {"xlsx", "html"}:
        data = bytes(row.workbook or b"") if wanted == "xlsx" else row.report.encode()
        if not data:
            raise Http404
        note("export", "energy_scenario", row.pk, row.path, kind=wanted)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        answer = HttpResponse(
            data, content_type=kind if wanted == "xlsx" else "text/html; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="plan-{row.pk}.{wanted}"'
        return answer
    before = (
        Scenario.objects.defer("workbook", "report")
        .filter(
            unit=row.unit_id, kind=row.kind, state=Scenario.State.DONE, asked_at__lt=row.asked_at
        )
        .first()
    )
    results = row.results or {}
    context: dict[str, Any] = {
        "row": row,
        "before": before,
        "results": results,
        "kind": KINDS.get(row.kind, row.kind),
        "open": row.state in OPEN,
        "wan": _against(row, results),
        "may": request.actor.may("energy.manage", row.path),
        "before_wan": float(before.objective) / 1e4 if before and before.objective else None,
        "shares": [
            {
                "name": one["name"],
                "owen": one["owen"] / 1e4,
                "shapley": one["shapley"] / 1e4 if "shapley" in one else None,
            }
            for one in results.get("shares", ())
        ],
        "blocking": _blocking(results.get("blocking", {})),
        "cases": [
            {
                "name": one["name"],
                "wan": one["yuan"] / 1e4,
                "probability": round(one.get("probability", 0) * 100),
            }
            for one in results.get("cases", ())
        ],
    }
    return show(request, "energy/plan.html", context)


def _blocking(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Whether any group would do better alone, in a sentence for each way of sharing."""
    told = []
    for key, label in (("owen", gettext("欧文值")), ("shapley", gettext("沙普利值"))):
        one = found.get(key)
        if one is None:
            continue
        said = gettext("没有哪几家单干会更好。")
        if one["gain"] > 1:
            said = gettext("%(names)s 单干会多得 %(gain)s 万元。") % {
                "names": gettext("、").join(one["members"]),
                "gain": f"{one['gain'] / 1e4:,.1f}",
            }
        told.append((label, said))
    return told


def _against(row: Scenario, results: dict[str, Any]) -> list[tuple[object, float]]:
    """The plan beside what it is measured against, in 10,000 yuan."""
    if row.objective is None:
        return []
    found: list[tuple[object, float]] = [(_("本方案"), float(row.objective) / 1e4)]
    for key, label in (
        ("pro_rata", _("按负荷平均分")),
        ("no_contract", _("不签合同")),
        ("expected", _("平均")),
        ("cvar", _("最坏一成")),
    ):
        if key in results:
            found.append((label, results[key] / 1e4))
    return found


@login_required
def what_if(request: Request) -> HttpResponseBase:
    """What the sliders say, answered at once."""
    unit = own_park(request)
    said: dict[str, float] = {}
    for key, _label, low, high, _step, default in SLIDERS:
        try:
            value = float(request.GET.get(key, "") or default)
        except ValueError:
            value = default
        said[key] = min(max(value, low), high)
    found, why = None, ""
    try:
        found = verbs.what_if(
            unit,
            Question(
                volume=said["volume"] / 100, price=said["price"], carbon_price=said["carbon_price"]
            ),
        )
    except UserError as problem:
        why = str(problem)
    return show(request, "energy/what_if.html", {"found": found, "why": why, "said": said})


@login_required
@require_POST
def stop(request: Request, pk: int) -> HttpResponseBase:
    row = find(request, pk, "energy.manage")
    try:
        verbs.stop_plan(actor=request.actor, scenario=row)
    except UserError as problem:
        if problem.status != 422:
            raise
        messages.error(request, str(problem))
    return redirect("energy:plan", pk=pk)


ask = page_of(
    verbs.ask_plan,
    find=lambda request: {"unit": own_park(request)},
    heading=_("算一个用电方案"),
    note=_("以过去一年的负荷和发电预计来年，由后台计算；可以离开这一页。储能放在用电最多的企业。"),
    back=lambda given: reverse("energy:plans"),
    submit=_("开始计算"),
    done=lambda made: reverse("energy:plan", args=[made.pk]),
)
