"""What the tests that try every address know of audit."""

from __future__ import annotations

from tests.expect import OFFICERS, PEOPLE, Operation, Page, holders, reading

PAGES: dict[str, Page] = {
    "audit:trail": holders("auditor"),
    "audit:seals": holders("auditor"),
    "audit:history": Page(PEOPLE | {"auditor"}, OFFICERS | {"auditor"}),  # of a person
}
OPERATIONS: dict[str, Operation] = {
    "GET /trail": reading(frozenset({"auditor"})),
    "GET /trail/seals": reading(frozenset({"auditor"})),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("audit:history", "pk"): "person",
}
