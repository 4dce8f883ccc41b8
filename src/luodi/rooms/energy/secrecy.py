"""Sums over the park that an enterprise may see: of enough enterprises, none of which is most of it.

A sum over few tells each its rival's amount (反垄断法 Art. 17 and 19; 禁止垄断协议规定). Only closed months
are summed: they never move, so that no two readings of one sum can be subtracted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.energy.models import Bill, Settlement

FEWEST = 5
LARGEST = Decimal("0.7")


@dataclass(frozen=True, slots=True)
class ParkSum:
    """A month of the whole park: `kwh` is None where the rule keeps it back."""

    month: dt.date
    kwh: Decimal | None
    price: Decimal | None
    enterprises: int


def may_be_told(amounts: list[int]) -> bool:
    """Whether a sum of these gives nobody away."""
    total = sum(amounts)
    some = [one for one in amounts if one > 0]
    return len(some) >= FEWEST and Decimal(max(some)) <= LARGEST * total


def park_sums(months: int = 12) -> list[ParkSum]:
    """The last closed months over all enterprises, whoever asks: the latest first."""
    with acting(SYSTEM):
        rows = list(
            Bill.objects.filter(stage=Settlement.State.CLOSED)
            .values("month", "unit_id")
            .annotate(wh=Sum("settled_wh"), yuan=Sum("amount"))
            .order_by("-month", "unit_id")
        )
    by_month: dict[dt.date, list[tuple[int, Decimal]]] = {}
    for one in rows:
        by_month.setdefault(one["month"], []).append((one["wh"], one["yuan"]))
    found = []
    for month, theirs in list(by_month.items())[:months]:
        amounts = [wh for wh, _yuan in theirs]
        total = sum(amounts)
        told = may_be_told(amounts)
        price = (
            sum((yuan for _wh, yuan in theirs), Decimal(0)) * 1000 / total
            if told and total
            else None
        )
        found.append(
            ParkSum(
                month,
                Decimal(total) / 1000 if told else None,
                price.quantize(Decimal("0.0001")) if price is not None else None,
                len([one for one in amounts if one]) if told else 0,
            )
        )
    return found
