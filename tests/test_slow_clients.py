"""Connections that send a byte now and then keep nobody else waiting, and are cut off."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

HEADER = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx"
APPLICATION = """
from luodi.config import slow
slow.HEADER_SECONDS = slow.BODY_SECONDS = {patience}
slow.SLOWEST = 10**9
def application(environ, start):
    start("200 OK", [("Content-Length", "4")])
    return [str(len(environ["wsgi.input"].read())).rjust(4).encode()]
"""


@pytest.fixture
def port(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    """A web process with one thread fewer than the attackers; `request.param`: its patience."""
    (tmp_path / "slowly.py").write_text(APPLICATION.format(patience=request.param))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "-k", "luodi.config.slow.Worker", "-w", "1"]
    command += ["--threads", "64", "-b", f"127.0.0.1:{found}", "--keep-alive", "0"]
    serving = subprocess.Popen([*command, "slowly:application"], cwd=tmp_path, env={**os.environ})
    try:
        while serving.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", found), 1):
                break
            time.sleep(0.05)
        yield found
    finally:
        serving.terminate()
        serving.wait(20)


def page(port: int, body: bytes = b"") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/", body)
    return connection.getresponse().read()


@pytest.mark.parametrize("port", [3600], indirect=True)
def test_thirty_slow_connections_keep_nobody_waiting(port: int) -> None:
    with ExitStack() as held:
        for number in range(30):
            slow = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall((HEADER, BODY)[number % 2])
        assert page(port) == b"   0" and page(port, b"x" * 100) == b" 100"


@pytest.mark.parametrize("port", [0.2], indirect=True)
@pytest.mark.parametrize("begun", [HEADER, BODY])
def test_who_is_too_slow_is_cut_off(port: int, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), 60) as slow:
        slow.sendall(begun)
        with suppress(ConnectionResetError):
            assert b"200 OK" not in slow.recv(1000)
    assert page(port, b"x") == b"   1"
