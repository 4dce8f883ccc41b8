"""One's own name and mail address: changed once a message to the address has been answered."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.notices.models import Delivery
from luodi.ground.notices.queue import send_to
from luodi.ground.scope.api import Account, Actor, change_myself, checked_name
from luodi.lib.errors import NotFound, UserError

SALT = "luodi.address"
DAYS = 3
MOST_A_DAY = 5  # nobody writes to a stranger again and again through us


def ask_to_change(*, actor: Actor, name: str, email: str, at: dt.datetime | None = None) -> None:
    """Sends a link to the new address (or the present one, for another name); nothing changes yet.

    Raises UserError where nothing is different, or after too many in a day.
    """
    account, now = Account.objects.get(pk=actor.account_id), at or timezone.now()
    name, email = checked_name(name), email.strip()
    if not email:
        raise UserError(_("请填写电子邮箱：确认的链接会发到那里。"), "email")
    if (name, email) == (account.name, account.email):
        raise UserError(_("没有改动。"), "name")
    sent = Delivery.objects.filter(
        account=account, created_at__gt=now - dt.timedelta(days=1), key__startswith="confirm:"
    )
    if sent.count() >= MOST_A_DAY:
        raise UserError(_("今天已发出多封确认邮件，请明天再试，或请安全管理员修改。"))
    token = signing.dumps([account.pk, account.name, account.email, name, email], salt=SALT)
    link = settings.SITE_URL.rstrip("/") + reverse("notices:confirm_address", args=[token])
    send_to(
        account=account,
        to=email,
        key=f"confirm:{hashlib.sha256(token.encode()).hexdigest()}",
        subject=_("落地：请确认您的姓名和邮箱"),
        body=_(
            "账号 %(username)s 的姓名将改为“%(name)s”，消息将发到 %(email)s。\n\n"
            "确认请在 %(days)s 天内登录后打开：\n%(link)s\n\n不是您本人要求的，不必理会。"
        )
        % {
            "username": account.username,
            "name": name,
            "email": email,
            "days": DAYS,
            "link": link,
        },
    )


def confirmed(actor: Actor, token: str) -> tuple[str, str]:
    """The name and the address that a link is to bring. Raises NotFound for another's, or an old one.

    A link is good once: it names what stood when it was asked for.
    """
    try:
        pk, *before, name, email = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        pk, before, name, email = 0, [], "", ""
    mine = Account.objects.filter(pk=actor.account_id).values_list("name", "email").first()
    if pk != actor.account_id or mine is None or list(mine) != before:
        raise NotFound(_("这个链接已经失效：已用过、已过期，或不是发给您这个账号的。"))
    return name, email


def confirm_address(*, actor: Actor, token: str) -> None:
    """Changes the actor's name and address as the link says, and tells the former address."""
    name, email = confirmed(actor, token)
    account = Account.objects.get(pk=actor.account_id)
    former = account.email
    change_myself(actor=actor, name=name, email=email)
    if former and former != email:
        send_to(
            account=account,
            to=former,
            key=f"moved:{hashlib.sha256(token.encode()).hexdigest()}",
            subject=_("落地：您的消息改发到别的邮箱"),
            body=_(
                "账号 %(username)s 的消息以后发到别的邮箱。不是您本人改的，请马上联系安全管理员。"
            )
            % {"username": account.username},
        )
