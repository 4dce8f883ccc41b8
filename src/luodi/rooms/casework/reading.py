"""One case with everything that belongs to it, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.evidence.api import File, files_of
from luodi.ground.scope.api import Actor
from luodi.lib.calendars import WorkingCalendar
from luodi.lib.clocks import Basis
from luodi.lib.errors import NotFound
from luodi.rooms.casework.clocks import Clocks, replay_case
from luodi.rooms.casework.lines import Line, lines
from luodi.rooms.casework.models import (
    Case,
    Event,
    Link,
    Measure,
    Responsibility,
    Verification,
)
from luodi.rooms.casework.procedure import Transition
from luodi.rooms.casework.standing import Standing, available
from luodi.rooms.casework.verbs.progress import CASE_TABLE, MEASURE_TABLE

PEOPLE = ("unit", "lead_unit", "lead_account", "waiting_unit", "waiting_account")


@dataclass(frozen=True)
class MeasureView:
    measure: Measure
    files: list[File]
    mine: bool


@dataclass(frozen=True)
class Dossier:
    """A case's page: where it stands, the three lists, the timeline, what the actor may do now.

    available: the first one is the primary button. clocks: as of the moment that was asked for.
    unannounced: the year into which the deadline runs and whose holidays are not entered yet.
    """

    case: Case
    light: str
    clocks: Clocks
    available: list[Transition]
    responsibilities: list[Responsibility]
    measures: list[MeasureView]
    verifications: list[Verification]
    events: list[Event]
    files: list[File]
    linked: list[tuple[Link, Case]]
    merged: list[Case]
    unannounced: int | None

    @property
    def primary(self) -> Transition | None:
        return self.available[0] if self.available else None


def dossier(*, actor: Actor, code: str, at: dt.datetime | None = None) -> Dossier:
    """Everything about the case with that number. Raises NotFound where the actor sees none."""
    moment = at or timezone.now()
    case = Case.objects.select_related("category").filter(code=code).first()
    if case is None:
        raise NotFound(_("没有这个问题，或您无权查看。"))
    responsibilities = list(case.responsibilities.all())
    events = list(case.events.order_by("version"))
    for event in events:
        event.case = case
    measures = list(case.measures.all())
    verifications = list(case.verifications.all())
    fill(
        ([case], [*PEOPLE, "reporter_unit", "escalated_unit", "merged_into"]),
        (responsibilities, ["unit", "account", "by"]),
        (events, ["account"]),
        (measures, ["owner"]),
        (verifications, ["account"]),
    )
    files = files_of({CASE_TABLE: [case.pk], MEASURE_TABLE: [one.pk for one in measures]})
    calendar = calendar_for(case.unit)
    living = Standing([one for one in responsibilities if one.status in {"offered", "accepted"}])
    return Dossier(
        case=case,
        light=case.light_at(moment),
        clocks=replay_case(events, calendar, max(moment, events[-1].at)),
        available=available(actor, case, living),
        responsibilities=responsibilities,
        measures=[
            MeasureView(
                one, files.get((MEASURE_TABLE, one.pk), []), one.owner_id == actor.account_id
            )
            for one in measures
        ],
        verifications=verifications,
        events=events,
        files=files.get((CASE_TABLE, case.pk), []),
        linked=_linked(case),
        merged=list(case.merged.order_by("pk")),
        unannounced=_unannounced(case, calendar),
    )


def _unannounced(case: Case, calendar: WorkingCalendar) -> int | None:
    """The first year without a holiday notice that an open case's deadline in working time needs."""
    if case.closed_at or case.met_at or not case.due_at:
        return None
    if case.plan.resolution.basis is Basis.WALL:
        return None
    first, last = (timezone.localtime(at).year for at in (case.raised_at, case.due_at))
    return next((year for year in range(first, last + 1) if not calendar.knows(year)), None)


def similar(case: Case, most: int = 6) -> list[Line]:
    """Open and solved cases that may be the same problem: by the words of the title, the rest of
    the same unit; the newest first."""
    others = Case.objects.exclude(pk=case.pk).filter(outcome__in=["", "solved"]).order_by("-id")
    keys: dict[int, None] = {}
    for rows in (others.search(case.title), others.nearest(case.title)):
        keys |= dict.fromkeys(rows.values_list("pk", flat=True)[: most - 2 - len(keys)])
    of_unit = others.filter(unit=case.unit).values_list("pk", flat=True)
    keys |= dict.fromkeys(of_unit[:most])
    return list(lines(list(keys)[:most]).values())


def fill(*groups: tuple[Sequence[models.Model], Sequence[str]]) -> None:
    """Fetches what the rows' relations point to: one query for each table that is pointed to.

    A page that shows the same few units and people in many rows is faster so than by joins.
    """
    pointers: dict[type[models.Model], list[tuple[models.Model, Any]]] = {}
    for rows, names in groups:
        for row in rows:
            for name in names:
                field: Any = row._meta.get_field(name)
                pointers.setdefault(field.related_model, []).append((row, field))
    for table, found in pointers.items():
        keys = {getattr(row, field.attname) for row, field in found} - {None}
        targets = by_key(table, keys)
        for row, field in found:
            field.set_cached_value(row, targets.get(getattr(row, field.attname)))


def by_key(table: type[models.Model], keys: set[Any]) -> dict[Any, models.Model]:
    """The rows of these keys, by a written-out query: it is answered before the ORM compiles one."""
    if not keys:
        return {}
    name, key = table._meta.db_table, table._meta.pk.column
    sql = f'SELECT * FROM "{name}" WHERE "{key}" = ANY(%s)'  # noqa: S608 - names of our own tables
    rows = table._default_manager.raw(sql, [list(keys)])
    return {row.pk: row for row in rows}


def _linked(case: Case) -> list[tuple[Link, Case]]:
    """The links in both directions, each with the case at the other end, as far as it is seen."""
    links = Link.objects.filter(Q(case=case) | Q(other=case))
    ends = [(one, one.other_id if one.case_id == case.pk else one.case_id) for one in links]
    others = Case.objects.in_bulk({end for _one, end in ends})
    return [(one, others[end]) for one, end in ends if end in others]
