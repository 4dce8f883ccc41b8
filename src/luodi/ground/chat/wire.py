"""Asking a vendor: one request, a bounded answer, a sentence for whatever goes wrong."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from luodi.lib.errors import UserError

MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: POST where there is a body (JSON), else GET."""

    url: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)


class NoAnswer(UserError):
    """The vendor did not answer, or not in JSON. `unsure`: it may have done what was asked."""

    def __init__(self, why: object, *, unsure: bool = False) -> None:
        super().__init__(str(why)[:200])
        self.unsure = unsure


def ask(asked: Asked) -> dict[str, Any]:
    """The answer's JSON. Raises NoAnswer; no address in it holds a secret.

    Redirects are not followed: a vendor's interface has none. The vendors' servers are constants, and
    only a test names others (`settings.CHAT_STANDIN`).
    """
    data = None if asked.body is None else json.dumps(asked.body, ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310 - https, or the stand-in of a test
        _address(asked.url),
        data,
        {"Content-Type": "application/json; charset=utf-8", **asked.headers},
    )
    try:
        with _opener().open(request, timeout=settings.WEBHOOK_TIMEOUT) as response:
            found = json.loads(_read(response))
    except urllib.error.HTTPError as problem:
        found = _told(problem)
    except urllib.error.URLError as problem:
        raise NoAnswer(problem.reason) from problem
    except (OSError, http.client.HTTPException) as problem:
        raise NoAnswer(type(problem).__name__, unsure=True) from problem
    except ValueError as problem:
        raise NoAnswer("no JSON", unsure=True) from problem
    if not isinstance(found, dict):
        raise NoAnswer("no JSON object", unsure=True)
    return found


def _told(problem: urllib.error.HTTPError) -> dict[str, Any]:
    """An error's own JSON; its code where it has none."""
    try:
        found = json.loads(problem.read(MOST_BYTES))
    except (OSError, ValueError):
        raise NoAnswer(f"HTTP {problem.code}", unsure=problem.code >= 500) from problem
    if isinstance(found, dict) and ("errcode" in found or "code" in found):
        return found
    raise NoAnswer(f"HTTP {problem.code}", unsure=problem.code >= 500) from problem


def _address(url: str) -> str:
    if not settings.CHAT_STANDIN:
        return url
    parts = urlsplit(url)
    return f"{settings.CHAT_STANDIN}/{parts.netloc}{parts.path}?{parts.query}"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **rest: Any) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Stay)


def _read(response: http.client.HTTPResponse) -> bytes:
    """The answer, up to MOST_BYTES; one that comes drop by drop is not waited for."""
    until, found = time.monotonic() + settings.WEBHOOK_TIMEOUT, b""
    while len(found) < MOST_BYTES and (part := response.read1(MOST_BYTES)):
        found += part
        if time.monotonic() > until:
            raise TimeoutError("the answer takes too long")
    return found
