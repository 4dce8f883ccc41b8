"""What the pages show: who lies where, the round, whom to look at first."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit, UnitKind, units_of
from luodi.lib.errors import NotAllowed
from luodi.rooms.care.models import (
    ALERTS,
    FACTS,
    INCIDENTS,
    LIVING,
    Absence,
    Bed,
    Dose,
    Due,
    Fact,
    Gave,
    Incident,
    Outcome,
    Prescription,
    Resident,
    Stay,
)
from luodi.rooms.care.verbs.common import day_of

BEHIND = dt.timedelta(hours=12)  # how far back a round asks for what is still open
AHEAD = dt.timedelta(hours=2)
RECENT = dt.timedelta(hours=48)


def home_for(actor: Actor, permission: str, wanted: str | None = None) -> Unit:
    """The home that is meant, or the actor's first. Raises NotAllowed where there is none."""
    homes = units_of(actor, permission).filter(kind=UnitKind.CARE_HOME).order_by("path")
    found = None
    if wanted and wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
        found = homes.filter(pk=int(wanted)).first()
    found = found or homes.first()
    if found is None:
        raise NotAllowed(_("您的角色不能做这件事，请联系本单位的管理员。"))
    return found


@dataclass
class Person:
    """A resident as a list shows them, told apart from others of the same name."""

    resident: Resident
    bed: Bed | None = None
    out: Absence | None = None
    twin: bool = False
    alerts: list[Fact] = field(default_factory=list)
    first: list[str] = field(default_factory=list)  # why to look at them first
    acts: list[Due] = field(default_factory=list)
    routine: list[Due] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    needed: list[Prescription] = field(default_factory=list)

    @property
    def has_work(self) -> bool:
        return bool(self.acts or self.routine or self.doses)

    @property
    def alert_words(self) -> list[str]:
        return [f"{FACTS[one.kind]} {one.text}".strip() for one in self.alerts]


def people_of(home: Unit, day: dt.date) -> dict[int, Person]:
    """Who lives in a home on a day, by id: with bed, absence, alerts, and whether the name is twice."""
    rows = Resident.objects.filter(unit=home, state__in=LIVING).defer("picture")
    people = {one.pk: Person(one) for one in rows.order_by("name", "pk")}
    said = Counter(one.resident.name for one in people.values())
    for one in people.values():
        one.twin = said[one.resident.name] > 1
    here = {"resident__in": list(people)}
    for stay in Stay.objects.filter(**here, during__contains=day).select_related("bed"):
        people[stay.resident_id].bed = stay.bed
    for absence in Absence.objects.filter(**here, during__endswith=None):
        people[absence.resident_id].out = absence
    for fact in Fact.objects.filter(**here, kind__in=ALERTS, since__lte=day):
        if fact.holds_on(day):
            people[fact.resident_id].alerts.append(fact)
    return people


@dataclass
class BedView:
    """A bed in the picture: `free`, `there`, `out` (kept for who is away), `hospital`."""

    bed: Bed
    person: Person | None

    @property
    def state(self) -> str:
        if self.person is None:
            return "free"
        if self.person.out is None:
            return "there"
        return "hospital" if self.person.out.kind == "hospital" else "out"

    @property
    def words(self) -> str:
        return {
            "free": _("空床"),
            "there": _("在院"),
            "out": _("外出"),
            "hospital": _("住院"),
        }[self.state]


@dataclass
class Picture:
    """A home's floors with their rooms and beds, and how many of each kind."""

    floors: list[tuple[str, list[tuple[str, list[BedView]]]]]
    counts: Mapping[str, int]
    people: dict[int, Person]


def picture_of(home: Unit, day: dt.date) -> Picture:
    """Who lies where on a day."""
    people = people_of(home, day)
    by_bed = {one.bed.pk: one for one in people.values() if one.bed}
    beds = [
        BedView(one, by_bed.get(one.pk))
        for one in Bed.objects.filter(unit=home)
        if (one.closed_on is None or one.closed_on > day)
        and (one.opened_on is None or one.opened_on <= day)
    ]
    floors: dict[tuple[str, int], dict[str, list[BedView]]] = {}
    for one in beds:
        floor = floors.setdefault((one.bed.building, one.bed.floor), {})
        floor.setdefault(one.bed.room, []).append(one)
    named = [
        (
            _("%(building)s %(floor)s层") % {"building": building, "floor": floor},
            list(rooms.items()),
        )
        for (building, floor), rooms in floors.items()
    ]
    return Picture(named, Counter(one.state for one in beds), people)


