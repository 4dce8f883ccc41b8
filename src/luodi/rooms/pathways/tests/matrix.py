"""What the tests that try every address know of pathways."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.expect import PEOPLE, Ids, Operation, Page, holders, of_rows, reading
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import BranchType
from luodi.rooms.pathways import api

WRITE = frozenset({"office", "instructor", "branch_secretary"})
ON = dt.date(2022, 3, 1)

PAGES: dict[str, Page] = {
    "pathways:journeys": holders(*PEOPLE),
    "pathways:roll": holders(*PEOPLE),
    "pathways:begin": holders(*WRITE),
    "pathways:journey": of_rows(PEOPLE),
    "pathways:paper": of_rows(PEOPLE),
    "pathways:step": of_rows(WRITE),
    "pathways:interrupt": of_rows(WRITE),
    "pathways:resume": of_rows(WRITE),
    "pathways:move": of_rows(WRITE),
    "pathways:plan": of_rows(WRITE),
    "pathways:end": of_rows(WRITE),
    "pathways:correct": of_rows(WRITE),
    "pathways:withdraw": of_rows(WRITE),
}


def steps(ids: Ids) -> Any:
    return {"step": "choose", "on": "2022-05-01", "paper": "示例"}


def because(ids: Ids) -> Any:
    return {"reason": "示例", "on": "2022-03-02", "paper": "示例"}


OPERATIONS: dict[str, Operation] = {
    "GET /pathways/journeys": reading(PEOPLE),
    "GET /pathways/journeys/{pk}": Operation(PEOPLE, about="journey"),
    "POST /pathways/journeys": Operation(
        WRITE,
        lambda ids: {
            "person": ids["pathways:free"], "branch": ids["pathways:branch"], "on": "2023-01-01",
            "paper": "示例",
        },
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pathways/journeys/{pk}/steps": Operation(WRITE, steps, "journey"),
    "POST /pathways/journeys/{pk}/interrupt": Operation(
        WRITE, lambda ids: {"since": "2022-06-01", "until": "2022-07-01", "reason": "示例"}, "journey"
    ),
    "POST /pathways/journeys/{pk}/resume": Operation(
        WRITE, lambda ids: {"on": "2022-08-01"}, "journey:paused"
    ),
    "POST /pathways/journeys/{pk}/plan": Operation(WRITE, lambda ids: {"plan_year": 2023}, "journey"),
    "POST /pathways/journeys/{pk}/move": Operation(
        WRITE, lambda ids: {"branch": ids["pathways:other"], "on": "2022-09-01"}, "journey:paused",
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pathways/journeys/{pk}/end": Operation(
        WRITE, lambda ids: {"end": "withdrawn", "on": "2022-09-01", "ground": "示例"}, "journey:paused"
    ),
    "POST /pathways/facts/{pk}/correct": Operation(WRITE, because, "pathways:fact"),
    "POST /pathways/facts/{pk}/withdraw": Operation(
        WRITE, lambda ids: {"reason": "示例"}, "pathways:fact"
    ),
}  # fmt: skip
MEANINGS: dict[tuple[str, str], str] = {
    ("pathways:correct", "pk"): "pathways:fact",
    ("pathways:withdraw", "pk"): "pathways:fact",
    ("pathways:", "pk"): "journey",
    ("pathways:roll", "stage"): "pathways:roll",
    ("pathways:step", "key"): "pathways:key",
}
NUMBERS: dict[str, str] = {
    "pathways:journey": "numbers of steps, of days and of votes in one person's file",
    "pathways:paper": "numbers of steps and of votes in one person's file",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A file with its application and talk; another one that is interrupted; who has none yet."""

    def branch(name: str) -> directory.Branch:
        return directory.found_branch(
            actor=SYSTEM, parent=unit, name=f"示例{name}支部{number}", type=BranchType.BRANCH,
            founded_on=dt.date(2020, 1, 1),
        )  # fmt: skip

    def person(name: str) -> directory.Person:
        return directory.add_person(
            actor=SYSTEM, unit=unit, name=f"示例{name}{number}", born_on=dt.date(1990, 1, 1)
        )

    here, other = branch("培养"), branch("转入")
    first, second = person("申请甲"), person("申请乙")
    made = []
    for one in (first, second):
        journey = api.open_journey(actor=SYSTEM, person=one, branch=here, on=ON, paper="示例")
        fact = api.record_step(
            actor=SYSTEM, journey=journey, step="talk", on=dt.date(2022, 3, 5), paper="示例"
        )
        made.append((journey, fact))
    api.interrupt(actor=SYSTEM, journey=made[1][0], since=dt.date(2022, 5, 1), reason="示例")
    return {
        "journey": made[0][0].pk,
        "journey:paused": made[1][0].pk,
        "pathways:fact": made[0][1].pk,
        "pathways:free": person("申请丙").pk,
        "pathways:branch": here.pk,
        "pathways:other": other.pk,
        "pathways:roll": "activists",
        "pathways:key": "choose",
    }
