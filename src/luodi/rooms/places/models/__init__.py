"""Places and what holds them."""

from luodi.rooms.places.models.bookings import (
    HOLDING,
    Booking,
    Hold,
    KeeperNote,
    Occurrence,
    Repeat,
    State,
)
from luodi.rooms.places.models.places import (
    EQUIPMENT,
    OUTDOORS,
    USES,
    WEEKDAYS,
    Closure,
    Item,
    OpeningHours,
    Room,
    Venue,
)

__all__ = [
    "EQUIPMENT",
    "HOLDING",
    "OUTDOORS",
    "USES",
    "WEEKDAYS",
    "Booking",
    "Closure",
    "Hold",
    "Item",
    "KeeperNote",
    "Occurrence",
    "OpeningHours",
    "Repeat",
    "Room",
    "State",
    "Venue",
]
