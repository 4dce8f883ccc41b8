"""What the tests that try every address know of figures."""

from __future__ import annotations

from tests.expect import ALL, CASES, NOBODY, SEES, Operation, Page, anyone, reading

PAGES: dict[str, Page] = {
    "figures:catalogue": anyone(),
    "figures:check": CASES,
    "figures:reading": CASES,
}
OPERATIONS: dict[str, Operation] = {
    "GET /figures": reading(ALL),
    "GET /figures/{key}": reading(SEES, "figure", "?unit={unit}"),
    "GET /figures/{key}/trend": reading(SEES, "figure", "?unit={unit}"),
    # takes a form with a file; without one everybody is told so
    "POST /figures/check/file": Operation(NOBODY, otherwise=frozenset({422})),
    "POST /figures/check": Operation(
        SEES,
        lambda ids: {"text": "党员3人", "unit": ids["unit"]},
    ),
}
KEYS: dict[str, str] = {
    "figures:reading": "directory.enterprises",
}
NUMBERS: dict[str, str] = {
    "figures:reading": "the reading itself, with its rows",
}
