"""Why a side should talk, in one sentence made of its own facts; never of the other side's."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luodi.rooms.exchange.amounts import spoken
from luodi.rooms.exchange.models import Offer, Profile


def of_offer(offer: Offer) -> str:
    """Of what the side has entered itself."""
    words = {
        "amount": spoken(offer.quantity, offer.measure, offer.per),
        "what": offer.words,
        "on": offer.entered_at.date().isoformat(),
    }
    if offer.way == Offer.Way.HAVE:
        return _("您 %(on)s 登记供应%(what)s（%(amount)s），对方有同类需求。") % words
    return _("您 %(on)s 登记需要%(what)s（%(amount)s），对方有同类供应。") % words


def of_profile(profile: Profile) -> str:
    """Of what the side makes or uses as a rule."""
    words = {"what": profile.commodity}
    if profile.way == Profile.Way.MAKES:
        return _("您的产品里有%(what)s，对方生产要用。") % words
    return _("您的生产要用%(what)s，对方有这种产品。") % words
