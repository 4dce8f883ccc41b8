"""The backbone of the page, its posts; all people are invented (示例)."""

from __future__ import annotations

import datetime as dt

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Person, PostKind
from luodi.rooms.directory.demo import Asked, Zone, noon

BACKBONE = 25  # of whom MEMBERS are members: 36 % on the page's day, which says "over 30 %"
MEMBERS = (("示例压铸公司", 6), ("示例储能公司", 3))
OTHERS = ("示例压铸公司", "示例储能公司", "示例模具公司")
SINCE = dt.date(2022, 1, 10)

READINGS = {"pioneer.member_share": Asked("pioneer.member_share")}


def build(zone: Zone) -> None:
    """The backbone: members first, from the branches of two invented enterprises; then others."""
    members = [
        person
        for name, count in MEMBERS
        for person in _some_members(zone.enterprises[name].unit, count)
    ]
    others = []
    for place in range(BACKBONE - len(members)):
        unit = zone.enterprises[OTHERS[place % len(OTHERS)]].unit
        others.append(zone.person(unit, dt.date(1984 + place % 12, 1 + place % 12, 5)))
    for person in [*members, *others]:
        directory.appoint(
            actor=SYSTEM,
            person=person,
            unit=person.unit,
            kind=PostKind.BACKBONE,
            since=SINCE,
            at=noon(SINCE),
        )


def _some_members(unit: Unit, count: int) -> list[Person]:
    found = directory.members(unit, SINCE).filter(unit=unit)
    return list(found.select_related("unit").order_by("id")[1 : count + 1])
