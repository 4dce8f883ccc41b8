"""What the tests that try every address know of places."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from tests.expect import (
    OFFICERS,
    POST_ONLY,
    SEES,
    Ids,
    Operation,
    Page,
    anyone,
    empty,
    holders,
    reading,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.places import api
from luodi.rooms.places.doors import token_of
from luodi.rooms.places.models import Booking, Room, State, Venue
from luodi.rooms.places.verbs import keeping

BOOKERS = SEES  # of the first enterprise; a booking is of a unit
KEEPERS = SEES - {"liaison"}
VIEWERS = SEES | {"part_time_member"}
PAGES: dict[str, Page] = {
    "places:find": holders(*VIEWERS),
    "places:bookings": holders(*VIEWERS),
    "places:grounds": holders(*VIEWERS),
    "places:use": Page(KEEPERS, OFFICERS),
    "places:calendar": Page(SEES, OFFICERS),
    "places:book": Page(BOOKERS, BOOKERS, get=302),
    "places:booking": Page(SEES, OFFICERS),
    "places:refuse": Page(KEEPERS, OFFICERS),
    "places:note": Page(KEEPERS, OFFICERS),
    "places:approve": POST_ONLY,
    "places:change_date": Page(SEES, OFFICERS),
    "places:cancel_date": Page(SEES, OFFICERS),
    "places:skip": POST_ONLY,
    "places:put_back": POST_ONLY,
    "places:answer": POST_ONLY,
    "places:photograph_venue": Page(KEEPERS, OFFICERS),
    "places:photograph_room": Page(KEEPERS, OFFICERS),
    "places:open_door": POST_ONLY,
    "places:close_door": POST_ONLY,
    "places:door": anyone(nobody=200),
    "places:room_calendar": anyone(nobody=200),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("places:calendar", "pk"): "places:venue",
    ("places:use", "pk"): "places:venue",
    ("places:photograph_venue", "pk"): "places:venue",
    ("places:photograph_room", "pk"): "places:room",
    ("places:open_door", "pk"): "places:room",
    ("places:close_door", "pk"): "places:room",
    ("places:door", "token"): "place_door",
    ("places:room_calendar", "token"): "place_door",
    **{
        (f"places:{name}", "pk"): "place_booking"
        for name in ("booking", "refuse", "note", "approve")
    },
    **{
        (f"places:{name}", "pk"): "place_date"
        for name in ("change_date", "cancel_date", "skip", "put_back", "answer")
    },
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A booking that waits for approval, and dates that are held, skipped and offered."""
    venue = Venue.objects.create(unit=unit, name=f"示例场所甲{number}", kind="centre")
    venue.refresh_from_db()
    room = Room.objects.create(
        venue=venue, name="示例房间", kind="meeting", seats=20, needs_approval=True
    )
    plain = Room.objects.create(venue=venue, name="示例另一间", kind="meeting", seats=20)
    now = timezone.now()
    noon = timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)

    def booked(days: int, rooms: list[Room], *, wait: bool = False) -> Booking:
        starts_at = noon + dt.timedelta(days=days)
        return api.book_rooms(
            actor=SYSTEM,
            rooms=rooms,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=2),
            title="示例",
            unit=unit,
            at=now,
            wait=wait,
        )

    asked = booked(30, [room])
    asked.occurrences.update(state=State.ASKED)
    held, skipped = booked(31, [plain]), booked(32, [plain])
    api.skip_date(actor=SYSTEM, occurrence=skipped.occurrences.get(), at=now)
    first, waits = booked(33, [plain]), booked(33, [plain], wait=True)
    api.cancel_booking(actor=SYSTEM, booking=first, at=now)
    keeping.open_door(actor=SYSTEM, room=plain)
    return {
        "place_door": token_of(plain),
        "place_booking": asked.pk,
        "place_room": plain.pk,
        "place_date": held.occurrences.get().pk,
        "place_date:skipped": skipped.occurrences.get().pk,
        "place_date:offered": waits.occurrences.get().pk,
    }


def booking(ids: Ids) -> Any:
    return {
        "unit_id": ids["unit"],
        "rooms": [ids["place_room"]],
        "title": "示例另一次",
        "on": (timezone.localdate() + dt.timedelta(days=40)).isoformat(),
        "starts": "09:00",
        "ends": "10:00",
    }


BOOKINGS = "place_booking"
OPERATIONS: dict[str, Operation] = {
    "GET /place-bookings": reading(VIEWERS),
    "POST /place-bookings": Operation(SEES, booking, "", OFFICERS, otherwise=frozenset({403, 404})),
    "GET /place-bookings/{pk}": Operation(SEES, about=BOOKINGS, outside=OFFICERS),
    "POST /place-bookings/{pk}/approve": Operation(KEEPERS, empty, BOOKINGS, OFFICERS),
    "POST /place-bookings/{pk}/refuse": Operation(
        KEEPERS, lambda ids: {"why": "示例"}, BOOKINGS, OFFICERS
    ),
    "POST /place-dates/{pk}/change": Operation(
        SEES, lambda ids: {"starts": "12:30"}, "place_date", OFFICERS
    ),
    "POST /place-dates/{pk}/skip": Operation(SEES, empty, "place_date", OFFICERS),
    "POST /place-dates/{pk}/put-back": Operation(SEES, empty, "place_date:skipped", OFFICERS),
    "POST /place-dates/{pk}/cancel": Operation(SEES, empty, "place_date", OFFICERS),
    "POST /place-dates/{pk}/answer": Operation(
        SEES, lambda ids: {"take": True}, "place_date:offered", OFFICERS
    ),
    "GET /free-rooms": reading(
        VIEWERS, query="?starts_at=2030-01-02T09:00:00%2B08:00&ends_at=2030-01-02T10:00:00%2B08:00"
    ),
    "GET /free-times": reading(VIEWERS, query="?since=2030-01-02&until=2030-01-03"),
}
