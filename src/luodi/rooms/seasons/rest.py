"""Seasons over REST: performances and plans; plain records have their own operations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Schema

from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of
from luodi.lib.wire import Id
from luodi.rooms.seasons.models import Performance, Plan, Season
from luodi.rooms.seasons.verbs import performing, planning
from luodi.shell.rest import Listed, listed_whole

router = Router(tags=["seasons"])


class PerformanceOut(Schema):
    """`state`: planned, held or cancelled; `audience` is what the village typed."""

    id: int
    season_id: int
    village_id: int
    troupe_id: int
    play_id: int | None
    on: dt.date
    state: str
    audience: int | None
    why: str
    instead_of_id: int | None
    version: int


class PlanOut(Schema):
    """`lines`: shows with village, troupe and day; `summary` with cost, bound and seconds."""

    id: int
    season_id: int
    state: str
    number: int | None
    asked_at: dt.datetime
    published_at: dt.datetime | None
    says: str
    progress: dict[str, Any]
    summary: dict[str, Any]
    lines: list[dict[str, Any]]


def season_of(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"season": Season.objects.select_related("unit").get(pk=pk)}


def plan_of(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"plan": Plan.objects.select_related("season__unit").get(pk=pk)}


def performance_of(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"performance": Performance.objects.select_related("season__unit").get(pk=pk)}


@router.get("/seasons/{pk}/performances", response=Listed[PerformanceOut])
def list_performances(request: HttpRequest, pk: Path[Id]) -> Any:
    """The performances of a season, by day."""
    season = season_of(request, pk)["season"]
    actor_of(request).require("seasons.view", season.path)
    return listed_whole(list(season.performances.order_by("on", "pk")))


@router.get("/seasons/plans/{pk}", response=PlanOut)
def get_plan(request: HttpRequest, pk: Path[Id]) -> Any:
    """A plan: how far it is, or what came out."""
    plan = plan_of(request, pk)["plan"]
    actor_of(request).require("seasons.view", plan.path)
    return plan


def add(path: str, verb: Any, response: Any, find: Any, status: int = 200) -> None:
    operation_of(router, "POST", path, verb, response=response, find=find, status=status)


add("/seasons/{pk}/performances", performing.add_performance, PerformanceOut, season_of, 201)
add("/seasons/{pk}/plans", planning.ask_plan, PlanOut, season_of, 201)
add("/seasons/plans/{pk}/publish", planning.publish_plan, PlanOut, plan_of)
add("/seasons/performances/{pk}/hold", performing.hold_performance, PerformanceOut, performance_of)
add(
    "/seasons/performances/{pk}/cancel",
    performing.cancel_performance,
    PerformanceOut,
    performance_of,
)
add("/seasons/performances/{pk}/instead", performing.make_up, PerformanceOut, performance_of, 201)
