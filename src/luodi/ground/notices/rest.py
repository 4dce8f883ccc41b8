"""The inbox, and what was sent where, over REST."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from luodi.ground.notices import api
from luodi.ground.notices.models import Delivery, Notice, Robot
from luodi.ground.scope.api import Unit, actor_of
from luodi.lib.wire import Id, Line
from luodi.shell.rest import Listed, Paging, created, listed

router = Router(tags=["notices"])


class NoticeFilter(Paging):
    unread: bool = Field(False, description="only those you have not read")


class NoticeOut(Schema):
    id: int
    text: str
    url: str
    at: dt.datetime
    read_at: dt.datetime | None


class Marked(Schema):
    marked: int


class DeliveryFilter(Paging):
    status: Delivery.Status | None = None


class TryOut(Schema):
    at: dt.datetime
    said: str


class DeliveryOut(Schema):
    id: int
    subject: str
    status: str
    tries: int
    answer: str
    log: list[TryOut]
    robot_id: int | None
    account_id: int | None
    created_at: dt.datetime
    tried_at: dt.datetime | None


class RobotIn(Schema):
    unit: Id
    kind: Robot.Kind
    name: Line = Field(max_length=60)
    address: Line = Field(description="the webhook, as the platform shows it")
    secret: Line = Field("", max_length=100, description="of a platform that signs; never shown")


class RobotOut(Schema):
    id: int
    unit_id: int
    kind: str
    name: str
    is_active: bool


@router.get("/notices", response=Listed[NoticeOut])
def inbox(request: HttpRequest, wanted: Query[NoticeFilter]) -> dict[str, Any]:
    """Your messages, the newest first."""
    rows = Notice.objects.filter(account_id=actor_of(request).account_id)
    if wanted.unread:
        rows = rows.filter(read_at__isnull=True)
    return listed(rows, wanted, "-id")


@router.post("/notices/read", response=Marked)
def read_all(request: HttpRequest) -> dict[str, int]:
    """Marks all your messages as read."""
    return {"marked": api.mark_read(actor=actor_of(request))}


@router.post("/notices/{pk}/read", response=Marked)
def read_one(request: HttpRequest, pk: Path[Id]) -> dict[str, int]:
    """Marks one message as read; 0 where it was already, or is not yours."""
    return {"marked": api.mark_read(actor=actor_of(request), notice_id=pk)}


@router.get("/deliveries", response=Listed[DeliveryOut])
def deliveries(request: HttpRequest, wanted: Query[DeliveryFilter]) -> dict[str, Any]:
    """What was sent by e-mail and to groups, and whether it arrived."""
    rows = Delivery.objects.all()
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    return listed(rows, wanted, "-id")


@router.post("/deliveries/{pk}/retry", response={204: None})
def retry(request: HttpRequest, pk: Path[Id]) -> Status[None]:
    """Sends a message again that failed, or of which it is not known whether it arrived."""
    api.retry(actor=actor_of(request), delivery_id=pk)
    return Status(204, None)


@router.get("/robots", response=Listed[RobotOut])
def robots(request: HttpRequest, wanted: Query[Paging]) -> Any:
    """The groups that messages go to; without their addresses, which are secrets."""
    actor_of(request).require("notices.configure")
    return listed(Robot.objects.filter(is_active=True), wanted)


@router.post("/robots", response={201: RobotOut})
def add_robot(request: HttpRequest, data: RobotIn) -> Any:
    """Registers a group's webhook for a unit."""
    unit = Unit.objects.get(pk=data.unit)
    given = data.dict() | {"unit": unit, "kind": data.kind.value}
    return created(request, api.add_robot(actor=actor_of(request), **given), "/robots")


@router.delete("/robots/{pk}", response={204: None})
def remove_robot(request: HttpRequest, pk: Path[Id]) -> Status[None]:
    """Stops sending to a group; its deliveries stay in the log."""
    api.remove_robot(actor=actor_of(request), robot_id=pk)
    return Status(204, None)
