"""The working calendar over REST: what differs, and the verbs that say so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from luodi.ground.audit.api import changed_since
from luodi.ground.calendars import api
from luodi.ground.calendars.models import CalendarDay
from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of
from luodi.shell.rest import Following, Listed, listed

router = Router(tags=["calendars"])


class DayOut(Schema):
    """`kind`: off, work, or own with its `spans`; without a unit it holds for everyone."""

    on: dt.date
    kind: str
    spans: list[list[str]]
    name: str
    source: str
    unit_id: int | None


class HoursOut(Schema):
    since: dt.date
    spans: list[list[str]]
    source: str
    unit_id: int | None


@router.get("/calendar/days", response=Listed[DayOut])
def list_days(request: HttpRequest, wanted: Query[Following]) -> Any:
    """The days that differ, the latest first."""
    actor_of(request).require("calendar.write")
    rows = changed_since(CalendarDay.objects.all(), wanted.changed_since)
    return listed(rows, wanted, "-on", "-pk")


operation_of(router, "POST", "/calendar/days", api.set_day, response=DayOut)
operation_of(router, "POST", "/calendar/hours", api.set_hours, response=HoursOut)
