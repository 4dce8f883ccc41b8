"""Whatever is killed, the next start works and nothing acknowledged is lost."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from luodi.lib.postgres import Cluster, ClusterError
from luodi.lib.postgres.private import locked
from luodi.lib.postgres.process import alive

START = "c.start(); print('started')"


SEARCH = os.pathsep.join(path for path in sys.path if path)


def wait_for(condition: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def assert_good(cluster: Cluster) -> None:
    """The cluster answers, its passwords hold, and no half-made thing lies beside it."""
    with psycopg.connect(**cluster.params("postgres", "postgres")) as connection:
        assert connection.execute("SELECT count(*) > 100 FROM pg_class").fetchone() == (True,)
        assert connection.execute("SHOW jit").fetchone() == ("off",)
    assert not list(cluster.data_dir.glob(".luodi-initdb-*"))


@pytest.mark.parametrize("sign", ["passwords.json", ".luodi-initdb-*/pgdata/base/1/PG_VERSION"])
def test_killing_the_supervisor_during_initdb(folder: Path, in_process, sign: str) -> None:
    starter = in_process(START, folder)
    wait_for(lambda: list(folder.glob(sign)))
    starter.kill()
    assert not (folder / "pgdata").exists()
    cluster = Cluster(folder)
    cluster.start()
    assert_good(cluster)


def test_killing_initdb(folder: Path, in_process) -> None:
    starter = in_process(START, folder)
    wait_for(lambda: list(folder.glob(".luodi-initdb-*/pgdata/base")))
    for child in psutil.Process(starter.pid).children():
        child.kill()
    _, said = starter.communicate(timeout=60)
    assert starter.returncode == 1
    assert "ClusterError" in said
    assert not (folder / "pgdata").exists()
    cluster = Cluster(folder)
    cluster.start()
    assert_good(cluster)


@pytest.mark.parametrize("sign", ["pgdata/PG_VERSION", "start.log", "pgdata/postmaster.pid"])
def test_killing_the_supervisor_while_the_server_starts(
    folder: Path, in_process, sign: str
) -> None:
    starter = in_process(START, folder)
    wait_for(lambda: list(folder.glob(sign)))
    starter.kill()
    cluster = Cluster(folder)
    cluster.start()
    assert_good(cluster)
    cluster.stop()
    servers = [
        p
        for p in psutil.process_iter(["cmdline"])
        if str(cluster.pgdata) in (p.info["cmdline"] or [])
    ]
    assert not servers


def test_acknowledged_rows_survive_killing_the_server(abused: Cluster, in_process) -> None:
    with psycopg.connect(**abused.params("postgres", "postgres")) as connection:
        connection.execute("CREATE TABLE promise (number int PRIMARY KEY)")
    writer = in_process(
        "with psycopg.connect(**c.params('postgres', 'postgres'), autocommit=True) as k:\n"
        "    for n in range(10**6):\n"
        "        k.execute('INSERT INTO promise VALUES (%s)', [n])\n"
        "        print(n, flush=True)",
        abused.data_dir,
    )
    said = [writer.stdout.readline() for _ in range(300)]
    os.kill(abused.status().pid, signal.SIGKILL)
    said += writer.communicate(timeout=30)[0].splitlines()
    acknowledged = {int(line) for line in said if line.strip()}
    assert not abused.status().running
    abused.start()
    with psycopg.connect(**abused.params("postgres", "postgres")) as connection:
        kept = {number for (number,) in connection.execute("SELECT number FROM promise")}
    assert len(acknowledged) >= 300
    assert acknowledged <= kept


@pytest.mark.parametrize("may_look", [True, False])
def test_a_busy_backend_of_a_killed_server_does_not_block_the_next(
    abused: Cluster, may_look: bool
) -> None:
    """Also where root may not look into other users' processes, as in most containers."""
    server = abused.status().pid
    connection = psycopg.connect(**abused.params("postgres", "postgres"))
    backend = connection.info.backend_pid
    connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000) n")
    connection.pgconn.flush()
    wait_for(lambda: "SELECT" in psutil.Process(backend).cmdline()[0])
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: not alive(server))
    if may_look:
        abused.start()
    else:
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            pytest.skip("only root can give up a right of root")
        code = "import sys; from luodi.lib.postgres import *; Cluster(sys.argv[1]).start()"
        command = [
            "setpriv",
            "--bounding-set=-sys_ptrace",
            sys.executable,
            "-c",
            code,
            str(abused.data_dir),
        ]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": SEARCH})
    assert not alive(backend)
    assert_good(abused)
    connection.close()


def test_a_reused_pid_is_neither_believed_nor_harmed(abused: Cluster) -> None:
    """Of the server's own user, so that the server would take it for its predecessor."""
    pid = abused.status().pid
    claim = (abused.pgdata / "postmaster.pid").read_text()
    os.kill(pid, signal.SIGKILL)
    owner = abused.pgdata.stat().st_uid
    other = {"user": owner, "group": owner} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **other) as stranger:
        for path in (abused.pgdata / "postmaster.pid", abused.socket_dir / ".s.PGSQL.5432.lock"):
            path.write_text(claim.replace(str(pid), str(stranger.pid)))
        assert not abused.status().running
        abused.stop()
        abused.start()
        assert_good(abused)
        assert stranger.poll() is None
        assert abused.status().pid != stranger.pid
        stranger.kill()


def test_a_server_over_other_data_is_not_believed(shared: Cluster, folder: Path) -> None:
    """The right program and the right pid, but the wrong folder."""
    cluster = Cluster(folder)
    (folder / "pgdata").mkdir(parents=True)
    claim = (shared.pgdata / "postmaster.pid").read_text()
    (folder / "pgdata" / "postmaster.pid").write_text(claim)
    assert not cluster.status().running
    cluster.stop()
    assert shared.status().running


def test_a_server_that_began_at_another_time_needs_our_mark(abused: Cluster) -> None:
    """A clock that was set since the start is no reason to disown the server."""
    claim = abused.pgdata / "postmaster.pid"
    lines = claim.read_text().splitlines()
    lines[2] = str(int(lines[2]) - 8 * 3600)
    claim.write_text("\n".join(lines) + "\n")
    assert abused.status().running
    mark = abused.data_dir / "server.json"
    noted = mark.read_text()
    mark.unlink()
    assert not abused.status().running
    mark.write_text(noted)
    abused.stop()


def test_waiting_for_the_lock_ends_with_a_sentence(folder: Path) -> None:
    folder.mkdir()
    with (
        locked(folder / "lock", time.monotonic()),
        pytest.raises(ClusterError) as caught,
    ):
        Cluster(folder).start(timeout=0.1)
    assert caught.value.code == "busy"


def test_files_that_root_copied_are_given_back(abused: Cluster) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root changes owners")
    abused.stop()
    for path in (abused.pgdata, *abused.pgdata.rglob("*")):
        os.chown(path, 0, 0, follow_symlinks=False)
    os.chown(abused.data_dir, 0, 0)
    abused.data_dir.chmod(0o700)
    abused.start()
    assert_good(abused)
