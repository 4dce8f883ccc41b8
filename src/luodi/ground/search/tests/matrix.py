"""What the tests that try every address know of search."""

from __future__ import annotations

from tests.expect import Page, anyone

PAGES: dict[str, Page] = {"search:search": anyone()}
