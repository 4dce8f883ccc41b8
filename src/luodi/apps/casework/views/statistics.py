"""Statistics: every number opens to the cases that it counts."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.apps.casework.fields import UnitField, name_of, units_of
from luodi.apps.casework.figures import by, days, percent, totals
from luodi.apps.casework.filters import NONE, OUTCOMES, raised_between
from luodi.apps.casework.models import Case, Category
from luodi.apps.scope.api import Unit
from luodi.apps.scope.middleware import Request
from luodi.shell.pages import show


class PeriodForm(forms.Form):
    """Which cases are counted: those raised in a period, of a unit."""

    since = forms.DateField(label=_("反映日期自"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput)
    unit = UnitField(label=_("单位（含下级）"), required=False)


def presets(today: dt.date) -> list[tuple[Any, dt.date, dt.date]]:
    """The periods that people ask for."""
    month = today.replace(day=1)
    last = month - dt.timedelta(days=1)
    quarter = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
    year = today.replace(month=1, day=1)
    before = year.replace(year=year.year - 1)
    return [
        (_("本月"), month, today),
        (_("上月"), last.replace(day=1), last),
        (_("本季度"), quarter, today),
        (_("今年"), year, today),
        (_("去年"), before, year - dt.timedelta(days=1)),
    ]


@login_required
def statistics(request: Request) -> HttpResponse:
    """What was received and solved, in time or not, by category and by responsible unit."""
    request.actor.require("cases.view")
    today = timezone.localdate()
    form = PeriodForm(request.GET or {"since": today.replace(month=1, day=1), "until": today})
    form.fields["unit"].offer(units_of(request.actor, "cases.view"))  # type: ignore[attr-defined]
    form.is_valid()
    since, until, unit = (form.cleaned_data.get(key) for key in ("since", "until", "unit"))
    cases = raised_between(Case.objects.all(), since, until)
    if unit:
        cases = cases.under(unit)
    links = Links(since, until, unit)
    counts = totals(cases)
    context = {
        "form": form,
        "presets": [
            (label, f"?{urlencode({'since': start, 'until': end})}", (start, end) == (since, until))
            for label, start, end in presets(today)
        ],
        "counts": counts,
        "received": links.to(),
        "figures": _figures(counts, links),
        "median": days(counts["median"]),
        "ninety": days(counts["ninety"]),
        "groups": [
            (_("按类别"), _categories(by(cases, "category_id", "category__name"), links)),
            (_("按主办单位"), _leads(by(cases, "lead_unit_id", "lead_unit__name"), links)),
        ],
    }
    return show(request, "casework/statistics.html", context)


class Links:
    """The problem list's address for exactly the cases that a number counts."""

    def __init__(self, since: dt.date | None, until: dt.date | None, unit: Unit | None) -> None:
        period = {"since": since, "until": until, "unit": unit and name_of(unit)}
        self.common = {key: value for key, value in period.items() if value}

    def to(self, **more: object) -> str:
        return f"{reverse('cases:problems')}?{urlencode(self.common | more)}"


def _figures(counts: dict[str, Any], links: Links) -> list[tuple[Any, int, str, int | None]]:
    """Label, number, address, and the share in percent of what it is a part of."""
    whole = {"on_time": "solved", "late": "solved", "silent": "solved"}
    return [
        (
            label,
            counts[key],
            links.to(outcome=key),
            percent(counts[key], counts[whole.get(key, "received")]),
        )
        for key, (label, _condition) in OUTCOMES.items()
    ]


def _categories(rows: list[dict[str, Any]], links: Links) -> list[dict[str, Any]]:
    names = {one.pk: str(one) for one in Category.objects.all()}
    for row in rows:
        pk = row["category_id"]
        row["label"] = names[pk] if pk else _("未分类")
        row["to"] = {"category": pk or NONE}
    return _finished(rows, links)


def _leads(rows: list[dict[str, Any]], links: Links) -> list[dict[str, Any]]:
    for row in rows:
        row["label"] = row["lead_unit__name"]
        row["to"] = {"lead": f"{row['label']} #{row['lead_unit_id']}"}
    return _finished(rows, links)


def _finished(rows: list[dict[str, Any]], links: Links) -> list[dict[str, Any]]:
    """Adds to each group its addresses, its bar and its time in days."""
    most = max((row["received"] for row in rows), default=1)
    for row in rows:
        row["bar"] = round(100 * row["received"] / most)
        row["days"] = days(row["median"])
        row["rate"] = percent(row["on_time"], row["solved"])
        row["received_link"] = links.to(**row["to"])
        for key in ("solved", "on_time", "open", "reopened"):
            row[f"{key}_link"] = links.to(outcome=key, **row["to"])
    return rows
