"""What duties put on the workbench, on a unit's page and into the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, Unit, UnitKind, today
from luodi.lib.chinese import nearness
from luodi.manifest import Deadline, Hit, Moment
from luodi.rooms.directory.api import Person
from luodi.rooms.duties.models import Duty, Excuse
from luodi.rooms.duties.people import hours_of
from luodi.rooms.duties.reading import Slot, open_now, year_of
from luodi.rooms.duties.windows import State

ACTS = "gatherings.write"
SHOWN = 8
MOST = 500


def own_units(actor: Actor) -> list[Unit]:
    """The units whose gatherings the actor holds: where they have a role, and its party organisations.

    A zone's officer acts for the zone itself; those below have their own people.
    """
    found = [
        held.path
        for held in actor.holdings
        if ACTS in held.role.permissions and held.role.sees_rows
    ]
    paths = Q(path__in=found) | Q(kind=UnitKind.BRANCH, parent__path__in=found)
    return list(Unit.objects.open().filter(paths).order_by("path")) if found else []


def mine(actor: Actor, day: dt.date) -> list[Slot]:
    """What the actor can still do something about, the soonest first."""
    found = [one for unit in own_units(actor) for one in open_now(unit, day, alone=True)]
    return sorted(found, key=lambda one: (one.last, one.unit.path, one.duty.position))


def to_do(request: Request, _about: None) -> Mapping[str, Any] | None:
    """On the workbench: what is at risk, then what is due soon and not yet planned."""
    if not request.actor.may(ACTS):
        return None
    found = mine(request.actor, today())
    wanted = [one for one in found if one.state is State.RISK or not one.planned]
    wanted.sort(key=lambda one: one.state is not State.RISK)
    return {"rows": wanted[:SHOWN], "more": len(wanted) - SHOWN} if wanted else None


def standing_of(request: Request, unit: Unit) -> Mapping[str, Any] | None:
    """On a unit's page: what it owes now, and what it has done in the open windows."""
    if not request.actor.may("duties.view", unit.path):
        return None
    day = today()
    rows = [
        one
        for line in year_of(unit, day.year, day)
        for one in line.slots
        if one.owed.start <= day < one.window.end
    ]
    return {"rows": rows, "unit": unit} if rows else None


def hours_part(request: Request, person: Person) -> Mapping[str, Any] | None:
    """On a person's page: this year's hours beside what is asked."""
    day = today()
    units = Unit.objects.filter(
        Q(branch__memberships__person=person) | Q(posts__person=person)
    ).distinct()
    found = [
        one
        for unit in units
        if request.actor.may("duties.view", unit.path)
        for one in hours_of(unit, day.year, day, person)
    ]
    most = max(found, key=lambda one: one.owed.wanted, default=None)
    return {"line": most, "year": day.year} if most else None


def find_duties(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """Duties by name; those that have ended last."""
    rows = Duty.objects.filter(Q(name__icontains=text) | Q(name_en__icontains=text))
    rows = rows.order_by(F("ended_on").asc(nulls_first=True), "position", "pk")
    for row in rows.select_related("unit")[:limit]:
        address = reverse("duties:duty", args=[row.pk])
        yield Hit(str(row), address, str(row.unit), nearness(row.name, text))


def moments_of(actor: Actor, unit: Unit, limit: int) -> Iterator[Moment]:
    """What a unit was excused from, and why."""
    if not actor.may("duties.view", unit.path):
        return
    rows = Excuse.objects.filter(unit=unit, ended_at=None).select_related("duty")
    for row in rows.order_by("-made_at")[:limit]:
        words = {"duty": row.duty, "why": row.reason}
        text = _("免办：%(duty)s（%(why)s）") % words
        address = f"{reverse('duties:year', args=[unit.pk])}?year={row.since.year}"
        yield Moment(timezone.localdate(row.made_at), text, address)


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """The last days of the windows in which something is still to be done."""
    for one in mine(actor, timezone.localdate(at))[:MOST]:
        what = _("%(duty)s（%(unit)s）本期截止") % {"duty": one.duty, "unit": one.unit}
        address = reverse("duties:year", args=[one.unit.pk])
        yield Deadline(
            f"duty-{one.duty.pk}-{one.unit.pk}-{one.window.start}", what, address, one.last
        )
