"""The exchange: what other apps may use of it."""

from luodi.rooms.exchange.models import (
    Commodity,
    Contract,
    Delivery,
    Introduction,
    Lost,
    Offer,
    Party,
    Profile,
    Stage,
)
from luodi.rooms.exchange.verbs.checks import commodity_of, party_of
from luodi.rooms.exchange.verbs.introducing import (
    finish,
    introduce,
    lose,
    negotiate,
    raise_case,
    tell_sides,
)
from luodi.rooms.exchange.verbs.offers import (
    change_offer,
    outsider_of,
    post_offer,
    renew_offer,
    withdraw_offer,
)
from luodi.rooms.exchange.verbs.parties import change_party, hand_over, keep_profile
from luodi.rooms.exchange.verbs.trading import (
    attach_document,
    correct_delivery,
    record_delivery,
    remove_delivery,
    sign,
)

__all__ = [
    "Commodity",
    "Contract",
    "Delivery",
    "Introduction",
    "Lost",
    "Offer",
    "Party",
    "Profile",
    "Stage",
    "attach_document",
    "change_offer",
    "change_party",
    "commodity_of",
    "correct_delivery",
    "finish",
    "hand_over",
    "introduce",
    "keep_profile",
    "lose",
    "negotiate",
    "outsider_of",
    "party_of",
    "post_offer",
    "raise_case",
    "record_delivery",
    "remove_delivery",
    "renew_offer",
    "sign",
    "tell_sides",
    "withdraw_offer",
]
