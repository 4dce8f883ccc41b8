"""The worked example of CONTRIBUTING stays one: a room in sixty lines that nothing else names."""

from __future__ import annotations

import re
from pathlib import Path

import luodi

ROOM = Path(__file__).resolve().parents[1]
PRODUCT = Path(luodi.__file__).parent


def test_it_has_sixty_lines_of_its_own() -> None:
    lines = [line for file in ROOM.glob("*.py") for line in file.read_text().splitlines()]
    assert sum(bool(line.strip()) for line in lines) <= 60


def test_nothing_but_the_list_of_apps_names_it() -> None:
    """Neither code, nor a template, nor a central test; the generic tests show it as any other."""
    named = re.compile(r"rooms[./]places|\bplaces[:_.](venue|room|view|write)")
    files = [
        *PRODUCT.rglob("*.py"),
        *PRODUCT.rglob("*.html"),
        *(PRODUCT.parents[1] / "tests").glob("*.py"),
    ]
    mine = (ROOM, PRODUCT / "ground" / "records" / "tests")
    found = {
        str(file.relative_to(PRODUCT.parents[1]))
        for file in files
        if not any(file.is_relative_to(folder) for folder in mine)
        and named.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"src/luodi/config/settings.py"}
