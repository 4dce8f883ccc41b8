"""Who could be brought together: by what was offered, and by what is made and used as a rule.

Everything here is computed from the rows that the reader's transaction shows: a broker's, its desk's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from luodi.ground.scope.api import today
from luodi.rooms.exchange.fits import misfit, offset_km
from luodi.rooms.exchange.models import Answer, Introduction, Offer, Party, Profile, Stage


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another party for an offer. `why`: the class of what does not fit, "" where all does."""

    party: Party
    offer: Offer | None
    monthly: Decimal
    km: float | None
    why: str
    introduction: Introduction | None = None

    @property
    def misfit(self) -> str:
        return str(Answer.Why(self.why).label) if self.why else ""


def candidates_for(offer: Offer) -> list[Candidate]:
    """The other side for an offer: what fits first, the nearest first; at most twenty."""
    if offer.commodity is None:
        return []
    found = [*_by_offers(offer), *_by_profiles(offer)]
    seen: set[int] = set()
    unique = []
    for one in sorted(found, key=_order):
        if one.party.pk not in seen:
            seen.add(one.party.pk)
            unique.append(one)
    return _with_introductions(offer, unique[:20])


def _order(one: Candidate) -> tuple[bool, bool, float, Decimal]:
    return bool(one.why), one.offer is None, one.km if one.km is not None else 1e9, -one.monthly


def _by_offers(offer: Offer) -> Iterator[Candidate]:
    assert offer.commodity is not None
    other = Offer.Way.WANT if offer.way == Offer.Way.HAVE else Offer.Way.HAVE
    rows = Offer.objects.open(today()).filter(way=other).exclude(party=offer.party_id)
    rows = rows.filter(_kindred(offer)).select_related("party__unit", "commodity")
    for one in rows:
        have, want = (offer, one) if offer.way == Offer.Way.HAVE else (one, offer)
        if not have.commodity or not have.commodity.code.startswith(want.commodity.code):  # type: ignore[union-attr]
            continue
        monthly = min(one.monthly, offer.monthly)
        yield Candidate(one.party, one, monthly, offset_km(have, want), misfit(have, want))


def _kindred(offer: Offer) -> Q:
    """Commodities of which one is a kind of the other begin alike; four digits are a heading."""
    assert offer.commodity is not None
    return Q(commodity__code__startswith=offer.commodity.code[:4])


def _by_profiles(offer: Offer) -> Iterator[Candidate]:
    assert offer.commodity is not None
    way = Profile.Way.USES if offer.way == Offer.Way.HAVE else Profile.Way.MAKES
    rows = Profile.objects.filter(way=way, commodity=offer.commodity).exclude(party=offer.party_id)
    for one in rows.select_related("party__unit"):
        yield Candidate(one.party, None, min(one.monthly, offer.monthly), None, "")


def _with_introductions(offer: Offer, found: list[Candidate]) -> list[Candidate]:
    """Which of them are being brought together with the party already."""
    own, other = (
        ("supplier", "buyer_id") if offer.way == Offer.Way.HAVE else ("buyer", "supplier_id")
    )
    rows = Introduction.objects.filter(**{own: offer.party}, commodity=offer.commodity)
    rows = rows.exclude(stage__in=[Stage.DONE, Stage.LOST])
    known = {getattr(one, other): one for one in rows}
    return [
        Candidate(one.party, one.offer, one.monthly, one.km, one.why, known.get(one.party.pk))
        for one in found
    ]
