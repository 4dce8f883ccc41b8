"""Whether an offer suits a need, by classes that give nothing away: quality, quantity, distance, period.

Price is no class: an answer to it, asked again and again with another price, would find the other's.
"""

from __future__ import annotations

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from luodi.rooms.exchange.models import Answer, Offer

Why = Answer.Why
EARTH_KM = 6371.0088
MOST_KM = 800.0  # by lorry; heavier goods seldom go farther than this (a parameter)


def misfit(have: Offer, want: Offer, most_km: float = MOST_KM) -> str:
    """The class of the first thing that does not fit; "" where all does."""
    if not quality_fits(have.quality, want.quality):
        return Why.QUALITY
    if not period_fits(have, want):
        return Why.PERIOD
    km = offset_km(have, want)
    if km is not None and km > most_km:
        return Why.DISTANCE
    least = max(have.min_lot or Decimal(0), want.min_lot or Decimal(0))
    return Why.QUANTITY if min(have.monthly, want.monthly) < least else ""


def quality_fits(have: dict[str, list[str | None]], want: dict[str, list[str | None]]) -> bool:
    """Whether all that is wanted is promised: an offer's range lies in the need's. What an offer does
    not say is left to be asked."""
    for name, (low, high) in want.items():
        promised = have.get(name)
        if promised is None:
            continue
        if low is not None and promised[0] is not None and Decimal(promised[0]) < Decimal(low):
            return False
        if low is not None and promised[0] is None and promised[1] is not None:
            return False
        if high is not None and promised[1] is not None and Decimal(promised[1]) > Decimal(high):
            return False
        if high is not None and promised[1] is None and promised[0] is not None:
            return False
    return True


def period_fits(have: Offer, want: Offer) -> bool:
    """Whether there is a day on which both hold; an open end is always."""
    begins = [one.since for one in (have, want) if one.since]
    ends = [one.until for one in (have, want) if one.until]
    return not begins or not ends or max(begins) <= min(ends)


def offset_km(have: Offer, want: Offer) -> float | None:
    """Great-circle kilometres between the two parties; None where one is nowhere."""
    return kilometres(
        have.party.longitude, have.party.latitude, want.party.longitude, want.party.latitude
    )


def kilometres(
    a: Decimal | None, b: Decimal | None, c: Decimal | None, d: Decimal | None
) -> float | None:
    """Between (lon a, lat b) and (lon c, lat d), by the haversine formula."""
    if a is None or b is None or c is None or d is None:
        return None
    lon1, lat1, lon2, lat2 = (radians(float(one)) for one in (a, b, c, d))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(h))
