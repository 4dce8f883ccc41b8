"""A centre with rooms for tests; all invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.zone import Zone

from luodi.ground.calendars.api import fill_year
from luodi.ground.scope.api import SYSTEM
from luodi.rooms.places.models import Item, Room, Venue

CHINA = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2022, 9, 1, 9, tzinfo=CHINA)  # a Thursday


def at(day: str, hour: str = "09:00") -> dt.datetime:
    """`at("2022-10-06", "09:00")`, in China."""
    return dt.datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=CHINA)


@dataclass
class Centre:
    """The zone's centre: a hall of two halves, a meeting room, a small one, and a projector."""

    zone: Zone
    venue: Venue
    hall: Room
    left: Room
    right: Room
    meeting: Room
    small: Room
    projector: Item

    def room(self, name: str, **more: Any) -> Room:
        values = {"kind": "meeting", "seats": 20, **more}
        return Room.objects.create(venue=self.venue, name=name, **values)


def build_centre(zone: Zone) -> Centre:
    venue = Venue.objects.create(unit=zone.zone, name="示例中心", kind="centre")
    venue.refresh_from_db()

    def room(name: str, seats: int, kind: str = "meeting", **more: Any) -> Room:
        return Room.objects.create(venue=venue, name=name, kind=kind, seats=seats, **more)

    hall = room("示例大厅", 200, "hall", equipment=["screen", "sound"])
    return Centre(
        zone,
        venue,
        hall,
        room("示例大厅左", 100, part_of=hall, equipment=["screen"]),
        room("示例大厅右", 100, part_of=hall),
        room("示例会议室", 20, equipment=["screen", "board"]),
        room("示例小会议室", 20, equipment=["board"]),
        Item.objects.create(venue=venue, name="示例投影仪", kind="projector"),
    )


@pytest.fixture
def centre(zone: Zone) -> Centre:
    fill_year(actor=SYSTEM, year=2022)
    return build_centre(zone)
