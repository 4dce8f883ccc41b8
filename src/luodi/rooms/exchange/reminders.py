"""What the worker tells each morning: offers that run out, contracts that nobody delivers."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.notices.api import Message, tell_each
from luodi.rooms.exchange.models import Introduction, Offer, Stage
from luodi.rooms.exchange.notify import desk_people, party_people
from luodi.rooms.exchange.standing import light_of

BEFORE = dt.timedelta(days=10)


def remind(on: dt.date) -> int:
    """Tells each party of its offers that run out within ten days, and parties and broker of a contract
    whose second month has no delivery. Each once; returns how many messages there are."""
    messages = [*_running_out(on), *_idle(on)]
    tell_each(messages, at=timezone.now())
    return len(messages)


def _running_out(on: dt.date) -> list[Message]:
    rows = Offer.objects.open(on).filter(expires_on__lte=on + BEFORE)
    found = []
    for one in rows.select_related("party__unit", "broker"):
        text = _("%(offer)s %(day)s 到期，点开续期或撤下") % {"offer": one, "day": one.expires_on}
        people = party_people(one.party) or desk_people(one.broker)
        found += [
            Message(
                person.pk,
                f"exchange:expiring:{one.pk}:{one.expires_on}",
                text,
                reverse("exchange:offer", args=[one.pk]),
            )
            for person in people
        ]
    return found


def _idle(on: dt.date) -> list[Message]:
    rows = Introduction.objects.filter(stage=Stage.CONTRACT).select_related(
        "supplier__unit", "buyer__unit", "broker", "contract", "commodity"
    )
    found = []
    for one in rows:
        light = light_of(one, on)
        if light is None:
            continue
        people = [
            *party_people(one.supplier),
            *party_people(one.buyer),
            *desk_people(one.broker),
        ]
        text = f"{one.code} {one.commodity}：{light.words}"
        found += [
            Message(
                person.pk,
                f"exchange:idle:{one.pk}",
                text,
                reverse("exchange:introduction", args=[one.pk]),
            )
            for person in people
        ]
    return found
