"""What the tests that try every address know of reports."""

from __future__ import annotations

from typing import Any

from tests.expect import (
    ALL,
    FOUNDED,
    NOBODY,
    POST_ONLY,
    READERS,
    WRITERS,
    Ids,
    Operation,
    Page,
    anyone,
    empty,
    holders,
    of_rows,
    reading,
    reason,
)
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.reports import api as reports

PAGES: dict[str, Page] = {
    "reports:reports": holders(*READERS, "part_time_member"),
    "reports:draft": holders(*WRITERS),
    "reports:preview": POST_ONLY,
    "reports:pick": POST_ONLY,
    "reports:step": POST_ONLY,
    "reports:signing": holders("secretary", "county_officer"),
    "reports:templates": holders(*READERS, "part_time_member"),
    "reports:template": holders(*READERS, "part_time_member"),
    "reports:template_new": holders(*WRITERS),
    "reports:verify": anyone(nobody=200),
    "reports:key": anyone(nobody=200),
    "reports:report": of_rows(READERS),
    "reports:edit": of_rows(WRITERS),
    "reports:publish": POST_ONLY,
    "reports:call_off": POST_ONLY,
    "reports:drop": POST_ONLY,
    "reports:withdraw": of_rows(WRITERS),
    "reports:compare": of_rows(READERS),
    "reports:reading": of_rows(READERS),
    "reports:article": of_rows(READERS),
    "reports:article_shown": of_rows(READERS),
    "reports:file": of_rows(READERS),
}


def report(ids: Ids) -> Any:
    span = {"since": "2022-01-01", "until": "2022-12-22"}
    return {"unit_id": ids["unit"], "template": "annual", **span}


def words(ids: Ids) -> Any:
    return {"title": "示例", "text": "示例"}


OPERATIONS: dict[str, Operation] = {
    "GET /reports": reading(READERS | {"part_time_member"}),
    "GET /reports/templates": reading(READERS | {"part_time_member"}),
    "GET /reports/key": Operation(ALL, outside=ALL, open=True),
    "GET /reports/{pk}": reading(READERS, "report"),
    "GET /reports/{pk}/steps": reading(READERS, "report"),
    "GET /reports/{pk}/document": reading(READERS, "report"),
    "GET /reports/{pk}/comparison": reading(READERS, "report"),
    "GET /reports/{pk}/article": reading(READERS, "report"),
    "GET /reports/{pk}/docx": reading(READERS, "report"),
    "GET /reports/{pk}/pdf": reading(READERS, "report"),
    "GET /reports/{pk}/sealed": reading(WRITERS, "report"),
    "POST /reports": Operation(WRITERS, report),
    "PATCH /reports/{pk}": Operation(WRITERS, words, "draft"),
    "DELETE /reports/{pk}": Operation(WRITERS, about="draft"),
    "POST /reports/{pk}/steps": Operation(WRITERS, lambda ids: {"act": "submit"}, "draft"),
    "POST /reports/{pk}/publish": Operation(WRITERS, empty, "draft"),
    # nobody: nothing waits
    "POST /reports/{pk}/call-off": Operation(
        NOBODY, empty, "draft", otherwise=frozenset({403, 404, 422})
    ),
    "POST /reports/{pk}/withdraw": Operation(WRITERS, reason, "report"),
    "POST /reports/{pk}/article": Operation(READERS, empty, "report"),
    "POST /reports/{pk}/pack": Operation(WRITERS, empty, "report"),
    "POST /reports/templates": Operation(
        WRITERS, lambda ids: {"unit_id": ids["unit"], "title": "示例", "text": "示例"}
    ),
    # takes a form with a file; without one everybody is told so
    "POST /reports/verify": Operation(NOBODY, otherwise=frozenset({422}), open=True),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("reports:edit", "pk"): "draft",
    ("reports:", "pk"): "report",
}
KEYS: dict[str, str] = {
    "reports:template": "annual",
}
NUMBERS: dict[str, str] = {
    "reports:article": "the limits of the platform",
    "reports:compare": "how many are listed there",
    "reports:reading": "the reading itself, with its rows",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A draft, and a published report with one number."""
    made = {}
    for kind in ("draft", "report"):
        draft = reports.draft_report(
            actor=SYSTEM, template="annual", unit=unit, since=FOUNDED, until=scope.today()
        )
        text = "现有党员{figure: directory.members}。"
        made[kind] = reports.write_report(actor=SYSTEM, report=draft, title="示例", text=text)
    reports.publish_report(actor=SYSTEM, report=made["report"])
    return {kind: report.pk for kind, report in made.items()}
