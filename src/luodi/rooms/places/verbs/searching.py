"""What is free: by people, equipment and place, at a time or over a range of days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.places.models import Hold, Room, Venue
from luodi.rooms.places.opening import openings_of
from luodi.rooms.places.people import is_keeper
from luodi.rooms.places.taking import Span, leaves_of, taken, things_of

ALTERNATIVES = 3
A_DAY = 20  # rooms that a search names for one day
AT_ONCE = 100
ONE_DAY = dt.timedelta(days=1)


def free_rooms(
    *,
    actor: Actor,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    seats: int = 0,
    equipment: Iterable[str] = (),
    venue: Venue | None = None,
) -> list[Room]:
    """The rooms that the actor sees and that are free and open at a time, the smallest that fit first."""
    if ends_at <= starts_at:
        raise UserError(_("结束时间应晚于开始时间。"), "ends")
    rooms = list(fitting(seats=seats, equipment=equipment, venue=venue))
    return _free(actor, rooms, (starts_at, ends_at))


def fitting(
    *, seats: int = 0, equipment: Iterable[str] = (), venue: Venue | None = None
) -> QuerySet[Room]:
    """The rooms that can be booked, hold so many people and have what is needed."""
    today = timezone.localdate()
    rooms = Room.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today), bookable=True)
    rooms = rooms.filter(Q(venue__closed_on=None) | Q(venue__closed_on__gt=today))
    if seats:
        rooms = rooms.filter(seats__gte=seats)
    if wanted := list(equipment):
        rooms = rooms.filter(equipment__contains=wanted)
    if venue:
        rooms = rooms.filter(venue=venue)
    return rooms.select_related("venue", "venue__unit").order_by(
        "seats", "venue__name", "name", "pk"
    )


def _free(actor: Actor, rooms: Sequence[Room], span: Span) -> list[Room]:
    busy = busy_of(rooms, *span)
    openings = openings_of({room.venue_id for room in rooms}, *span)
    return [
        room
        for room in rooms
        if not busy.get(room.pk)
        and not openings[room.venue_id].problem(room, *span, keeper=is_keeper(actor, room.venue))
    ]


def busy_of(rooms: Sequence[Room], since: dt.datetime, until: dt.datetime) -> dict[int, list[Span]]:
    """When each room is held in a time, with what its own setting up and clearing take; one query."""
    leaves = leaves_of(room.pk for room in rooms)
    wanted = {resource for ones in leaves.values() for resource in ones}
    spans: dict[int, list[Span]] = {}
    margin = dt.timedelta(hours=4)  # the longest setting up or clearing
    rows = Hold.objects.filter(
        holding=True,
        starts_at__lt=until + margin,
        starts_at__gt=since - margin - dt.timedelta(days=32),
        ends_at__gt=since - margin,
    )
    if len(wanted) <= 4 * AT_ONCE:
        rows = rows.filter(resource__in=wanted)
    for resource, start, end in rows.values_list("resource", "starts_at", "ends_at"):
        if resource in wanted:
            spans.setdefault(resource, []).append((start, end))
    found = {}
    for room in rooms:
        before = dt.timedelta(minutes=room.setup_minutes)
        after = dt.timedelta(minutes=room.clear_minutes)
        own = sorted(
            (start - after, end + before)
            for resource in leaves[room.pk]
            for start, end in spans.get(resource, ())
        )
        found[room.pk] = [one for one in own if one[0] < until and one[1] > since]
    return found


@dataclass(frozen=True, slots=True)
class Free:
    """A stretch of a day in which a room can be had."""

    room: Room
    starts_at: dt.datetime
    ends_at: dt.datetime


def free_times(
    *,
    actor: Actor,
    since: dt.date,
    until: dt.date,
    starts: dt.time,
    ends: dt.time,
    minutes: int,
    seats: int = 0,
    equipment: Iterable[str] = (),
    venue: Venue | None = None,
    after: dt.datetime | None = None,
    most: int = A_DAY,
) -> list[Free]:
    """Where there is room for so many for so long, within some hours of each day of a range.

    For each day, of at most `most` rooms (the smallest that fit) the first stretch that fits.
    `after`: nothing that begins before it. Rooms are looked at by the hundred, and no more than it
    takes. Raises UserError at the field at fault.
    """
    if ends <= starts:
        raise UserError(_("结束时间应晚于开始时间。"), "ends")
    if until < since or (until - since).days > 31:
        raise UserError(_("请选择不超过 31 天的日期范围。"), "until")
    zone = timezone.get_current_timezone()
    spans: dict[dt.date, Span] = {}
    for day in _days(since, until):
        start, end = (dt.datetime.combine(day, one, zone) for one in (starts, ends))
        spans[day] = (max(start, _next_quarter(after)) if after else start, end)
    rooms = fitting(seats=seats, equipment=equipment, venue=venue)
    found: dict[dt.date, list[Free]] = {day: [] for day in spans}
    length, place = dt.timedelta(minutes=minutes), 0
    while open_days := [day for day, ones in found.items() if len(ones) < most]:
        part = list(rooms[place : place + AT_ONCE])
        wanted = {day: spans[day] for day in open_days}
        for day, one in _free_stretches(actor, part, wanted, length):
            if len(found[day]) < most:
                found[day].append(one)
        place += AT_ONCE
        if len(part) < AT_ONCE:
            break
    return [one for ones in found.values() for one in ones]


def _free_stretches(
    actor: Actor, rooms: Sequence[Room], spans: Mapping[dt.date, Span], length: dt.timedelta
) -> Iterator[tuple[dt.date, Free]]:
    """Of each room and day the first stretch of a length that is free and open."""
    if not rooms:
        return
    first = min(start for start, _end in spans.values())
    last = max(end for _start, end in spans.values())
    busy = busy_of(rooms, first, last)
    openings = openings_of({room.venue_id for room in rooms}, first, last)
    keeps = {room.venue_id: is_keeper(actor, room.venue) for room in rooms}
    for day, span in spans.items():
        for room in rooms:
            for start, end in gaps(busy[room.pk], span, length):
                opening, keeper = openings[room.venue_id], keeps[room.venue_id]
                if not opening.problem(room, start, start + length, keeper=keeper):
                    yield day, Free(room, start, end)
                    break


def gaps(busy: Iterable[Span], within: Span, least: dt.timedelta) -> Iterator[Span]:
    """The stretches of a time that nothing holds, of at least some length; `busy` is in order."""
    start, end = within
    for a, b in busy:
        if a >= end:
            break
        if a - start >= least:
            yield start, a
        start = max(start, b)
    if end - start >= least:
        yield start, end


def _next_quarter(at: dt.datetime) -> dt.datetime:
    """The first quarter of an hour that is not before a moment."""
    whole = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    while whole < at:
        whole += dt.timedelta(minutes=15)
    return whole


def _days(since: dt.date, until: dt.date) -> Iterator[dt.date]:
    for offset in range((until - since).days + 1):
        yield since + offset * ONE_DAY


def rooms_like(rooms: Sequence[Room], span: Span, people: int, *, keeper: bool) -> list[Room]:
    """A few rooms of the same venue that are free at a time and hold as many."""
    seats = people or max((room.seats or 0 for room in rooms), default=0)
    asked = {room.pk for room in rooms}
    others = [
        room
        for room in fitting(seats=seats, venue=rooms[0].venue)
        if room.pk not in asked and not room.is_outdoors
    ]
    opening = openings_of({rooms[0].venue_id}, *span)[rooms[0].venue_id]
    busy = busy_of(others, *span)
    found = [
        room
        for room in others
        if not busy[room.pk] and not opening.problem(room, *span, keeper=keeper)
    ]
    return found[:ALTERNATIVES]


def free_among(
    rooms: Sequence[Room], span: Span, *, keeper: bool, but: Iterable[int] = ()
) -> Room | None:
    """The first of some rooms that is free and open at a time; its locks are held."""
    if not rooms:
        return None
    opening = openings_of({rooms[0].venue_id}, *span)[rooms[0].venue_id]
    for room in rooms:
        if opening.problem(room, *span, keeper=keeper):
            continue
        if not taken(things_of([room]), [span], but):
            return room
    return None
