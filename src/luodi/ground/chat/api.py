"""Chat platforms: what administrators set up, whose userid is whose, and what is sent there."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from luodi.ground.chat.models import SECRETS, Binding, ChatApp, Told
from luodi.ground.chat.telling import send_waiting, tell_chats
from luodi.ground.scope.api import SYSTEM, Account, Actor, acting
from luodi.lib.errors import Stale, UserError

__all__ = [
    "Binding",
    "ChatApp",
    "Told",
    "account_at",
    "bind",
    "keep_app",
    "living_apps",
    "send_waiting",
    "tell_chats",
    "unbind",
]

SECRET = ("secret", "token", "aes_key")


def living_apps() -> list[ChatApp]:
    """The apps by which one may sign in."""
    return list(ChatApp.objects.filter(is_active=True).order_by("vendor", "pk"))


def keep_app(*, actor: Actor, app: ChatApp | None, version: int = 0, **given: Any) -> ChatApp:
    """Adds or changes an app; a secret that is left empty stays as it was.

    Raises UserError for an app that is there already, Stale where somebody else changed it meanwhile.
    """
    actor.require("chat.configure")
    kept = ChatApp.objects.select_for_update().get(pk=app.pk) if app else ChatApp()
    if app and kept.version != version:
        raise Stale(_("有人刚改过这个应用，请重新打开后再改。"), {"version": kept.version})
    taken = ChatApp.objects.filter(vendor=given["vendor"], corp=given["corp"]).exclude(pk=kept.pk)
    if taken.exists():
        raise UserError(_("这个应用已经设置过了，请在那里修改。"), "corp")
    if "/" in given.get("proof_name", ""):
        raise UserError(_("只填文件名，例如 WW_verify_示例.txt。"), "proof_name")
    for name, value in given.items():
        if name in SECRET:
            if value:
                setattr(kept, name, SECRETS.sealed(value))
        else:
            setattr(kept, name, value)
    kept.version = kept.version + 1 if app else 1
    kept.save()
    return kept


def account_at(app: ChatApp, corp: str, userid: str) -> Account | None:
    """Whose userid it is, if that account may sign in."""
    with acting(SYSTEM):
        found = (
            Binding.objects.filter(app=app, corp=corp, userid=userid)
            .select_related("account")
            .first()
        )
    return found.account if found and found.account.is_active else None


def bind(*, actor: Actor, app: ChatApp, corp: str, userid: str) -> Binding:
    """Makes the actor's account that userid; a former one of theirs ends.

    Raises UserError where the userid is another account's.
    """
    with acting(SYSTEM):
        other = Binding.objects.filter(app=app, corp=corp, userid=userid)
        if other.exclude(account_id=actor.account_id).exists():
            raise UserError(
                _("这个聊天账号已绑定另一个登录名。请先在那个账号里解除，或联系安全管理员。")
            )
    Binding.objects.filter(app=app, account_id=actor.account_id).exclude(
        corp=corp, userid=userid
    ).delete()
    made, _new = Binding.objects.get_or_create(
        app=app, account_id=actor.account_id, corp=corp, userid=userid
    )
    return made


def unbind(*, actor: Actor, app: ChatApp) -> None:
    """Ends the actor's binding: no way in, no message by this app any more."""
    Binding.objects.filter(app=app, account_id=actor.account_id).delete()
