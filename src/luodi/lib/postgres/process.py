"""Who is the server of a cluster: the pid file is a claim, checked against the process itself."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import psutil

from .account import Account

# The server notes its start in whole seconds of the wall clock some moments after the kernel
# made the process; a pid that was reused since is off by much more, or has another command line.
START_TOLERANCE_SECONDS = 10.0


@dataclass(frozen=True)
class Postmaster:
    """A running server process, as claimed by its pid file and confirmed by the kernel."""

    pid: int
    started_at: datetime
    socket_dir: Path
    state: str  # "starting", "ready", "standby", "stopping", or "" before the first note

    @property
    def is_ready(self) -> bool:
        return self.state in {"ready", "standby"}


def birth_mark(pid: int) -> str | None:
    """What tells a process from any other that ever had its pid; None when it is gone.

    On Linux the boot and the kernel's clock ticks, which do not move when somebody sets the
    clock; elsewhere the start time.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        # The command name, in brackets, may hold blanks: field 22 is the 20th after it.
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        try:
            return f"{pid}:{psutil.Process(pid).create_time()}"
        except psutil.Error:
            return None
    return f"{pid}:{boot}:{ticks}"


def find(pgdata: Path, mark: str | None) -> Postmaster | None:
    """The live server over `pgdata`, or None.

    A pid is believed when its command line is that of a server over this very folder, and it
    either bears `mark` (what we noted when we started it) or began when the pid file says.
    """
    try:
        lines = (pgdata / "postmaster.pid").read_text().splitlines()
        pid, began = int(lines[0]), float(lines[2])
    except (OSError, ValueError, IndexError):
        return None
    if pid <= 0 or not _serves(pid, pgdata):
        return None
    try:
        age = abs(psutil.Process(pid).create_time() - began)
    except psutil.Error:
        return None
    if age > START_TOLERANCE_SECONDS and (mark is None or birth_mark(pid) != mark):
        return None
    lines += [""] * (8 - len(lines))
    return Postmaster(pid, datetime.fromtimestamp(began, UTC), Path(lines[4]), lines[7].strip())


def _serves(pid: int, pgdata: Path) -> bool:
    try:
        command: list[str] = psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
    return (
        bool(command)
        and Path(command[0]).name == "postgres"
        and ("-D", str(pgdata)) in pairwise(command)
    )


def alive(pid: int) -> bool:
    """Whether `pid` runs; a dead process that nobody collected does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def orphans(pgdata: Path, account: Account) -> list[int]:
    """Children of a server that is gone: each works in `pgdata` under a title of its own.

    Asked as the server's user, because root in a container may not look at where others work.
    Without /proc there is nothing to find, and a new server refuses to start while one is left.
    """
    script = 'for p in /proc/[0-9]*; do [ "$p/cwd" -ef "$1" ] && echo "${p#/proc/}"; done'
    command = ["/bin/sh", "-c", script, "sh", str(pgdata)]
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, **account.run_as()
    ).stdout
    return [pid for pid in map(int, said.split()) if _title(pid).startswith("postgres: ")]


def _title(pid: int) -> str:
    try:
        return str(next(iter(psutil.Process(pid).cmdline()), ""))
    except psutil.Error:
        return ""


def clear_stale(pgdata: Path, socket_dir: Path, account: Account, deadline: float) -> list[int]:
    """Clear up after a server that was killed; return the pids that would not go.

    Only called with the lock held and no live server. A backend in the middle of a long query
    does not notice that its server died, and a new server rightly refuses to start beside it.
    SIGQUIT is what the server itself would have sent. Lock files whose number now belongs to
    a stranger are removed, because the new server would take the stranger for its predecessor.
    """
    claim = pgdata / "postmaster.pid"
    if not claim.exists():
        return []
    if claim.read_text().startswith("-"):
        return []  # somebody repairs the data in single-user mode; the server will say so
    while left := orphans(pgdata, account):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        if time.monotonic() >= deadline:
            return left
        time.sleep(0.05)
    for lock_file in (claim, *socket_dir.glob(".s.PGSQL.*.lock")):
        lock_file.unlink(missing_ok=True)
    return []
