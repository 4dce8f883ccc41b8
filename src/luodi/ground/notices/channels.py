"""How a message leaves the house: e-mail and the webhooks of three chat platforms.

Formats: 企业微信 群机器人 `{"msgtype": "markdown", "markdown": {"content"}}`,
钉钉 自定义机器人 `{"msgtype": "markdown", "markdown": {"title", "text"}}`,
飞书 自定义机器人 `{"msg_type": "text", "content": {"text"}}`. Each answers HTTP 200 with a code that
must be 0. What each takes at most stands in `LIMITS`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import smtplib
import socket
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from luodi.ground.notices.models import Robot
from luodi.ground.notices.smtp import Unsure
from luodi.ground.scope.api import Cipher

SECRETS = Cipher("luodi.robot")
INSIDE = "the address is inside the local network"
ANSWER_BYTES = 2_000


@dataclass(frozen=True, slots=True)
class Limit:
    """What a platform takes: messages a minute for one robot, bytes of one message's text."""

    a_minute: int
    bytes: int


LIMITS = {
    # developer.work.weixin.qq.com/document/path/91770: 20 a minute; a text 2,048 bytes (markdown
    # 4,096: the smaller one holds wherever it is read).
    Robot.Kind.WECOM: Limit(20, 2_048),
    # open.dingtalk.com/document/robots/custom-robot-access: 20 a minute, else shut for ten minutes;
    # a body of 20,000 bytes: as much is left for JSON.
    Robot.Kind.DINGTALK: Limit(20, 18_000),
    # open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: 100 a minute and 5 a second, a body
    # of 20 kB.
    Robot.Kind.FEISHU: Limit(100, 18_000),
}
SIGNING = {Robot.Kind.DINGTALK, Robot.Kind.FEISHU}  # the platforms that have 加签 / 签名校验


class NotSent(Exception):
    """The message did not arrive; `str()` says why, for the log that administrators read.

    unsure: it may have arrived. shut: the next one on the same way would fare no better.
    """

    def __init__(self, why: object, *, unsure: bool = False, shut: bool = True) -> None:
        super().__init__((str(why) or type(why).__name__)[:300])
        self.unsure, self.shut = unsure, shut


# --- the three platforms ----------------------------------------------------------------------


def payload(kind: str, subject: str, body: str) -> dict[str, Any]:
    """The JSON that a platform wants for one message, within its limit of bytes."""
    if kind == Robot.Kind.FEISHU:
        return {"msg_type": "text", "content": {"text": _fitting(kind, f"{subject}\n{body}")}}
    if kind == Robot.Kind.DINGTALK:
        text = _fitting(kind, f"### {subject}\n{body}")
        return {"msgtype": "markdown", "markdown": {"title": subject, "text": text}}
    return {
        "msgtype": "markdown",
        "markdown": {"content": _fitting(kind, f"**{subject}**\n{body}")},
    }


def _fitting(kind: str, text: str) -> str:
    """The text, or as many of its whole lines as the platform takes, and a mark that it goes on."""
    most = LIMITS[Robot.Kind(kind)].bytes
    if len(text.encode()) <= most:
        return text
    cut = text.encode()[: most - len("\n……".encode())].decode(errors="ignore")
    return (cut.rpartition("\n")[0] if cut.count("\n") > 1 else cut) + "\n……"


def signed(
    kind: str, secret: str, address: str, data: dict[str, Any], now: float
) -> tuple[str, dict[str, Any]]:
    """The address and the JSON with the platform's signature, as its documentation says.

    钉钉: HMAC-SHA256 with the secret as key over "ms\\nsecret", in the query. 飞书: HMAC-SHA256 with
    "s\\nsecret" as key over nothing, in the JSON. Base64 both. Without a secret nothing is changed.
    """
    if not secret or kind not in SIGNING:
        return address, data
    if kind == Robot.Kind.FEISHU:
        stamp = str(int(now))
        return address, {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{secret}", ""), **data}
    stamp = str(int(now * 1000))
    query = urlencode({"timestamp": stamp, "sign": _hmac(secret, f"{stamp}\n{secret}")})
    return f"{address}{'&' if urlsplit(address).query else '?'}{query}", data


def _hmac(key: str, message: str) -> str:
    digest = hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


# --- never into the house ---------------------------------------------------------------------


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


def _refuse_inside(address: str) -> None:
    """A webhook must not be a way into the site's own network."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotSent("not an http(s) address")
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, parts.port or 443)}
    except (OSError, ValueError) as problem:  # a port or a name that cannot be one
        raise NotSent(problem) from problem
    if any(map(_is_inside, found)):
        raise NotSent(INSIDE)


def _is_inside(address: str | int) -> bool:
    return not (
        settings.WEBHOOKS_MAY_BE_LOCAL or ipaddress.ip_address(str(address).split("%")[0]).is_global
    )


# --- sending ----------------------------------------------------------------------------------


def send_to_group(robot: Robot, subject: str, body: str) -> str:
    """Posts to a group's webhook. Returns the platform's answer; raises NotSent."""
    _refuse_inside(robot.address)
    address, data = signed(
        robot.kind,
        SECRETS.opened(robot.secret),
        robot.address,
        payload(robot.kind, subject, body),
        time.time(),
    )
    answer = _post(address, json.dumps(data, ensure_ascii=False).encode())
    try:
        told = json.loads(answer)
        code = told.get("errcode", told.get("code", told.get("StatusCode", 0)))
    except (ValueError, AttributeError):
        code = None
    if code != 0:
        raise NotSent(answer)
    return answer[:300]


def _post(address: str, data: bytes) -> str:
    try:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked by `_refuse_inside`
            address, data, {"Content-Type": "application/json; charset=utf-8"}
        )
        opener = urllib.request.build_opener(_Stay, _Outside)
        with opener.open(request, timeout=settings.WEBHOOK_TIMEOUT) as response:
            return _read(response)
    except (urllib.error.URLError, ValueError, http.client.InvalidURL) as problem:
        raise NotSent(problem) from problem  # refused, or never asked
    except (OSError, http.client.HTTPException) as problem:  # it has the message, and said nothing
        raise NotSent(problem, unsure=True) from problem


def _read(response: http.client.HTTPResponse) -> str:
    """The beginning of an answer; one that comes drop by drop is not waited for."""
    until, found = time.monotonic() + settings.WEBHOOK_TIMEOUT, b""
    while len(found) < ANSWER_BYTES and (part := response.read1(ANSWER_BYTES)):
        found += part
        if time.monotonic() > until:
            raise TimeoutError("the answer takes too long")
    return found.decode(errors="replace")


def send_mail(to: str, subject: str, body: str, headers: dict[str, str]) -> str:
    """Sends one e-mail; returns the domain that it went to, raises NotSent."""
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers=headers).send()
    except Unsure as problem:
        raise NotSent(problem, unsure=True) from problem
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as problem:
        raise NotSent(_of_server(problem), shut=False) from problem  # this one, not the server
    except OSError as problem:
        raise NotSent(problem) from problem
    return to.split("@")[-1]


def _of_server(problem: Exception) -> object:
    """What the server said of the one recipient that a message has."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(problem.recipients.values()))
        return f"{code} {said.decode(errors='replace')}"
    return problem
