"""What the tests that try every address know of the public's pages."""

from __future__ import annotations

from tests.expect import Page, anyone

OPEN = anyone(nobody=200)
PAGES: dict[str, Page] = {
    "public:home": OPEN,
    "public:events": OPEN,
    "public:places": OPEN,
    "public:raising": OPEN,
    "public:calendar": OPEN,
    "public:rss": OPEN,
    "public:type_size": anyone(405, nobody=405),
}
NUMBERS: dict[str, str] = {
    "public:places": "kilometres to a place that was typed; nobody's records",
    "public:events": "dates; nobody's records",
}
