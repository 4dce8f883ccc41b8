"""What energy puts on the workbench, on a unit's page, into its timeline and the search."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, Unit, today
from luodi.manifest import Deadline, Hit, Moment
from luodi.rooms.energy.models import Bill, Settlement

SHOWN = 6
DAYS_TO_AGREE = 10  # after a month is checked; a day to look at it, no deadline with consequences


def waiting(request: Request, _about: None) -> Mapping[str, Any] | None:
    """The bills that wait for who asks: an enterprise's own, or those the manager waits for."""
    actor = request.actor
    rows = Bill.objects.filter(stage=Settlement.State.CHECKED).exclude(state=Bill.State.AGREED)
    rows = rows.select_related("unit").order_by("month", "unit__path")
    found = [
        one
        for one in rows[:200]
        if actor.may("energy.agree", one.path) or actor.may("energy.manage", one.path)
    ]
    return {"rows": found[:SHOWN], "more": max(len(found) - SHOWN, 0)} if found else None


def of_unit(request: Request, unit: Unit) -> Mapping[str, Any] | None:
    """The last bills of a unit."""
    if not request.actor.may("energy.view", unit.path):
        return None
    rows = Bill.objects.filter(unit=unit).exclude(stage=Settlement.State.DRAFT)
    found = list(rows.select_related("unit").order_by("-month")[:SHOWN])
    return {"rows": found, "more": 0} if found else None


def timeline(actor: Actor, unit: Unit, limit: int) -> Iterator[Moment]:
    """That a month was closed, on the unit's file."""
    if not actor.may("energy.view", unit.path):
        return
    rows = Bill.objects.filter(unit=unit, stage=Settlement.State.CLOSED).order_by("-month")
    for one in rows[:limit]:
        said = _("%(month)s 绿电账单关账：%(kwh)s 千瓦时") % {
            "month": f"{one.month:%Y-%m}",
            "kwh": f"{one.settled_kwh:,.0f}",
        }
        day = (one.month + dt.timedelta(days=32)).replace(day=1)
        yield Moment(min(day, today()), said, reverse("energy:bill", args=[one.pk]))


def deadlines(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """The bills that one may agree to, in the calendar."""
    rows = Bill.objects.filter(stage=Settlement.State.CHECKED).exclude(state=Bill.State.AGREED)
    for one in rows.select_related("unit")[:200]:
        if actor.may("energy.agree", one.path):
            day = (one.month + dt.timedelta(days=32)).replace(day=1)
            yield Deadline(
                f"energy-bill-{one.pk}",
                _("确认 %(month)s 绿电账单") % {"month": f"{one.month:%Y-%m}"},
                reverse("energy:bill", args=[one.pk]),
                day + dt.timedelta(days=DAYS_TO_AGREE),
                version=one.version,
            )


def find_bills(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Bills by an enterprise's name or a month (2026-10)."""
    rows = Bill.objects.exclude(stage=Settlement.State.DRAFT).select_related("unit")
    wanted = Q(unit__name__icontains=text) | Q(contract__name__icontains=text)
    with contextlib.suppress(ValueError):
        wanted |= Q(month=dt.date.fromisoformat(f"{text}-01"))
    for one in rows.filter(wanted).order_by("-month")[: limit * 2]:
        if actor.may("energy.view", one.path):
            title = _("%(bill)s 绿电账单") % {"bill": one}
            yield Hit(title, reverse("energy:bill", args=[one.pk]), str(one.unit), 4)
