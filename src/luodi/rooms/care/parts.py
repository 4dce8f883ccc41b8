"""What the home puts on the workbench, into the search and into the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, UnitKind, today, units_of
from luodi.lib.chinese import nearness
from luodi.manifest import Deadline, Hit
from luodi.rooms.care.models import (
    LIVING,
    Due,
    Handover,
    Incident,
    OnDuty,
    Outcome,
    Plan,
    Resident,
    State,
)
from luodi.rooms.care.verbs.shifts import span_of

SOON = dt.timedelta(days=14)
MOST = 200


def mine(request: Request, _about: None) -> Mapping[str, Any] | None:
    """What waits in my home: acts open now, assessments due, incidents open, handovers unread."""
    if not request.actor.may("care.round"):
        return None
    home = units_of(request.actor, "care.round").filter(kind=UnitKind.CARE_HOME).first()
    if home is None:
        return None
    now, here = timezone.now(), {"path": home.path}
    unread = Handover.objects.filter(unit=home, at__gt=now - dt.timedelta(days=2)).exclude(
        readings__account=request.actor.account_id
    )
    due = Resident.objects.filter(unit=home, state__in=LIVING, assess_by__lte=today())
    return {
        "home": home,
        "open": Due.objects.filter(
            **here, outcome=Outcome.OPEN, due_at__lte=now, due_at__gt=now - dt.timedelta(hours=12)
        ).count(),
        "assess": due.count(),
        "incidents": Incident.objects.filter(**here, closed_at=None).count(),
        "unread": unread.exclude(by=request.actor.account_id).count(),
    }


def find_residents(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """Residents by name, with birth year and state so that nobody is taken for another."""
    rows = Resident.objects.filter(name__icontains=text).defer("picture").select_related("unit")
    for row in rows.order_by("name", "pk")[:limit]:
        note = f"{row.born_on.year} · {State(row.state).label} · {row.unit}"
        yield Hit(row.name, reverse("care:resident", args=[row.pk]), note, nearness(row.name, text))


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """My shifts; for who plans, plans to evaluate. The feed leaves the site: no name is in it."""
    for one in OnDuty.objects.filter(who_id=actor.account_id, on__gte=at.date())[:MOST]:
        begin, _end = span_of(one.on, one.shift)
        words = _("养老院值班：%(shift)s") % {"shift": one.get_shift_display()}
        yield Deadline(
            f"care-duty-{one.pk}", words, reverse("care:handovers"), begin, version=one.version
        )
    if actor.may("care.nurse"):
        plans = Plan.objects.filter(until=None, evaluate_on__lte=at.date() + SOON, evaluation="")
        for plan in plans.filter(resident__state__in=LIVING)[:MOST]:
            yield Deadline(
                f"care-plan-{plan.pk}",
                _("护理计划待评价"),
                reverse("care:resident", args=[plan.resident_id]),
                plan.evaluate_on,
                version=plan.version,
            )
