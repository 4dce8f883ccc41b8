"""What the tests that try every address know of evidence."""

from __future__ import annotations

from tests.expect import SEES, Operation, Page, of_rows, reading

PAGES: dict[str, Page] = {
    "evidence:file": of_rows(SEES),
}
OPERATIONS: dict[str, Operation] = {
    "GET /files/{pk}": reading(SEES, "file"),
    "GET /files/{pk}/content": reading(SEES, "file"),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("evidence:file", "pk"): "file",
}
