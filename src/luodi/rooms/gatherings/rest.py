"""Gatherings over REST, beside list, get, create and change: the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field

from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import Account, Unit, actor_of
from luodi.lib.errors import NotFound
from luodi.lib.wire import Day, Id, Line, Prose
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings import api
from luodi.rooms.gatherings.kinds.votes import rules
from luodi.rooms.gatherings.models import Attendance, Gathering, Minutes, Task, Vote
from luodi.rooms.gatherings.outcome import told
from luodi.rooms.gatherings.people import expected_at
from luodi.rooms.gatherings.verbs import attending, minutes, planning, tasks, voting
from luodi.rooms.gatherings.verbs.checks import VIEW, WRITE
from luodi.shell.rest import Listed, created, listed_whole, version_of

router = Router(tags=["gatherings"])
Presence = Literal["came", "late", "excused", "absent"]


def find(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"gathering": found(pk)}


def found(pk: int) -> Gathering:
    rows = Gathering.objects.select_related("unit", "leader__account", "booking")
    return rows.get(pk=pk)


def written(request: HttpRequest, pk: int) -> Gathering:
    """One that who asks may write; who may not learns nothing of what the body would meet."""
    row = found(pk)
    actor_of(request).require(WRITE, row.path)
    return row


def seen(request: HttpRequest, pk: int) -> Gathering:
    row, actor = found(pk), actor_of(request)
    if not row.people.filter(account_id=actor.account_id).exists():
        actor.require(VIEW, row.path)
    return row


# --- what there is --------------------------------------------------------------------------------


class SourceOut(Schema):
    regulation: str
    clause: str
    certainty: str


class KindOut(Schema):
    """A kind: `fulfils` are the keys of duties; `together` may be held with it."""

    key: str
    name: str
    holders: list[str]
    fulfils: list[str]
    together: list[str]
    votes: list[str]
    education: bool
    source: SourceOut


class RuleOut(Schema):
    """A kind of vote: shares as `over 1/2` or `least 4/5`; `base` of the majority."""

    key: str
    name: str
    quorum: str
    majority: str
    base: str
    source: SourceOut


@router.get("/gathering-kinds", response=Listed[KindOut])
def list_gathering_kinds(request: HttpRequest) -> Any:
    """The kinds of gatherings, with who holds them and which duties they can fulfil."""
    actor_of(request).require(VIEW)
    return listed_whole(
        [
            {
                "key": one.key,
                "name": str(one),
                "holders": list(one.holders),
                "fulfils": list(one.fulfils),
                "together": list(one.together),
                "votes": list(one.votes),
                "education": one.education,
                "source": one.source,
            }
            for one in api.kinds().values()
        ]
    )


@router.get("/gathering-rules", response=Listed[RuleOut])
def list_gathering_rules(request: HttpRequest) -> Any:
    """The kinds of votes, with quorum, majority, base and source."""
    actor_of(request).require(VIEW)
    return listed_whole(
        [
            {
                "key": one.key,
                "name": str(one),
                "quorum": f"{one.quorum[0]} {one.quorum[1]}",
                "majority": f"{one.majority[0]} {one.majority[1]}",
                "base": one.base,
                "source": one.source,
            }
            for one in rules().values()
        ]
    )


class SomebodyOut(Schema):
    """Somebody of a gathering; `id` is null for who is expected and not yet written down."""

    id: int | None
    person_id: int | None
    name: str
    by_rule: bool
    answer: str
    state: str
    reason: str


class PointOut(Schema):
    title: str
    speakers: str
    text: str
    decision: str


class MinutesOut(Schema):
    id: int
    number: int
    state: str
    text: str
    why: str
    written_at: dt.datetime
    signed_at: dt.datetime | None
    version: int
    points: list[PointOut]


class CandidateOut(Schema):
    id: int
    name: str
    votes: int | None
    elected: bool | None


class VoteOut(Schema):
    """A vote; `why` says in words what was needed, of what; of a secret one there are only sums."""

    id: int
    rule: str
    subject: str
    secret: bool
    state: str
    seats: int | None
    present: int | None
    yes: int | None
    no: int | None
    abstain: int | None
    invalid: int | None
    carried: bool | None
    result: str
    why: list[str]
    source: str
    candidates: list[CandidateOut]
    version: int


class TaskOut(Schema):
    id: int
    text: str
    person_id: int | None
    due_on: dt.date | None
    done_on: dt.date | None
    result: str
    case: str | None
    version: int


def somebody_out(one: Attendance) -> dict[str, Any]:
    names = ("id", "person_id", "name", "by_rule", "answer", "state", "reason")
    return {name: getattr(one, name) for name in names}


def minutes_out(one: Minutes) -> dict[str, Any]:
    names = (
        "id", "number", "state", "text", "why", "written_at", "signed_at", "version",
    )  # fmt: skip
    points = [PointOut.from_orm(point).dict() for point in one.points.all()]
    return {name: getattr(one, name) for name in names} | {"points": points}


def vote_out(vote: Vote) -> dict[str, Any]:
    known = told(vote)
    plain = {
        name: getattr(vote, name)
        for name in VoteOut.model_fields
        if name not in {"result", "why", "source", "candidates"}
    }
    return plain | {
        "result": known.result,
        "why": list(known.why),
        "source": known.source,
        "candidates": [CandidateOut.from_orm(one).dict() for one in known.candidates],
    }


def task_out(task: Task) -> dict[str, Any]:
    names = ("id", "text", "person_id", "due_on", "done_on", "result", "version")
    case = task.case.code if task.case else None
    return {name: getattr(task, name) for name in names} | {"case": case}


@router.get("/gatherings/{pk}/people", response=Listed[SomebodyOut])
def list_gathering_people(request: HttpRequest, pk: Path[Id]) -> Any:
    """Who is expected and invited, what they answered, whether they came."""
    row = seen(request, pk)
    known = list(row.people.select_related("person", "account"))
    items = [somebody_out(one) for one in known]
    if row.recorded_at is None and row.told_came is None:
        there = {one.person_id for one in known}
        items += [
            somebody_out(Attendance(gathering=row, person=person))
            for person in expected_at(row)
            if person.pk not in there
        ]
    return listed_whole(items)


@router.get("/gatherings/{pk}/minutes", response=Listed[MinutesOut])
def list_gathering_minutes(request: HttpRequest, pk: Path[Id]) -> Any:
    """The minutes, the newest first: a draft, the signed ones, those that were superseded."""
    rows = seen(request, pk).minutes.prefetch_related("points")
    return listed_whole([minutes_out(one) for one in rows])


@router.get("/gatherings/{pk}/votes", response=Listed[VoteOut])
def list_gathering_votes(request: HttpRequest, pk: Path[Id]) -> Any:
    """The votes, with their results and why."""
    rows = seen(request, pk).votes.prefetch_related("candidates")
    return listed_whole([vote_out(one) for one in rows])


@router.get("/gatherings/{pk}/tasks", response=Listed[TaskOut])
def list_gathering_tasks(request: HttpRequest, pk: Path[Id]) -> Any:
    """What was given to somebody, or to the three lists."""
    return listed_whole([task_out(one) for one in seen(request, pk).tasks.select_related("case")])


# --- what is done ---------------------------------------------------------------------------------


class Apart(Schema):
    """Who did not simply come: a person's id, or that of an entry of the list."""

    person_id: Id | None = None
    id: Id | None = None
    state: Presence
    reason: Prose = Field("", max_length=100)


