"""What waits leaves the house: once, or not at all, and said.

A message is marked as being sent, in a transaction of its own, before it is sent: whoever is killed
in between leaves a message that is not sent again by itself, but shown as perhaps arrived. A person
may send it again; the e-mail's Message-ID stays, by which mail programs know it for the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.notices import unsubscribing
from luodi.ground.notices.channels import LIMITS, NotSent, send_mail, send_to_group
from luodi.ground.notices.models import Delivery, Robot
from luodi.ground.scope.api import SYSTEM, Actor, acting
from luodi.lib.errors import NotFound

MOST_TRIES = 6
Status = Delivery.Status
MINUTE = dt.timedelta(minutes=1)
# Longer than any try lasts: past it, whoever was sending is gone.
GONE = dt.timedelta(minutes=15)


@dataclass
class Ways:
    """Which ways out are shut for the rest of a run, and how much each group got this minute."""

    mail: bool = True
    shut: set[int] = field(default_factory=set)
    posted: dict[int, int] = field(default_factory=dict)

    def take(self, robot: Robot) -> bool:
        """Counts one more message to a group, if its platform takes one more this minute."""
        self.posted[robot.pk] = self.posted.get(robot.pk, 0) + 1
        return self.posted[robot.pk] <= LIMITS[Robot.Kind(robot.kind)].a_minute

    def close(self, delivery: Delivery) -> None:
        if delivery.robot_id is None:
            self.mail = False
        else:
            self.shut.add(delivery.robot_id)


def deliver(limit: int = 200, now: dt.datetime | None = None) -> tuple[int, int]:
    """Sends what waits and whose time has come; returns how many arrived and how many did not.

    A failed one is tried again after 1, 2, 4, … minutes, six times at the most. Fresh ones come
    first, and a server that is down is asked once in a run, so that nobody's failures keep
    another's message. The number of queries grows with what is sent, not with what waits.
    """
    clock: Callable[[], dt.datetime] = (lambda: now) if now else timezone.now
    with acting(SYSTEM):
        _say_interrupted(clock())
        ways = Ways(posted=_posted_since(clock() - MINUTE))
    sent = failed = 0
    while sent + failed < limit and (delivery := _mark(ways, clock())):
        if _send(delivery, ways, clock()):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _posted_since(moment: dt.datetime) -> dict[int, int]:
    rows = Delivery.objects.filter(robot__isnull=False, tried_at__gt=moment).order_by()
    return dict(rows.values_list("robot").annotate(Count("pk")))


def _say_interrupted(now: dt.datetime) -> None:
    stuck = Delivery.objects.filter(status=Status.SENDING, tried_at__lt=now - GONE)
    for delivery in stuck.select_for_update(skip_locked=True, of=("self",)):
        _note(delivery, Status.UNSURE, _("发送途中中断，不知道对方是否收到。"))


def _mark(ways: Ways, now: dt.datetime) -> Delivery | None:
    """Takes the next message in hand, in a transaction that ends before it is sent."""
    while True:
        with acting(SYSTEM):
            ready = Delivery.objects.filter(status=Status.WAITING, next_at__lte=now)
            ready = ready.exclude(robot_id__in=ways.shut)
            if not ways.mail:
                ready = ready.filter(robot__isnull=False)
            delivery = (
                ready.select_related("account", "robot")
                .select_for_update(skip_locked=True, of=("self",))
                .order_by("tries", "next_at", "id")
                .first()
            )
            if delivery is None:
                return None
            if delivery.robot is not None and not ways.take(delivery.robot):
                ways.close(delivery)
                continue
            delivery.status, delivery.tries, delivery.tried_at = (
                Status.SENDING,
                delivery.tries + 1,
                now,
            )
            delivery.log.append({"at": now.isoformat(), "said": ""})
            delivery.save(update_fields=["status", "tries", "tried_at", "log"])
            return delivery


def _send(delivery: Delivery, ways: Ways, now: dt.datetime) -> bool:
    try:
        status, said = Status.SENT, _bring(delivery)
    except NotSent as problem:
        said = str(problem)
        status = Status.WAITING if delivery.tries < MOST_TRIES else Status.FAILED
        if problem.unsure:
            status = Status.UNSURE
        if problem.shut:
            ways.close(delivery)
    delivery.next_at = now + MINUTE * 2 ** (delivery.tries - 1)
    with acting(SYSTEM):
        _note(delivery, status, said)
    return status == Status.SENT


def _bring(delivery: Delivery) -> str:
    if delivery.robot is not None:
        return send_to_group(delivery.robot, delivery.subject, delivery.body)
    account = delivery.account
    to = delivery.to or (account.email if account is not None and account.is_active else "")
    if not to:
        raise NotSent("no address", shut=False)
    return send_mail(to, delivery.subject, delivery.body, headers_of(delivery))


def headers_of(delivery: Delivery) -> dict[str, str]:
    """What an automatic message says of itself: RFC 3834 (no answers, please), 2369 and 8058."""
    house = urlsplit(settings.SITE_URL).hostname or "luodi"
    headers = {
        "Message-ID": f"<delivery.{delivery.pk}.{delivery.created_at:%Y%m%d%H%M%S}@{house}>",
        "Auto-Submitted": "auto-generated",
    }
    if not delivery.to and delivery.account_id:  # not where somebody asked for just this message
        address = unsubscribing.address_of(delivery.account_id)
        headers["List-Unsubscribe"] = f"<{address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _note(delivery: Delivery, status: Status, said: str) -> None:
    """Writes how the last try ended."""
    delivery.status, delivery.answer = status, said[:300]
    if delivery.log:
        delivery.log[-1]["said"] = delivery.answer
    delivery.save(update_fields=["status", "answer", "log", "next_at"])


def retry(*, actor: Actor, delivery_id: int) -> None:
    """Sends a message that failed, or perhaps did, again; what was tried stays in the log."""
    actor.require("notices.configure")
    failed = Delivery.objects.filter(pk=delivery_id, status__in=[Status.FAILED, Status.UNSURE])
    if not failed.update(status=Status.WAITING, tries=0, next_at=timezone.now(), answer=""):
        raise NotFound(_("没有这条发送记录。"))
