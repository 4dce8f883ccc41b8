"""A meter's load: a year as a heat map, a day as a curve, its gaps."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from luodi.ground.scope.api import Request, today
from luodi.rooms.energy.models import DayLoad
from luodi.rooms.energy.pictures import day_curve, heat_map
from luodi.rooms.energy.views.reading import find_meter
from luodi.shell.cells import sheet_response
from luodi.shell.pages import show

DAYS = 366


def asked_day(text: str) -> dt.date:
    """The day of the address, or yesterday."""
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    yesterday = today() - dt.timedelta(days=1)
    return day if day and dt.date(2000, 1, 1) <= day < dt.date(2200, 1, 1) else yesterday


@login_required
def curve(request: Request, pk: int) -> HttpResponseBase:
    """The year up to a day: each hour a cell; the day itself as a curve of 96 points."""
    meter = find_meter(request, pk)
    until = asked_day(request.GET.get("until", ""))
    since = until - dt.timedelta(days=DAYS - 1)
    rows = list(
        DayLoad.objects.filter(meter=meter, known_until=None, day__gte=since, day__lte=until)
        .order_by("day")
        .values_list("day", "hours", "total_wh", "missing")
    )
    if request.GET.get("format") == "xlsx":
        hours = [f"{at:02}:00" for at in range(24)]
        headings = [gettext("日期"), *hours, gettext("合计（千瓦时）"), gettext("缺（点）")]
        lines = (
            [day, *[None if one is None else one / 1000 for one in hours], total / 1000, missing]
            for day, hours, total, missing in rows
        )
        return sheet_response(str(meter), headings, lines)[0]
    shown = (
        asked_day(request.GET.get("day", ""))
        if request.GET.get("day")
        else (rows[-1][0] if rows else until)
    )
    whole = DayLoad.objects.filter(meter=meter, known_until=None, day=shown).first()
    context = {
        "meter": meter,
        "since": since,
        "until": until,
        "day": shown,
        "load": whole,
        "total_kwh": sum(row[2] for row in rows) / 1000,
        "known": len(rows),
        "gaps": [(day, missing) for day, _h, _t, missing in rows if missing],
        "unknown": (until - since).days + 1 - len(rows),
        "heat": heat_map(since, until, {day: hours for day, hours, _t, _m in rows}),
        "curve": day_curve(shown, whole.wh if whole else [], whole.quality if whole else ""),
        "may_read_in": request.actor.may("energy.read_in", meter.path),
        "before": until - dt.timedelta(days=DAYS),
        "after": min(until + dt.timedelta(days=DAYS), today() - dt.timedelta(days=1)),
    }
    return show(request, "energy/curve.html", context)
