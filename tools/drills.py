"""Faults on purpose, against a site of its own; each drill prints its figures.

    python tools/drills.py [database] [connections] [restart] [clients] [slow] [disk]

Without a name, all of them. A site is built in a temporary folder for each; `disk` needs root, to
mount a small file system. About a minute each on two cores.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import psycopg  # noqa: E402
from tests.sites import PREPARE, Site, free_port  # noqa: E402

from luodi.lib.postgres import Cluster  # noqa: E402


class Drill:
    """A site with a token, and what was answered when."""

    def __init__(self, folder: Path, *serve: str) -> None:
        left_out = {"DATABASE_URL", "LUODI_SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
        environment = {key: value for key, value in os.environ.items() if key not in left_out}
        environment |= {
            "LUODI_DATA": str(folder / "data"),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
        self.site = Site(folder / "data", free_port(), environment)
        said = subprocess.run(
            [sys.executable, "-c", PREPARE],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        self.token, self.unit = said.stdout.split("token ")[1].split()
        self.site.serve()
        self.wait_for(200)

    def ask(self, key: str = "", text: str = "", timeout: float = 60) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=timeout)
        if key:
            body = json.dumps({"unit": int(self.unit), "text": text})
            line.request("POST", "/api/cases", body, headers | {"Idempotency-Key": key})
        else:
            line.request("GET", "/api/me", headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read()

    def status(self, **asked: str) -> int:
        """What came back: an HTTP status, or 0 for no answer."""
        try:
            return self.ask(**asked)[0]
        except (OSError, http.client.HTTPException):
            return 0

    def wait_for(self, status: int, seconds: float = 90) -> float:
        began = time.monotonic()
        while self.status() != status:
            if time.monotonic() > began + seconds:
                raise SystemExit(f"no {status} in {seconds} s")
            time.sleep(0.1)
        return time.monotonic() - began

    def until_raised(self, text: str) -> tuple[str, Counter[int]]:
        """Raises one problem, again with its key until it is acknowledged; its code, what was said."""
        key, said = str(uuid.uuid4()), Counter[int]()
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                status, answer = self.ask(key, text)
                said[status] += 1
                if status == 201:
                    return str(json.loads(answer)["code"]), said
            time.sleep(0.1)
        return "", said

    def count(self) -> int:
        return self.sql("SELECT count(*) FROM casework_case")

    def sql(self, statement: str) -> int:
        dsn = Cluster(self.site.folder / "postgres").dsn("postgres", "luodi")
        with psycopg.connect(dsn) as connection:
            found = connection.execute(statement.encode()).fetchone()
        return int(found[0]) if found else 0


def database(drill: Drill) -> None:
    """Kills the embedded server three times; nobody helps."""
    for _turn in range(3):
        pid = int((drill.site.folder / "postgres/pgdata/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
        print(f"  killed: answers again after {drill.wait_for(200):.1f} s")


def connections(drill: Drill) -> None:
    """Takes every connection that the server gives to ordinary roles, for five seconds."""
    dsn = Cluster(drill.site.folder / "postgres").dsn("luodi_migrate", "luodi")
    with ExitStack() as held:
        taken = 0
        with suppress(psycopg.OperationalError):
            while True:
                held.enter_context(psycopg.connect(dsn))
                taken += 1
        said = Counter(drill.status() for _turn in range(20))
    print(f"  {taken} connections taken; meanwhile {dict(said)}")
    print(f"  released: answers after {drill.wait_for(200):.1f} s")


def restart(drill: Drill) -> None:
    """Ends the whole site with the signal of a service manager, in the middle of writing."""
    codes: list[str] = []
    said: Counter[int] = Counter()
    stopping = threading.Event()

    def write(number: int) -> None:
        while not stopping.is_set():
            code, heard = drill.until_raised(f"示例{number}")
            codes.append(code)
            said.update(heard)

    threads = [threading.Thread(target=write, args=[one]) for one in range(4)]
    for one in threads:
        one.start()
    for _turn in range(3):
        time.sleep(2)
        assert drill.site.serving is not None
        drill.site.serving.terminate()
        drill.site.serving.wait(60)
        drill.site.serve()
    time.sleep(2)
    stopping.set()
    for one in threads:
        one.join()
    lost, doubled = len(codes) - len(set(codes)), drill.count() - len(set(codes))
    print(
        f"  3 restarts: {len(codes)} acknowledged, {lost} lost, {doubled} doubled; said {dict(said)}"
    )


def clients(drill: Drill) -> None:
    """200 clients at once, each reading three times and writing once."""
    times: list[float] = []
    said: Counter[int] = Counter()

    def one(number: int) -> None:
        for turn in range(4):
            began = time.monotonic()
            asked = {"key": str(uuid.uuid4()), "text": f"示例{number}"} if turn == 3 else {}
            said[drill.status(**asked)] += 1
            times.append(time.monotonic() - began)

    began = time.monotonic()
    with ThreadPoolExecutor(200) as pool:
        list(pool.map(one, range(200)))
    took = time.monotonic() - began
    cuts = statistics.quantiles(times, n=20)
    print(
        f"  200 clients: {len(times)} answers in {took:.1f} s ({len(times) / took:.0f}/s), "
        f"median {cuts[9]:.2f} s, 95 % {cuts[18]:.2f} s; {dict(said)}; {drill.count()} rows of 200"
    )


def slow(drill: Drill) -> None:
    """30, then 200 connections that send a byte every half second."""
    for many in (30, 200):
        stopping = threading.Event()

        def drip(stopping: threading.Event = stopping) -> None:
            while not stopping.is_set():
                with (
                    suppress(OSError),
                    socket.create_connection(("127.0.0.1", drill.site.port)) as line,
                ):
                    line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
                    while not stopping.wait(0.5):
                        line.sendall(b"x")

        threads = [threading.Thread(target=drip, daemon=True) for _one in range(many)]
        for one in threads:
            one.start()
        time.sleep(3)
        times = []
        for _turn in range(30):
            began = time.monotonic()
            drill.status()
            times.append(time.monotonic() - began)
            time.sleep(0.2)
        stopping.set()
        middle, worst = statistics.median(times), max(times)
        print(f"  {many} slow connections: an answer takes {middle:.3f} s, at most {worst:.2f} s")


def disk(drill: Drill) -> None:
    """Fills the disk under the site; then makes room again."""
    filler = drill.site.folder.parent / "filler"
    with suppress(OSError), filler.open("wb") as out:
        while True:
            out.write(bytes(1024 * 1024))
            out.flush()
    said: Counter[int] = Counter()
    acknowledged = 0
    for number in range(60):
        status = drill.status(key=str(uuid.uuid4()), text="示例" * 2000 + str(number))
        said[status] += 1
        acknowledged += status == 201
    print(f"  disk full: {dict(said)}")
    filler.unlink()
    took = drill.wait_for(200)
    code, _said = drill.until_raised("示例")
    rows = drill.count()
    print(
        f"  room again: answers after {took:.1f} s, writes {'yes' if code else 'NO'}; "
        f"{acknowledged + bool(code)} acknowledged, {rows} rows"
    )


DRILLS: dict[str, Callable[[Drill], None]] = {
    one.__name__: one for one in (database, connections, restart, clients, slow, disk)
}


def run(name: str) -> None:
    print(f"{name}: {DRILLS[name].__doc__}", flush=True)
    base = Path(tempfile.mkdtemp(prefix="luodi-drill-", dir="/tmp"))
    base.chmod(0o711)
    mounted = False
    if name == "disk":
        command = ["mount", "-t", "tmpfs", "-o", "size=900m,mode=711", "tmpfs", str(base)]
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
        if not mounted:
            print("  skipped: only root may mount a small file system")
            shutil.rmtree(base)
            return
    drill = None
    try:
        drill = Drill(base)
        DRILLS[name](drill)
    finally:
        if drill is not None:
            drill.site.stop()
        if mounted:
            subprocess.run(["umount", "-l", str(base)], check=False)
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or DRILLS:
        if wanted not in DRILLS:
            raise SystemExit(__doc__)
        run(wanted)
