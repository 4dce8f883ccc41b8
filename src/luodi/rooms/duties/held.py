"""What was held and is planned, as duties ask for it: one query, whatever the number of units."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import Q
from django.utils import timezone

from luodi.rooms.duties.models import Edition
from luodi.rooms.gatherings.api import Gathering, kinds


@dataclass(frozen=True, slots=True)
class Meeting:
    """A gathering of a unit, held on a day or planned for it."""

    pk: int
    on: dt.date
    kinds: tuple[str, ...]
    title: str
    planned: bool


Meetings = Mapping[int, Sequence[Meeting]]


def meetings_of(where: Q, since: dt.date, until: dt.date) -> Meetings:
    """By unit, the gatherings that begin from `since` on and before `until`, in order of their days.

    `where` says of which units (`unit=…`, or a range of paths). What was cancelled is left out.
    """
    ends = [timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (since, until)]
    rows = Gathering.objects.filter(where, starts_at__gte=ends[0], starts_at__lt=ends[1])
    rows = rows.exclude(state="cancelled").order_by("starts_at", "pk")
    found: dict[int, list[Meeting]] = defaultdict(list)
    for unit, pk, at, kind, also, title, state in rows.values_list(
        "unit_id", "pk", "starts_at", "kind", "also", "title", "state"
    ):
        day = timezone.localtime(at).date()
        found[unit].append(Meeting(pk, day, (kind, *also), title, state == "planned"))
    return found


@cache
def _of_duty(key: str) -> frozenset[str]:
    return frozenset(one.key for one in kinds().values() if key in one.fulfils)


def fulfilling(edition: Edition) -> frozenset[str]:
    """The kinds of gatherings that an edition counts: those it names, else those that say so themselves."""
    return frozenset(edition.gatherings) or _of_duty(edition.duty.key)
