"""A file may ask for what it likes: its reader is alone, with little, and is ended."""

from __future__ import annotations

import io
import os
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest

from luodi.lib import sandbox
from luodi.lib.sandbox import MB, Busy, Cost, Overrun, Pool, opened, rows
from luodi.lib.tests import hostile

LITTLE = Cost(seconds=20, computing=1, memory=512 * MB, output=MB)
FILE = io.BytesIO(b"0123456789")


def test_a_file_is_read_and_stays_at_its_beginning() -> None:
    assert opened(hostile.length_of, FILE, 5, cost=LITTLE) == 15
    assert FILE.tell() == 0


@pytest.mark.parametrize(
    ("function", "cost"),
    [
        (hostile.forever, LITTLE),
        (hostile.forever, Cost(seconds=0.5)),
        (hostile.hungry, LITTLE),
        (hostile.talkative, LITTLE),
        (hostile.unmarked, LITTLE),
        (os.getcwd, LITTLE),
    ],
)
def test_what_asks_for_too_much_is_ended(function: object, cost: Cost) -> None:
    with pytest.raises(Overrun):
        opened(function, FILE, cost=cost)  # type: ignore[arg-type]


def test_it_has_neither_our_secrets_nor_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUODI_SECRET_KEY", "示例")
    assert set(opened(hostile.environment, FILE, cost=LITTLE)) <= {"LANG", "LC_CTYPE"}
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = opened(hostile.connected, FILE, server.getsockname()[1], cost=LITTLE)
    if hasattr(os, "unshare"):  # pragma: no cover - newer Pythons tell whether the system lets us
        assert said != "connected"


def test_few_are_open_at_once(tmp_path: Path) -> None:
    pool = Pool(f"test-{os.getpid()}", 1, 0)
    mark = tmp_path / "pid"

    def hold() -> None:
        with pytest.raises(Overrun):
            opened(hostile.asleep, FILE, str(mark), pool=pool, cost=Cost(seconds=600))

    held = threading.Thread(target=hold)
    held.start()
    while not (mark.exists() and mark.read_text()):
        time.sleep(0.02)
    with pytest.raises(Busy):
        opened(hostile.length_of, io.BytesIO(b""), 0, pool=pool, cost=LITTLE)
    psutil.Process(int(mark.read_text())).kill()
    held.join()
    assert opened(hostile.length_of, io.BytesIO(b""), 0, pool=pool, cost=LITTLE) == 0


def test_rows_are_read_as_often_as_one_likes() -> None:
    found = rows(hostile.length_of, FILE, 1, cost=LITTLE)
    assert list(found) == list(found) == [11]
    assert sandbox.OURS.places >= 2