@dataclass
class RoundRoom:
    name: str
    people: list[Person]


@dataclass
class Round:
    """A round at an instant: whom to see first, then room by room; who is out at the end."""

    at: dt.datetime
    first: list[Person]
    rooms: list[RoundRoom]
    out: list[Person]
    count: int


def round_of(home: Unit, at: dt.datetime) -> Round:
    """What is open in a home from twelve hours ago until in two hours, room by room."""
    people = people_of(home, day_of(at))
    span = {"path": home.path, "due_at__gte": at - BEHIND, "due_at__lt": at + AHEAD}
    acts = Due.objects.filter(**span, outcome=Outcome.OPEN).select_related("act")
    count = 0
    for due in acts.order_by("due_at", "pk"):
        if (one := people.get(due.resident_id)) is not None:
            (one.routine if due.act.routine else one.acts).append(due)
            count += 1
    doses = Dose.objects.filter(**span, state=Gave.OPEN).select_related("prescription")
    for dose in doses.order_by("due_at", "pk"):
        if (one := people.get(dose.resident_id)) is not None:
            one.doses.append(dose)
            count += 1
    for needed in Prescription.objects.filter(path=home.path, stopped_at=None, when_needed=True):
        if (one := people.get(needed.resident_id)) is not None:
            one.needed.append(needed)
    _mark(people, at)
    here = [one for one in people.values() if one.out is None]
    rooms: dict[str, list[Person]] = defaultdict(list)
    for one in sorted(here, key=_place):
        rooms[one.bed.room if one.bed else "—"].append(one)
    return Round(
        at,
        [one for one in sorted(here, key=_place) if one.first],
        [RoundRoom(name, found) for name, found in rooms.items()],
        sorted((one for one in people.values() if one.out is not None), key=_place),
        count,
    )


def _place(one: Person) -> tuple[str, int, str, str]:
    bed = one.bed
    return (bed.building, bed.floor, bed.room, bed.name) if bed else ("~", 0, "", "")


def _mark(people: Mapping[int, Person], at: dt.datetime) -> None:
    """Why somebody is seen first: an incident, a refusal, an effect to look at, late acts."""
    here = {"resident__in": list(people)}
    for incident in Incident.objects.filter(**here, at__gt=at - RECENT, at__lte=at):
        people[incident.resident_id].first.append(str(INCIDENTS[incident.kind]))
    refused = Due.objects.filter(
        **here, due_at__gt=at - BEHIND, outcome__in=(Outcome.REFUSED, Outcome.OMITTED)
    ).select_related("act")
    for due in refused:
        words = f"{due.act.text}：{Outcome(due.outcome).label}"
        people[due.resident_id].first.append(words)
    checks = Dose.objects.filter(
        **here, state=Gave.GIVEN, check_at__lte=at, check_at__gt=at - BEHIND, effect_at=None
    ).select_related("prescription")
    for dose in checks:
        words = _("看%(medicine)s的效果") % {"medicine": dose.prescription.medicine}
        people[dose.resident_id].first.append(words)
    for one in people.values():
        planned = [due.due_at for due in one.acts] + [dose.due_at for dose in one.doses]
        late = [due for due in planned if due and due < at - AHEAD]
        if late and one.out is None:
            one.first.append(_("有%(count)s项已过时") % {"count": len(late)})


def bed_of(resident: Resident, day: dt.date) -> Bed | None:
    """Where a resident lies on a day."""
    stay = (
        Stay.objects.filter(resident=resident, during__contains=day).select_related("bed").first()
    )
    return stay.bed if stay else None


def namesakes(resident: Resident) -> Iterable[Any]:
    """Others of the same name who live in the same home."""
    same = Resident.objects.filter(unit=resident.unit_id, name=resident.name, state__in=LIVING)
    return same.exclude(pk=resident.pk).defer("picture")
