"""Telling people: the inbox at once, e-mail and groups as one digest a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luodi.ground.notices.channels import NotSent, send_mail, send_to_group
from luodi.ground.notices.models import Delivery, Notice, Robot
from luodi.ground.scope.api import Account, Actor, Unit
from luodi.lib.errors import NotFound, UserError
from luodi.lib.text import one_line

__all__ = [
    "Delivery",
    "Notice",
    "Robot",
    "add_robot",
    "deliver",
    "digest",
    "mark_read",
    "remove_robot",
    "retry",
    "tell",
    "tell_group",
    "unread",
]

MOST_TRIES = 6


def tell(
    *,
    accounts: Iterable[Account],
    key: str,
    text: str,
    url: str = "",
    at: dt.datetime | None = None,
) -> None:
    """Puts a message into the inboxes of `accounts`. The same `key` reaches an account once.

    It is written in the caller's transaction: no message of something that did not happen, and
    nothing that happened without its message. One line: nothing in it passes for another message.
    """
    told = one_line(text)[:500]
    Notice.objects.bulk_create(
        [
            Notice(account_id=pk, key=key[:120], text=told, url=url, at=at or timezone.now())
            for pk in sorted({account.pk for account in accounts})
        ],
        ignore_conflicts=True,
    )


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
    """Makes one e-mail for each account with unread messages that no digest has named yet."""
    made = 0
    fresh = Notice.objects.filter(read_at__isnull=True, digested_at__isnull=True)
    waiting: dict[int, list[Notice]] = {}
    for notice in fresh.exclude(account__email="").select_related("account").order_by("id"):
        waiting.setdefault(notice.account_id, []).append(notice)
    for notices in waiting.values():
        account = notices[0].account
        with translation.override(account.language):
            subject = ngettext(
                "落地：%(count)s 条待办消息", "落地：%(count)s 条待办消息", len(notices)
            ) % {"count": len(notices)}
            lines = [f"· {notice.text}\n  {settings.SITE_URL}{notice.url}" for notice in notices]
        _queue(f"mail:{account.pk}:{on}", subject, "\n".join(lines), account=account)
        Notice.objects.filter(pk__in=[one.pk for one in notices]).update(digested_at=timezone.now())
        made += 1
    return made


def tell_group(*, unit: Unit, key: str, subject: str, body: str) -> int:
    """Queues a message to the groups of a unit; the same key goes to a group once."""
    robots = Robot.objects.filter(unit=unit, is_active=True)
    return sum(_queue(f"{key}:{one.pk}", subject, body, robot=one) for one in robots)


def _queue(
    key: str, subject: str, body: str, account: Account | None = None, robot: Robot | None = None
) -> bool:
    _row, made = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "subject": one_line(subject)[:200],
            "body": body,
            "account": account,
            "robot": robot,
            "unit_id": robot.unit_id if robot else None,
        },
    )
    return made


def deliver(limit: int = 50, now: dt.datetime | None = None) -> tuple[int, int]:
    """Sends what waits and whose time has come; returns how many arrived and how many did not.

    A failed one is tried again after 1, 2, 4, … minutes, six times at the most.
    """
    now = now or timezone.now()
    sent = failed = 0
    waiting = Delivery.objects.filter(status=Delivery.Status.WAITING).order_by("id")
    for delivery in waiting.select_for_update(skip_locked=True, of=("self",))[:limit]:
        if delivery.tried_at and now < delivery.tried_at + dt.timedelta(
            minutes=2 ** (delivery.tries - 1)
        ):
            continue
        if _try(delivery, now):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _try(delivery: Delivery, now: dt.datetime) -> bool:
    delivery.tries, delivery.tried_at = delivery.tries + 1, now
    try:
        if delivery.robot is not None:
            delivery.answer = send_to_group(delivery.robot, delivery.subject, delivery.body)
        elif delivery.account is not None and delivery.account.email:
            delivery.answer = send_mail(delivery.account.email, delivery.subject, delivery.body)
        else:
            raise NotSent("no address")
        delivery.status = Delivery.Status.SENT
    except NotSent as problem:
        delivery.answer = str(problem)[:300]
        if delivery.tries >= MOST_TRIES:
            delivery.status = Delivery.Status.FAILED
    delivery.save(update_fields=["tries", "tried_at", "answer", "status"])
    return delivery.status == Delivery.Status.SENT


def retry(*, actor: Actor, delivery_id: int) -> None:
    """Sends a failed message again, from the start of its tries."""
    actor.require("notices.configure")
    failed = Delivery.objects.filter(pk=delivery_id, status=Delivery.Status.FAILED)
    changed = failed.update(status=Delivery.Status.WAITING, tries=0, tried_at=None, answer="")
    if not changed:
        raise NotFound(_("没有这条发送记录。"))


def add_robot(*, actor: Actor, unit: Unit, kind: str, name: str, address: str) -> Robot:
    """Registers a group's webhook for a unit."""
    actor.require("notices.configure", unit.path)
    if not address.startswith(("http://", "https://")):
        raise UserError(_("Webhook 地址应以 https:// 开头，请从群机器人的设置里复制。"), "address")
    if kind not in Robot.Kind.values:
        raise UserError(_("请选择平台。"), "kind")
    return Robot.objects.create(unit=unit, kind=kind, name=name.strip(), address=address.strip())


def remove_robot(*, actor: Actor, robot_id: int) -> None:
    """Stops sending to a group; its deliveries stay in the log."""
    robot = Robot.objects.select_related("unit").filter(pk=robot_id).first()
    if robot is None:
        raise NotFound(_("没有这个群机器人。"))
    actor.require("notices.configure", robot.unit.path)
    Robot.objects.filter(pk=robot_id).update(is_active=False)
