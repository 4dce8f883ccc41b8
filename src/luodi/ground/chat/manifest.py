"""企业微信, 钉钉, 飞书: what they bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.chat.api import living_apps
from luodi.ground.chat.models import ChatApp
from luodi.manifest import Job, Manifest, Part, PersonalField, Place


def ways_in(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The platforms by which one may sign in, each with its address."""
    after = request.GET.get("next", "")
    for app in living_apps():
        address = reverse("chat:go_in", args=[app.pk])
        yield str(app), f"{address}?next={after}" if after.startswith("/") else address


def of_account(request: HttpRequest, _about: Any) -> Mapping[str, Any] | None:
    """On one's own account: the way to its chat accounts, where the site has any."""
    return {} if ChatApp.objects.filter(is_active=True).exists() else None


MANIFEST = Manifest(
    label=_("聊天平台"),
    permissions={"chat.configure": {"system_admin"}},
    places=[
        Place("chat:apps", _("聊天平台"), "send", Job.ADMINISTRATION, ("chat.configure",)),
    ],
    ways_in=ways_in,
    account_page=[Part("chat/account_part.html", of_account)],
    personal=[
        PersonalField(
            model="chat.Binding",
            name="userid",
            label=_("聊天平台的用户标识"),
            purpose=_("从聊天平台登录、收消息"),
            basis=_("本人绑定时的同意"),
            retention=_("本人解除或账号删除时即删除"),
        )
    ],
)
