"""Opens files that somebody else made, in a process that may be killed.

    opened(read, stream, 3, cost=Cost())       # what the function gives, as JSON data
    for row in rows(cells, stream, cost=Cost())  # what a generator gives, as often as one likes

The function is marked `@openable`, gets the file and JSON arguments, and gives JSON data. It runs in a
fresh interpreter: without our environment (so without the site's secrets), without network where the
system lets us take it away, with limits of computing, memory and output. Few run at a time.
"""

from __future__ import annotations

import ctypes
import fcntl
import importlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeVar

MB: Final = 1024 * 1024
F = TypeVar("F", bound=Callable[..., Any])


class Overrun(Exception):
    """The file asked for more time, memory or output than it may have, or broke its reader."""


class Busy(Exception):
    """As many files as may be are being opened; try again in a moment."""


@dataclass(frozen=True, slots=True)
class Pool:
    """How many files may be open at once on this machine, and how long one waits for its turn."""

    name: str
    places: int
    patience: float  # seconds


# Strangers never stand in the way of who signs in, and never hold a thread of the web server waiting.
OURS: Final = Pool("ours", max(2, os.cpu_count() or 2), 20)
STRANGERS: Final = Pool("strangers", 2, 0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What opening one file may cost: seconds of the clock and of computing, bytes."""

    seconds: float = 30
    computing: int = 20
    memory: int = 768 * MB
    output: int = 16 * MB


def openable(function: F) -> F:
    """Marks a function of the module's top level as one that the sandbox may run."""
    function.openable = True  # type: ignore[attr-defined]
    return function


def opened(
    function: Callable[..., Any], stream: IO[bytes], *args: Any, pool: Pool = OURS, cost: Cost
) -> Any:
    """What the function gives for the file, which is left at its beginning.

    Raises Overrun, Busy. What the function itself refuses it must return.
    """
    return next(iter(rows(function, stream, *args, pool=pool, cost=cost)))


def rows(
    function: Callable[..., Any], stream: IO[bytes], *args: Any, pool: Pool = OURS, cost: Cost
) -> Rows:
    """What the generator gives, kept on the disk: its reader may take all the time it wants."""
    output = tempfile.TemporaryFile()  # noqa: SIM115 - as long as somebody reads the rows
    _run(function, stream, args, output, pool, cost)
    return Rows(output)


@dataclass(frozen=True)
class Rows:
    """Lines of JSON in a file without a name; each iteration begins anew."""

    file: IO[bytes]

    def __iter__(self) -> Iterator[Any]:
        self.file.seek(0)
        for line in self.file:
            yield json.loads(line)


def _run(
    function: Callable[..., Any],
    stream: IO[bytes],
    args: Any,
    output: IO[bytes],
    pool: Pool,
    cost: Cost,
) -> None:
    limits = (cost.computing, cost.memory, cost.output)
    order = json.dumps([function.__module__, function.__name__, args, limits, os.getpid()])
    with _place(pool), tempfile.TemporaryFile() as copy:
        stream.seek(0)
        shutil.copyfileobj(stream, copy, MB)
        stream.seek(0)
        copy.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(Path(__file__).resolve()), order],
                stdin=copy,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
                timeout=cost.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Overrun from None
    if done.returncode:
        raise Overrun


@contextmanager
def _place(pool: Pool) -> Iterator[None]:
    """One of the pool's places, held by a lock of the system's: it ends with its process."""
    folder = Path(tempfile.gettempdir()) / f"luodi-open-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise Busy  # somebody else made it
    until = time.monotonic() + pool.patience
    while True:
        for number in range(pool.places):
            with (folder / f"{pool.name}-{number}").open("wb") as lock:
                if _locked(lock):
                    yield
                    return
        if time.monotonic() >= until:
            raise Busy
        time.sleep(0.05)


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# --- in the process that opens the file -------------------------------------------------------

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_NEWUSER, CLONE_NEWNET = 0x1000_0000, 0x4000_0000
CAP_DAC_READ_SEARCH = 1 << 2


def _main(order: str) -> None:
    module, name, args, limits, parent = json.loads(order)
    _confine(parent, *limits)
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    function = getattr(importlib.import_module(module), name)
    if not module.startswith("luodi.") or not getattr(function, "openable", False):
        raise SystemExit("no function of the sandbox")
    found = function(sys.stdin.buffer, *args)
    with sys.stdout as out:
        for one in found if isinstance(found, Iterator) else (found,):
            out.write(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n")


def _confine(parent: int, computing: int, memory: int, output: int) -> None:
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        system.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # Refused on some systems: then with network. Whoever reads the programs only by a capability
        # would lose it with the user's name (config/user.py).
        if os.geteuid() == 0 or not _may_read_all():
            system.unshare(CLONE_NEWUSER | CLONE_NEWNET)
        if os.getppid() != parent:
            raise SystemExit("whoever asked is gone")
    for what, most in (
        (resource.RLIMIT_CPU, computing),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def _may_read_all() -> bool:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return bool(int(status.get("CapEff", "0").strip(), 16) & CAP_DAC_READ_SEARCH)


if __name__ == "__main__":
    _main(sys.argv[1])
