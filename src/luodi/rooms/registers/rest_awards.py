"""Award rounds over REST: the same verbs, and the same sight of ballots, as on their page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from luodi.ground.scope.api import Unit, actor_of
from luodi.lib.wire import Id, Line, Prose
from luodi.rooms.registers import api
from luodi.rooms.registers.models import Candidacy, Objection, Round
from luodi.rooms.registers.procedure import results
from luodi.rooms.registers.rest_definitions import register_of
from luodi.rooms.registers.verbs.awarding import counted
from luodi.shell.rest import Listed, Paging, created, listed

router = Router(tags=["registers"])


class RoundOut(Schema):
    """`plan`: stages, juries with their weights, seats, threshold. `log`: the stages so far."""

    id: int
    register_id: int
    unit_id: int
    name: str
    stage: str
    stage_until: dt.date | None
    opened_on: dt.date
    closed_at: dt.datetime | None
    plan: dict[str, Any]
    log: list[dict[str, Any]]


class ObjectionOut(Schema):
    """`upheld` is null until it is resolved. Who raised it is not said."""

    id: int
    text: str
    upheld: bool | None
    answer: str


class CandidacyOut(Schema):
    """`passed` is null until it is reviewed."""

    id: int
    unit_id: int
    name: str
    reason: str
    passed: bool | None
    review: str
    awarded: bool
    objections: list[ObjectionOut]

    @staticmethod
    def resolve_awarded(one: Candidacy) -> bool:
        return one.entry_id is not None

    @staticmethod
    def resolve_objections(one: Candidacy) -> list[Objection]:
        return list(one.objections.all())


class ResultOut(Schema):
    """A candidate's score in per cent (null: a jury has not voted); barred by an objection."""

    candidacy_id: int
    score: Decimal | None
    barred: bool
    awarded: bool


class RoundDetail(RoundOut):
    """`results` are there for the organisers once the vote is over."""

    candidates: list[CandidacyOut]
    results: list[ResultOut]


class RoundNew(Schema):
    """What is left out is as the register has it; `weights` by the key of a jury."""

    unit_id: Id
    name: Line
    seats: int | None = Field(None, ge=1, le=1000)
    threshold: Decimal | None = Field(None, ge=0, le=100, max_digits=5, decimal_places=2)
    notice_days: int | None = Field(None, ge=0, le=60)
    weights: dict[Line, int] = Field({}, max_length=20)


class Nomination(Schema):
    unit_id: Id
    name: Line
    reason: Prose


class Review(Schema):
    passed: bool
    words: Prose = ""


class BallotPaper(Schema):
    """The candidacies approved of; to the others it says no."""

    approves: list[Id] = Field(max_length=1000)


class ObjectionNew(Schema):
    text: Prose
    by: Line = Field("", description="who raised it, where it is recorded for somebody else")


class Resolution(Schema):
    upheld: bool
    answer: Prose


def _round(request: HttpRequest, pk: int) -> Round:
    actor_of(request).require("registers.view")
    return Round.objects.select_related("register__unit", "unit").get(pk=pk)


def _candidacy(request: HttpRequest, pk: int) -> Candidacy:
    actor_of(request).require("registers.view")
    return Candidacy.objects.select_related("round__register__unit", "round__unit").get(pk=pk)


@router.get("/registers/{pk}/rounds", response=Listed[RoundOut])
def list_rounds(request: HttpRequest, pk: Path[Id], wanted: Query[Paging]) -> Any:
    """An award's rounds, the latest first."""
    return listed(register_of(request, pk).rounds.all(), wanted, "-pk")


@router.post("/registers/{pk}/rounds", response={201: RoundOut})
def open_round(request: HttpRequest, pk: Path[Id], data: RoundNew) -> Any:
    """Opens a round with the register's procedure."""
    register, unit = register_of(request, pk), Unit.objects.get(pk=data.unit_id)
    made = api.open_round(
        actor=actor_of(request), register=register, unit=unit, **data.dict(exclude={"unit_id"})
    )
    return created(request, made, f"/registers/rounds/{made.pk}")


@router.get("/registers/rounds/{pk}", response=RoundDetail)
def get_round(request: HttpRequest, pk: Path[Id]) -> Any:
    """A round with its candidates."""
    round_ = _round(request, pk)
    shown = counted(actor_of(request), round_)
    return {
        **RoundOut.from_orm(round_).dict(),
        "candidates": list(round_.candidacies.prefetch_related("objections")),
        "results": [
            {
                "candidacy_id": one.candidacy.pk,
                "score": one.score,
                "barred": one.barred,
                "awarded": one.awarded,
            }
            for one in (results(round_) if shown else [])
        ],
    }


@router.post("/registers/rounds/{pk}/candidacies", response={201: CandidacyOut})
def nominate(request: HttpRequest, pk: Path[Id], data: Nomination) -> Any:
    """Puts a candidate of a unit forward."""
    round_, unit = _round(request, pk), Unit.objects.get(pk=data.unit_id)
    made = api.nominate(
        actor=actor_of(request), round_=round_, unit=unit, name=data.name, reason=data.reason
    )
    return created(request, made, f"/registers/rounds/{pk}")


@router.post("/registers/candidacies/{pk}/review", response=CandidacyOut)
def review(request: HttpRequest, pk: Path[Id], data: Review) -> Any:
    """Says whether a candidate goes on; a refusal has its reason."""
    candidacy = _candidacy(request, pk)
    return api.review(actor=actor_of(request), candidacy=candidacy, **data.dict())


@router.post("/registers/rounds/{pk}/ballot", response={204: None})
def cast_ballot(request: HttpRequest, pk: Path[Id], data: BallotPaper) -> Any:
    """One account's one ballot."""
    api.cast_ballot(actor=actor_of(request), round_=_round(request, pk), approves=data.approves)
    return Status(204, None)


@router.post("/registers/candidacies/{pk}/objections", response={201: ObjectionOut})
def object_to(request: HttpRequest, pk: Path[Id], data: ObjectionNew) -> Any:
    """Brings something against a candidate."""
    candidacy = _candidacy(request, pk)
    made = api.object_to(actor=actor_of(request), candidacy=candidacy, **data.dict())
    return created(request, made, f"/registers/rounds/{candidacy.round_id}")


@router.post("/registers/objections/{pk}/resolve", response=ObjectionOut)
def resolve(request: HttpRequest, pk: Path[Id], data: Resolution) -> Any:
    """Says whether an objection holds, and why."""
    actor_of(request).require("registers.view")
    rows = Objection.objects.select_related("candidacy__round__unit", "candidacy__round__register")
    return api.resolve(actor=actor_of(request), objection=rows.get(pk=pk), **data.dict())


@router.post("/registers/rounds/{pk}/advance", response=RoundOut)
def advance(request: HttpRequest, pk: Path[Id]) -> Any:
    """Goes on to the next stage when this one has done its work; the last one awards."""
    return api.advance(actor=actor_of(request), round_=_round(request, pk))
