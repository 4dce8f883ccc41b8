"""Killing the web process, the worker or the database loses nothing that was acknowledged.

A whole site runs in a temporary folder, as an operator would run it; problems are raised through
REST while its processes are killed (signal 9) at random moments, from a fixed seed.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from luodi.ground.audit.tasks import take_up_stalled
from luodi.ground.notices import api as notices
from luodi.ground.scope.api import SYSTEM, acting
from tests.sites import PREPARE, Site, free_port
from tests.zone import build_zone

ROOT = Path(__file__).resolve().parents[1]
SEED = 20261122
ROUNDS = 6


@pytest.fixture
def site() -> Iterator[Site]:
    base = Path(tempfile.mkdtemp(prefix="luodi-kill-", dir="/tmp"))
    base.chmod(0o711)  # the server's own user must pass
    left_out = {"DATABASE_URL", "LUODI_SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    environment = {key: value for key, value in os.environ.items() if key not in left_out}
    environment |= {
        "LUODI_DATA": str(base / "data"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    site = Site(base / "data", free_port(), environment)
    try:
        yield site
    finally:
        site.stop()
        shutil.rmtree(base, ignore_errors=True)


@dataclass
class Reporter(threading.Thread):
    """Raises one problem after the other; sends each again, with its key, until it is answered."""

    site: Site
    token: str
    unit: int
    codes: dict[str, list[str]] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            key = str(uuid.uuid4())
            self.codes[key] = [self.until_answered(key, f"示例问题{number}")]
            if number % 5 == 0:  # a client that did not hear the answer asks once more
                self.codes[key].append(self.until_answered(key, f"示例问题{number}"))

    def until_answered(self, key: str, text: str) -> str:
        end = time.monotonic() + 60
        while True:
            assert time.monotonic() < end, self.troubles
            with suppress(OSError, http.client.HTTPException):
                status, answer = self.ask(
                    "POST", "/api/v1/cases", key, {"unit": self.unit, "text": text}
                )
                if status == 201:
                    return str(json.loads(answer)["code"])
                self.troubles[str(status)] += 1
                assert status >= 500, answer
            time.sleep(0.05)

    def ask(self, method: str, path: str, key: str = "", data: Any = None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        try:
            line.request(method, path, json.dumps(data) if data else None, headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def all_codes(self) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            status, answer = self.ask("GET", f"/api/v1/cases?limit=200&cursor={cursor}&sort=code")
            assert status == 200, answer
            part = json.loads(answer)
            found += [one["code"] for one in part["items"]]
            cursor = part["next"]
            if cursor is None:
                return found


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(site: Site) -> None:
    chance = random.Random(SEED)
    said = subprocess.run(
        [sys.executable, "-c", PREPARE],
        env={**site.environment, "DJANGO_SETTINGS_MODULE": "luodi.config.settings"},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    token, unit = said.stdout.split("token ")[1].split()
    site.serve()
    serving = [one for worker in (True, False) for one in site.children(worker)]
    assert all(one.uids().real != 0 for one in serving), "pages are served as root"
    reporters = [Reporter(site, token, int(unit)) for _ in range(2)]
    for one in reporters:
        one.start()
    parts = ["web", "worker", "database", "web", "everything", "database"]
    chance.shuffle(parts)
    for part in parts[:ROUNDS]:
        time.sleep(chance.uniform(0.5, 1.5))
        site.kill(part)
    time.sleep(1)
    for one in reporters:
        one.stopping.set()
    for one in reporters:
        one.join(90)
        assert not one.is_alive()
    answered = [codes for one in reporters for codes in one.codes.values()]
    assert len(answered) > 1  # however slow the machine is
    assert all(len(set(codes)) == 1 for codes in answered), "one key, two cases"
    found = reporters[0].all_codes()
    assert len(found) == len(set(found))
    assert sorted(found) == sorted(codes[0] for codes in answered)


def test_a_killed_workers_job_is_taken_up_and_has_its_effect_once(
    committed_db: None, server: tuple[str, dict[str, str]]
) -> None:
    """The worker died after its effect, before it could say so: the job runs again, to no harm."""
    with acting(SYSTEM):
        zone = build_zone()
        zone.accounts["liaison"].email = "liaison@example.org"
        zone.accounts["liaison"].save()
        notices.tell(accounts=[zone.accounts["liaison"]], key="example", text="示例")
    job = app.configure_task("notices.digest").defer(timestamp=0)
    name = connection.settings_dict["NAME"]
    with psycopg.connect(server[0], dbname=name, autocommit=True) as superuser:
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
        (dead,) = superuser.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
            [long_ago],
        ).fetchone() or (0,)
        superuser.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
            [dead, job],
        )
        app.tasks["notices.digest"](timestamp=0)  # what the dead one had done
        take_up_stalled(timestamp=0)
        status = superuser.execute(
            "SELECT status FROM procrastinate_jobs WHERE id = %s", [job]
        ).fetchone()
        assert status == ("todo",)
    work = app.with_connector(app.connector.get_worker_connector())
    work.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    with acting(SYSTEM):
        assert notices.Delivery.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        assert cursor.fetchone() == ("succeeded",)
