"""The web server's patience: slow connections hold no thread that answers pages.

gunicorn's threads read and write; a few others, as many as there are connections to the database,
run the application, and only for a request that has come in whole. Who is too slow is cut off.
"""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any, Final

from gunicorn.workers.gthread import ThreadWorker

ANSWERING: Final = 4  # threads of a process that run the application (ADR 0014)
READING: Final = 256  # threads of a process that wait for clients, made as they are needed
HEADER_SECONDS: Final = 10.0
BODY_SECONDS: Final = 15.0  # and as long as the body takes at the slowest rate
SLOWEST: Final = 16 * 1024  # bytes a second
SENDING_SECONDS: Final = 60.0  # for a piece of an answer that the client does not take
IN_MEMORY: Final = 1024 * 1024
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Deadlines:
    """Shuts sockets down whose time is over: a thread that waits for one goes on with nothing."""

    def __init__(self) -> None:
        self._until: dict[socket.socket, float] = {}

    def begin(self) -> None:
        threading.Thread(target=self._watch, daemon=True, name="deadlines").start()

    def give(self, connection: socket.socket, seconds: float) -> None:
        self._until[connection] = time.monotonic() + seconds

    def lift(self, connection: socket.socket) -> None:
        self._until.pop(connection, None)

    def _watch(self) -> None:
        while True:
            time.sleep(0.5)
            now = time.monotonic()
            for connection, until in list(self._until.items()):
                if now > until:
                    self.lift(connection)
                    with suppress(OSError):  # it has ended by itself
                        connection.shutdown(socket.SHUT_RDWR)


class WholeRequests:
    """The application, run in a few threads, each request with its body at hand."""

    def __init__(self, application: Application, deadlines: Deadlines, most: int) -> None:
        self.application, self.deadlines, self.most = application, deadlines, most
        self.threads = ThreadPoolExecutor(ANSWERING, "answering")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        connection: socket.socket = environ["gunicorn.socket"]
        length = environ.get("CONTENT_LENGTH") or "0"
        # A body that is too long, or does not say its length, the application refuses unread.
        if "HTTP_TRANSFER_ENCODING" not in environ and length.isdigit():
            wanted = int(length)
            if 0 < wanted <= self.most:
                self.deadlines.give(connection, BODY_SECONDS + wanted / SLOWEST)
                body = _read(environ["wsgi.input"], wanted)
                if body is None:
                    start("408 Request Timeout", [("Content-Length", "0"), ("Connection", "close")])
                    return [b""]
                environ["wsgi.input"] = body
        self.deadlines.lift(connection)
        connection.settimeout(SENDING_SECONDS)
        return self.threads.submit(self.application, environ, start).result()


def _read(source: Any, wanted: int) -> IO[bytes] | None:
    """The body, in memory or on the disk; None where the client did not send all of it."""
    body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - until the request is answered
    while wanted:
        piece = source.read(min(wanted, 256 * 1024))
        if not piece:
            body.close()
            return None
        body.write(piece)
        wanted -= len(piece)
    body.seek(0)
    return body


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's process of threads, impatient."""

    wsgi: Application

    def init_process(self) -> None:
        self.deadlines = Deadlines()
        self.deadlines.begin()
        super().init_process()

    def load_wsgi(self) -> None:
        from django.conf import settings

        super().load_wsgi()
        self.wsgi = WholeRequests(self.wsgi, self.deadlines, settings.UPLOAD_LIMIT_BYTES)

    def handle(self, conn: Any) -> Any:
        self.deadlines.give(conn.sock, HEADER_SECONDS)
        try:
            return super().handle(conn)
        finally:
            self.deadlines.lift(conn.sock)
