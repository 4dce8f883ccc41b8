"""A season as it stands: its map, its days, its plans; a village with its menu."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, Sum
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.seasons import manifest
from luodi.rooms.seasons.models import Performance, Plan, Play, Season, Troupe, Village
from luodi.rooms.seasons.picture import drawn
from luodi.rooms.seasons.verbs import performing, planning
from luodi.shell.columns import Column
from luodi.shell.listing import Listing
from luodi.shell.pages import show

VIEW, WRITE = "seasons.view", "seasons.write"
SHOWN = 400  # performances on a season's page


def find_season(request: Request, pk: int, permission: str = WRITE) -> Season:
    found = get_object_or_404(Season.objects.select_related("unit"), pk=pk)
    request.actor.require(permission, found.path)
    return found


def home(one: Season) -> str:
    return reverse("seasons:season", args=[one.pk])


COLUMNS = [
    Column("on", _("日期"), sort="on", phone="title", value=lambda row: row.on),
    Column("village", _("村"), sort="village__name", value=lambda row: row.village,
           link=lambda row: reverse("seasons:village", args=[row.village_id])),
    Column("township", _("乡镇"), sort="village__township", value=lambda row: row.village.township),
    Column("troupe", _("剧团"), sort="troupe__name", value=lambda row: row.troupe),
    Column("play", _("剧目"), value=lambda row: row.play or ""),
    Column("state", _("状态"), sort="state", value=lambda row: row.get_state_display()),
    Column("audience", _("观众人数"), sort="audience", value=lambda row: row.audience, align="end"),
    Column("why", _("取消原因"), value=lambda row: row.why),
    Column("do", "", value=lambda row: "", link=None, export=lambda row: ""),
]  # fmt: skip


def columns(*, may_write: bool) -> list[Column]:
    """The list's columns; the last leads to what can be done."""
    made = [one for one in COLUMNS if one.name != "do"]
    if may_write:
        made.append(Column("do", _("登记"), value=_what, link=_where, export=lambda row: ""))
    return made


def _what(row: Performance) -> str:
    if row.state == Performance.State.PLANNED:
        return gettext("登记演出") if row.on <= today() else gettext("取消")
    if row.state == Performance.State.CANCELLED and not hasattr(row, "replacement"):
        return gettext("安排补演")
    return ""


def _where(row: Performance) -> str:
    if row.state == Performance.State.PLANNED:
        name = "hold_performance" if row.on <= today() else "cancel_performance"
        return reverse(f"seasons:{name}", args=[row.pk])
    if row.state == Performance.State.CANCELLED and not hasattr(row, "replacement"):
        return reverse("seasons:make_up", args=[row.pk])
    return ""


@login_required
def season(request: Request, pk: int) -> HttpResponseBase:
    """A season: its numbers, map, performances, and versions."""
    row = find_season(request, pk, VIEW)
    may_write = request.actor.may(WRITE, row.path)
    rows = row.performances.select_related("village", "troupe", "play", "replacement")
    listing = Listing(
        request,
        rows,
        columns=columns(may_write=may_write),
        default_sort="on",
        name="performances",
        title=row.name,
        search=lambda found, text: found.filter(
            Q(village__name__icontains=text)
            | Q(village__township__icontains=text)
            | Q(troupe__name__icontains=text)
        ),
        empty=_("还没有演出。先排一个方案，或手工添加。"),
    )
    if (file := listing.export()) is not None:
        return file
    context = {
        "record": row,
        "listing": listing,
        "may_write": may_write,
        "plans": row.plans.select_related("asked_by").order_by("-asked_at")[:8],
        **told(row),
    }
    return show(request, "seasons/season.html", context)


def told(row: Season) -> dict[str, Any]:
    """A season's numbers and its map."""
    found = list(row.performances.select_related("village", "troupe"))
    states = Counter(one.state for one in found)
    planned: Counter[int] = Counter()
    held: Counter[int] = Counter()
    for one in found:
        if one.state == Performance.State.PLANNED:
            planned[one.village_id] += 1
        elif one.state == Performance.State.HELD:
            held[one.village_id] += 1
    villages, troupes = places_of(row)
    without = [one for one in villages if not planned[one.pk] + held[one.pk]]
    counts = {one.pk: (planned[one.pk], held[one.pk]) for one in villages}
    address = {one.pk: reverse("seasons:village", args=[one.pk]) for one in villages}
    coming = [one for one in found if one.state == Performance.State.PLANNED and one.on >= today()]
    return {
        "planned": states["planned"],
        "held": states["held"],
        "cancelled": states["cancelled"],
        "villages": len(villages),
        "without": without,
        "audience": row.performances.aggregate(sum=Sum("audience"))["sum"] or 0,
        "picture": drawn(villages, troupes, counts, trips(coming)[:20], address),
    }


def places_of(row: Season) -> tuple[list[Village], list[Troupe]]:
    """The villages and troupes of a season's unit, as long as they last."""
    lasting = Q(closed_on__isnull=True) | Q(closed_on__gt=row.starts_on)
    unit = Q(path__gte=row.unit.path, path__lt=row.unit.path[:-1] + "/")
    villages = Village.objects.filter(unit, lasting).order_by("township", "name")
    return list(villages), list(Troupe.objects.filter(unit, lasting).order_by("name"))


def trips(performances: list[Performance]) -> list[list[Village | Troupe]]:
    """Each troupe's days as stops from home and back."""
    days: dict[tuple[dt.date, int], list[Performance]] = defaultdict(list)
    for one in sorted(performances, key=lambda row: (row.on, row.pk)):
        days[one.on, one.troupe_id].append(one)
    return [
        [some[0].troupe, *(one.village for one in some), some[0].troupe] for some in days.values()
    ]