class AttendanceIn(Schema):
    """Everybody came but for the exceptions; guests by name."""

    exceptions: list[Apart] = Field([], max_length=2000)
    guests: list[Line] = Field([], max_length=200)
    version: Id | None = None


class Recorded(Schema):
    id: int
    state: str
    expected: int
    attending: int
    version: int


@router.post("/gatherings/{pk}/attendance", response=Recorded)
def record_attendance(request: HttpRequest, pk: Path[Id], data: AttendanceIn) -> Any:
    """Records who came: everybody, but for the exceptions."""
    row = written(request, pk)
    by_person = [one for one in data.exceptions if one.person_id]
    made = attending.record_attendance(
        actor=actor_of(request),
        gathering=row,
        exceptions={one.person_id: one.state for one in by_person if one.person_id},
        reasons={one.person_id: one.reason for one in by_person if one.person_id and one.reason},
        others={one.id: one.state for one in data.exceptions if one.id},
        guests=data.guests,
        version=version_of(request, data.version),
    )
    return Gathering.objects.counted().get(pk=made.pk)


class InviteIn(Schema):
    person_ids: list[Id] = Field([], max_length=500)
    account_ids: list[Id] = Field([], max_length=500)
    guests: list[Line] = Field([], max_length=200)


@router.post("/gatherings/{pk}/invite", response=Listed[SomebodyOut])
def invite_to_gathering(request: HttpRequest, pk: Path[Id], data: InviteIn) -> Any:
    """Invites people beside those expected."""
    row = written(request, pk)
    persons = list(Person.objects.filter(pk__in=data.person_ids))
    accounts = list(Account.objects.filter(pk__in=data.account_ids, is_active=True))
    if len(persons) < len(set(data.person_ids)) or len(accounts) < len(set(data.account_ids)):
        raise NotFound(_("名单里有不存在的人，或您无权查看。"))
    made = attending.invite(
        actor=actor_of(request),
        gathering=row,
        persons=persons,
        accounts=accounts,
        guests=data.guests,
    )
    return listed_whole([somebody_out(one) for one in made])


class PointIn(Schema):
    title: Line = Field(max_length=200)
    speakers: Prose = Field("", max_length=200)
    text: Prose = Field("", max_length=20_000)
    decision: Prose = Field("", max_length=5000)


class MinutesIn(Schema):
    """The draft; `points` null leaves those that stand."""

    text: Prose = Field("", max_length=20_000)
    points: list[PointIn] | None = Field(None, max_length=60)
    version: Id | None = None


