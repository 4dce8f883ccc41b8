"""What the room's first page shows: months and gaps to the park, bills and meters to an enterprise."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Sum

from luodi.ground.scope.api import Actor, today
from luodi.rooms.energy.loads import month_before
from luodi.rooms.energy.models import Bill, DayLoad, GreenContract, Meter, Settlement

MONTHS = 13


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of a contract on the page: its settlement, and the sums of its bills."""

    settlement: Settlement
    kwh: int
    certificates: int
    amount: Any
    waiting: bool


def home_of(actor: Actor) -> dict[str, Any]:
    """The context of the page for who asks."""
    if actor.may("energy.park"):
        return {"park": True, "contracts": contracts_of(actor), **_meters(actor)}
    bills = Bill.objects.select_related("unit", "contract").order_by("-month", "contract_id")
    seen = list(bills.exclude(stage=Settlement.State.DRAFT)[: MONTHS * 2])
    sold = [
        one
        for one in contracts_of(actor)
        if one[0].seller and actor.may("energy.view", one[0].seller.path)
    ]
    return {"park": False, "contracts": sold, "bills": seen, **_meters(actor)}


def contracts_of(actor: Actor) -> list[tuple[GreenContract, list[MonthLine]]]:
    """Each contract with its last months."""
    found = []
    for contract in GreenContract.objects.select_related("unit", "seller").order_by("pk"):
        rows = list(Settlement.objects.filter(contract=contract)[:MONTHS])
        sums: dict[int, dict[str, Any]] = {
            one["settlement"]: dict(one)
            for one in Bill.objects.filter(settlement__in=rows)
            .values("settlement")
            .annotate(wh=Sum("settled_wh"), pieces=Sum("certificates"), amount=Sum("amount"))
        }
        open_ = dict(
            Bill.objects.filter(settlement__in=rows)
            .exclude(state=Bill.State.AGREED)
            .values_list("settlement")
            .annotate(many=Max("pk"))
        )
        lines = [
            MonthLine(
                row,
                sums.get(row.pk, {}).get("wh", 0) // 1000,
                sums.get(row.pk, {}).get("pieces", 0),
                sums.get(row.pk, {}).get("amount", 0),
                row.pk in open_,
            )
            for row in rows
        ]
        found.append((contract, lines))
    return found


@dataclass(frozen=True, slots=True)
class MeterLine:
    """A meter, until when it is known, and how many of the last month's days have gaps."""

    meter: Meter
    last: dt.date | None
    gaps: int


def _meters(actor: Actor) -> dict[str, Any]:
    meters = list(
        Meter.objects.select_related("unit").filter(closed_on=None).order_by("path", "pk")[:200]
    )
    rows = DayLoad.objects.filter(known_until=None, meter__in=meters)
    last = dict(rows.values_list("meter").annotate(Max("day")))
    since = month_before(today())
    gaps = rows.filter(missing__gt=0, day__gte=since).values_list("meter", flat=True)
    counted: dict[int, int] = {}
    for pk in gaps:
        counted[pk] = counted.get(pk, 0) + 1
    lines = [MeterLine(one, last.get(one.pk), counted.get(one.pk, 0)) for one in meters]
    return {
        "meters": lines,
        "may_read_in": actor.may("energy.read_in"),
        "may_manage": actor.may("energy.manage"),
    }
