"""What the tests that try every address know of pioneer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.expect import OFFICERS, PEOPLE, Ids, Operation, Page, anyone, holders, of_rows, reading
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit, today
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import BranchType, Stage
from luodi.rooms.pioneer import api
from luodi.rooms.pioneer.models import Stand, Studio, StudioMember

VIEW = PEOPLE | {"part_time_member"}
ON = dt.date(2022, 3, 1)
SEEN = Page(VIEW, VIEW)  # tasks are offered to everybody of the zone

PAGES: dict[str, Page] = {
    "pioneer:stand": of_rows(PEOPLE),
    "pioneer:sign": of_rows(PEOPLE),
    "pioneer:hand_stand_on": of_rows(PEOPLE),
    "pioneer:leave_stand": of_rows(PEOPLE),
    "pioneer:agree_to_show": of_rows(PEOPLE),
    "pioneer:seen": anyone(nobody=200),
    "pioneer:studio": of_rows(PEOPLE),
    "pioneer:join_studio": of_rows(PEOPLE),
    "pioneer:leave_studio": of_rows(PEOPLE),
    "pioneer:tasks": holders(*VIEW),
    "pioneer:raise_task": holders(*PEOPLE),
    "pioneer:task": SEEN,
    "pioneer:claim": Page(PEOPLE, PEOPLE),
    "pioneer:withdraw_task": of_rows(PEOPLE),
    "pioneer:hand_claim_on": of_rows(PEOPLE),
    "pioneer:drop_claim": of_rows(PEOPLE),
    "pioneer:finish_claim": of_rows(PEOPLE),
    "pioneer:backbone": holders(*VIEW),
}


def reason(ids: Ids) -> Any:
    return {"reason": "示例"}


OPERATIONS: dict[str, Operation] = {
    "GET /pioneer/tasks": reading(VIEW),
    "GET /pioneer/tasks/{pk}": Operation(VIEW, about="task", outside=VIEW),
    "GET /pioneer/tasks/{pk}/claims": Operation(VIEW, about="task", outside=VIEW),
    "POST /pioneer/tasks": Operation(
        PEOPLE,
        lambda ids: {"unit": ids["unit"], "title": "示例", "due_on": "2099-01-01"},
        outside=OFFICERS,
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pioneer/tasks/{pk}/claims": Operation(
        PEOPLE, lambda ids: {"branch": ids["pioneer:branch"]}, "task", OFFICERS,
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pioneer/tasks/{pk}/withdraw": Operation(PEOPLE, reason, "task"),
    "POST /pioneer/claims/{pk}/hand-on": Operation(
        PEOPLE, lambda ids: {"person": ids["pioneer:member"]}, "claim",
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pioneer/claims/{pk}/drop": Operation(PEOPLE, reason, "claim"),
    "POST /pioneer/claims/{pk}/done": Operation(PEOPLE, lambda ids: {"sentence": "示例"}, "claim"),
    "POST /pioneer/stands/{pk}/hand-on": Operation(
        PEOPLE, lambda ids: {"person": ids["pioneer:member"], "on": "2023-01-01"}, "pioneer:held",
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pioneer/stands/{pk}/leave": Operation(
        PEOPLE, lambda ids: {"on": "2023-01-01"}, "pioneer:held"
    ),
    "POST /pioneer/stands/{pk}/agree": Operation(
        PEOPLE, lambda ids: {"agreed": ["name"]}, "pioneer:held"
    ),
    "POST /pioneer/studios/{pk}/members": Operation(
        PEOPLE, lambda ids: {"person": ids["pioneer:member"], "on": "2023-01-01"}, "pioneer:own_studio",
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pioneer/studio-members/{pk}/leave": Operation(
        PEOPLE, lambda ids: {"on": "2023-01-01"}, "pioneer:studio_member"
    ),
}  # fmt: skip
MEANINGS: dict[tuple[str, str], str] = {
    ("pioneer:sign", "pk"): "pioneer:held",
    ("pioneer:hand_stand_on", "pk"): "pioneer:held",
    ("pioneer:leave_stand", "pk"): "pioneer:held",
    ("pioneer:agree_to_show", "pk"): "pioneer:held",
    ("pioneer:seen", "token"): "pioneer:token",
    ("pioneer:join_studio", "pk"): "pioneer:own_studio",
    ("pioneer:leave_studio", "pk"): "pioneer:studio_member",
    ("pioneer:hand_claim_on", "pk"): "claim",
    ("pioneer:drop_claim", "pk"): "claim",
    ("pioneer:finish_claim", "pk"): "claim",
    ("pioneer:task", "pk"): "task",
    ("pioneer:claim", "pk"): "task",
    ("pioneer:withdraw_task", "pk"): "task",
}
NUMBERS: dict[str, str] = {
    "pioneer:task": "how many hands one task needs",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A post that is held, a task with a claim, a studio with one member."""
    branch = directory.found_branch(
        actor=SYSTEM, parent=unit, name=f"示例先锋支部{number}", type=BranchType.BRANCH,
        founded_on=dt.date(2020, 1, 1),
    )  # fmt: skip
    people = [
        directory.add_person(actor=SYSTEM, unit=unit, name=f"示例党员{letter}{number}")
        for letter in "甲乙"
    ]
    for one in people:
        directory.start_membership(
            actor=SYSTEM, person=one, branch=branch, stage=Stage.FORMAL, since=dt.date(2020, 1, 1)
        )
    stand = Stand.objects.create(unit=unit, kind="post", name="示例在岗", sentence="示例")
    api.hand_stand_on(actor=SYSTEM, stand=stand, person=people[0], on=ON)
    task = api.raise_task(
        actor=SYSTEM, unit=unit, title="示例任务", hands=40, due_on=today() + dt.timedelta(days=30)
    )
    claim = api.claim_task(actor=SYSTEM, task=task, branch=branch, person=people[0])
    studio = Studio.objects.create(unit=unit, name="示例在用工作室")
    member = StudioMember.objects.create(studio=studio, person=people[0], opened_on=ON)
    return {
        "pioneer:held": stand.pk,
        "pioneer:token": stand.token,
        "pioneer:own_studio": studio.pk,
        "pioneer:studio_member": member.pk,
        "pioneer:branch": branch.pk,
        "pioneer:member": people[1].pk,
        "task": task.pk,
        "claim": claim.pk,
    }
