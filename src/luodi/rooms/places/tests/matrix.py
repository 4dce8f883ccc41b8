"""What the tests that try every address know of places."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from tests.expect import OFFICERS, POST_ONLY, SEES, Ids, Operation, Page, holders
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.places import api
from luodi.rooms.places.models import Room, Venue

BOOKERS = SEES  # of the first enterprise; a booking is of a unit
KEEPERS = SEES - {"liaison"}
VIEWERS = SEES | {"part_time_member"}
PAGES: dict[str, Page] = {
    "places:find": holders(*VIEWERS),
    "places:bookings": holders(*VIEWERS),
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
}
MEANINGS: dict[tuple[str, str], str] = {
    ("places:calendar", "pk"): "places:venue",
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
    venue = Venue.objects.create(unit=unit, name=f"示例场所{number}", kind="centre")
    venue.refresh_from_db()
    room = Room.objects.create(
        venue=venue, name="示例房间", kind="meeting", seats=20, needs_approval=True
    )
    starts_at = (timezone.now() + dt.timedelta(days=30)).replace(hour=2, minute=0)
    booking = api.book_rooms(
        actor=SYSTEM,
        rooms=[room],
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        title="示例",
        unit=unit,
        at=timezone.now(),
    )
    return {"place_booking": booking.pk, "place_date": booking.occurrences.get().pk}


OPERATIONS: dict[str, Operation] = {}
__all__ = ["MEANINGS", "OPERATIONS", "PAGES", "things"]
