"""The board, the road map, the work plan of a unit; one programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.audit.api import note
from luodi.ground.scope.api import Request, Unit, today
from luodi.lib.errors import UserError
from luodi.rooms.programmes.lights import Light
from luodi.rooms.programmes.models import Programme, Target
from luodi.rooms.programmes.pictures import (
    Section,
    roadmap_sections,
    spark,
    time_picture,
    workplan_sections,
)
from luodi.rooms.programmes.reading import (
    Chapter,
    Standing,
    chapters_of,
    pledges_of,
    standings_of,
    units_with_programmes,
)
from luodi.rooms.programmes.sheets import roadmap_rows, workplan_rows
from luodi.shell.cells import sheet_response
from luodi.shell.pages import show

POINTS = 6  # days of a trend on a page


def asked_day(request: Request) -> dt.date:
    """The day of the page: the address's, or today."""
    text = request.GET.get("at", "")
    try:
        day = parse_date(text) if text else today()
    except ValueError:
        day = None
    if day is None or not dt.date(1950, 1, 1) <= day < dt.date(2200, 1, 1):
        raise UserError(_now("日期应写成 2022-12-31 的样子。"), "at")
    return day


def asked_unit(request: Request, units: Sequence[Unit]) -> Unit | None:
    """The address's unit, or the first that has programmes."""
    wanted = request.GET.get("unit", "")
    return next((one for one in units if str(one.pk) == wanted), units[0] if units else None)


def _context(request: Request) -> dict[str, Any]:
    request.actor.require("programmes.view")
    units, at = units_with_programmes(), asked_day(request)
    unit = asked_unit(request, units)
    chapters = chapters_of(actor=request.actor, unit=unit, at=at) if unit else []
    return {
        "units": units,
        "unit": unit,
        "at": at,
        "today": today(),
        "query": f"?unit={unit.pk}&at={at}" if unit else "",
        "chapters": chapters,
        "lights": counted(chapters),
        "may_write": unit is not None and request.actor.may("programmes.write", unit.path),
        "may_add": request.actor.may("programmes.write"),
    }


def counted(chapters: Sequence[Chapter]) -> list[tuple[Light, int]]:
    """How many targets have which light, over all programmes."""
    found = [one.light for chapter in chapters for one in chapter.standings]
    return [(light, found.count(light)) for light in Light if light in found]


def sparked(chapters: Sequence[Chapter]) -> dict[int, SafeString]:
    """The trend of each target as a small line, by the target's id."""
    return {one.target.pk: line_of(one) for chapter in chapters for one in chapter.standings}


def line_of(one: Standing) -> SafeString:
    return spark(one.trend, one.wanted, one.light)


@login_required
def board(request: Request) -> HttpResponseBase:
    """The programmes of a unit, each target with its figure, trend and light; of one light, if asked.

    The trends are pictures that the browser fetches as they come into sight: six times as many
    readings would hold the page up.
    """
    context = _context(request)
    context["trends"] = True
    wanted = request.GET.get("light")
    context["only"] = next((one for one in Light if one.value == wanted), None)
    return show(request, "programmes/board.html", context)


@login_required
def trend(request: Request, pk: int) -> HttpResponse:
    """The trend of a target until a day, as a picture; an empty one where there is none."""
    row = get_object_or_404(Target.objects.select_related("measure__programme__unit"), pk=pk)
    request.actor.require("programmes.view")
    at = asked_day(request)
    pledges = [one for one in pledges_of([row.measure], at) if one.target_id == pk]
    lines = [
        line_of(one)
        for one in standings_of(actor=request.actor, pledges=pledges, at=at, points=POINTS)
    ]
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="28"></svg>'
    picture = (lines and lines[0]) or empty
    return HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")


@login_required
def roadmap(request: Request) -> HttpResponseBase:
    """路线图: the targets over time, their gaps, and who answers for them."""
    return _chart(request, "roadmap", _("路线图"), roadmap_sections, roadmap_rows)


@login_required
def workplan(request: Request) -> HttpResponseBase:
    """施工图: the measures with their cases, duties and dates."""
    return _chart(request, "workplan", _("施工图"), workplan_sections, workplan_rows)


def _chart(
    request: Request,
    name: str,
    title: str | Promise,
    sections_of: Callable[[Sequence[Chapter]], list[Section]],
    rows_of: Callable[[Sequence[Chapter]], tuple[list[str], Any]],
) -> HttpResponseBase:
    """The page, or with `?format=xlsx` / `svg` / `svg-phone` the file."""
    context = _context(request)
    chapters, at = context["chapters"], context["at"]
    heading = f"{context['unit'] or ''} {title} {at.isoformat()}".strip()
    wanted = request.GET.get("format", "")
    if wanted == "xlsx":
        response, count = sheet_response(heading, *rows_of(chapters))
        _told(request, name, "xlsx", count)
        return response
    sections = sections_of(chapters)
    if wanted in {"svg", "svg-phone"}:
        _told(request, name, "svg", sum(len(one.bars) for one in sections))
        picture = time_picture(heading, sections, at, narrow=wanted == "svg-phone")
        answer = HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}-{at}.svg"'
        return answer
    context |= {
        "title": title,
        "here": name,
        "wide": time_picture(heading, sections, at),
        "narrow": time_picture(heading, sections, at, narrow=True),
    }
    return show(request, f"programmes/{name}.html", context)


def _told(request: Request, name: str, kind: str, rows: int) -> None:
    unit = request.GET.get("unit", "")
    note("export", "listing", name, None, kind=kind, rows=rows, filters=unit)


def find_programme(pk: int) -> Programme:
    return get_object_or_404(Programme.objects.select_related("unit"), pk=pk)


@login_required
def programme(request: Request, pk: int) -> HttpResponseBase:
    """One programme: its measures, with their targets, cases and duties."""
    row, at = find_programme(pk), asked_day(request)
    chapters = chapters_of(actor=request.actor, programme=row, at=at, points=POINTS)
    context = {
        "programme": row,
        "chapter": chapters[0],
        "at": at,
        "today": today(),
        "sparks": sparked(chapters),
        "may_write": request.actor.may("programmes.write", row.unit.path),
    }
    return show(request, "programmes/programme.html", context)
