"""Servers on this machine that answer as the chat platforms' pages say, their error codes included."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


@dataclass
class Platform:
    """What it answers, and what it was asked: `answers` by path, each a list of which the last stays."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, list[str]], Any]] = field(default_factory=list)
    address: str = ""

    def say(self, path: str, *answers: Any) -> None:
        self.answers[path] = list(answers)

    def of(self, path: str) -> list[Any]:
        """The bodies that came to a path."""
        return [body for asked, _query, body in self.asked if asked.endswith(path)]


@contextmanager
def platform() -> Iterator[Platform]:
    """A stand-in for all three; paths begin with the real host's name."""
    kept = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(None)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self.answer(json.loads(self.rfile.read(length)))

        def answer(self, body: Any) -> None:
            parts = urlsplit(self.path)
            kept.asked.append((parts.path, parse_qs(parts.query), body))
            path = "/" + parts.path.split("/", 2)[2]
            found = kept.answers.get(path, [{"errcode": 404, "errmsg": "no such path"}])
            said = found.pop(0) if len(found) > 1 else found[0]
            if said == "hang up":
                self.close_connection = True
                self.connection.close()
                return
            text = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")


def sealed(message: str, corp: str) -> str:
    """A message as 企业微信 encrypts it under KEY."""
    key = base64.b64decode(f"{KEY}=")
    text = message.encode()
    plain = b"0123456789abcdef" + struct.pack(">I", len(text)) + text + corp.encode()
    pad = 32 - len(plain) % 32
    writer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    cipher = writer.update(plain + bytes([pad]) * pad) + writer.finalize()
    return base64.b64encode(cipher).decode()


def signature(token: str, stamp: str, nonce: str, cipher: str) -> str:
    """As 企业微信 signs."""
    return hashlib.sha1("".join(sorted([token, stamp, nonce, cipher])).encode()).hexdigest()  # noqa: S324 - the vendor's form
