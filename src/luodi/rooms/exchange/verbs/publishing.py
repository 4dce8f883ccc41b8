"""The sums of a month, published by the engine where the rule of `sums.py` lets them be."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit, UnitKind
from luodi.lib.errors import NotAllowed
from luodi.rooms.exchange.models import Commodity, Offer, Part, Total, month_of
from luodi.rooms.exchange.sums import DELAY, Parts, may_show


def publish_totals(*, actor: Actor, on: dt.date) -> int:
    """Publishes for every zone the sums of the month that lies DELAY months back; returns how many.

    Only the engine may: it is the only one that sees all rows. What is published is never changed, and
    each sum is weighed against all that were published of the same commodity before.
    """
    if not actor.everything:
        raise NotAllowed(_("总量由系统按月公布。"))
    month = months_back(on, DELAY)
    made = 0
    for zone in Unit.objects.filter(kind=UnitKind.ZONE, closed_on=None):
        for commodity, way, parts in _sums(zone, month):
            known = Total.objects.filter(zone=zone, commodity_id=commodity, way=way)
            if known.filter(month=month).exists():
                continue
            before = [_parts_of(one) for one in known]
            if may_show(parts, before):
                made += _publish(zone, commodity, way, month, parts)
    return made


def months_back(day: dt.date, count: int) -> dt.date:
    """The first day of the month `count` months before."""
    place = day.year * 12 + day.month - 1 - count
    return dt.date(place // 12, place % 12 + 1, 1)


def _sums(zone: Unit, month: dt.date) -> Iterator[tuple[int, str, Parts]]:
    """For each commodity and way, each party's quantity a month, of what was open in the month."""
    after = months_back(month, -1)
    rows = Offer.objects.filter(
        broker__path__gte=zone.path,
        broker__path__lt=zone.path[:-1] + "/",
        commodity__isnull=False,
        entered_at__date__lt=after,
        expires_on__gte=month,
    ).exclude(closed_on__lt=month_of(month))
    sums: dict[tuple[int, str], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for one in rows:
        assert one.commodity_id is not None
        sums[one.commodity_id, one.way][one.party_id] += one.monthly
    for (commodity, way), parts in sums.items():
        yield commodity, way, parts


def _parts_of(total: Total) -> Parts:
    return dict(total.parts.values_list("party_id", "monthly"))


def _publish(zone: Unit, commodity: int, way: str, month: dt.date, parts: Parts) -> int:
    with transaction.atomic():
        total = Total.objects.create(
            zone=zone,
            commodity=Commodity.objects.get(pk=commodity),
            way=way,
            month=month,
            monthly=sum(parts.values(), Decimal(0)),
        )
        Part.objects.bulk_create(
            Part(total=total, party_id=party, monthly=monthly) for party, monthly in parts.items()
        )
    return 1
