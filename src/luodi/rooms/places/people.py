"""Who keeps a place, and who is told of a booking: roles on units, because people leave."""

from __future__ import annotations

import datetime as dt

from luodi.ground.scope.api import Account, Actor, Unit, holders_of, people_of, today
from luodi.rooms.places.models import Booking, Venue

KEEPS, BOOKS = "places.write", "places.book"


def is_keeper(actor: Actor, venue: Venue) -> bool:
    """Whether the actor keeps a place: decides on its bookings, has its key."""
    return actor.may(KEEPS, venue.path)


def keepers_of(venue: Venue, on: dt.date | None = None) -> list[Account]:
    """Who keeps a place on a day: who holds its post, else all who may, else those of the next unit up."""
    day = on or today()
    if venue.keeper and (found := holders_of(venue.keeper, venue.unit, day)):
        return found
    above = list(Unit.objects.above(venue.unit))
    people = people_of([one.pk for one in above], KEEPS, day)
    return next((people[one.pk] for one in reversed(above) if people.get(one.pk)), [])


def holders_told(booking: Booking, on: dt.date | None = None) -> list[Account]:
    """Who is told what happens to a booking: who made it, or, once gone, who may book for the unit."""
    day = on or today()
    people = people_of([booking.unit_id], BOOKS, day).get(booking.unit_id, [])
    made = booking.booked_by
    if made and made.is_active and made.roles.on(day).filter(unit__closed_on=None).exists():
        return [made]
    return people
