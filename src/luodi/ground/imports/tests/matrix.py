"""What the tests that try every address know of imports; of those of people, by name."""

from __future__ import annotations

from tests.expect import ENTERPRISES, NOBODY, POST_ONLY, Operation, Page, holders

# A dry run is its maker's own.
PAGES: dict[str, Page] = {
    "imports:upload": holders(*ENTERPRISES),
    "imports:template": holders(*ENTERPRISES),
    "imports:report": Page(NOBODY),
    "imports:errors": Page(NOBODY),
    "imports:details": Page(NOBODY),
    "imports:answers": POST_ONLY,
    "imports:correct": POST_ONLY,
    "imports:discard": POST_ONLY,
}
OPERATIONS: dict[str, Operation] = {
    "POST /imports/{kind}": Operation(ENTERPRISES, outside=ENTERPRISES),
    "GET /imports/{kind}/{digest}": Operation(NOBODY),
    "POST /imports/{kind}/{digest}/answers": Operation(NOBODY, lambda ids: {"answers": {}}),
    "POST /imports/{kind}/{digest}/write": Operation(NOBODY, lambda ids: {}),
    "DELETE /imports/{kind}/{digest}": Operation(NOBODY, lambda ids: {}),
}
