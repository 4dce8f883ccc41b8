"""What programmes put on a unit's page, on the workbench and into the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, Unit, today
from luodi.manifest import Deadline, Decision, Overview
from luodi.rooms.programmes.models import Measure
from luodi.rooms.programmes.reading import chapters_of

SHOWN = 8
MOST = 500


def promised_by(request: Request, unit: Unit) -> Mapping[str, Any] | None:
    """The measures that a unit answers for and has not finished."""
    if not request.actor.may("programmes.view"):
        return None
    rows = Measure.objects.filter(owner_unit=unit, done_on=None).select_related("programme")
    found = list(rows.order_by("due_on", "pk")[:SHOWN])
    return {"rows": found, "today": today()} if found else None


def mine(request: Request, _about: None) -> Mapping[str, Any] | None:
    """The measures that I answer for by name, the soonest due first."""
    rows = _mine(request.actor).select_related("programme")
    found = list(rows[:SHOWN])
    return {"rows": found, "today": today()} if found else None


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """The days on which my measures are due."""
    for row in _mine(actor)[:MOST]:
        what = _("举措到期：%(text)s") % {"text": row.text[:80]}
        address = reverse("programmes:programme", args=[row.programme_id])
        yield Deadline(f"programme-measure-{row.pk}", what, address, row.due_on)


def _mine(actor: Actor) -> Any:
    rows = Measure.objects.filter(owner_id=actor.account_id, done_on=None)
    return rows.order_by("due_on", "pk")


def lights_of(request: Request, view: Overview) -> Mapping[str, Any] | None:
    """How the programmes of a unit stand on a day, and the targets that have a gap."""
    if not request.actor.may("programmes.view", view.unit.path):
        return None
    chapters = chapters_of(actor=request.actor, unit=view.unit, at=view.on)
    gaps = [one for chapter in chapters for one in chapter.standings if one.light.is_gap]
    query = f"?unit={view.unit.pk}&at={view.on}"
    return {"chapters": chapters, "gaps": gaps[:SHOWN], "query": query} if chapters else None


def decisions_of(actor: Actor, view: Overview) -> Iterator[Decision]:
    """Measures of the unit that are past their day and not finished."""
    if actor.may("programmes.view", view.unit.path):
        late = Measure.objects.filter(programme__unit=view.unit, done_on=None, due_on__lt=view.on)
        url = f"{reverse('programmes:board')}?unit={view.unit.pk}"
        yield Decision(_("举措已超期"), late.count(), url)
