"""The operator's self-test: what a vendor wants of a site, tried one after the other."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.chat.models import Binding, ChatApp
from luodi.ground.chat.talking import Refused, send_card, token_of
from luodi.ground.chat.vendors import Card
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError

ADDRESS = re.compile(r"(?:from ip|ip)[:： ]*([0-9a-fA-F.:]{7,45})")


@dataclass(frozen=True, slots=True)
class Result:
    """A check: how it went, and what to do where it did not."""

    what: str
    good: bool
    says: str


def checks(app: ChatApp, actor: Actor) -> list[Result]:
    """Each check by itself: one that fails hides no other."""
    looks: list[tuple[str, Callable[[ChatApp, Actor], str]]] = [
        (_("本站地址"), _domain),
        (_("域名验证文件"), _proof),
        (_("取令牌"), _token),
        (_("按钮回调"), _callback),
        (_("给自己发一条消息"), _message),
    ]
    found = []
    for what, look in looks:
        try:
            found.append(Result(what, True, look(app, actor)))
        except UserError as problem:
            found.append(Result(what, False, str(problem)))
    return found


def _domain(app: ChatApp, actor: Actor) -> str:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise UserError(_("本站地址不是 https，平台不会跳转回来。请设置 LUODI_SITE_URL。"))
    return _("请把可信域名填成 %(domain)s（端口也要一致，不能用通配符）。") % {
        "domain": parts.netloc
    }


def _proof(app: ChatApp, actor: Actor) -> str:
    if not app.proof_name:
        return _("没有填写；如果平台要求上传验证文件，把文件名和内容填在上面即可。")
    address = f"{settings.SITE_URL.rstrip('/')}/{app.proof_name}"
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own address
            text = response.read(1000).decode(errors="replace").strip()
    except (OSError, ValueError) as problem:
        raise UserError(
            _("从本机打不开 %(address)s（%(why)s）。请检查代理是否把根目录转给本站。")
            % {"address": address, "why": problem}
        ) from problem
    if text != app.proof_text.strip():
        raise UserError(_("%(address)s 的内容和填写的不一样。") % {"address": address})
    return _("%(address)s 可以打开，内容一致。") % {"address": address}


def _token(app: ChatApp, actor: Actor) -> str:
    token_of(app, fresh=True)
    return _("取到了。企业 ID 和 Secret 是对的。")


def _callback(app: ChatApp, actor: Actor) -> str:
    if app.vendor != "wecom":
        return _("这个平台的消息没有按钮，不需要。")
    if not app.token or not app.aes_key:
        return _("没有填写 Token 和 EncodingAESKey：消息照发，只是没有能在聊天里点的按钮。")
    return _("已填写。请在管理后台的“接收消息”里保存一次，平台会当场验证。")


def _message(app: ChatApp, actor: Actor) -> str:
    mine = Binding.objects.filter(app=app, account_id=actor.account_id).first()
    if mine is None:
        raise UserError(_("您自己还没有绑定：请先从这个平台登录一次并绑定。"))
    card = Card(
        _("落地：自检消息"),
        _("收到这条消息，说明一切正常。"),
        settings.SITE_URL,
        task=f"check-{timezone.now():%Y%m%d%H%M%S}",
    )
    try:
        send_card(app, mine.userid, card)
    except Refused as refused:
        if found := ADDRESS.search(str(refused)):
            seen = _("平台看到的本站出口地址：%(address)s。") % {"address": found[1]}
            raise UserError(f"{refused} {seen}") from refused
        raise
    return _("发出了，请在手机上看。")