# --- plans ---------------------------------------------------------------------------------------


@login_required
@require_POST
def ask(request: Request, pk: int) -> HttpResponseBase:
    """Asks for a plan."""
    row = find_season(request, pk)
    made = planning.ask_plan(actor=request.actor, season=row)
    return redirect("seasons:plan", made.pk)


def find_plan(request: Request, pk: int, permission: str = WRITE) -> Plan:
    found = get_object_or_404(Plan.objects.select_related("season__unit"), pk=pk)
    request.actor.require(permission, found.path)
    return found


@login_required
def plan(request: Request, pk: int) -> HttpResponseBase:
    """A plan: how far it is, what it costs and proves, what differs from what is published."""
    row = find_plan(request, pk, VIEW)
    running = row.state in {Plan.State.WAITING, Plan.State.RUNNING}
    before = planning.published(row.season, row.number - 1 if row.number else None)
    names = _names(row, before)
    found = planning.difference(before.lines if before else [], row.lines) if row.lines else None
    context: dict[str, Any] = {
        "record": row,
        "running": running,
        "before": before,
        "difference": found,
        "new": [_line(one, names) for one in found.new] if found else [],
        "gone": [_line(one, names) for one in found.gone] if found else [],
        "moved": [(_line(a, names), _line(b, names)) for a, b in found.moved] if found else [],
        "lines": [_line(one, names) for one in row.lines],
        "may_write": request.actor.may(WRITE, row.path),
        "seconds": int((timezone.now() - row.asked_at).total_seconds()),
    }
    response = show(request, "seasons/plan.html", context)
    if running:
        response["Refresh"] = "2"
    return response


def _names(row: Plan, before: Plan | None) -> dict[str, dict[int, Any]]:
    lines = [*row.lines, *(before.lines if before else [])]
    villages = Village.objects.in_bulk({one["village"] for one in lines})
    troupes = Troupe.objects.in_bulk({one["troupe"] for one in lines})
    return {"village": villages, "troupe": troupes}


def _line(line: dict[str, Any], names: dict[str, dict[int, Any]]) -> dict[str, Any]:
    return {
        **line,
        "village": names["village"].get(line["village"], "—"),
        "troupe": names["troupe"].get(line["troupe"], "—"),
    }


@login_required
@require_POST
def publish(request: Request, pk: int) -> HttpResponseBase:
    """Publishes a plan as the season's next version."""
    row = find_plan(request, pk)
    made = planning.publish_plan(actor=request.actor, plan=row)
    messages.success(request, gettext("已公布第 %(number)s 版。") % {"number": made.number})
    return redirect(home(row.season))


@login_required
@require_POST
def stop(request: Request, pk: int) -> HttpResponseBase:
    """Lets the computation end with what it has."""
    planning.stop_plan(actor=request.actor, plan=find_plan(request, pk))
    return redirect("seasons:plan", pk)


# --- performances ---------------------------------------------------------------------------------


def _performance(request: Request, pk: int) -> dict[str, Any]:
    rows = Performance.objects.select_related("season__unit", "village", "troupe")
    found = get_object_or_404(rows, pk=pk)
    request.actor.require(WRITE, found.path)
    return {"performance": found}


def _back(given: Any) -> str:
    return home(given["performance"].season)


def _start(request: Request, given: Any) -> dict[str, Any]:
    row = given["performance"]
    return {"version": row.version, "play": row.play.name if row.play else ""}


hold = page_of(
    performing.hold_performance,
    find=_performance,
    initial=_start,
    heading=lambda given: gettext("登记演出：%(one)s") % {"one": given["performance"]},
    back=_back,
    note=_("村文化员填一个约数就行，不要照片。"),
    said=_("已登记。"),
)
cancel = page_of(
    performing.cancel_performance,
    find=_performance,
    initial=_start,
    heading=lambda given: gettext("取消：%(one)s") % {"one": given["performance"]},
    back=_back,
    submit=_("取消这场"),
    said=_("已取消。"),
)
instead = page_of(
    performing.make_up,
    find=_performance,
    heading=lambda given: gettext("补演：%(one)s") % {"one": given["performance"]},
    back=_back,
    said=_("已安排补演。"),
)
add = page_of(
    performing.add_performance,
    find=lambda request, pk: {"season": find_season(request, pk)},
    heading=lambda given: gettext("添加演出：%(season)s") % {"season": given["season"]},
    back=lambda given: home(given["season"]),
    said=_("已添加。"),
)


# --- villages ------------------------------------------------------------------------------------


@login_required
def village(request: Request, pk: int) -> HttpResponseBase:
    """A village: what comes, what it had, and the menu to choose from."""
    row = get_object_or_404(Village.objects.select_related("unit"), pk=pk)
    request.actor.require(VIEW, row.path)
    lasting = Q(closed_on__isnull=True) | Q(closed_on__gt=today())
    menu = Play.objects.filter(lasting).select_related("troupe").order_by("troupe__name", "name")
    context = {
        "record": row,
        "may_write": request.actor.may(WRITE, row.path),
        "performances": row.performance_set.select_related("troupe", "play").order_by("-on")[:30],
        "wishes": row.wish_set.select_related("play").order_by("-since")[:20],
        "quiet": row.quiet_set.order_by("-since")[:20],
        "menu": menu[:60],
        "new_wish": f"{manifest.WISHES.url('new')}?village={row.pk}",
        "new_quiet": f"{manifest.QUIETS.url('new')}?village={row.pk}&unit={row.unit_id}",
    }
    return show(request, "seasons/village.html", context)
