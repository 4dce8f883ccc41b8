"""Who is told of what: never a price, and of nobody but who is in the row."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import Account, Unit, UnitKind, people_of, today
from luodi.rooms.exchange.models import Introduction, Offer, Party


def desk_people(desk: Unit) -> list[Account]:
    """Who brokers at a desk; where nobody does, who does at the zone's."""
    on = today()
    found = people_of([desk.pk], "exchange.broker", on).get(desk.pk, [])
    if found or desk.kind == UnitKind.ZONE:
        return found
    zone = Unit.objects.above(desk).filter(kind=UnitKind.ZONE).first()
    return people_of([zone.pk], "exchange.broker", on).get(zone.pk, []) if zone else []


def party_people(party: Party) -> list[Account]:
    """Who speaks for a party."""
    if party.unit_id is None:
        return []
    return people_of([party.unit_id], "exchange.view", today()).get(party.unit_id, [])


def tell_desk(offer: Offer, at: dt.datetime) -> None:
    tell(
        accounts=desk_people(offer.broker),
        key=f"exchange:offer:{offer.pk}",
        text=_("%(party)s登记了%(offer)s，请看能和谁对接") % {"party": offer.party, "offer": offer},
        url=reverse("exchange:offer", args=[offer.pk]),
        at=at,
    )


def tell_parties(introduction: Introduction, what: str, text: str, at: dt.datetime) -> None:
    """Tells both sides of an introduction the same words."""
    for party in (introduction.supplier, introduction.buyer):
        tell(
            accounts=party_people(party),
            key=f"exchange:{what}:{introduction.pk}:{party.pk}",
            text=text,
            url=reverse("exchange:introduction", args=[introduction.pk]),
            at=at,
        )


def tell_broker(introduction: Introduction, what: str, text: str, at: dt.datetime) -> None:
    tell(
        accounts=desk_people(introduction.broker),
        key=f"exchange:{what}:{introduction.pk}",
        text=text,
        url=reverse("exchange:introduction", args=[introduction.pk]),
        at=at,
    )
