"""What the tests that try every address know of duties."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.expect import (
    LEAD,
    OFFICERS,
    POST_ONLY,
    READERS,
    Ids,
    Operation,
    Page,
    empty,
    holders,
    of_rows,
    reading,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit, today
from luodi.rooms.duties import api

VIEW = READERS | {"part_time_member"}
PAGES: dict[str, Page] = {
    "duties:board": holders(*VIEW),
    "duties:year": of_rows(READERS),
    "duties:people": of_rows(READERS),
    "duties:rules": holders(*VIEW),
    "duties:duty": of_rows(READERS),
    "duties:new": holders(*OFFICERS),
    "duties:install": POST_ONLY,
    "duties:rename": of_rows(OFFICERS),
    "duties:renew": of_rows(OFFICERS),
    "duties:end": of_rows(OFFICERS),
    "duties:excuse": of_rows(OFFICERS | LEAD),
    "duties:end_excuse": POST_ONLY,
}
ASKED = {
    "every": "month",
    "kinds": ["enterprise"],
    "gatherings": ["theme_day"],
    "since": "2150-01-01",
    "regulation": "示例规定",
}


def duty(ids: Ids) -> Any:
    return {"unit": ids["unit"], "name": "示例新事项", **ASKED}


OPERATIONS: dict[str, Operation] = {
    "GET /duties": reading(VIEW),
    "GET /duties/units/{pk}": reading(READERS, "unit"),
    "GET /duties/below/{pk}": reading(READERS, "unit"),
    "POST /duties": Operation(OFFICERS, duty, otherwise=frozenset({403, 404, 422})),
    "POST /duties/install": Operation(
        OFFICERS, lambda ids: {"unit_id": ids["unit"], "key": "theme_day"}
    ),
    "POST /duties/{pk}/editions": Operation(OFFICERS, lambda ids: ASKED, "owed"),
    "PATCH /duties/{pk}": Operation(OFFICERS, lambda ids: {"name": "示例改名"}, "owed"),
    "POST /duties/{pk}/end": Operation(OFFICERS, lambda ids: {"on": "2150-01-01"}, "owed"),
    "POST /duties/{pk}/excuses": Operation(
        OFFICERS | LEAD,
        lambda ids: {"unit_id": ids["unit"], "on": str(today()), "reason": "示例"},
        "owed",
    ),
    "POST /duties/excuses/{pk}/end": Operation(OFFICERS | LEAD, empty, "excuse"),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("duties:year", "pk"): "unit",
    ("duties:people", "pk"): "unit",
    ("duties:excuse", "unit"): "unit",
    ("duties:end_excuse", "pk"): "excuse",
    ("duties:", "pk"): "owed",
}
NUMBERS: dict[str, str] = {
    "duties:duty": "the days of a rule",
    "duties:board": "how many windows are in which state; each number lists them",
    "duties:people": "hours of people, which only who may see them sees",
    "duties:year": "how many windows are in which state, all of them on the page",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A duty of the unit's own, and an excuse from it."""
    made = api.add_duty(
        actor=SYSTEM,
        unit=unit,
        name=f"示例事项{number}",
        every="year",
        kinds=["enterprise"],
        gatherings=["theme_day"],
        since=dt.date(today().year, 1, 1),
        regulation="示例规定",
        at=dt.datetime(today().year, 1, 1, 4, tzinfo=dt.UTC),
    )
    excused = api.excuse(actor=SYSTEM, duty=made, unit=unit, on=today(), reason="示例")
    return {"owed": made.pk, "excuse": excused.pk}
