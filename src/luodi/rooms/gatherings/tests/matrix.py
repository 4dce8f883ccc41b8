"""What the tests that try every address know of gatherings, beside what follows from the record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.expect import (
    POST_ONLY,
    READERS,
    SEES,
    Ids,
    Operation,
    Page,
    anyone,
    holders,
    of_rows,
    on,
    text,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.gatherings import api

VIEW = SEES | {"part_time_member", "department_officer"}
FORM = of_rows(READERS)
PAGES: dict[str, Page] = {
    "gatherings:book": holders(*VIEW),
    "gatherings:wall": FORM,
    "gatherings:here": anyone(410, nobody=410),
    "gatherings:cancel": FORM,
    "gatherings:invite": FORM,
    "gatherings:invitation": of_rows(SEES),
    "gatherings:answer": POST_ONLY,
    "gatherings:attach": FORM,
    "gatherings:attendance": FORM,
    "gatherings:write": FORM,
    "gatherings:sign": POST_ONLY,
    "gatherings:ask": POST_ONLY,
    "gatherings:correct": FORM,
    "gatherings:new_vote": FORM,
    "gatherings:count": FORM,
    "gatherings:withdraw": FORM,
    "gatherings:new_task": FORM,
    "gatherings:finish": FORM,
    "gatherings:new_case": FORM,
}


def why(ids: Ids) -> Any:
    return {"why": "示例"}


def nothing(ids: Ids) -> Any:
    return {}


def vote(ids: Ids) -> Any:
    return {"rule": "resolution", "subject": "示例"}


def case(ids: Ids) -> Any:
    return {"unit_id": ids["unit"], "text": "示例问题"}


OPERATIONS: dict[str, Operation] = {
    "GET /gathering-kinds": Operation(VIEW, about="", outside=VIEW),
    "GET /gathering-rules": Operation(VIEW, about="", outside=VIEW),
    "GET /gatherings/{pk}/people": Operation(SEES, about="visit"),
    "GET /gatherings/{pk}/minutes": Operation(SEES, about="visit"),
    "GET /gatherings/{pk}/votes": Operation(SEES, about="visit"),
    "GET /gatherings/{pk}/tasks": Operation(SEES, about="visit"),
    "POST /gatherings/{pk}/attendance": Operation(READERS, nothing, "visit"),
    "POST /gatherings/{pk}/invite": Operation(READERS, lambda ids: {"guests": ["示例"]}, "visit"),
    "POST /gatherings/{pk}/minutes": Operation(READERS, text, "visit"),
    "POST /gatherings/{pk}/votes": Operation(READERS, vote, "meeting"),
    "POST /gatherings/{pk}/tasks": Operation(READERS, text, "visit"),
    "POST /gatherings/{pk}/case": Operation(READERS, case, "visit"),
    "POST /gatherings/{pk}/cancel": Operation(READERS, why, "visit:planned"),
    "POST /gatherings/{pk}/sign": Operation(READERS, nothing, "visit:written"),
    "POST /gatherings/{pk}/correct": Operation(READERS, why, "visit:signed"),
    "POST /gatherings/{pk}/answer": Operation(
        frozenset(), lambda ids: {"answer": "yes"}, "visit:planned"
    ),
    "POST /gathering-votes/{pk}/close": Operation(
        READERS, lambda ids: {"present": 0}, "gathering_vote"
    ),
    "POST /gathering-votes/{pk}/withdraw": Operation(READERS, why, "gathering_vote"),
    "POST /gathering-tasks/{pk}/finish": Operation(READERS, on, "gathering_task"),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("gatherings:count", "pk"): "gathering_vote",
    ("gatherings:withdraw", "pk"): "gathering_vote",
    ("gatherings:finish", "pk"): "gathering_task",
    ("gatherings:correct", "pk"): "visit:signed",
    ("gatherings:", "pk"): "visit",
}
REFERENCES: dict[str, str] = {}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A unit's visits: one that was, one to come, one with minutes, one whose minutes are signed."""
    day = dt.datetime(2021, 3, 2, 9, tzinfo=dt.UTC)

    def visit(days: int) -> Any:
        when = day + dt.timedelta(days=days)
        return api.plan_gathering(
            actor=SYSTEM, unit=unit, kind="visit", title="示例走访", starts_at=when, tell=False
        )

    was, written, signed = visit(0), visit(1), visit(2)
    for one in (written, signed):
        api.write_minutes(actor=SYSTEM, gathering=one, text="示例")
    api.sign_minutes(actor=SYSTEM, gathering=signed)
    meeting = api.Gathering.objects.create(
        unit=unit,
        kind="members_meeting",
        title="示例大会",
        starts_at=day,
        ends_at=day + dt.timedelta(hours=1),
    )
    task = api.give_task(actor=SYSTEM, gathering=was, text="示例")
    vote = api.Vote.objects.create(gathering=was, rule="committee", subject="示例")
    return {
        "visit": was.pk,
        "meeting": meeting.pk,
        "visit:planned": visit(365 * 78).pk,
        "visit:written": written.pk,
        "visit:signed": signed.pk,
        "gathering_vote": vote.pk,
        "gathering_task": task.pk,
    }


NUMBERS: dict[str, str] = {
    "gatherings:count": "who may vote; they stand below",
    "gatherings:gathering": "who came, by name below, or as a book of meetings says",
    "gatherings:wall": "how many have said that they are there",
}
