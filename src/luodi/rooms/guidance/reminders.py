"""A guide that is to be compared with its sources again reminds who answers for it: a week before, and
on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.notices.api import Message, tell_each
from luodi.ground.scope.api import ROLE_KINDS, Actor, RoleHolding, today
from luodi.manifest import Deadline
from luodi.rooms.guidance.models import Guide

WEEK = dt.timedelta(days=7)


def due(day: dt.date) -> Any:
    """The guides whose review is due by a day, the longest waiting first."""
    lasting = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return Guide.objects.filter(lasting, review_on__lte=day).order_by("review_on", "pk")


def remind(day: dt.date) -> int:
    """Tells who answers for a guide, or who keeps guides in its unit where nobody does; twice at the
    most, however often this runs. Returns how many guides that are."""
    found = list(due(day + WEEK).select_related("unit", "owner"))
    keepers = _keepers({one.unit_id for one in found if not _there(one)}, day)
    tell_each(
        Message(account, _key(one, day), _text(one), reverse("guidance:guide", args=[one.pk]))
        for one in found
        for account in ([one.owner_id] if _there(one) else keepers.get(one.unit_id, []))
    )
    return len(found)


def _there(one: Guide) -> bool:
    return one.owner is not None and one.owner.is_active


def _keepers(units: set[int], day: dt.date) -> dict[int, list[int]]:
    roles = [role.key for role in ROLE_KINDS.values() if "guidance.write" in role.permissions]
    held = RoleHolding.objects.on(day).filter(
        unit_id__in=units, role__in=roles, account__is_active=True
    )
    found: dict[int, list[int]] = {}
    for unit, account in held.values_list("unit_id", "account_id").distinct():
        found.setdefault(unit, []).append(account)
    return found


def _key(one: Guide, day: dt.date) -> str:
    when = "day" if one.review_on and one.review_on <= day else "week"
    return f"guide-review:{one.pk}:{one.review_on}:{when}"


def _text(one: Guide) -> str:
    words = {"name": one.name, "day": one.review_on}
    return _("指引“%(name)s”应在 %(day)s 前复核：对照依据看一遍，记下复核。") % words


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """The reviews of the guides that somebody answers for."""
    rows = due(dt.date.max).filter(owner=actor.account_id) if actor.account_id else ()
    for one in rows:
        yield Deadline(
            f"guide-review-{one.pk}",
            _("复核指引：%(name)s") % {"name": one.name},
            reverse("guidance:guide", args=[one.pk]),
            one.review_on,
            version=one.version,
        )


def mine(request: HttpRequest, about: None) -> dict[str, Any] | None:
    """The guides that are to be reviewed, on the workbench of who keeps them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may("guidance.write"):
        return None
    found = list(due(today() + WEEK)[:6])
    return {"guides": found} if found else None
