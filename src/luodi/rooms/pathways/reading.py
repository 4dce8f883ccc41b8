"""From rows to what the rules look at: files of many people in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Prefetch, QuerySet

from luodi.ground.scope.api import today
from luodi.rooms.directory.api import Branch, Membership, Stage
from luodi.rooms.pathways.models import Fact, Helper, Interruption, Journey
from luodi.rooms.pathways.rules import STEPS, Done, File, Outcome, Pause, StepState
from luodi.rooms.pathways.rules.standing import probation, stages, standing

ORDER = list(Stage)


def done_of(fact: Fact, people: int | None = None) -> Done:
    """A row as the rules see it."""
    if people is None:
        people = len(fact.helpers.all()) if fact.pk else 0
    return Done(
        step=fact.step,
        on=fact.on,
        outcome=Outcome(fact.outcome),
        paper=bool(fact.paper),
        people=people,
        days=float(fact.days),
        hours=float(fact.hours),
        entitled=fact.entitled,
        present=fact.present,
        favour=fact.favour,
        months=fact.months,
        excepted=bool(fact.exception),
    )


def with_facts(rows: QuerySet[Journey]) -> QuerySet[Journey]:
    """Journeys with all that a file is made of: four queries for any number."""
    facts = Fact.objects.annotate(named=Count("helpers")).order_by("on", "pk")
    return rows.select_related("person__unit").prefetch_related(
        Prefetch("facts", facts), "interruptions"
    )


@dataclass
class Standing:
    """A journey with its file, as it stands on a day."""

    journey: Journey
    file: File
    day: dt.date
    branch: Branch | None
    stage: Stage | None

    @cached_property
    def steps(self) -> Mapping[str, StepState]:
        return standing(self.file, self.day)

    @property
    def is_open(self) -> bool:
        return self.journey.ended_on is None

    @cached_property
    def next(self) -> list[StepState]:
        """What can be done next, what is due first in front; nothing in an ended file."""
        if not self.is_open:
            return []
        found = [
            one for one in self.steps.values() if one.open and not (one.done and one.latest is None)
        ]
        found = [one for one in found if not (one.done and not one.late_on(self.day))] or found
        return sorted(found, key=lambda one: (one.latest or dt.date.max, one.step.number))

    @cached_property
    def late(self) -> list[StepState]:
        """What is past its time."""
        if not self.is_open:
            return []
        late = []
        for one in self.steps.values():
            again = one.step.again and one.open and one.latest is not None and one.latest < self.day
            if one.late_on(self.day) or again:
                late.append(one)
        return late

    @cached_property
    def since(self) -> Mapping[Stage, dt.date]:
        """The first day of each stage that was reached."""
        return dict(stages(self.file))

    @cached_property
    def probation(self) -> tuple[dt.date, dt.date] | None:
        return probation(self.file)


def file_of(journey: Journey, memberships: Iterable[Membership] = ()) -> File:
    """The file of a journey whose facts are fetched."""
    named = [(one, getattr(one, "named", None)) for one in journey.facts.all()]
    moved, last = [], None
    for row in sorted(memberships, key=lambda one: one.since):
        if last is not None and row.branch_id != last:
            moved.append(row.since)
        last = row.branch_id
    return File(
        born_on=journey.person.born_on,
        facts=tuple(done_of(fact, people) for fact, people in named),
        pauses=tuple(Pause(one.since, one.until) for one in journey.interruptions.all()),
        moved=tuple(moved),
    )


def standings_of(journeys: Sequence[Journey], day: dt.date | None = None) -> list[Standing]:
    """Where each stands today; the journeys come from `with_facts`."""
    day = day or today()
    people = [one.person_id for one in journeys]
    held: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.known().filter(person__in=people).select_related("branch__unit")
    for row in rows:
        held[row.person_id].append(row)
    return [_standing(one, held[one.person_id], day) for one in journeys]


def _standing(journey: Journey, rows: list[Membership], day: dt.date) -> Standing:
    at = min(day, journey.ended_on) if journey.ended_on else day
    now = [r for r in rows if r.since <= at and (r.until is None or at < r.until)]
    last = now[0] if now else max(rows, key=lambda row: row.since, default=None)
    return Standing(
        journey,
        file_of(journey, rows),
        day,
        last.branch if last else None,
        Stage(last.stage) if last else None,
    )


def standing_of(journey: Journey, day: dt.date | None = None) -> Standing:
    """Where one stands today."""
    fetched = with_facts(Journey.objects.filter(pk=journey.pk)).get()
    return standings_of([fetched], day)[0]


def rank(stage: Stage | None) -> int:
    """How far a stage is; -1 for none."""
    return -1 if stage is None else ORDER.index(stage)


def is_known_step(key: str) -> bool:
    return key in STEPS


__all__ = [
    "Helper",
    "Interruption",
    "Standing",
    "done_of",
    "file_of",
    "is_known_step",
    "rank",
    "standing_of",
    "standings_of",
    "with_facts",
]
