"""Many at once want the same rooms: nothing is held twice, nobody deadlocks, each loser is told."""

from __future__ import annotations

import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from django.db import connection
from tests.zone import build_zone

from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.places.api import Taken, book_rooms, cancel_booking, move_booking
from luodi.rooms.places.models import Booking, Hold
from luodi.rooms.places.tests.world import NOW, at, build_centre

WORKERS, TRIES = 8, 10


def doubles() -> int:
    """How often a thing is held twice at a time, as a slow reading of all rows finds."""
    found: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {}
    for one in Hold.objects.filter(holding=True):
        found.setdefault(one.resource, []).append((one.starts_at, one.ends_at))
    return sum(a[1] > b[0] for spans in found.values() for a, b in pairwise(sorted(spans)))


def test_nothing_is_held_twice(committed_db: None) -> None:
    with acting(SYSTEM):
        zone = build_zone()
        centre = build_centre(zone)
    rooms = [centre.hall, centre.left, centre.right, centre.meeting]

    def work(number: int) -> list[str]:
        chance, told = random.Random(number), []
        try:
            for n in range(TRIES):
                start = at("2022-10-20", "09:00") + dt.timedelta(minutes=30 * chance.randrange(8))
                try:
                    with acting(zone.actor("office")) as actor:
                        made = book_rooms(
                            actor=actor,
                            rooms=chance.sample(rooms, chance.choice([1, 1, 2])),
                            starts_at=start,
                            ends_at=start + dt.timedelta(hours=1),
                            title="示例",
                            unit=zone.zone,
                            at=NOW,
                            wait=n % 5 == 4,
                        )
                    with acting(zone.actor("office")) as actor:
                        if n % 3 == 0:
                            cancel_booking(actor=actor, booking=made, at=NOW)
                        elif n % 3 == 1:
                            move_booking(
                                actor=actor,
                                booking=made,
                                starts_at=start + dt.timedelta(minutes=30),
                                ends_at=start + dt.timedelta(minutes=90),
                                at=NOW,
                            )
                except Taken as refused:
                    told.append(str(refused))
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        told = [sentence for ones in pool.map(work, range(WORKERS)) for sentence in ones]
    with acting(SYSTEM):
        assert doubles() == 0
        assert Booking.objects.exists()
    assert told and all("已被示例经济技术开发区预订" in one for one in told)
