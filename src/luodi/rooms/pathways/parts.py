"""What the room puts on the workbench, on a person's page, into the calendar and the search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, today
from luodi.manifest import Deadline, Hit
from luodi.rooms.pathways.models import Journey
from luodi.rooms.pathways.reading import Standing, standings_of, with_facts
from luodi.rooms.pathways.rules import StepState
from luodi.rooms.pathways.verbs.development import PERMISSIONS, may_act

SHOWN = 8
MOST = 200  # files that a workbench or a feed looks through


def _mine(actor: Actor, day: dt.date) -> Iterator[tuple[Standing, StepState]]:
    """The steps that the actor handles, with a latest day, the soonest first."""
    if not any(actor.may(permission) for permission in PERMISSIONS.values()):
        return
    rows = with_facts(Journey.objects.filter(ended_on=None).order_by("pk"))[:MOST]
    found = [
        (now, step)
        for now in standings_of(list(rows), day)
        for step in [*now.next, *(one for one in now.late if one not in now.next)]
        if may_act(actor, step.step, now.journey.path)
    ]
    yield from sorted(found, key=lambda pair: (pair[1].latest or dt.date.max, pair[0].journey.pk))


def waiting(request: Request, _about: None) -> Mapping[str, Any] | None:
    """The steps that wait for me: late ones, those with a day, those that can be done now."""
    day = today()
    found = [
        (now, step) for now, step in _mine(request.actor, day) if step.latest or step.ready_on(day)
    ]
    if not found:
        return None
    lines = [(now, step, step.latest is not None and step.latest < day) for now, step in found]
    return {"lines": lines[:SHOWN], "more": len(lines) - SHOWN}


def of_person(request: Request, person: Any) -> Mapping[str, Any] | None:
    """A person's file, on the person's page."""
    if not request.actor.may("pathways.view", person.path):
        return None
    rows = list(with_facts(Journey.objects.filter(person=person)).order_by("-pk"))
    pairings = person.pairings.select_related("companion").order_by("-since")
    found = standings_of(rows)
    return {"found": found, "pairings": pairings} if found or pairings else None


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """The latest days of the steps that the actor handles."""
    for now, step in _mine(actor, at.date()):
        if step.latest is not None:
            words = _("发展党员：%(unit)s %(step)s") % {
                "unit": now.journey.person.unit,
                "step": step.step.title,
            }
            uid = f"pathways-{now.journey.pk}-{step.step.key}"
            yield Deadline(uid, words, now.journey.get_absolute_url(), step.latest)


def find_journeys(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """Files by the person's name."""
    rows = Journey.objects.filter(person__name__icontains=text).select_related("person__unit")
    for row in rows.order_by("person__sort_key", "pk")[:limit]:
        address = reverse("pathways:journey", args=[row.pk])
        yield Hit(str(row.person), address, str(row.person.unit))
