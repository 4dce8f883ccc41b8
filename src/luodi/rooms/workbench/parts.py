"""What the workbench adds of its own: the week, and the figures one has chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.utils import timezone

from luodi.ground.figures.api import Question, figures, may_read, read_values
from luodi.ground.scope.api import Request, Unit, today
from luodi.manifest import Deadline, manifests
from luodi.rooms.workbench.preferring import preference_of

WEEK = dt.timedelta(days=7)


def week_of(request: Request, _about: None) -> Mapping[str, Any] | None:
    """What is due in the next seven days, day by day; of every room."""
    now = timezone.now()
    last = today() + WEEK
    due = sorted(
        (
            one
            for manifest in manifests()
            if manifest.deadlines
            for one in manifest.deadlines(request.actor, now)
            if today() <= day_of(one) < last
        ),
        key=lambda one: (day_of(one), one.uid),
    )
    days = [(day, list(some)) for day, some in groupby(due, key=day_of)]
    return {"days": days, "today": today()}


def day_of(one: Deadline) -> dt.date:
    return timezone.localdate(one.at) if isinstance(one.at, dt.datetime) else one.at


def figures_of(request: Request, _about: None) -> Mapping[str, Any] | None:
    """The figures that the actor has put on the workbench, for the unit of their first role."""
    actor = request.actor
    wanted = preference_of(actor.account_id).figures
    known = {one.key: one for one in figures() if one.key in wanted and may_read(actor, one)}
    unit = first_unit(request)
    if unit is None:
        return None
    asked = [
        (key, Question(unit, today(), None, None))
        for key in wanted
        if key in known and _covers(actor, known[key], unit)
    ]
    found = read_values(actor=actor, questions=asked) if asked else []
    return {"readings": found, "unit": unit, "may_choose": True}


def first_unit(request: Request) -> Unit | None:
    """The unit of the actor's first role that opens rows."""
    held = next((one for one in request.actor.holdings if one.role.sees_rows), None)
    return Unit.objects.filter(pk=held.unit_id).first() if held else None


def _covers(actor: Any, figure: Any, unit: Unit) -> bool:
    if figure.units and unit.kind not in figure.units:
        return False
    return not figure.permission or actor.covers(figure.permission, unit.path)
