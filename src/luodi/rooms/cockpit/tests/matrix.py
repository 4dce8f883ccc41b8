"""What the tests that try every address know of the cockpit."""

from __future__ import annotations

from tests.expect import OFFICERS, POST_ONLY, Operation, Page, holders

BOARD = frozenset({"office", "secretary"})
PAGES: dict[str, Page] = {
    "cockpit:cockpit": holders(*OFFICERS),
    "cockpit:choose": Page(BOARD, BOARD),
    "cockpit:mornings": POST_ONLY,
}
OPERATIONS: dict[str, Operation] = {
    "GET /cockpit": Operation(OFFICERS, query="?unit={unit}"),
    "PUT /cockpit/{pk}/figures": Operation(BOARD, lambda ids: {"figures": []}, about="unit"),
}
MEANINGS: dict[tuple[str, str], str] = {("cockpit:", "pk"): "unit"}
