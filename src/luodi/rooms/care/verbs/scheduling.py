"""Acts and doses that are due, as rows for 36 hours: laid anew whenever what they follow changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.db.models import Max, Model, Q

from luodi.ground.scope.api import Unit
from luodi.rooms.care.due import CHINA, HORIZON, Span, away, clocks_of, instants
from luodi.rooms.care.models import (
    LIVING,
    Absence,
    Act,
    Dose,
    Due,
    Outcome,
    Prescription,
    Resident,
)

Wanted = set[tuple[int, dt.datetime]]


def refresh(
    residents: Iterable[Resident], since: dt.datetime, at: dt.datetime | None = None
) -> None:
    """Lays the rows of some residents anew from an instant on, as far as 36 hours after `at` (since).

    What was done, refused or left stays; what is still open and no longer wanted is withdrawn; what
    was withdrawn and is wanted again is open again. Whoever does not live here, or is out, has none.
    """
    people = {one.pk: one for one in residents}
    until = (at or since) + HORIZON
    out = _absences(people)
    here = [pk for pk, one in people.items() if one.state in LIVING]
    acts = Act.objects.filter(resident__in=here, plan__until=None)
    wanted = {
        (one.pk, when)
        for one in acts
        for when in instants(clocks_of(one.slots, one.clock), since, until, one.every, one.days)
        if not away(when, out.get(one.resident_id, ()))
    }
    _lay(Due, "act_id", "outcome", people, since, wanted, {a.pk: a.resident_id for a in acts})
    given = Prescription.objects.filter(resident__in=here, stopped_at=None, when_needed=False)
    doses = {
        (one.pk, when)
        for one in given
        for when in instants(one.clocks, since, until)
        if _in_force(one, when) and not away(when, out.get(one.resident_id, ()))
    }
    _lay(
        Dose, "prescription_id", "state", people, since, doses, {p.pk: p.resident_id for p in given}
    )


def _in_force(one: Prescription, at: dt.datetime) -> bool:
    day = at.astimezone(CHINA).date()
    return one.since <= day and (one.until is None or day < one.until)


def _absences(people: Iterable[int]) -> dict[int, list[Span]]:
    rows = Absence.objects.filter(resident__in=people).order_by("resident_id")
    pairs = rows.values_list("resident_id", "during")
    return {
        pk: [(span.lower, span.upper) for _pk, span in group]
        for pk, group in groupby(pairs, key=lambda pair: pair[0])
    }


def _lay(
    model: type[Model],
    of: str,
    state: str,
    people: Iterable[int],
    since: dt.datetime,
    wanted: Wanted,
    whose: dict[int, int],
) -> None:
    """Makes the open rows what is wanted: `of` names what a row follows, `state` its outcome."""
    manager = model._default_manager
    open_, withdrawn = Outcome.OPEN.value, Outcome.WITHDRAWN.value  # those of `Gave` too
    rows = manager.filter(resident__in=list(people), due_at__gte=since)
    there = {
        (row[0], row[1]): (row[2], row[3]) for row in rows.values_list(of, "due_at", "pk", state)
    }
    gone = [pk for key, (pk, was) in there.items() if was == open_ and key not in wanted]
    again = [pk for key, (pk, was) in there.items() if was == withdrawn and key in wanted]
    manager.filter(Q(pk__in=gone), **{state: open_}).update(**{state: withdrawn})
    manager.filter(Q(pk__in=again), **{state: withdrawn}).update(**{state: open_})
    new = [
        model(**{of: pk, "due_at": when, "resident_id": whose[pk]})
        for pk, when in sorted(wanted - there.keys())
    ]
    if new:
        manager.bulk_create(new, ignore_conflicts=True)


def topped_up(home: Unit, at: dt.datetime) -> None:
    """Lays rows up to 36 hours ahead where the last lie less than a day ahead: each hour by the task,
    and by a round that finds them missing."""
    people = list(Resident.objects.filter(unit=home, state__in=LIVING).defer("picture"))
    if not people or _laid_until(home, at) > at + dt.timedelta(hours=24):
        return
    refresh(people, at)


def _laid_until(home: Unit, at: dt.datetime) -> dt.datetime:
    last = [
        model.objects.filter(path=home.path, due_at__gt=at).aggregate(last=Max("due_at"))["last"]
        for model in (Due, Dose)
    ]
    return max((one for one in last if one), default=at)
