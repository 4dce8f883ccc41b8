"""Every page asks the database a fixed number of times, which is stored in `queries.json`.

A page that asks more often, or that has no number, fails. After a change on purpose:
`LUODI_STORE_QUERIES=1 pytest -n 0 tests/test_queries.py` writes the numbers anew; read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.addresses import address, patterns
from tests.matrix import PAGES
from tests.world import World

STORE = Path(__file__).with_name("queries.json")
STORED: dict[str, int] = json.loads(STORE.read_text()) if STORE.exists() else {}
STORING = bool(os.environ.get("LUODI_STORE_QUERIES"))
OPENED = sorted(name for name, page in PAGES.items() if page.who and page.get == 200)


@pytest.fixture(scope="module")
def counts() -> Iterator[dict[str, int]]:
    found: dict[str, int] = {}
    yield found
    if STORING:
        STORE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


def count(client: Client, url: str) -> int | None:
    """How often a page asks when it is opened again; None for what is no page (a file, a refusal)."""
    client.get(url)  # what is asked once a process
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
        return None
    return len(asked.captured_queries)


@pytest.mark.parametrize("name", OPENED)
def test_a_page_asks_as_often_as_is_stored(world: World, counts: dict[str, int], name: str) -> None:
    who = PAGES[name].who
    role = "office" if "office" in who else min(who)
    for arguments in patterns()[name]:
        with world.tried():
            found = count(world.clients[role], address(name, arguments, world.inside))
        if found is None:
            continue
        counts[name] = found
        assert STORING or name in STORED, f"{name} asks {found} times: store it in queries.json"
        assert STORING or found <= STORED[name], f"{name} asks {found} times, not {STORED[name]}"
