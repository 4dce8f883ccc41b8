"""Studies of the circle over REST; settlements and sites follow from their declarations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of
from luodi.lib.wire import Id
from luodi.rooms.circle.models import Study
from luodi.rooms.circle.verbs import ask_study
from luodi.shell.rest import Listed, Paging, listed

router = Router(tags=["circle"])


class StudyOut(Schema):
    """`result` is empty until `state` is ready; `says` why it failed."""

    id: int
    unit_id: int
    kind: str
    mode: str
    minutes: int
    clock: dt.time | None
    count: int
    state: str
    says: str
    asked_at: dt.datetime
    result: dict[str, Any]


@router.get("/circle/studies", response=Listed[StudyOut])
def list_studies(request: HttpRequest, wanted: Query[Paging]) -> Any:
    """What was measured, the latest first."""
    actor_of(request).require("circle.view")
    return listed(Study.objects.defer("picture", "page"), wanted, "-asked_at", "-pk")


@router.get("/circle/studies/{pk}", response=StudyOut)
def get_study(request: HttpRequest, pk: Path[Id]) -> Any:
    """One study with what it found."""
    actor_of(request).require("circle.view")
    return Study.objects.defer("picture", "page").get(pk=pk)


operation_of(router, "POST", "/circle/studies", ask_study, response=StudyOut)
