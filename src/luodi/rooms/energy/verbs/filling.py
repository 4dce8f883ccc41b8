"""Gaps are filled only when somebody says so; days come in from programs too."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import Date, Reason, verb
from luodi.ground.scope.api import Actor, because, today
from luodi.lib.errors import UserError
from luodi.rooms.energy.loads import EMPTY, Load, estimated, load_of
from luodi.rooms.energy.models import Meter
from luodi.rooms.energy.storing import Key, Written, loads_of, write_days

WEEKS = 4


@verb(permission="energy.read_in", on="meter")
def estimate_gaps(
    *,
    actor: Actor,
    meter: Meter,
    since: Annotated[dt.date, Date(gettext_lazy("自"))],
    until: Annotated[dt.date, Date(gettext_lazy("至"))],
    reason: Annotated[str, Reason()],
    at: dt.datetime | None = None,
) -> int:
    """Fills a meter's gaps from one day to another, both included, with the mean of the same quarters
    of the same weekday in four weeks before.
    Returns how many quarters were filled; they are marked as estimated."""
    if until < since or (until - since).days > 366 or until >= today():
        raise UserError(_("请选择已经过完的日期，最多一年。"), "until")
    because(reason)
    early = since - dt.timedelta(weeks=WEEKS)
    known = loads_of(meter.pk, early, until + dt.timedelta(days=1))
    days: dict[Key, Load] = {}
    filled = 0
    for number in range((until - since).days + 1):
        day = since + dt.timedelta(days=number)
        if (meter.opened_on and day < meter.opened_on) or (
            meter.closed_on and day >= meter.closed_on
        ):
            continue
        gap = known.get(day, EMPTY)
        if not gap.missing:
            continue
        like = [
            known[one]
            for week in range(1, WEEKS + 1)
            if (one := day - dt.timedelta(weeks=week)) in known
        ]
        now = estimated(gap, like)
        if now.missing < gap.missing:
            days[(meter.pk, day)] = known[day] = now
            filled += gap.missing - now.missing
    if not filled:
        raise UserError(_("没有可补的缺口：这几天读数完整，或前四周同一天也没有读数。"), "since")
    write_days(days, at=at or timezone.now(), file_id=None, over=False)
    return filled


def record_days(
    *,
    actor: Actor,
    meter: Meter,
    days: Mapping[dt.date, Sequence[float | None]],
    at: dt.datetime | None = None,
) -> Written:
    """Keeps days of a meter as a program sends them: kWh of 96 quarters, the factor applied. All or
    none; raises UserError with the day for what is not over, below zero, or above the meter's limit."""
    actor.require("energy.read_in", meter.path)
    most = None if meter.limit_kw is None else int(meter.limit_kw * 250)
    found: dict[Key, Load] = {}
    for day, kwh in days.items():
        if day >= today():
            raise UserError(_("%(day)s 还没有过完。") % {"day": day}, "days")
        known = [one for one in kwh if one is not None]
        if any(not math.isfinite(one) or one < 0 or one > 2e6 for one in known):
            raise UserError(_("%(day)s 有不合理的读数。") % {"day": day}, "days")
        load = load_of(kwh, 1000)
        if most is not None and any(one is not None and one > most for one in load.wh):
            raise UserError(_("%(day)s 有读数高于这块表的合理上限。") % {"day": day}, "days")
        found[meter.pk, day] = load
    with transaction.atomic():
        return write_days(found, at=at or timezone.now(), file_id=None)
