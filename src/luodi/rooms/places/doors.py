"""The page at a room's door and the room's calendar: for whoever has the address, without signing in.

They say when the room is taken and by which unit, never what for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.places.models import Room
from luodi.rooms.places.reading import Taking, takings_of

SALT = "luodi.places.door"
BACK, AHEAD = dt.timedelta(days=30), dt.timedelta(days=180)
REFRESH = dt.timedelta(minutes=15)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Door:
    """What stands at a door at a moment: who is in, until when, what comes next today."""

    room: Room
    at: dt.datetime
    present: Taking | None
    coming: list[Taking]

    @property
    def free_until(self) -> dt.datetime | None:
        """When the next begins, while the room is free."""
        return self.coming[0].starts_at if self.coming and not self.present else None


def token_of(room: Room) -> str:
    """The secret part of the addresses of a room that has a door; "" for one without."""
    return signing.dumps([room.pk, room.door], salt=SALT) if room.door else ""


def room_of(token: str) -> Room | None:
    """The room whose address this is, while it is in use."""
    try:
        pk, door = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not door:
        return None
    with acting(SYSTEM):
        rows = Room.objects.select_related("venue").filter(pk=pk, door=door)
        return rows.first()


def door_of(room: Room, at: dt.datetime) -> Door:
    """What the page at the door shows."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    with acting(SYSTEM):
        found = takings_of([room], midnight, midnight + ONE_DAY)[room.pk]
    present = next((one for one in found if one.starts_at <= at < one.ends_at), None)
    return Door(room, at, present, [one for one in found if one.starts_at > at])


def calendar_of(room: Room, at: dt.datetime) -> bytes:
    """When a room is taken, as iCalendar (RFC 5545): from a month ago to half a year ahead."""
    calendar = Calendar()
    calendar.add("prodid", "-//Luodi//Places//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{room.venue} {room}")
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    with acting(SYSTEM):
        takings = takings_of([room], at - BACK, at + AHEAD)[room.pk]
    for one in takings:
        calendar.add_component(_event(room, one))
    ical: bytes = calendar.to_ical()
    return ical


def _event(room: Room, one: Taking) -> Event:
    event = Event()
    event.add("uid", f"place-date-{one.pk}@luodi")
    event.add("dtstart", one.starts_at.astimezone(dt.UTC))
    event.add("dtend", one.ends_at.astimezone(dt.UTC))
    event.add("dtstamp", one.changed_at.astimezone(dt.UTC))
    event.add("last-modified", one.changed_at.astimezone(dt.UTC))
    event.add("sequence", one.version)
    event.add("summary", one.unit if not one.waits else _("%(unit)s（待定）") % {"unit": one.unit})
    event.add("location", f"{room.venue} {one.room}")
    event.add("url", settings.SITE_URL.rstrip("/"))
    return event
