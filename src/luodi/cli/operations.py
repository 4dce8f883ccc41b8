"""`luodi api`: any operation of the REST interface, on this machine, as one of its accounts.

What a room offers to programs, it offers to a terminal without a line of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from luodi.cli import say
from luodi.cli.records import actor_of
from luodi.config.ready import ready
from luodi.lib.errors import UserError

Commands = Any
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def add_to(commands: Commands) -> None:
    call = commands.add_parser("api", help="call an operation of the REST interface")
    call.add_argument("method", choices=METHODS, type=str.upper)
    call.add_argument("path", help="after /api/v1, with its query: '/venues?limit=5'")
    call.add_argument("--body", default="", help="the body in JSON; - reads standard input")
    call.add_argument("--as", dest="account", required=True, help="login name of who acts")
    call.add_argument("--output", type=Path, help="write the answer to this file")
    call.set_defaults(run=run)
    listing = commands.add_parser("operations", help="list the operations of the REST interface")
    listing.add_argument("text", nargs="?", default="", help="only those that hold it")
    listing.set_defaults(run=show)


def show(options: argparse.Namespace) -> int:
    """Prints each operation: method, path, what it does."""
    ready()
    from luodi.config.api import api

    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, one in operations.items():
            line = f"{method.upper():<7}{path.removeprefix('/api/v1')}  {one.get('summary', '')}"
            if options.text in line:
                say(line)
    return 0


def run(options: argparse.Namespace) -> int:
    """Prints the answer. 0 when it was carried out; a refusal is one sentence and 1."""
    ready()
    from luodi.ground.scope.api import acting

    body = sys.stdin.read() if options.body == "-" else options.body
    if body:
        _understood(body)
    actor = actor_of(options.account)
    with acting(actor):
        answer = _called(options.method, options.path, body.encode(), actor)
    content = b"".join(answer) if answer.streaming else answer.content
    if answer.status_code >= 400:
        raise UserError(str(json.loads(content).get("detail", content.decode())))
    if options.output:
        options.output.write_bytes(content)
    elif content:
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        text = content.decode()
        say(json.dumps(json.loads(text), ensure_ascii=False, indent=1) if is_json else text)
    return 0


def _understood(body: str) -> None:
    try:
        json.loads(body)
    except json.JSONDecodeError as fault:
        raise UserError(f"--body 不是正确的 JSON（is not JSON）：{fault}") from fault


def _called(method: str, path: str, body: bytes, actor: Any) -> Any:
    """The interface's own answer; the transaction of `acting` is the request's."""
    from django.core.handlers.wsgi import WSGIRequest
    from django.urls import Resolver404, resolve

    target = urlsplit(f"/api/v1/{path.removeprefix('/api/v1').lstrip('/')}")
    request = WSGIRequest(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": target.path.encode().decode("latin-1"),
            "QUERY_STRING": target.query.encode().decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            # who acts is known: the word says only that it is no browser's session
            "HTTP_AUTHORIZATION": "Bearer here",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
    )
    request.actor = actor  # type: ignore[attr-defined]
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    try:
        view, arguments, keys = resolve(target.path)
    except Resolver404:
        raise UserError(f"没有这个接口：{target.path}。 No such operation.") from None
    return view(request, *arguments, **keys)
