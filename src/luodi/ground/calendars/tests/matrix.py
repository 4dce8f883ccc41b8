"""What the tests that try every address know of calendars."""

from __future__ import annotations

from tests.expect import POST_ONLY, Operation, Page, holders, reading

PAGES: dict[str, Page] = {
    "calendars:calendars": holders("system_admin"),
    "calendars:set_day": POST_ONLY,
    "calendars:set_hours": POST_ONLY,
    "calendars:fill": POST_ONLY,
    "calendars:clear": POST_ONLY,
}
SETTERS = frozenset({"system_admin"})
OPERATIONS: dict[str, Operation] = {
    "GET /calendar/days": reading(SETTERS),
    "POST /calendar/days": Operation(
        SETTERS, lambda ids: {"on": "2026-07-01", "kind": "off", "unit": ids["unit"]}, "", SETTERS
    ),
    "POST /calendar/hours": Operation(
        SETTERS, lambda ids: {"since": "2026-07-01", "spans": "08:00-12:00"}, "", SETTERS
    ),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("calendars:clear", "pk"): "unit",
}
