"""Development of members over REST: the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from luodi.ground.audit.api import changed_since
from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of, today
from luodi.lib.wire import Id
from luodi.rooms.pathways.models import Fact, Journey
from luodi.rooms.pathways.reading import Standing, standing_of, standings_of, with_facts
from luodi.rooms.pathways.rest_more import router as more
from luodi.rooms.pathways.verbs import development as verbs
from luodi.shell.rest import Following, Listed, listed

router = Router(tags=["pathways"])
router.add_router("", more)


class StepOut(Schema):
    """One step on the day asked. `sure`: earliest follows from days that are past; else it supposes
    that what comes before is done as early as it may be."""

    step: str
    number: int
    article: str
    done_on: list[dt.date]
    open: bool
    earliest: dt.date | None
    latest: dt.date | None
    sure: bool
    missing: list[str]


class JourneyOut(Schema):
    """A file; `stage` is the directory's, `since` the first day of each stage by the file."""

    id: int
    person_id: int
    branch_id: int | None
    stage: str | None
    since: dict[str, dt.date]
    plan_year: int | None
    end: str
    ended_on: dt.date | None
    next: list[str]
    version: int


class JourneyWhole(JourneyOut):
    steps: list[StepOut]


class FactOut(Schema):
    """What was entered of a step. Papers and words are on the page, for who handles the step."""

    id: int
    journey_id: int
    step: str
    on: dt.date
    outcome: str
    exception: str
    version: int


class Asked(Following):
    """Which files: of a year's plan; ended ones too."""

    plan_year: int | None = None
    ended: bool = False


def told(now: Standing) -> dict[str, Any]:
    row = now.journey
    return {
        "id": row.pk,
        "person_id": row.person_id,
        "branch_id": now.branch.pk if now.branch else None,
        "stage": now.stage.value if now.stage else None,
        "since": {stage.value: day for stage, day in now.since.items()},
        "plan_year": row.plan_year,
        "end": row.end,
        "ended_on": row.ended_on,
        "next": [one.step.key for one in now.next],
        "version": row.version,
    }


def whole(journey: Journey) -> dict[str, Any]:
    """A file with all its steps."""
    now = standing_of(journey)
    steps = [
        {
            "step": key,
            "number": one.step.number,
            "article": one.step.citation,
            "done_on": [fact.on for fact in one.facts if fact.outcome == "passed"],
            "open": one.open,
            "earliest": one.earliest,
            "latest": one.latest,
            "sure": one.sure,
            "missing": list(one.missing),
        }
        for key, one in now.steps.items()
    ]
    return told(now) | {"steps": steps}


@router.get("/pathways/journeys", response=Listed[JourneyOut])
def list_journeys(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Files of people in development, as they stand today."""
    actor_of(request).require("pathways.view")
    rows = with_facts(Journey.objects.all())
    if not asked.ended:
        rows = rows.filter(ended_on=None)
    if asked.plan_year is not None:
        rows = rows.filter(plan_year=asked.plan_year)
    part = listed(changed_since(rows, asked.changed_since), asked)
    return part | {"items": [told(one) for one in standings_of(part["items"], today())]}


@router.get("/pathways/journeys/{pk}", response=JourneyWhole)
def get_journey(request: HttpRequest, pk: Path[Id]) -> Any:
    """A file with its steps: done, next, earliest, latest, missing."""
    row = Journey.objects.select_related("person__unit").get(pk=pk)
    actor_of(request).require("pathways.view", row.path)
    return whole(row)


def _journey(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"journey": Journey.objects.select_related("person__unit").get(pk=pk)}


def _fact(request: HttpRequest, pk: int) -> dict[str, Any]:
    fact = Fact.objects.select_related("journey__person__unit").get(pk=pk)
    actor_of(request).require(verbs.PERMISSIONS[fact.rule.who], fact.path)
    return {"fact": fact}


class Made(Schema):
    id: int
    version: int


for _path, _verb, _response, _find in (
    ("/pathways/journeys/{pk}/steps", verbs.record_step, FactOut, _journey),
    ("/pathways/journeys/{pk}/interrupt", verbs.interrupt, Made, _journey),
    ("/pathways/journeys/{pk}/resume", verbs.resume, Made, _journey),
    ("/pathways/journeys/{pk}/plan", verbs.plan_journey, Made, _journey),
    ("/pathways/journeys/{pk}/move", verbs.move_journey, Made, _journey),
    ("/pathways/journeys/{pk}/end", verbs.end_journey, Made, _journey),
    ("/pathways/facts/{pk}/correct", verbs.correct_step, FactOut, _fact),
    ("/pathways/facts/{pk}/withdraw", verbs.withdraw_step, Made, _fact),
):
    operation_of(router, "POST", _path, _verb, response=_response, find=_find)
operation_of(router, "POST", "/pathways/journeys", verbs.open_journey, response=Made, status=201)
