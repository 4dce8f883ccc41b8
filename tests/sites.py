"""A whole site in a folder of its own, as an operator would run it, for tests and drills that kill it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from luodi.lib.postgres import Cluster

PREPARE = """
import sys
from luodi.config.ready import ready
ready()
from luodi.ground.scope.api import SYSTEM, acting
from tests.rest import token_of
from tests.zone import build_zone
with acting(SYSTEM):
    zone = build_zone()
    print("token", token_of(zone, "liaison"), zone.enterprise.pk)
"""


@dataclass
class Site:
    """A running site: its folder, its port, the process of `luodi serve`."""

    folder: Path
    port: int
    environment: dict[str, str]
    serving: subprocess.Popen[bytes] | None = None
    started: list[psutil.Process] = field(default_factory=list)

    def luodi(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "luodi", *arguments]

    def serve(self) -> None:
        command = self.luodi("serve", "--bind", f"127.0.0.1:{self.port}")
        with (self.folder.parent / "serve.log").open("ab") as log:
            self.serving = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_for(lambda: self.answers(), 30)

    def answers(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False

    def children(self, worker: bool) -> list[psutil.Process]:
        """The web processes, or the background worker."""
        assert self.serving is not None
        found = psutil.Process(self.serving.pid).children()
        self.started += found
        return [one for one in found if ("worker" in one.cmdline()) == worker]

    def kill(self, what: str) -> None:
        """Kills a part with signal 9; the site helps itself, but for the whole of it."""
        if what == "database":
            pid = int((self.folder / "postgres/pgdata/postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGKILL)
        elif what == "everything":
            assert self.serving is not None
            victims = self.children(False) + self.children(True)
            self.serving.kill()
            for one in victims:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            self.serving.wait(10)
            wait_for(lambda: not self.answers(), 10)
            self.serve()
        else:
            victims = self.children(what == "worker")
            if victims:
                victims[0].kill()

    def stop(self) -> None:
        if self.serving is not None and self.serving.poll() is None:
            self.serving.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.serving.wait(20)
            self.serving.kill()
        for one in self.started:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        Cluster(self.folder / "postgres").stop("immediate")


def wait_for(true: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
