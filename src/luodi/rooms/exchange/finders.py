"""Finds offers and introductions for the search: only what the database shows to who asks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from luodi.ground.scope.api import Actor
from luodi.lib.chinese import nearness
from luodi.manifest import Hit
from luodi.rooms.exchange.models import Introduction, Offer


def find_offers(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    rows = Offer.objects.filter(closed_on=None).filter(
        Q(words__icontains=text) | Q(commodity__synonyms__icontains=text)
    )
    for one in rows.select_related("party__unit")[:limit]:
        address = reverse("exchange:offer", args=[one.pk])
        yield Hit(str(one), address, str(one.party), nearness(one.words, text))


def find_introductions(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    found = Q(commodity__name__icontains=text)
    for side in ("supplier", "buyer"):
        found |= Q(**{f"{side}__name__icontains": text})
        found |= Q(**{f"{side}__unit__name__icontains": text})
    number = text.upper().removeprefix("D")
    if number.isdecimal() and len(number) < 10:
        found |= Q(pk=int(number))
    rows = Introduction.objects.filter(found)
    for one in rows.select_related("supplier__unit", "buyer__unit", "commodity")[:limit]:
        address = reverse("exchange:introduction", args=[one.pk])
        yield Hit(f"{one.code} {one.commodity}", address, str(one), 3)
