"""What a file could make its reader do: run in the sandbox by its tests."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from luodi.lib.sandbox import openable


@openable
def length_of(fp: IO[bytes], more: int) -> int:
    return len(fp.read()) + more


@openable
def forever(_fp: IO[bytes]) -> None:
    while True:
        pass


@openable
def asleep(_fp: IO[bytes], mark: str) -> None:
    Path(mark).write_text(str(os.getpid()))
    time.sleep(600)


@openable
def hungry(_fp: IO[bytes]) -> int:
    return len(bytearray(1 << 32))


@openable
def talkative(_fp: IO[bytes]) -> Iterator[str]:
    while True:
        yield "x" * 10_000


@openable
def connected(_fp: IO[bytes], port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
    except OSError as problem:
        return type(problem).__name__
    return "connected"


@openable
def environment(_fp: IO[bytes]) -> list[str]:
    return sorted(os.environ)


def unmarked(_fp: IO[bytes]) -> str:
    return "ran"
