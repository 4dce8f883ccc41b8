"""Telling people: the inbox at once, e-mail and groups as one digest a day."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luodi.ground.chat.api import Binding, tell_chats
from luodi.ground.notices.addresses import ask_to_change, confirm_address, confirmed
from luodi.ground.notices.channels import SECRETS, SIGNING
from luodi.ground.notices.models import Delivery, NoMail, Notice, Robot
from luodi.ground.notices.queue import enqueue, send_to, tell_group
from luodi.ground.notices.sending import MOST_TRIES, deliver, retry
from luodi.ground.notices.unsubscribing import account_of, address_of, want_mail, wants_mail
from luodi.ground.scope.api import Account, Actor, Unit, signed_here
from luodi.lib.errors import NotFound, UserError
from luodi.lib.text import one_line

__all__ = [
    "MOST_TRIES",
    "SECRETS",
    "Delivery",
    "Message",
    "NoMail",
    "Notice",
    "Robot",
    "account_of",
    "add_robot",
    "ask_to_change",
    "confirm_address",
    "confirmed",
    "deliver",
    "digest",
    "living_robots",
    "mark_read",
    "pass_on",
    "remove_robot",
    "retry",
    "send_to",
    "tell",
    "tell_each",
    "tell_group",
    "unread",
    "want_mail",
    "wants_mail",
]


NUMBER = re.compile(r"[A-Z]{2}\d{4}-\d{6,}")
FRESH = dt.timedelta(hours=12)  # who binds a chat is not told what was told long before


@dataclass(frozen=True, slots=True)
class Message:
    """What one account is told; `key` names the event, `url` where it leads."""

    account_id: int
    key: str
    text: str
    url: str = ""


def tell(
    *,
    accounts: Iterable[Account],
    key: str,
    text: str,
    url: str = "",
    at: dt.datetime | None = None,
) -> None:
    """Puts a message into the inboxes of `accounts`. The same `key` reaches an account once."""
    tell_each([Message(one.pk, key, text, url) for one in accounts], at=at)


def tell_each(messages: Iterable[Message], *, at: dt.datetime | None = None) -> None:
    """Puts each message into its account's inbox; one query for all. A known one is not told again.

    It is written in the caller's transaction: no message of something that did not happen, and
    nothing that happened without its message. One line: nothing in it passes for another message.
    """
    moment = (at or timezone.now()).isoformat()
    rows = {
        (one.account_id, one.key): {
            "account_id": one.account_id,
            "key": one.key[:120],
            "text": one_line(one.text)[:500],
            "url": one.url,
            "at": moment,
        }
        for one in messages
    }
    if not rows:
        return
    told = json.dumps([rows[key] for key in sorted(rows)], ensure_ascii=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT luodi_tell(%s, %s)", [told, signed_here("tell", told)])


def unread(account_id: int) -> int:
    """How many messages an account has not read."""
    return Notice.objects.filter(account_id=account_id, read_at__isnull=True).count()


def mark_read(*, actor: Actor, notice_id: int | None = None) -> int:
    """Marks one message, or all, of the actor's as read; returns how many."""
    rows = Notice.objects.filter(account_id=actor.account_id, read_at__isnull=True)
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=timezone.now())


# --- what leaves the house --------------------------------------------------------------------


def digest(on: dt.date) -> int:
    """Makes one e-mail for each account with unread messages that no digest has named yet.

    Not for who is gone, has no address, or wants no mail. A fixed number of queries.
    """
    fresh = Notice.objects.filter(
        read_at__isnull=True, digested_at__isnull=True, account__is_active=True
    )
    fresh = fresh.exclude(account__email="").exclude(account__nomail__isnull=False)
    waiting: dict[Account, list[Notice]] = {}
    for notice in fresh.select_related("account").order_by("id"):
        waiting.setdefault(notice.account, []).append(notice)
    made = enqueue(_letter(account, notices, on) for account, notices in waiting.items())
    named = [notice.pk for notices in waiting.values() for notice in notices]
    Notice.objects.filter(pk__in=named).update(digested_at=timezone.now())
    return made


def pass_on(now: dt.datetime) -> int:
    """Puts what was told in the last hours on its way to the chats of who is bound there; how many."""
    bound = Binding.objects.filter(account__is_active=True).values("account")
    fresh = Notice.objects.filter(
        account__in=bound, read_at__isnull=True, at__gt=now - FRESH, at__lte=now
    )
    return tell_chats(
        (one.account_id, f"notice:{one.pk}", _number_in(one.text), one.url or "/notices/")
        for one in fresh.order_by("id")
    )


def _number_in(text: str) -> str:
    """The number of a record that a message names: nothing else of it leaves the house."""
    found = NUMBER.search(text)
    return found[0] if found else ""


def _letter(account: Account, notices: list[Notice], on: dt.date) -> Delivery:
    with translation.override(account.language):
        subject = ngettext(
            "落地：%(count)s 条待办消息", "落地：%(count)s 条待办消息", len(notices)
        ) % {"count": len(notices)}
        lines = [f"· {notice.text}\n  {settings.SITE_URL}{notice.url}" for notice in notices]
        stop = _("不想再收到这类邮件：%(address)s") % {"address": address_of(account.pk)}
    body = "\n".join([*lines, "", "-- ", stop])
    return Delivery(key=f"mail:{account.pk}:{on}", subject=subject, body=body, account=account)


def add_robot(
    *, actor: Actor, unit: Unit, kind: str, name: str, address: str, secret: str = ""
) -> Robot:
    """Registers a group's webhook for a unit, with the secret of a platform that signs (加签)."""
    actor.require("notices.configure", unit.path)
    if not address.startswith(("http://", "https://")):
        raise UserError(_("Webhook 地址应以 https:// 开头，请从群机器人的设置里复制。"), "address")
    if kind not in Robot.Kind.values:
        raise UserError(_("请选择平台。"), "kind")
    secret = secret.strip()
    if secret and kind not in SIGNING:
        raise UserError(_("企业微信没有加签，密钥请留空。"), "secret")
    return Robot.objects.create(
        unit=unit,
        kind=kind,
        name=name.strip(),
        address=address.strip(),
        secret=SECRETS.sealed(secret),
    )


def living_robots() -> list[Robot]:
    """The groups that are posted to, with their units."""
    return list(Robot.objects.filter(is_active=True).select_related("unit").order_by("id"))


def remove_robot(*, actor: Actor, robot_id: int) -> None:
    """Stops sending to a group; its deliveries stay in the log."""
    robot = Robot.objects.select_related("unit").filter(pk=robot_id).first()
    if robot is None:
        raise NotFound(_("没有这个群机器人。"))
    actor.require("notices.configure", robot.unit.path)
    Robot.objects.filter(pk=robot_id).update(is_active=False)
