"""Personal duties: hours of education in a year, from the gatherings and classes that people came to.

Only who may see a unit's people sees them; by pinyin, never by hours.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from luodi.ground.scope.api import Unit
from luodi.rooms.classes.api import class_hours
from luodi.rooms.directory.api import MEMBER_STAGES, Membership, Person, Post, PostKind
from luodi.rooms.duties.laying import LONG_AGO, duties_of, holders_of, reminding
from luodi.rooms.duties.models import STATES, Duty, Edition, Subject
from luodi.rooms.duties.windows import Owed, Span, State, merged, owed_of, state_of, windows_of
from luodi.rooms.gatherings.api import hours_of as gathering_hours

COMMITTEE = (PostKind.BRANCH_SECRETARY, PostKind.BRANCH_DEPUTY, PostKind.BRANCH_MEMBER)
CADRES = (PostKind.SECRETARY, PostKind.DEPUTY, PostKind.MEMBER)
Spans = Mapping[int, Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's hours of a year beside what is asked of them: of several duties, the most."""

    person: Person
    duty: Duty
    edition: Edition
    owed: Owed
    gatherings: Decimal
    classes: Decimal
    state: State

    @property
    def sum(self) -> Decimal:
        return self.gatherings + self.classes

    @property
    def label(self) -> str:
        return str(STATES[self.state][0])

    @property
    def tone(self) -> str:
        return STATES[self.state][1]


def hours_of(unit: Unit, year: int, today: dt.date, person: Person | None = None) -> list[Hours]:
    """The people of a unit who owe hours in a year (or one of them), by pinyin."""
    asked = _asked(unit, year)
    if person is not None:
        asked = {pk: found for pk, found in asked.items() if pk == person.pk}
    people = list(Person.objects.filter(pk__in=asked, erased_at=None).order_by("sort_key", "pk"))
    came = gathering_hours(people, dt.date(year, 1, 1), dt.date(year, 12, 31))
    taught = class_hours(asked, year)
    risk_on = reminding(unit)
    lines = []
    for one in people:
        duty, edition, owed = asked[one.pk]
        hours = came.get(one.pk, Decimal(0)), taught.get(one.pk, Decimal(0))
        risk = risk_on(owed.window, edition.remind)
        state = state_of(owed, int(sum(hours)), today, risk_on=risk)
        lines.append(Hours(one, duty, edition, owed, *hours, state))
    return lines


def _asked(unit: Unit, year: int) -> dict[int, tuple[Duty, Edition, Owed]]:
    """By person, the duty that asks most of them in the year."""
    [holder] = holders_of([unit])
    found: dict[int, tuple[Duty, Edition, Owed]] = {}
    for duty in duties_of(unit, subject=Subject.PERSON):
        if not unit.path.startswith(duty.path):
            continue
        for window in windows_of(duty.rules, year, duty.ended_on):
            edition = duty.all_editions[window.place]
            if owed_of(window, 1, holder.spans(edition)) is None:
                continue
            for person, spans in _people(edition.people, unit, year).items():
                owed = owed_of(window, edition.times, merged(spans))
                if owed and (person not in found or owed.wanted > found[person][2].wanted):
                    found[person] = (duty, edition, owed)
    return found


def _people(whom: str, unit: Unit, year: int) -> Spans:
    """Since when, until when somebody is one of those whom an edition asks."""
    within = (dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    rows: QuerySet[Any]
    if whom == "members":
        rows = Membership.objects.known().filter(branch__unit=unit, stage__in=MEMBER_STAGES)
    else:
        kinds = COMMITTEE if whom == "committee" else CADRES
        rows = Post.objects.known().filter(unit=unit, kind__in=kinds)
    found: dict[int, list[Span]] = defaultdict(list)
    for person, valid in rows.filter(valid__overlap=within).values_list("person", "valid"):
        found[person].append((valid.lower or LONG_AGO, valid.upper))
    return found
