"""Tasks and posts over REST: the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from luodi.ground.audit.api import changed_since
from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of
from luodi.lib.wire import Id
from luodi.rooms.pioneer.models import Claim, Stand, Studio, StudioMember, Task
from luodi.rooms.pioneer.reading import state_of, with_hands
from luodi.rooms.pioneer.verbs import stands, studios, tasks
from luodi.shell.rest import Following, Listed, listed

router = Router(tags=["pioneer"])


class TaskOut(Schema):
    """A task; `taken` and `done` count hands, of nobody in particular."""

    id: int
    unit_id: int
    title: str
    what: str
    place: str
    due_on: dt.date
    hands: int
    taken: int
    done: int
    skill: str
    source: str
    state: str


class ClaimOut(Schema):
    """That a branch took a task on; who of it did is on the page, for who may see the person."""

    id: int
    task_id: int
    branch_id: int
    claimed_on: dt.date
    dropped_on: dt.date | None
    done_on: dt.date | None
    sentence: str
    version: int


class Made(Schema):
    id: int


def told(task: Any) -> Any:
    task.state = state_of(task)
    return task


def _whole(pk: int) -> Any:
    return told(with_hands(Task.objects.all()).get(pk=pk))


@router.get("/pioneer/tasks", response=Listed[TaskOut])
def list_tasks(request: HttpRequest, asked: Query[Following]) -> Any:
    """Tasks, the soonest due first."""
    actor_of(request).require("pioneer.view")
    rows = with_hands(changed_since(Task.objects.all(), asked.changed_since))
    part = listed(rows, asked, "due_on")
    return part | {"items": [told(one) for one in part["items"]]}


@router.get("/pioneer/tasks/{pk}", response=TaskOut)
def get_task(request: HttpRequest, pk: Path[Id]) -> Any:
    actor_of(request).require("pioneer.view")
    return _whole(pk)


@router.get("/pioneer/tasks/{pk}/claims", response=Listed[ClaimOut])
def list_claims(request: HttpRequest, pk: Path[Id], asked: Query[Following]) -> Any:
    """Who took a task on, by branch."""
    actor_of(request).require("pioneer.view")
    return listed(changed_since(Claim.objects.filter(task=pk), asked.changed_since), asked)


def _task(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"task": Task.objects.get(pk=pk)}


def _claim(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"claim": Claim.objects.select_related("task", "branch__unit").get(pk=pk)}


def _stand(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"stand": Stand.objects.select_related("unit").get(pk=pk)}


def _studio(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"studio": Studio.objects.select_related("unit").get(pk=pk)}


def _member(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"member": StudioMember.objects.select_related("studio__unit").get(pk=pk)}


for _path, _verb, _response, _find in (
    ("/pioneer/tasks/{pk}/claims", tasks.claim_task, ClaimOut, _task),
    ("/pioneer/tasks/{pk}/withdraw", tasks.withdraw_task, Made, _task),
    ("/pioneer/claims/{pk}/hand-on", tasks.hand_claim_on, ClaimOut, _claim),
    ("/pioneer/claims/{pk}/drop", tasks.drop_claim, ClaimOut, _claim),
    ("/pioneer/claims/{pk}/done", tasks.finish_claim, ClaimOut, _claim),
    ("/pioneer/stands/{pk}/hand-on", stands.hand_stand_on, Made, _stand),
    ("/pioneer/stands/{pk}/leave", stands.leave_stand, Made, _stand),
    ("/pioneer/stands/{pk}/agree", stands.agree_to_show, Made, _stand),
    ("/pioneer/studios/{pk}/members", studios.join_studio, Made, _studio),
    ("/pioneer/studio-members/{pk}/leave", studios.leave_studio, Made, _member),
):
    operation_of(router, "POST", _path, _verb, response=_response, find=_find)
operation_of(router, "POST", "/pioneer/tasks", tasks.raise_task, response=Made, status=201)
