"""A mail server for tests that behaves as servers do on bad days."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message


class PostOffice:
    """An SMTP server on this machine, one conversation at a time.

    behaviour: `ok`; `hang` says nothing at all; `unknown` refuses the recipient (550); `drop` takes
    the message and hangs up without an answer; `die` accepts it and hangs up before the goodbye.
    `on_data` is called when a message has come.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.behaviour, self.tls = "ok", tls
        self.messages: list[Message] = []
        self.callers = 0
        self.on_data: Callable[[], None] = lambda: None
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.held: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # closed before
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes who waits for a caller
        self.socket.close()
        for one in self.held:
            one.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _address = self.socket.accept()
            except OSError:  # closed
                return
            self.callers += 1
            if self.behaviour == "hang":
                self.held.append(caller)
                continue
            with contextlib.suppress(OSError), caller:
                self._talk(self.tls.wrap_socket(caller, server_side=True) if self.tls else caller)

    def _talk(self, talk: socket.socket) -> None:
        lines = talk.makefile("rb")
        self.held.append(talk)
        talk.sendall(b"220 example\r\n")
        while line := lines.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                talk.sendall(b"354 go ahead\r\n")
                text = b""
                while (part := lines.readline()) not in (b".\r\n", b""):
                    text += part
                self.messages.append(message_from_bytes(text))
                self.on_data()
                if self.behaviour == "drop":
                    return
                talk.sendall(b"250 taken\r\n")
                if self.behaviour == "die":
                    return
            elif verb == b"RCPT" and self.behaviour == "unknown":
                talk.sendall(b"550 no such mailbox\r\n")
            else:
                talk.sendall(b"250 fine\r\n")
