"""`luodi serve` and `luodi worker`."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import Any

from luodi.cli import say
from luodi.config.ready import cluster, is_embedded, ready
from luodi.config.user import leave_root
from luodi.lib.errors import UserError
from luodi.lib.postgres import ClusterError

Commands = Any  # argparse's own type of a group of subcommands is private


def add_to(commands: Commands) -> None:
    serve = commands.add_parser("serve", help="serve the pages, and run the background worker")
    serve.add_argument("--bind", default="127.0.0.1:8000", help="address:port (%(default)s)")
    cores = max(2, os.cpu_count() or 2)
    serve.add_argument(
        "--processes", type=int, default=cores, help="web processes (one a core: %(default)s)"
    )
    serve.add_argument("--no-worker", action="store_true", help="the worker runs elsewhere")
    serve.set_defaults(run=lambda options: run_server(options))
    worker = commands.add_parser("worker", help="run background tasks: reminders, sealing, digests")
    worker.set_defaults(run=run_worker)


def run_server(options: argparse.Namespace) -> int:
    """Serves until stopped; the worker beside it is started and stopped with it."""
    not_as_root()
    _require_free(options.bind)
    ready()
    from django.core.management import call_command
    from gunicorn.app.base import BaseApplication

    # before the application is made: it looks once for the files it will serve
    call_command("collectstatic", interactive=False, verbosity=0)
    from luodi.config.slow import READING
    from luodi.config.wsgi import application

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for key, value in {
                "bind": options.bind,
                "workers": options.processes,
                "threads": READING,
                # A connection kept alive stays with the process that took it, however busy (ADR 0014):
                # of eight clients seven may wait for one process while another has nothing to do.
                "keepalive": 0,
                "worker_class": "luodi.config.slow.Worker",
                "timeout": 60,
                "max_requests": 20_000,
                "max_requests_jitter": 2_000,
                "accesslog": None,
                "loglevel": "warning",
            }.items():
                self.cfg.set(key, value)

        def load(self) -> object:
            return application

    from django.db import connection

    connection.close()  # each process opens its own
    stopping = threading.Event()
    beside = [threading.Thread(target=_keep_database, args=[stopping])] if is_embedded() else []
    if not options.no_worker:
        beside.append(threading.Thread(target=_keep_worker, args=[stopping]))
    for one in beside:
        one.start()
    say(f"http://{options.bind}  （按 Ctrl-C 停止）")
    try:
        Server().run()
    finally:
        stopping.set()
        for one in beside:
            one.join(timeout=30)
    return 0


def not_as_root() -> None:
    """Becomes the data folder's user; says so where more than that is needed."""
    if said := leave_root():
        say(said)


def _keep_database(stopping: threading.Event) -> None:
    """Has the embedded server running until told to stop: one that was killed is started again."""
    server = cluster()
    while not stopping.wait(0.5):
        try:
            server.start(timeout=30)  # at once where it runs
        except ClusterError as problem:
            print(f"luodi: {problem}", file=sys.stderr, flush=True)  # noqa: T201
            stopping.wait(2)


def _keep_worker(stopping: threading.Event) -> None:
    """Has a worker running until told to stop; one that was killed is followed by another."""
    while not stopping.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "luodi", "worker"], env={**os.environ})
        while worker.poll() is None and not stopping.wait(0.5):
            pass
        if worker.poll() is None:
            worker.send_signal(signal.SIGTERM)
            worker.wait(timeout=30)
        stopping.wait(2)


def _require_free(bind: str) -> None:
    """Says so at once when another program has the address, instead of trying again and again."""
    host, _colon, port = bind.rpartition(":")
    if not port.isdigit():
        raise UserError(f"{bind} 不是 地址:端口。 Not address:port, such as 127.0.0.1:8000.")
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host or "127.0.0.1", int(port)))
        except OSError as problem:
            raise UserError(
                f"{bind} 用不了（{problem.strerror}），可能已有程序在用，请用 --bind 换一个端口。"
                " Choose another with --bind."
            ) from None


def run_worker(options: argparse.Namespace) -> int:
    """Takes up tasks until stopped; any number of them may run, on any number of machines."""
    not_as_root()
    # what it computes at night takes longer than a page may (libpq reads this)
    os.environ.setdefault("PGOPTIONS", "-c statement_timeout=30min -c lock_timeout=5min")
    ready()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--concurrency=2", "--delete-jobs=successful")
    return 0
