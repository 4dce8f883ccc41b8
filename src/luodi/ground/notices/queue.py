"""Putting a message on its way: each key once."""

from __future__ import annotations

from collections.abc import Iterable

from luodi.ground.notices.models import Delivery, Robot
from luodi.ground.scope.api import Account
from luodi.lib.text import one_line


def enqueue(messages: Iterable[Delivery]) -> int:
    """Adds what is not there yet; returns how many that were."""
    wanted = list(messages)
    known = set(
        Delivery.objects.filter(key__in=[one.key for one in wanted]).values_list("key", flat=True)
    )
    fresh = [one for one in wanted if one.key not in known]
    for one in fresh:
        one.subject = one_line(one.subject)[:200]
    Delivery.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def tell_group(*, robot: Robot, key: str, subject: str, body: str) -> bool:
    """Queues a message to a group; the same key goes to it once."""
    message = Delivery(key=f"{key}:{robot.pk}", subject=subject, body=body, robot=robot)
    message.unit_id = robot.unit_id
    return bool(enqueue([message]))


def send_to(*, account: Account, to: str, key: str, subject: str, body: str) -> bool:
    """Queues one e-mail to an address that need not be the account's (yet); once for each key."""
    return bool(enqueue([Delivery(key=key, subject=subject, body=body, account=account, to=to)]))
