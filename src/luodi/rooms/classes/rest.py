"""Classes over REST, beside their plain records: who is to be trained, and the verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema, Status

from luodi.ground.audit.api import changed_since
from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import Unit, actor_of
from luodi.lib.errors import NotFound
from luodi.lib.wire import Id
from luodi.rooms.classes import api
from luodi.rooms.classes.models import Certificate, Cohort, Course, Plan, Trainee
from luodi.shell.rest import Following, Listed, listed

router = Router(tags=["classes"])


class TraineeOut(Schema):
    """Somebody who is to be trained: `cohort_id` once placed, `trained_on` once finished."""

    id: int
    course_id: int
    unit_id: int
    person_id: int
    level: str
    urgency: int
    away: list[str]
    cohort_id: int | None
    by_hand: bool
    enrolled_on: dt.date
    trained_on: dt.date | None
    hours: Decimal | None
    dropped_on: dt.date | None
    version: int


class PlanOut(Schema):
    """A proposal: `placed` by trainee's id, `left` with the reasons."""

    id: int
    course_id: int
    state: str
    placed: dict[str, int]
    left: dict[str, str]
    objective: float | None
    bound: float | None
    proven: bool
    moved: int
    note: str


class CertificateOut(Schema):
    id: int
    trainee_id: int
    code: str
    issued_on: dt.date
    revoked_on: dt.date | None


class EnrolledOut(Schema):
    added: int


def _course(request: HttpRequest, pk: int) -> Mapping[str, Any]:
    return {"course": get_object_or_404(Course.objects.select_related("unit"), pk=pk)}


def _trainee(request: HttpRequest, pk: int) -> Mapping[str, Any]:
    rows = Trainee.objects.select_related("unit", "course")
    return {"trainee": get_object_or_404(rows, pk=pk)}


def _certificate(request: HttpRequest, pk: int) -> Mapping[str, Any]:
    return {"certificate": get_object_or_404(Certificate.objects.select_related("unit"), pk=pk)}


@router.get("/courses/{pk}/trainees", response=Listed[TraineeOut])
def list_trainees(request: HttpRequest, pk: Path[Id], wanted: Query[Following]) -> Any:
    """Those of a course whom one sees."""
    actor_of(request).require("classes.view")
    rows = Trainee.objects.filter(**_course(request, pk))
    return listed(changed_since(rows, wanted.changed_since), wanted, "pk")


@router.get("/courses/{pk}/plan", response=PlanOut)
def latest_plan(request: HttpRequest, pk: Path[Id]) -> Any:
    """The latest proposal of a course."""
    actor_of(request).require("classes.write")
    plan = _course(request, pk)["course"].plans.first()
    if plan is None:
        raise NotFound("no plan was asked for")
    return plan


class EnrolIn(Schema):
    unit_id: Id
    level: str = "staff"


operation_of(
    router, "POST", "/courses/{pk}/plan", api.ask_plan, response=PlanOut, find=_course, status=201
)


class PlaceIn(Schema):
    cohort_id: Id | None = None
    version: int | None = None


@router.post("/trainees/{pk}/place", response=TraineeOut)
def place(request: HttpRequest, pk: Path[Id], data: PlaceIn) -> Any:
    """Puts somebody into a cohort by hand, or out of one."""
    trainee = _trainee(request, pk)["trainee"]
    actor = actor_of(request)
    actor.require("classes.write", trainee.unit.path)
    cohort = get_object_or_404(Cohort, pk=data.cohort_id) if data.cohort_id else None
    return api.place_trainee(actor=actor, trainee=trainee, cohort=cohort, version=data.version)


operation_of(
    router, "POST", "/trainees/{pk}/away", api.change_away, response=TraineeOut, find=_trainee
)
operation_of(
    router, "POST", "/trainees/{pk}/drop", api.drop_trainee, response=TraineeOut, find=_trainee
)
operation_of(
    router,
    "POST",
    "/certificates/{pk}/revoke",
    api.revoke_certificate,
    response=CertificateOut,
    find=_certificate,
)


class FinishIn(Schema):
    unfinished: list[Id] = []


@router.post("/cohorts/{pk}/finish", response={201: list[CertificateOut]})
def finish(request: HttpRequest, pk: Path[Id], data: FinishIn) -> Status[Any]:
    """Records that a cohort is over: hours and certificates for those who finished."""
    cohort = get_object_or_404(Cohort.objects.select_related("course"), pk=pk)
    made = api.finish_cohort(actor=actor_of(request), cohort=cohort, unfinished=data.unfinished)
    return Status(201, made)


@router.post("/plans/{pk}/accept", response=EnrolledOut)
def accept(request: HttpRequest, pk: Path[Id]) -> Any:
    """Places everybody as a proposal says; returns how many."""
    plan = get_object_or_404(Plan.objects.select_related("unit"), pk=pk)
    return {"added": api.accept_plan(actor=actor_of(request), plan=plan)}


@router.post("/courses/{pk}/trainees", response={201: EnrolledOut})
def enrol_people(request: HttpRequest, pk: Path[Id], data: EnrolIn) -> Status[Any]:
    """Puts everybody whose record a unit keeps on the list of a course."""
    unit = get_object_or_404(Unit, pk=data.unit_id)
    course = _course(request, pk)["course"]
    added = api.enrol(actor=actor_of(request), course=course, unit=unit, level=data.level)
    return Status(201, {"added": added})
