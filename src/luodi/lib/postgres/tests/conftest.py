"""Real servers in temporary folders that the server's user can reach (pytest's own are closed)."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from luodi.lib.postgres import Cluster, bootstrap

SOURCE = Path(__file__).parents[4]
# Where our parts are, for a Python of the system's that another user can run.
SEARCH = os.pathsep.join([str(SOURCE), str(Path(psycopg.__file__).parents[1])])


@pytest.fixture(scope="session")
def base() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="luodi-server-test-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    for pgdata in path.glob("**/pgdata"):
        Cluster(pgdata.parent).stop("immediate")
    shutil.rmtree(path)


@pytest.fixture
def folder(base: Path) -> Iterator[Path]:
    """A folder for one test's data; its server is stopped afterwards."""
    path = Path(tempfile.mkdtemp(dir=base)) / "data"
    path.parent.chmod(0o711)
    yield path
    Cluster(path).stop("immediate")


@pytest.fixture
def abused(base: Path) -> Cluster:
    """A running server that tests may stop, kill and damage as long as it can start again."""
    cluster = Cluster(base / "abused")
    cluster.start()
    return cluster


@pytest.fixture(scope="session")
def shared(base: Path) -> Cluster:
    """One running server with a bootstrapped database `luodi`; tests may not stop it."""
    cluster = Cluster(base / "shared")
    cluster.start()
    bootstrap(cluster.dsn("postgres", "postgres"), dbname="luodi", passwords=cluster.passwords)
    return cluster


def as_user(user: int | None) -> dict[str, Any]:
    """Arguments for `subprocess`: plain conditions, and another user if asked."""
    environment = {"PYTHONPATH": SEARCH, "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}
    other = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    return {"env": environment, "cwd": "/", **other}


def interpreter(user: int | None) -> str | None:
    """A Python that `user` can run with our parts, which may lie below a closed folder."""
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError):
            command = [python, "-c", "import luodi.lib.postgres"]
            if not subprocess.run(command, capture_output=True, **as_user(user)).returncode:
                return python
    return None


def run_python(code: str, *arguments: object, user: int | None = None) -> subprocess.Popen[str]:
    """Run `code` in a process of its own, as another user if asked; names are imported for it."""
    prelude = (
        "import sys, psycopg\nfrom pathlib import Path\nfrom luodi.lib.postgres import *\n"
        "c = Cluster(Path(sys.argv[1]))\n"
    )
    python = sys.executable if user is None else interpreter(user)
    assert python is not None
    return subprocess.Popen(
        [python, "-c", prelude + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **as_user(user),
    )


@pytest.fixture
def in_process():
    """Start code in other processes; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(code: str, *arguments: object, user: int | None = None) -> subprocess.Popen[str]:
        started.append(run_python(code, *arguments, user=user))
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def stranger() -> int:
    """The number of a user who is neither us nor the server's; skipped when we are not root."""
    if os.geteuid() != 0:
        pytest.skip("only root can act as another user")
    number = 64321
    if interpreter(number) is None:
        pytest.skip("another user cannot run this Python")
    return number
