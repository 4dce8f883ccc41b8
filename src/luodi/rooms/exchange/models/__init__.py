"""The exchange's tables; who sees them: `guard.py`."""

from luodi.rooms.exchange.models.commodity import Commodity
from luodi.rooms.exchange.models.introduction import (
    Contract,
    Delivery,
    Document,
    Introduction,
    Lost,
    Side,
    Stage,
    Step,
    month_of,
)
from luodi.rooms.exchange.models.offer import DAYS, Offer
from luodi.rooms.exchange.models.party import Party, Profile
from luodi.rooms.exchange.models.run import Answer, Part, Run, Total

__all__ = [
    "DAYS",
    "Answer",
    "Commodity",
    "Contract",
    "Delivery",
    "Document",
    "Introduction",
    "Lost",
    "Offer",
    "Part",
    "Party",
    "Profile",
    "Run",
    "Side",
    "Stage",
    "Step",
    "Total",
    "month_of",
]
