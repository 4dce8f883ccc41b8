"""What the tests that try every address know of classes, beside their plain records."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.expect import (
    LEAD,
    OFFICERS,
    POST_ONLY,
    SEES,
    Ids,
    Operation,
    Page,
    anyone,
    empty,
    of_rows,
    reading,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.classes import api
from luodi.rooms.directory import api as directory

SENDERS = OFFICERS | LEAD | {"branch_secretary"}
WHY = {"why": "示例"}


def why(ids: Ids) -> Any:
    return WHY


PAGES: dict[str, Page] = {
    "classes:people": of_rows(SEES),
    "classes:enrol": of_rows(SENDERS),
    "classes:materials": of_rows(OFFICERS),
    "classes:ask_plan": of_rows(OFFICERS),
    "classes:accept_plan": POST_ONLY,
    "classes:place": of_rows(OFFICERS),
    "classes:away": of_rows(SENDERS),
    "classes:drop": of_rows(SENDERS),
    "classes:roll": of_rows(SEES),
    "classes:finish": of_rows(OFFICERS),
    "classes:certificate": of_rows(SEES),
    "classes:revoke": of_rows(OFFICERS),
    "classes:verify": anyone(200, nobody=200),
}
OPERATIONS: dict[str, Operation] = {
    "GET /courses/{pk}/trainees": reading(SEES, "class_course"),
    "GET /courses/{pk}/plan": reading(OFFICERS, "class_course"),
    "POST /courses/{pk}/trainees": Operation(
        SENDERS, lambda ids: {"unit_id": ids["unit"]}, "class_course"
    ),
    "POST /courses/{pk}/plan": Operation(OFFICERS, empty, "class_course"),
    "POST /trainees/{pk}/place": Operation(OFFICERS, empty, "trainee"),
    "POST /trainees/{pk}/away": Operation(
        SENDERS, lambda ids: {"away": "2022-12-05~2022-12-09"}, "trainee"
    ),
    "POST /trainees/{pk}/drop": Operation(SENDERS, why, "trainee"),
    "POST /cohorts/{pk}/finish": Operation(OFFICERS, empty, "class_cohort"),
    "POST /plans/{pk}/accept": Operation(OFFICERS, empty, "class_plan"),
    "POST /certificates/{pk}/revoke": Operation(OFFICERS, why, "certificate"),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("classes:people", "pk"): "class_course",
    ("classes:enrol", "pk"): "class_course",
    ("classes:materials", "pk"): "class_course",
    ("classes:ask_plan", "pk"): "class_course",
    ("classes:accept_plan", "pk"): "class_plan",
    ("classes:place", "pk"): "trainee",
    ("classes:away", "pk"): "trainee",
    ("classes:drop", "pk"): "trainee",
    ("classes:roll", "pk"): "class_cohort",
    ("classes:finish", "pk"): "class_cohort",
    ("classes:certificate", "pk"): "certificate",
    ("classes:revoke", "pk"): "certificate",
}
NUMBERS: dict[str, str] = {
    "classes:people": "how many are on the list that the page shows, by state",
    "classes:roll": "how long the cohort lasts, and how many are in it, on the page",
    "classes:certificate": "what the paper says",
    "classes:verify": "what the paper says",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A course of the unit with a finished cohort, a certificate, a cohort that is over but not
    finished, somebody still to go, and a proposal."""
    course = api.Course.objects.create(unit=unit, name=f"示例课程{number}", hours=90)
    day = dt.date(2022, 12, 9)
    finished, over = (
        api.Cohort.objects.create(
            course=course, name=name, starts_on=day, ends_on=day + dt.timedelta(days=14)
        )
        for name in ("示例第一期", "示例第二期")
    )
    api.Cohort.objects.create(
        course=course,
        name="示例以后",
        starts_on=dt.date(2150, 1, 1),
        ends_on=dt.date(2150, 1, 5),
    )
    people = [
        directory.add_person(actor=SYSTEM, unit=unit, name=f"示例学员{place}") for place in range(2)
    ]
    api.enrol(actor=SYSTEM, course=course, unit=unit, persons=people)
    done, left = api.Trainee.objects.filter(course=course).order_by("pk")
    api.place_trainee(actor=SYSTEM, trainee=done, cohort=finished)
    [certificate] = api.finish_cohort(actor=SYSTEM, cohort=finished)
    plan = api.ask_plan(actor=SYSTEM, course=course, now=True)
    return {
        "class_course": course.pk,
        "class_cohort": over.pk,
        "class_plan": plan.pk,
        "trainee": left.pk,
        "certificate": certificate.pk,
    }
