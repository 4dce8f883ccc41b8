"""Talking to a vendor as an app: its token is fetched once and kept, and anew when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.utils.translation import gettext as _

from luodi.ground.chat.models import SECRETS, ChatApp
from luodi.ground.chat.vendors import ENDED, VENDORS, Card, Keys, Vendor, wecom_pressed
from luodi.ground.chat.wire import Asked, ask
from luodi.lib.errors import UserError

T = TypeVar("T")
EARLY = 300  # seconds before its end a token is no longer used


class Refused(UserError):
    """The vendor said no: its code, its words, and what to do."""

    def __init__(self, vendor: Vendor, answer: dict[str, Any]) -> None:
        self.code = vendor.code_of(answer)
        words = str(answer.get("errmsg") or answer.get("msg") or "")[:160]
        todo = vendor.faults.get(self.code, _("请按平台文档里这个代码的说明处理。"))
        told = _("%(vendor)s答复 %(code)s：%(todo)s（%(words)s）") % {
            "vendor": vendor.label,
            "code": self.code,
            "todo": todo,
            "words": words,
        }
        super().__init__(told)


def token_of(app: ChatApp, *, fresh: bool = False) -> str:
    """The app's token. Raises Refused or NoAnswer."""
    name = f"chat-token:{app.pk}:{app.version}"
    if not fresh and (kept := cache.get(name)):
        return SECRETS.opened(str(kept))
    vendor = VENDORS[app.vendor]
    answer = _accepted(vendor, ask(vendor.token(app.keys)))
    token = str(answer.get(vendor.said_in, ""))
    if not token:
        raise Refused(vendor, answer)
    lasts = int(answer.get("expires_in", answer.get("expire", 7200))) - EARLY
    cache.set(name, SECRETS.sealed(token), max(lasts, 60))
    return token


def identity_of(app: ChatApp, code: str, back: str) -> tuple[str, str]:
    """Who signed in: corporation and userid. Raises Refused or NoAnswer, UserError for an outsider."""
    vendor = VENDORS[app.vendor]

    def once(token: str) -> tuple[str, str]:
        return vendor.who(lambda asked: _accepted(vendor, ask(asked)), app.keys, token, code, back)

    corp, userid = _with_token(app, once)
    if not userid or not corp:
        raise UserError(_("您不是本企业的成员，不能从这里登录。"))
    return corp, userid


def send_card(app: ChatApp, userid: str, card: Card) -> str:
    """Sends a card; the vendor's words. Raises Refused or NoAnswer."""
    vendor = VENDORS[app.vendor]
    answer = _with_token(
        app,
        lambda token: _accepted(vendor, ask(vendor.message(app.keys, token, userid, card))),
    )
    if answer.get("invaliduser"):
        raise Refused(vendor, {"errcode": 81013, "errmsg": str(answer["invaliduser"])})
    return str(answer.get("errmsg") or answer.get("msg") or "ok")


def mark_pressed(app: ChatApp, userid: str, response: str, label: str) -> None:
    """Writes on the card what came of the button."""
    vendor, keys = VENDORS[app.vendor], app.keys
    _with_token(
        app,
        lambda token: _accepted(vendor, ask(wecom_pressed(keys, token, userid, response, label))),
    )


def _with_token(app: ChatApp, once: Callable[[str], T]) -> T:
    try:
        return once(token_of(app))
    except Refused as refused:
        if refused.code not in ENDED[app.vendor]:
            raise
        return once(token_of(app, fresh=True))


def _accepted(vendor: Vendor, answer: dict[str, Any]) -> dict[str, Any]:
    if vendor.code_of(answer) != 0:
        raise Refused(vendor, answer)
    return answer


__all__ = ["Asked", "Keys", "Refused", "identity_of", "mark_pressed", "send_card", "token_of"]
