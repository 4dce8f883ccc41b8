"""The cockpit's page, and what stands on it."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luodi.ground.figures.api import figures, may_read, room_of
from luodi.ground.scope.api import Request, Unit, today, units_of
from luodi.lib.errors import NotFound, UserError
from luodi.lib.periods import in_reason
from luodi.manifest import Decision, Overview, manifests
from luodi.rooms.cockpit import api
from luodi.rooms.cockpit.models import Morning
from luodi.shell.pages import show
from luodi.shell.parts import filled_parts

VIEW = "cockpit.view"


@login_required
def cockpit(request: Request) -> HttpResponse:
    """What needs a decision, what is late, how promises stand, what moved; on a day."""
    request.actor.require(VIEW)
    units = list(units_of(request.actor, VIEW).order_by("path")[:200])
    unit = _unit(request, units)
    day, problem = _day(request)
    view = Overview(unit, day, day == today())
    board = api.board_of(
        actor=request.actor, unit=unit, on=day, fresh=bool(request.GET.get("fresh"))
    )
    context: dict[str, Any] = {
        "view": view,
        "units": units,
        "problem": problem,
        "board": board,
        "rooms": [(r, list(some)) for r, some in groupby(board.tiles, key=lambda one: one.room)],
        "decisions": _decisions(request, view) if view.now else [],
        "parts": filled_parts(request, "cockpit", view),
        "earlier": day - dt.timedelta(days=1),
        "later": None if view.now else day + dt.timedelta(days=1),
        "address": f"{reverse('cockpit:cockpit')}?unit={unit.pk}",
        "may_choose": request.actor.may("cockpit.choose", unit.path),
        "mornings": Morning.objects.filter(account_id=request.actor.account_id).exists(),
    }
    wall = bool(request.GET.get("wall"))
    return show(request, "cockpit/wall.html" if wall else "cockpit/cockpit.html", context)


def _unit(request: Request, units: list[Unit]) -> Unit:
    asked = request.GET.get("unit", "")
    for one in units:
        if not asked or str(one.pk) == asked:
            return one
    raise NotFound(_("没有这个单位，或您无权查看。"))


def _day(request: Request) -> tuple[dt.date, str]:
    """The day asked for; today with a sentence where it is none, or has not come."""
    asked = request.GET.get("on", "")
    if not asked:
        return today(), ""
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return today(), _("请写成 2022-12-22 这样的日期。")
    if not in_reason(day) or day > today():
        return today(), _("请选今天或更早的日期。")
    return day, ""


def _decisions(request: Request, view: Overview) -> list[Decision]:
    return [
        one
        for manifest in manifests()
        if manifest.decisions
        for one in manifest.decisions(request.actor, view)
        if one.count
    ]


@login_required
def choose(request: Request, pk: int) -> HttpResponse:
    """Which figures stand on a unit's cockpit."""
    unit = units_of(request.actor, "cockpit.choose").filter(pk=pk).first()
    if unit is None:
        raise NotFound(_("没有这个单位，或您无权查看。"))
    problem = ""
    if request.method == "POST":
        try:
            api.choose_figures(
                actor=request.actor, unit=unit, figures_of=request.POST.getlist("chosen")
            )
        except UserError as refused:
            problem = str(refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect(f"{reverse('cockpit:cockpit')}?unit={unit.pk}")
    kept = set(api.chosen_of(unit))
    rows = sorted(
        (room_of(one), str(one.name), one.key) for one in figures() if may_read(request.actor, one)
    )
    groups = [
        (room, [(key, name, key in kept) for _room, name, key in some])
        for room, some in groupby(rows, key=lambda row: row[0])
    ]
    context = {
        "groups": groups,
        "heading": _("一屏显示的数据"),
        "note": problem or _("勾选的数据指标显示在本单位的一屏上，点开就是它的明细。"),
    }
    return show(request, "workbench/choose.html", context, status=422 if problem else 200)


@login_required
@require_POST
def mornings(request: Request, pk: int) -> HttpResponse:
    """Turns the morning's message on or off."""
    unit = _unit(request, list(units_of(request.actor, VIEW).filter(pk=pk)))
    wanted = bool(request.POST.get("wanted"))
    api.want_mornings(actor=request.actor, unit=unit, wanted=wanted)
    done = _("每个工作日早上会收到一条消息。") if wanted else _("不再发送。")
    messages.success(request, done)
    return redirect(f"{reverse('cockpit:cockpit')}?unit={unit.pk}")
