"""What the tests that try every address know of calendars."""

from __future__ import annotations

from tests.expect import POST_ONLY, Page, holders

PAGES: dict[str, Page] = {
    "calendars:calendars": holders("system_admin"),
    "calendars:set_day": POST_ONLY,
    "calendars:set_hours": POST_ONLY,
    "calendars:fill": POST_ONLY,
    "calendars:clear": POST_ONLY,
}
MEANINGS: dict[tuple[str, str], str] = {
    ("calendars:clear", "pk"): "unit",
}
