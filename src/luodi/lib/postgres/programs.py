"""Running initdb and the server itself, as the user that the files belong to."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from .account import Account
from .binaries import Binaries
from .errors import ClusterError
from .private import sync_folder, write_private
from .settings import CONFIGURATION

WORKSHOP = ".luodi-initdb-"  # how a folder begins in which a cluster is being made


def initdb(
    account: Account, binaries: Binaries, pgdata: Path, password: str, lock: int, deadline: float
) -> None:
    """Make a cluster beside `pgdata`, then rename: it is there whole or not at all.

    `password` is the superuser's. The child inherits the descriptor `lock` and so keeps the
    lock when we are killed: nobody starts anew while it still writes.
    """
    workshop = Path(tempfile.mkdtemp(prefix=WORKSHOP, dir=pgdata.parent))
    secret, made = workshop / "password", workshop / "pgdata"
    write_private(secret, password)
    if account.is_other:
        for path in (secret, workshop):
            os.chown(path, account.uid, account.gid)
    try:
        failure = _run_initdb(account, _command(binaries, made, secret), lock, deadline)
        if failure is not None:
            raise ClusterError("initdb-failed", path=pgdata.parent, detail=failure)
        with (made / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write(CONFIGURATION)
            stream.flush()
            os.fsync(stream.fileno())
        made.rename(pgdata)
        sync_folder(pgdata.parent)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _command(binaries: Binaries, made: Path, secret: Path) -> list[str]:
    locale = ["--locale=C"]
    if binaries.major >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *locale]
    return [
        *(binaries.program("initdb"), "-D", str(made), "-U", "postgres"),
        *("-A", "scram-sha-256", f"--pwfile={secret}", "--data-checksums"),
        *("--encoding=UTF8", *locale),
    ]


def _run_initdb(account: Account, command: Sequence[str], lock: int, deadline: float) -> str | None:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            pass_fds=[lock],
            timeout=max(1.0, deadline - time.monotonic()),
            **account.run_as(),
        )
    except subprocess.TimeoutExpired as error:
        return str(error)
    return (done.stderr.strip() or f"exit {done.returncode}") if done.returncode else None


def give(pgdata: Path, account: Account) -> None:
    """Hand a cluster that root copied back to the server's user; the top comes last."""
    for folder, _, files in os.walk(pgdata, topdown=False):
        for name in (*(os.path.join(folder, file) for file in files), folder):
            os.chown(name, account.uid, account.gid, follow_symlinks=False)


def launch(
    account: Account, binaries: Binaries, pgdata: Path, options: Sequence[str], log: Path
) -> int:
    """Start the server in a session of its own, a child of nobody here; return its pid.

    What it says before its own log begins goes to `log`. It is not ready yet.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    descriptor = os.open(log, flags, 0o600)
    command = [binaries.program("postgres"), "-D", str(pgdata), *options]
    try:
        # The shell leaves at once, so that the server outlives us and we need not collect it.
        said = subprocess.run(
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=descriptor,
            text=True,
            check=True,
            start_new_session=True,
            **account.run_as(),
        ).stdout
    finally:
        os.close(descriptor)
    return int(said)


def last_words(pgdata: Path, log: Path) -> str:
    """The end of what the server said, to explain why it is not there."""
    logs = sorted((pgdata / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
    lines: list[str] = []
    for path in (log, *logs[-1:]):
        if path.exists():
            lines += path.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
    return "\n".join(lines)
