"""How a message leaves the house: e-mail and the webhooks of three chat platforms.

Formats: 企业微信 群机器人 `{"msgtype": "markdown", "markdown": {"content"}}` (4,096 bytes at most),
钉钉 自定义机器人 `{"msgtype": "markdown", "markdown": {"title", "text"}}` (20,000 bytes),
飞书 自定义机器人 `{"msg_type": "text", "content": {"text"}}` (20 kB). Each answers HTTP 200 with a
code that must be 0.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from luodi.ground.notices.models import Robot

TIMEOUT_SECONDS = 10
INSIDE = "the address is inside the local network"
MOST_BYTES = {Robot.Kind.WECOM: 4_000, Robot.Kind.DINGTALK: 18_000, Robot.Kind.FEISHU: 18_000}


class NotSent(Exception):
    """The message did not arrive; `str()` says why, for the log that administrators read."""


def payload(kind: str, subject: str, body: str) -> dict[str, Any]:
    """The JSON that a platform wants for one message."""
    text = body.encode()[: MOST_BYTES[Robot.Kind(kind)]].decode(errors="ignore")
    if kind == Robot.Kind.FEISHU:
        return {"msg_type": "text", "content": {"text": f"{subject}\n{text}"}}
    if kind == Robot.Kind.DINGTALK:
        return {
            "msgtype": "markdown",
            "markdown": {"title": subject, "text": f"### {subject}\n{text}"},
        }
    return {"msgtype": "markdown", "markdown": {"content": f"**{subject}**\n{text}"}}


def _must_be_outside(connection: http.client.HTTPConnection) -> None:
    """A name may lead elsewhere the second time it is asked: what counts is whom one talks to."""
    if _is_inside(connection.sock.getpeername()[0]):
        connection.close()
        raise NotSent(INSIDE)


class _Plain(http.client.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _must_be_outside(self)


class _Tls(http.client.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _must_be_outside(self)


class _Outside(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    """Sends nothing into the site's own network, unless to the proxy that the operator named."""

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(http.client.HTTPConnection if req.has_proxy() else _Plain, req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(http.client.HTTPSConnection if req.has_proxy() else _Tls, req)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it could lead to where `_refuse_inside` does not let anyone go."""

    def redirect_request(self, *args: Any, **rest: Any) -> None:
        return None


def send_to_group(robot: Robot, subject: str, body: str) -> str:
    """Posts to a group's webhook. Returns the platform's answer; raises NotSent."""
    _refuse_inside(robot.address)
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        robot.address,
        data=json.dumps(payload(robot.kind, subject, body), ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        opener = urllib.request.build_opener(_Stay, _Outside)
        with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            answer: str = response.read(2_000).decode(errors="replace")
    except (OSError, ValueError, http.client.HTTPException) as problem:
        raise NotSent(f"{problem}"[:300] or type(problem).__name__) from problem
    try:
        told = json.loads(answer)
        code = told.get("errcode", told.get("code", told.get("StatusCode", 0)))
    except (ValueError, AttributeError):
        code = None
    if code != 0:
        raise NotSent(answer[:300])
    return answer[:300]


def _refuse_inside(address: str) -> None:
    """A webhook must not be a way into the site's own network."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotSent("not an http(s) address")
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, parts.port or 443)}
    except (OSError, ValueError) as problem:  # a port or a name that cannot be one
        raise NotSent(str(problem)) from problem
    if any(map(_is_inside, found)):
        raise NotSent(INSIDE)


def _is_inside(address: str | int) -> bool:
    return not (
        settings.WEBHOOKS_MAY_BE_LOCAL or ipaddress.ip_address(str(address).split("%")[0]).is_global
    )


def send_mail(to: str, subject: str, body: str) -> str:
    """Sends one e-mail; raises NotSent."""
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to]).send()
    except (OSError, ValueError) as problem:  # an address or a subject that cannot be one
        raise NotSent(str(problem)[:300]) from problem
    return to.split("@")[-1]
