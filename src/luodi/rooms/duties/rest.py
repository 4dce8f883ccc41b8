"""Duties over REST: how units stand, what is asked, and the verbs that change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import Unit, actor_of, today
from luodi.lib.periods import EARLIEST, LATEST
from luodi.lib.wire import Day, Id, Line, Prose
from luodi.rooms.duties import api
from luodi.rooms.duties.models import Duty, Excuse
from luodi.shell.rest import Listed, created, listed_whole

router = Router(tags=["duties"])


class EditionOut(Schema):
    """What a duty asks from `since` on, until the next edition takes over."""

    since: dt.date
    every: str
    times: int
    month: int | None
    day: int | None
    kinds: list[str]
    types: list[str]
    gatherings: list[str]
    least_members: int
    remind: int
    regulation: str
    clause: str
    certainty: str


class DutyOut(Schema):
    id: int
    unit_id: int
    key: str
    name: str
    name_en: str
    subject: str
    measure: str
    ended_on: dt.date | None
    version: int
    editions: list[EditionOut] = Field(alias="all_editions")


class HeldOut(Schema):
    """A gathering that counts: its id and day."""

    id: int
    on: dt.date


class SlotOut(Schema):
    """A window of a duty of a unit: `state` is done, excused, missed, risk, due, ahead, not_asked."""

    unit_id: int
    duty_id: int
    since: dt.date
    until: dt.date
    wanted: int
    done: int
    state: str
    risk_on: dt.date
    held: list[HeldOut]
    planned: list[HeldOut]
    excuse_id: int | None
    source: str


class ExcuseOut(Schema):
    id: int
    unit_id: int
    duty_id: int
    since: dt.date
    until: dt.date
    reason: str
    made_at: dt.datetime
    ended_at: dt.datetime | None


def slot_out(one: api.Slot) -> dict[str, Any]:
    return {
        "unit_id": one.unit.pk,
        "duty_id": one.duty.pk,
        "since": one.owed.start,
        "until": one.last,
        "wanted": one.owed.wanted,
        "done": one.done,
        "state": one.state.value,
        "risk_on": one.risk_on,
        "held": [{"id": m.pk, "on": m.on} for m in one.held],
        "planned": [{"id": m.pk, "on": m.on} for m in one.planned],
        "excuse_id": one.excuse.pk if one.excuse else None,
        "source": one.edition.source,
    }


class OfYear(Schema):
    year: int | None = Field(None, ge=EARLIEST, le=LATEST)


class OfMonth(Schema):
    on: Day | None = None


def _duties() -> Any:
    return Duty.objects.prefetch_related("editions").order_by("position", "pk")


@router.get("/duties", response=Listed[DutyOut])
def list_duties(request: HttpRequest) -> Any:
    """The duties that hold for what one sees, each with its editions."""
    actor_of(request).require("duties.view")
    return listed_whole(list(_duties()))


@router.get("/duties/units/{pk}", response=Listed[SlotOut])
def year_of_unit(request: HttpRequest, pk: Path[Id], wanted: Query[OfYear]) -> Any:
    """A unit's year: all windows of its duties, and how they stand today."""
    unit = get_object_or_404(Unit, pk=pk)
    actor_of(request).require("duties.view", unit.path)
    found = api.year_of(unit, wanted.year or today().year, today())
    return listed_whole([slot_out(one) for line in found for one in line.slots])


@router.get("/duties/below/{pk}", response=Listed[SlotOut])
def below_unit(request: HttpRequest, pk: Path[Id], wanted: Query[OfMonth]) -> Any:
    """How the unit and those below it stand in the windows in which a day's month lies."""
    unit = get_object_or_404(Unit, pk=pk)
    actor_of(request).require("duties.view", unit.path)
    found = api.board_of(unit, wanted.on or today(), today())
    return listed_whole([slot_out(one) for _unit, row in found.rows for one in row if one])


class InstallIn(Schema):
    unit_id: Id
    key: Line
    since: Day | None = None


@router.post("/duties/install", response={201: DutyOut})
def install(request: HttpRequest, data: InstallIn) -> Status[Any]:
    """Takes over a shipped duty for a unit and all below it, from a day on."""
    unit = get_object_or_404(Unit, pk=data.unit_id)
    made = api.install(actor=actor_of(request), unit=unit, key=data.key, since=data.since)
    return created(request, made, f"/duties/{made.pk}")


def _duty(request: HttpRequest, pk: int) -> Mapping[str, Any]:
    return {"duty": get_object_or_404(_duties(), pk=pk)}


def _excuse(request: HttpRequest, pk: int) -> Mapping[str, Any]:
    return {"excuse": get_object_or_404(Excuse.objects.select_related("unit"), pk=pk)}


operation_of(router, "POST", "/duties", api.add_duty, response=DutyOut, status=201)
operation_of(
    router,
    "POST",
    "/duties/{pk}/editions",
    api.renew_duty,
    response=EditionOut,
    find=_duty,
    given=("duty",),
    status=201,
)
operation_of(router, "PATCH", "/duties/{pk}", api.rename_duty, response=DutyOut, find=_duty)
operation_of(router, "POST", "/duties/{pk}/end", api.end_duty, response=DutyOut, find=_duty)
operation_of(
    router, "POST", "/duties/excuses/{pk}/end", api.end_excuse, response=ExcuseOut, find=_excuse
)


class ExcuseIn(Schema):
    unit_id: Id
    on: Day
    reason: Prose


@router.post("/duties/{pk}/excuses", response={201: ExcuseOut})
def excuse(request: HttpRequest, pk: Path[Id], data: ExcuseIn) -> Status[Any]:
    """Excuses a unit from a duty in the window in which a day lies."""
    duty = get_object_or_404(_duties(), pk=pk)
    unit = get_object_or_404(Unit, pk=data.unit_id)
    made = api.excuse(actor=actor_of(request), duty=duty, unit=unit, on=data.on, reason=data.reason)
    return created(request, made, f"/duties/excuses/{made.pk}")
