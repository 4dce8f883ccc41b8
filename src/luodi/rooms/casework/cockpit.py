"""What casework puts on the cockpit: what is late and with whom, problems over time, the chains."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, Unit, UnitKind
from luodi.manifest import Decision, Overview
from luodi.rooms.casework.criteria import Criteria
from luodi.rooms.casework.filters import days
from luodi.rooms.casework.lines import lines
from luodi.rooms.casework.models import Case, Category
from luodi.rooms.casework.queries import COUNTED, open_until, was_overdue_at
from luodi.rooms.directory.api import Enterprise

PROBLEMS = "enterprise_problem"
SHOWN = 6
MONTHS = 12
# One column a month, of this size; the picture is as wide as all of them.
STEP, WIDE, TALL = 26, 16, 96


def _list(criteria: Criteria) -> str:
    return f"{reverse('cases:problems')}?{urlencode(criteria.params())}"


def decisions_of(actor: Actor, view: Overview) -> Iterator[Decision]:
    """What waits for the actor, and what is late and has not been supervised."""
    if not actor.may("cases.view", view.unit.path):
        return
    mine = Case.objects.under(view.unit).for_me(actor).count()
    yield Decision(_("问题等我办理"), mine, _list(Criteria(whose="me", unit=str(view.unit.pk))))
    if actor.may("cases.supervise", view.unit.path):
        late = Case.objects.under(view.unit).overdue(timezone.now())
        count = late.filter(supervised_at__isnull=True).count()
        asked = Criteria(light="red", unsupervised="1", unit=str(view.unit.pk))
        yield Decision(_("超期、还没有督办"), count, _list(asked))


def late_of(request: Request, view: Overview) -> Mapping[str, Any] | None:
    """How many are late with each unit that has the next step, in the order of the tree; the longest
    late by name. Of a past day only how many there were."""
    if not request.actor.covers("cases.view", view.unit.path):
        return None
    _start, end = days(view.on, view.on)
    cases = Case.objects.under(view.unit)
    if not view.now:
        return {"count": cases.filter(was_overdue_at(end)).count(), "view": view}
    late = cases.overdue(timezone.now())
    counts = dict(late.order_by().values_list("waiting_unit").annotate(Count("pk")))
    units = Unit.objects.filter(pk__in=[pk for pk in counts if pk]).order_by("path")
    asked = Criteria(light="red", unit=str(view.unit.pk))
    keys = list(late.order_by("next_due_at", "id").values_list("pk", flat=True)[:SHOWN])
    return {
        "count": sum(counts.values()),
        "url": _list(asked),
        "units": [(one, counts[one.pk]) for one in units],
        "rows": list(lines(keys).values()),
        "view": view,
    }


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a month's column."""

    x: int
    y: float
    height: float
    tone: int
    title: str
    url: str


def over_time(request: Request, view: Overview) -> Mapping[str, Any] | None:
    """Problems received in each of twelve months, by category: columns, and the same as a table."""
    if not request.actor.covers("cases.view", view.unit.path):
        return None
    months = _months(view.on)
    start, end = days(months[0], view.on)
    cases = Case.objects.under(view.unit).filter(
        COUNTED, procedure=PROBLEMS, raised_at__gte=start, raised_at__lt=end
    )
    rows = cases.order_by().values_list(TruncMonth("raised_at"), "category").annotate(Count("pk"))
    counts = {(timezone.localdate(month), pk): count for month, pk, count in rows}
    categories: list[tuple[str, int | None]] = [
        (str(one), one.pk)
        for one in Category.objects.filter(pk__in={pk for _month, pk in counts if pk})
    ]
    if any(pk is None for _month, pk in counts):
        categories.append((_("未分类"), None))
    totals = Counter[dt.date]()
    for (month, _pk), count in counts.items():
        totals[month] += count
    most = max(totals.values(), default=0) or 1
    bars = []
    for place, month in enumerate(months):
        y = float(TALL)
        for tone, (label, pk) in enumerate(categories):
            if count := counts.get((month, pk), 0):
                height = count / most * TALL
                y -= height
                title = f"{month:%Y-%m} {label}：{count}"
                url = _list(_in_month(view, month, pk))
                bars.append(Bar(place * STEP + 5, y, height, tone % 6, title, url))
    table = [
        (label, tone % 6, [(counts.get((m, pk), 0), _list(_in_month(view, m, pk))) for m in months])
        for tone, (label, pk) in enumerate(categories)
    ]
    return {
        "bars": bars,
        "table": table,
        "months": [(place * STEP + 5, month) for place, month in enumerate(months)],
        "width": STEP * MONTHS,
        "tall": TALL,
        "most": most if totals else 0,
        "view": view,
    }


def _months(on: dt.date) -> list[dt.date]:
    """The first days of the last twelve months."""
    number = on.year * 12 + on.month - 1
    return [dt.date(one // 12, one % 12 + 1, 1) for one in range(number - MONTHS + 1, number + 1)]


def _in_month(view: Overview, month: dt.date, category: int | None) -> Criteria:
    last = (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return Criteria(
        unit=str(view.unit.pk),
        procedure=PROBLEMS,
        category=str(category) if category else "none",
        figure="received",
        since=str(month),
        until=str(min(last, view.on)),
    )


def chains_of(request: Request, view: Overview) -> Mapping[str, Any] | None:
    """Each district below the unit: its enterprises, those above size, their problems on that day."""
    if not request.actor.covers("cases.view", view.unit.path):
        return None
    districts = list(
        Unit.objects.filter(kind=UnitKind.DISTRICT, path__startswith=view.unit.path)
        .filter(Q(opened_on=None) | Q(opened_on__lte=view.on))
        .filter(Q(closed_on=None) | Q(closed_on__gt=view.on))
        .order_by("path")
    )
    _start, end = days(view.on, view.on)
    there = Q(unit__opened_on=None) | Q(unit__opened_on__lte=view.on)
    there &= Q(unit__closed_on=None) | Q(unit__closed_on__gt=view.on)
    firms = list(
        Enterprise.objects.filter(there, path__startswith=view.unit.path).values_list(
            "path", "above_size"
        )
    )
    cases = Case.objects.under(view.unit).filter(
        COUNTED, open_until(end), procedure=PROBLEMS, raised_at__lt=end
    )
    open_ones = list(cases.order_by().values_list("path").annotate(Count("pk")))
    late = dict(cases.filter(was_overdue_at(end)).values_list("path").annotate(Count("pk")))
    rows = []
    for one in districts:
        sizes = [above for path, above in firms if path.startswith(one.path)]
        rows.append(
            {
                "unit": one,
                "firms": len(sizes),
                "above": sum(sizes),
                "open": sum(count for path, count in open_ones if path.startswith(one.path)),
                "late": sum(count for path, count in late.items() if path.startswith(one.path)),
                "url": _list(Criteria(unit=str(one.pk), procedure=PROBLEMS, figure="open"))
                if view.now
                else "",
            }
        )
    return {"rows": rows, "view": view} if rows else None
