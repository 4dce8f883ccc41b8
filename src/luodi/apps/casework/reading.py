"""One case with everything that belongs to it, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.apps.calendars.api import calendar_for
from luodi.apps.casework.clocks import Clocks, replay_case
from luodi.apps.casework.models import (
    Case,
    Event,
    Link,
    Measure,
    Responsibility,
    Verification,
)
from luodi.apps.casework.procedure import Transition
from luodi.apps.casework.standing import Standing, available
from luodi.apps.casework.verbs.progress import CASE_TABLE, MEASURE_TABLE
from luodi.apps.evidence.api import File, files_of
from luodi.apps.scope.api import Actor
from luodi.lib.errors import NotFound

PEOPLE = ("unit", "category", "lead_unit", "lead_account", "waiting_unit", "waiting_account")


@dataclass(frozen=True)
class MeasureView:
    measure: Measure
    files: list[File]
    mine: bool


@dataclass(frozen=True)
class Dossier:
    """A case's page: where it stands, the three lists, the timeline, what the actor may do now.

    available: the first one is the primary button. clocks: as of the moment that was asked for.
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

    @property
    def primary(self) -> Transition | None:
        return self.available[0] if self.available else None


def dossier(*, actor: Actor, code: str, at: dt.datetime | None = None) -> Dossier:
    """Everything about the case with that number. Raises NotFound where the actor sees none."""
    moment = at or timezone.now()
    case = (
        Case.objects.with_light(moment)
        .select_related(*PEOPLE, "reporter_unit", "escalated_unit", "merged_into")
        .filter(code=code)
        .first()
    )
    if case is None:
        raise NotFound(_("没有这个问题，或您无权查看。"))
    responsibilities = list(case.responsibilities.select_related("unit", "account", "by"))
    events = list(case.events.select_related("account").order_by("version"))
    for event in events:
        event.case = case
    measures = list(case.measures.select_related("owner"))
    proofs = files_of(MEASURE_TABLE, [one.pk for one in measures])
    living = Standing([one for one in responsibilities if one.status in {"offered", "accepted"}])
    return Dossier(
        case=case,
        light=case.light,
        clocks=replay_case(events, calendar_for(case.unit), max(moment, events[-1].at)),
        available=available(actor, case, living),
        responsibilities=responsibilities,
        measures=[
            MeasureView(one, proofs.get(one.pk, []), one.owner_id == actor.account_id)
            for one in measures
        ],
        verifications=list(case.verifications.select_related("account")),
        events=events,
        files=files_of(CASE_TABLE, [case.pk]).get(case.pk, []),
        linked=_linked(case),
        merged=list(case.merged.order_by("pk")),
    )


def _linked(case: Case) -> list[tuple[Link, Case]]:
    """The links in both directions, each with the case at the other end, as far as it is seen."""
    links = Link.objects.filter(Q(case=case) | Q(other=case)).select_related("case", "other")
    return [(one, one.other if one.case_id == case.pk else one.case) for one in links]
