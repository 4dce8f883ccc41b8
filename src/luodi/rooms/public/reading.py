"""What is everybody's: dates and places of performances, and venues that are open to all.

Read with sight of all rows, so only what is written out here leaves: no person, no contact, no number
of an audience.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from django.db.models import Q
from django.utils.translation import gettext as _

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.rooms.circle.api import Settlement
from luodi.rooms.places.api import WEEKDAYS, OpeningHours, Room, Venue
from luodi.rooms.seasons.api import Performance

AHEAD = dt.timedelta(days=60)
MOST = 100
EARTH = 6371.0  # kilometres


@dataclass(frozen=True, slots=True)
class Show:
    """One evening in one village; `cancelled` says why, `instead` the day that replaces it."""

    key: int
    on: dt.date
    title: str
    where: str
    kind: str
    cancelled: str
    instead: dt.date | None


@dataclass(frozen=True, slots=True)
class Ground:
    """A venue that is open to all; `km` from the place that was asked for, None without one."""

    name: str
    kind: str
    what: str
    address: str
    step_free: bool
    hours: list[str]
    km: float | None


def shows(*, on: dt.date | None = None, text: str = "") -> list[Show]:
    """What is on from today, or on one day; of villages or plays that hold the text."""
    first, last = (on, on) if on else (today(), today() + AHEAD)
    with acting(SYSTEM):
        rows = Performance.objects.filter(on__gte=first, on__lte=last)
        if text:
            rows = rows.filter(
                Q(village__name__contains=text)
                | Q(village__township__contains=text)
                | Q(play__name__contains=text)
            )
        rows = rows.select_related("village", "troupe", "play", "replacement")
        return [
            Show(
                key=one.pk,
                on=one.on,
                title=one.play.name if one.play else _("%(troupe)s演出") % {"troupe": one.troupe},
                where=f"{one.village.township} {one.village.name}",
                kind=one.play.kind if one.play else "",
                cancelled=(one.why or _("另行通知")) if one.state == "cancelled" else "",
                instead=one.replacement.on if hasattr(one, "replacement") else None,
            )
            for one in rows.order_by("on", "village__name", "pk")[:MOST]
        ]


def grounds(*, near: str = "", kind: str = "") -> tuple[list[Ground], str]:
    """Venues open to all, the nearest first where `near` names a village or an address that is known;
    and the name of the place that was understood, "" for none."""
    with acting(SYSTEM):
        day = today()
        there = Q(closed_on=None) | Q(closed_on__gt=day)
        venues = Venue.objects.filter(there, open_to="all")
        venues = venues.filter(kind=kind) if kind else venues.exclude(kind="other")
        found = list(venues.order_by("name")[: MOST * 5])
        keys = [one.pk for one in found]
        uses: dict[int, list[str]] = {}
        for room in Room.objects.filter(there, venue__in=keys).order_by("venue_id", "pk"):
            what = room.get_ground_display() if room.ground else room.get_kind_display()
            if str(what) not in uses.setdefault(room.venue_id, []):
                uses[room.venue_id].append(str(what))
        hours = _hours(keys)
        at, understood = _place(near, found)
    rows = [
        Ground(
            name=one.name,
            kind=str(one.get_kind_display()),
            what="、".join(uses.get(one.pk, ())),
            address=one.address,
            step_free=one.step_free,
            hours=hours.get(one.pk, []),
            km=_km(at, one) if at else None,
        )
        for one in found
    ]
    if at:
        rows.sort(key=lambda one: (one.km is None, one.km or 0, one.name))
    elif near:
        rows = [one for one in rows if near in f"{one.name}{one.address}"]
    return rows[:MOST], understood


def _hours(venues: list[int]) -> dict[int, list[str]]:
    """When each is open, in words: `周一、周二 08:00—20:00`."""
    found: dict[int, list[str]] = {}
    rows = OpeningHours.objects.filter(venue__in=venues).select_related("room")
    for one in rows.order_by("venue_id", "opens", "pk"):
        days = "、".join(str(WEEKDAYS[day]) for day in one.weekdays)
        which = f"{one.room}：" if one.room else ""
        found.setdefault(one.venue_id, []).append(
            f"{which}{days} {one.opens:%H:%M}—{one.closes:%H:%M}"
        )
    return found


def _place(near: str, venues: Iterable[Venue]) -> tuple[tuple[float, float] | None, str]:
    """The position of a place by its name: a village's, or a venue's."""
    if not near:
        return None, ""
    home = Settlement.objects.filter(name__contains=near).order_by("name").first()
    if home is not None:
        return (float(home.longitude), float(home.latitude)), home.name
    for one in venues:
        if one.longitude is not None and one.latitude is not None and near in one.name:
            return (float(one.longitude), float(one.latitude)), one.name
    return None, ""


def _km(at: tuple[float, float], venue: Venue) -> float | None:
    """Kilometres on a sphere, straight: how far it looks on a map, not how long the way is."""
    if venue.longitude is None or venue.latitude is None:
        return None
    lon, lat, x, y = map(radians, (*at, float(venue.longitude), float(venue.latitude)))
    half = sin((y - lat) / 2) ** 2 + cos(lat) * cos(y) * sin((x - lon) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(half)), 1)
