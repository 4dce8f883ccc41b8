"""The working calendar as a page: the days that differ, and the hours of ordinary days."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luodi.ground.calendars import api
from luodi.ground.calendars.models import CalendarDay, OfficeHours
from luodi.ground.records.api import Verb, form_of
from luodi.ground.scope.api import Request, today
from luodi.shell.forms import carry_out
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

HERE = "calendars:calendars"


@login_required
def calendars(request: Request) -> HttpResponseBase:
    """The days that differ, the hours of ordinary days, and the forms for more of them."""
    request.actor.require("calendar.write")
    return _page(request)


@login_required
@require_POST
def set_day(request: Request) -> HttpResponseBase:
    return _submit(request, "day", api.set_day)


@login_required
@require_POST
def set_hours(request: Request) -> HttpResponseBase:
    return _submit(request, "hours", api.set_hours)


@login_required
@require_POST
def fill(request: Request) -> HttpResponseBase:
    """Enters a year's published days off."""
    return _submit(request, "year", api.fill_year)


def _submit(request: Request, name: str, verb: Verb[..., Any]) -> HttpResponseBase:
    form = form_of(verb, request.actor, prefix=name, data=request.POST)
    done = carry_out(request, form, lambda data: verb(actor=request.actor, **data))
    return _page(request, **{name: form}) if done is None else redirect(HERE)


@login_required
@require_POST
def clear(request: Request, pk: int) -> HttpResponse:
    day = get_object_or_404(CalendarDay.objects.select_related("unit"), pk=pk)
    api.clear_day(actor=request.actor, on=day.on, unit=day.unit)
    return redirect(HERE)


def _page(request: Request, **refused: Form) -> HttpResponseBase:
    listing = Listing(
        request,
        CalendarDay.objects.select_related("unit"),
        columns=[
            Column("on", _("日期"), sort="on", phone="title"),
            Column("meaning", _("类型"), sort="kind"),
            Column("name", _("名称")),
            Column("unit", _("适用单位"), value=lambda one: one.unit or _("全部单位")),
            Column("source", _("依据"), phone="hide"),
            Column(
                "edited",
                _("来源"),
                value=lambda one: _("人工设定") if one.edited else _("放假通知"),
                phone="hide",
            ),
        ],
        default_sort="-on",
        name="calendar",
        title=_("工作日历"),
        empty=_("还没有特殊日。先按放假通知填入一年，再逐日调整。"),
    )
    if file := listing.export():
        return file
    actor = request.actor
    context: dict[str, Any] = {
        "day": form_of(api.set_day, actor, prefix="day"),
        "hours": form_of(api.set_hours, actor, prefix="hours"),
        "year": form_of(api.fill_year, actor, prefix="year", initial={"year": today().year}),
        **refused,
        "listing": listing,
        "office_hours": OfficeHours.objects.select_related("unit").order_by("-since"),
        "own_days": CalendarDay.objects.select_related("unit")
        .filter(edited=True)
        .order_by("-on")[:50],
    }
    return show(request, "calendars/calendars.html", context, status=422 if refused else 200)