@router.post("/gatherings/{pk}/minutes", response=MinutesOut)
def write_minutes(request: HttpRequest, pk: Path[Id], data: MinutesIn) -> Any:
    """Writes the minutes as a draft; the same draft is written on."""
    row = written(request, pk)
    points = data.points
    made = minutes.write_minutes(
        actor=actor_of(request),
        gathering=row,
        text=data.text,
        points=None if points is None else [api.PointGiven(**one.dict()) for one in points],
        version=version_of(request, data.version),
    )
    return minutes_out(made)


class VoteIn(Schema):
    rule: Line = Field(max_length=40)
    subject: Line = Field(max_length=200)
    secret: bool | None = None
    seats: int | None = Field(None, ge=1, le=60)
    candidates: list[Line] = Field([], max_length=60)


@router.post("/gatherings/{pk}/votes", response={201: VoteOut})
def open_vote(request: HttpRequest, pk: Path[Id], data: VoteIn) -> Any:
    """Opens a vote."""
    row = written(request, pk)
    made = voting.open_vote(actor=actor_of(request), gathering=row, **data.dict())
    return created(request, vote_out(made), f"/gatherings/{pk}/votes")


Count = Field(0, ge=0, le=100_000)


class Counted(Schema):
    """How often a candidate was voted for."""

    id: Id
    votes: int = Count


class CountIn(Schema):
    """The sums; `present` null: whom the list of attendance has. `votes`: of an election's candidates."""

    present: int | None = Field(None, ge=0, le=100_000)
    yes: int = Count
    no: int = Count
    abstain: int = Count
    invalid: int = Count
    votes: list[Counted] = Field([], max_length=60)
    version: Id | None = None


def vote_of(request: HttpRequest, pk: int) -> Vote:
    vote = Vote.objects.select_related("gathering__unit").get(pk=pk)
    actor_of(request).require(WRITE, vote.path)
    return vote


@router.post("/gathering-votes/{pk}/close", response=VoteOut)
def close_vote(request: HttpRequest, pk: Path[Id], data: CountIn) -> Any:
    """Closes a vote: the sums are kept and judged by its rule."""
    values = data.dict() | {"votes": {one.id: one.votes for one in data.votes}}
    values["version"] = version_of(request, data.version)
    made = voting.close_vote(actor=actor_of(request), vote=vote_of(request, pk), **values)
    return vote_out(made)


class WhyIn(Schema):
    why: Prose = Field(max_length=200)


@router.post("/gathering-votes/{pk}/withdraw", response=VoteOut)
def withdraw_vote(request: HttpRequest, pk: Path[Id], data: WhyIn) -> Any:
    """Takes back a vote that was opened or counted wrongly."""
    vote = vote_of(request, pk)
    return vote_out(voting.withdraw_vote(actor=actor_of(request), vote=vote, why=data.why))


class TaskIn(Schema):
    text: Line = Field(max_length=200)
    person_id: Id | None = None
    due_on: Day | None = None


@router.post("/gatherings/{pk}/tasks", response={201: TaskOut})
def give_task(request: HttpRequest, pk: Path[Id], data: TaskIn) -> Any:
    """Gives a task to a person until a day."""
    row = written(request, pk)
    person = Person.objects.get(pk=data.person_id) if data.person_id else None
    made = tasks.give_task(
        actor=actor_of(request), gathering=row, text=data.text, person=person, due_on=data.due_on
    )
    return created(request, task_out(made), f"/gatherings/{pk}/tasks")


class DoneIn(Schema):
    on: Day
    result: Prose = Field("", max_length=200)
    version: Id | None = None


@router.post("/gathering-tasks/{pk}/finish", response=TaskOut)
def finish_task(request: HttpRequest, pk: Path[Id], data: DoneIn) -> Any:
    """Says that a task is done."""
    task = Task.objects.select_related("gathering__unit").get(pk=pk)
    values = data.dict() | {"version": version_of(request, data.version)}
    return task_out(tasks.finish_task(actor=actor_of(request), task=task, **values))


class CaseIn(Schema):
    unit_id: Id
    text: Prose = Field(max_length=2000)


class Opened(Schema):
    code: str


@router.post("/gatherings/{pk}/case", response=Opened)
def raise_case(request: HttpRequest, pk: Path[Id], data: CaseIn) -> Any:
    """Puts what was decided on the three lists; once for one text."""
    row = written(request, pk)
    unit = Unit.objects.get(pk=data.unit_id)
    return tasks.raise_case(actor=actor_of(request), gathering=row, unit=unit, text=data.text)


class AnsweredOut(Schema):
    answer: str
    reason: str


operation_of(
    router, "POST", "/gatherings/{pk}/answer", attending.answer_invitation,
    response=AnsweredOut, find=find,
)  # fmt: skip


class CancelledOut(Schema):
    id: int
    state: str
    why: str
    version: int


operation_of(
    router, "POST", "/gatherings/{pk}/cancel", planning.cancel_gathering,
    response=CancelledOut, find=find,
)  # fmt: skip


class SignedOut(Schema):
    id: int
    number: int
    state: str
    version: int


operation_of(
    router, "POST", "/gatherings/{pk}/sign", minutes.sign_minutes, response=SignedOut, find=find
)
operation_of(
    router, "POST", "/gatherings/{pk}/correct", minutes.correct_minutes,
    response=SignedOut, find=find,
)  # fmt: skip
