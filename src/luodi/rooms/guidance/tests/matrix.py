"""What the tests that try every address know of guides."""

from __future__ import annotations

from typing import Any

from tests.expect import (
    ALL,
    DEPARTMENT,
    OFFICERS,
    POST_ONLY,
    SEES,
    Ids,
    Operation,
    Page,
    anyone,
    holders,
    of_rows,
    reason,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.guidance import api as guidance

WRITERS = OFFICERS
PAGES: dict[str, Page] = {
    # everybody's
    "guidance:offered": anyone(nobody=200),
    "guidance:answer": anyone(nobody=200),
    "guidance:paper": anyone(nobody=200),
    "guidance:guide": of_rows(SEES),
    "guidance:texts": of_rows(WRITERS),
    "guidance:numbers": of_rows(WRITERS),
    "guidance:cases": of_rows(WRITERS),
    "guidance:document": of_rows(WRITERS),
    "guidance:preview": of_rows(WRITERS),
    "guidance:publish": of_rows(WRITERS),
    "guidance:discard": POST_ONLY,
    "guidance:review": of_rows(WRITERS),
    "guidance:card": of_rows(SEES),
    "guidance:withdraw": of_rows(WRITERS),
    "guidance:install": holders(*OFFICERS, *DEPARTMENT),
}


def document(ids: Ids) -> Any:
    return {"document": ids["guide_document"], "version": ids["guide_version"]}


OPERATIONS: dict[str, Operation] = {
    "GET /guidance": Operation(ALL, outside=ALL, open=True),
    "GET /guidance/{pk}": Operation(ALL, about="guide", outside=ALL, open=True),
    "POST /guidance/{pk}/evaluation": Operation(
        ALL, lambda ids: {"answers": {}}, "guide", outside=ALL, open=True
    ),
    "GET /guides/{pk}/document": Operation(SEES, about="guide"),
    "PUT /guides/{pk}/document": Operation(WRITERS, document, "guide"),
    "POST /guides/{pk}/publish": Operation(WRITERS, lambda ids: {"note": "示例"}, "guide"),
    "POST /guides/{pk}/review": Operation(
        WRITERS, lambda ids: {"on": "2024-01-01", "next_on": "2099-01-01"}, "guide"
    ),
    "POST /guides/editions/{pk}/withdraw": Operation(WRITERS, reason, "guide_edition"),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("guidance:withdraw", "pk"): "guide_edition",
    ("guidance:", "pk"): "guide",
    ("guidance:", "key"): "guide_key",
}
KEYS: dict[str, str] = {}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A guide of the unit that is published, with a draft beside it."""
    key = ("departments", "fever")[number % 2]
    made = guidance.install(actor=SYSTEM, unit=unit, key=key)
    edition = guidance.publish_draft(actor=SYSTEM, guide=made, note="示例")
    draft = guidance.save_texts(actor=SYSTEM, guide=made, texts={"summary": "示例"})
    return {
        "guide": made.pk,
        "guide_edition": edition.pk,
        "guide_key": made.key,
        "guide_document": draft.document,
        "guide_version": draft.version,
    }
