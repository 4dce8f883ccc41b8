"""Places: what other rooms may use of this one."""

from luodi.rooms.places.models import (
    EQUIPMENT,
    USES,
    WEEKDAYS,
    Booking,
    Item,
    Occurrence,
    OpeningHours,
    Repeat,
    Room,
    State,
    Venue,
)
from luodi.rooms.places.opening import openings_of
from luodi.rooms.places.people import is_keeper, keepers_of
from luodi.rooms.places.recurrence import Date, Rule, dates_of, in_words
from luodi.rooms.places.refusing import Taken
from luodi.rooms.places.verbs.booking import Clash, Wish, book_rooms, book_series, book_times
from luodi.rooms.places.verbs.changing import (
    Change,
    Reach,
    cancel_booking,
    cancel_dates,
    change_dates,
    items_of,
    move_booking,
    put_back,
    rooms_of,
    skip_date,
)
from luodi.rooms.places.verbs.deciding import approve, note_booking, refuse
from luodi.rooms.places.verbs.searching import Free, free_rooms, free_times
from luodi.rooms.places.verbs.waiting import answer_offer, lapse_unanswered

__all__ = [
    "EQUIPMENT",
    "USES",
    "WEEKDAYS",
    "Booking",
    "Change",
    "Clash",
    "Date",
    "Free",
    "Item",
    "Occurrence",
    "OpeningHours",
    "Reach",
    "Repeat",
    "Room",
    "Rule",
    "State",
    "Taken",
    "Venue",
    "Wish",
    "answer_offer",
    "approve",
    "book_rooms",
    "book_series",
    "book_times",
    "cancel_booking",
    "cancel_dates",
    "change_dates",
    "dates_of",
    "free_rooms",
    "free_times",
    "in_words",
    "is_keeper",
    "items_of",
    "keepers_of",
    "lapse_unanswered",
    "move_booking",
    "note_booking",
    "openings_of",
    "put_back",
    "refuse",
    "rooms_of",
    "skip_date",
]
