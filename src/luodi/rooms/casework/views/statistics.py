"""Statistics: every number opens to the cases that it counts."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import address
from luodi.ground.scope.api import Actor, Unit
from luodi.ground.scope.fields import UnitField, unit_name, units_of
from luodi.ground.scope.middleware import Request
from luodi.rooms.casework import api
from luodi.rooms.casework.filters import ListFilter, procedure_choices
from luodi.rooms.casework.statistics import ROW_FIGURES
from luodi.rooms.casework.templatetags.cases import span
from luodi.shell.pages import show


class PeriodForm(ListFilter):
    """Which cases are counted: of a unit and all below it, in a period."""

    since = forms.DateField(label=_("日期自"), widget=forms.DateInput)
    until = forms.DateField(label=_("至"), widget=forms.DateInput)
    unit = UnitField(label=_("单位（含下级）"))
    procedure = forms.ChoiceField(
        label=_("办理程序"), required=False, choices=lambda: procedure_choices()
    )


def presets(today: dt.date) -> list[tuple[Any, dt.date, dt.date]]:
    """The periods that people ask for."""
    month = today.replace(day=1)
    last = month - dt.timedelta(days=1)
    quarter = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
    year = today.replace(month=1, day=1)
    return [
        (_("本月"), month, today),
        (_("上月"), last.replace(day=1), last),
        (_("本季度"), quarter, today),
        (_("今年"), year, today),
        (_("去年"), year.replace(year=year.year - 1), year - dt.timedelta(days=1)),
    ]


@login_required
def statistics(request: Request) -> HttpResponse:
    """What was received and solved, in time or not, by category and by unit."""
    request.actor.require("cases.view")
    today = timezone.localdate()
    form = PeriodForm(_asked(request, today), actor=request.actor)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        asked = form.cleaned_data
        found = api.statistics(actor=request.actor, **asked)
        whole = request.actor.covers("cases.view", asked["unit"].path)
        context |= {
            "figures": [_cell(one, whole) for one in found.figures],
            "times": [_cell(one, whole) for one in found.times],
            "headings": [api.FIGURES[key] for key in ROW_FIGURES],
            "groups": [
                (_("按类别"), _table(found.by_category, whole)),
                (_("按单位"), _table(found.by_unit, whole)),
            ],
            "presets": [_preset(form, *one) for one in presets(today)],
        }
    return show(request, "casework/statistics.html", context)


def _asked(request: Request, today: dt.date) -> QueryDict:
    """The address's values; where it says nothing: this year, of the actor's own unit."""
    data = request.GET.copy()
    data.setdefault("since", str(today.replace(month=1, day=1)))
    data.setdefault("until", str(today))
    if not data.get("unit"):
        data["unit"] = _highest(request.actor)
    return data


def _highest(actor: Actor) -> str:
    """The name of the highest unit whose cases the actor may see."""
    found: Unit | None = units_of(actor, "cases.view").order_by("path").first()
    return unit_name(found) if found else ""


def _preset(form: PeriodForm, label: Any, since: dt.date, until: dt.date) -> tuple[Any, str, bool]:
    here = (form.value("since"), form.value("until")) == (since, until)
    rest = {"unit": form.value("unit").pk, "procedure": form.value("procedure")}
    return label, f"?{urlencode({'since': since, 'until': until} | rest)}", here


def _cell(one: api.Figure, whole: bool) -> dict[str, Any]:
    """A number with the address of its reading; who sees a part of the unit gets the list of it."""
    value = span(one.value) if isinstance(one.value, dt.timedelta) else one.value
    if whole:
        link = address(f"casework.{one.key}", one.question)
    else:
        link = f"{reverse('cases:problems')}?{urlencode(one.params)}"
    return {"label": one.label, "value": value, "link": link}


def _table(rows: list[api.Row], whole: bool) -> list[dict[str, Any]]:
    """Each row with its cells and, in percent of the longest, the bar of what was received."""
    received = [int(row.cells[0].value or 0) for row in rows]  # type: ignore[arg-type]
    most = max(received, default=0) or 1
    return [
        {
            "label": row.label,
            "bar": round(100 * count / most),
            "cells": [_cell(one, whole) for one in row.cells],
        }
        for row, count in zip(rows, received, strict=True)
    ]
