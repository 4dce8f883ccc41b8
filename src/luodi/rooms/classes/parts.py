"""What classes put on a person's page and into the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request
from luodi.manifest import Deadline
from luodi.rooms.classes.models import Trainee
from luodi.rooms.directory.api import Person

SHOWN = 12


def trained(request: Request, person: Person) -> Mapping[str, Any] | None:
    """The classes of a person: finished, placed, to be placed."""
    rows = Trainee.objects.filter(person=person, dropped_on=None)
    rows = rows.select_related("course", "cohort", "certificate").order_by("-trained_on", "-pk")
    found = list(rows[:SHOWN])
    return {"rows": found} if found else None


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """The first days of the classes in which I am placed."""
    rows = Trainee.objects.filter(
        person__account=actor.account_id,
        trained_on=None,
        cohort__ends_on__gte=timezone.localdate(at),
    )
    for row in rows.select_related("cohort__course"):
        assert row.cohort is not None
        what = _("培训班开班：%(cohort)s") % {"cohort": row.cohort}
        address = reverse("classes:roll", args=[row.cohort_id])
        yield Deadline(f"class-{row.pk}", what, address, row.cohort.starts_on)
