"""What the calendar pages show: who has which room when, and the free stretches between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.urls import reverse
from django.utils import timezone

from luodi.rooms.places.models import Hold, Occurrence, Room, State, Venue
from luodi.rooms.places.opening import Opening, openings_of
from luodi.rooms.places.taking import Span, leaves_of

ONE_DAY = dt.timedelta(days=1)
QUARTER = dt.timedelta(minutes=15)
BEGINNING = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FIRST, LAST = 8, 18  # hours that a day shows at least


@dataclass(frozen=True, slots=True)
class Taking:
    """That a unit has a room. `title` and `url`: for who may see the booking."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    unit: str
    room: str
    state: str = State.HELD
    title: str = ""
    url: str = ""
    pk: int = 0
    version: int = 1
    changed_at: dt.datetime = BEGINNING

    @property
    def waits(self) -> bool:
        return self.state != State.HELD


def rooms_shown(venue: Venue, day: dt.date) -> list[Room]:
    """The rooms of a venue that can be booked on a day, a hall before its parts."""
    rooms = Room.objects.filter(venue=venue, bookable=True).select_related("venue")
    found = [one for one in rooms if one.closed_on is None or one.closed_on > day]
    names = {one.pk: one.name for one in found}

    def place(one: Room) -> tuple[str, bool, str]:
        whole = names.get(one.part_of_id or 0, one.name)
        return whole, one.part_of_id is not None, one.name

    return sorted(found, key=place)


def takings_of(
    rooms: Sequence[Room], since: dt.datetime, until: dt.datetime
) -> dict[int, list[Taking]]:
    """By room, who has it in a time, in order; two queries, however many rooms."""
    leaves = leaves_of(room.pk for room in rooms)
    wanted = sorted({resource for ones in leaves.values() for resource in ones})
    holds = list(
        Hold.objects.filter(
            resource__in=wanted,
            holding=True,
            starts_at__lt=until,
            starts_at__gt=since - dt.timedelta(days=32),
            ends_at__gt=since,
        ).select_related("unit", "room")
    )
    known = Occurrence.objects.select_related("booking").in_bulk(
        {hold.occurrence_id for hold in holds}
    )
    by: dict[int, list[Hold]] = {}
    for hold in holds:
        by.setdefault(hold.resource, []).append(hold)
    found = {}
    for room in rooms:
        mine = {hold.occurrence_id: hold for one in leaves[room.pk] for hold in by.get(one, ())}
        takings = (_taking(hold, known.get(pk)) for pk, hold in mine.items())
        found[room.pk] = sorted(takings, key=lambda one: one.starts_at)
    return found


def _taking(hold: Hold, one: Occurrence | None) -> Taking:
    assert hold.room is not None
    if one is None:
        before, after = (
            dt.timedelta(minutes=m) for m in (hold.room.setup_minutes, hold.room.clear_minutes)
        )
        return Taking(hold.starts_at + before, hold.ends_at - after, str(hold.unit), str(hold.room))
    return Taking(
        one.starts_at,
        one.ends_at,
        str(hold.unit),
        str(hold.room),
        one.state,
        one.booking.title,
        reverse("places:booking", args=[one.booking_id]),
        one.pk,
        one.version,
        one.changed_at,
    )


# --- a day, cell by cell -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a day: taken, closed, or free (then `url` books it). `width` in quarters of an hour."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    width: int
    taking: Taking | None = None
    closed: bool = False
    past: bool = False
    url: str = ""

    @property
    def free(self) -> bool:
        return self.taking is None and not self.closed

    @property
    def clock(self) -> str:
        return f"{timezone.localtime(self.starts_at):%H:%M}"


@dataclass(frozen=True, slots=True)
class Row:
    room: Room
    cells: list[Stretch]

    @property
    def lines(self) -> list[Stretch]:
        """The same for a phone: neighbouring free cells are one line, what is closed is left out."""
        found: list[Stretch] = []
        for one in self.cells:
            last = found[-1] if found else None
            if last and last.free and one.free and last.past == one.past:
                width = last.width + one.width
                found[-1] = replace(last, ends_at=one.ends_at, width=width)
            elif not one.closed:
                found.append(one)
        return found


@dataclass(frozen=True, slots=True)
class Day:
    day: dt.date
    hours: list[int]
    rows: list[Row]


def day_of(
    venue: Venue, rooms: Sequence[Room], day: dt.date, *, keeper: bool, now: dt.datetime
) -> Day:
    """A day of a venue: a row for each room, from the first hour that matters to the last."""
    zone = timezone.get_current_timezone()
    midnight = dt.datetime.combine(day, dt.time(), zone)
    whole = (midnight, midnight + ONE_DAY)
    takings = takings_of(rooms, *whole)
    opening = openings_of([venue.pk], *whole)[venue.pk]
    first, last = _hours(rooms, takings, opening, whole)
    frame = (midnight + dt.timedelta(hours=first), midnight + dt.timedelta(hours=last))
    rows = [
        Row(room, list(_cells(room, takings[room.pk], opening, frame, keeper=keeper, now=now)))
        for room in rooms
    ]
    return Day(day, list(range(first, last)), rows)


def _hours(
    rooms: Iterable[Room], takings: Mapping[int, Sequence[Taking]], opening: Opening, whole: Span
) -> tuple[int, int]:
    midnight, _end = whole
    spans = [(one.starts_at, one.ends_at) for room in takings.values() for one in room]
    for room in rooms:
        spans += opening.spans_on(room, midnight.date()) or ()
    first = min(
        [
            FIRST,
            *(int(max(a - midnight, dt.timedelta()).total_seconds() // 3600) for a, _b in spans),
        ]
    )
    last = max(
        [LAST, *(-int(-min(b - midnight, ONE_DAY).total_seconds() // 3600) for _a, b in spans)]
    )
    return first, min(last, 24)


def _cells(
    room: Room,
    takings: Sequence[Taking],
    opening: Opening,
    frame: Span,
    *,
    keeper: bool,
    now: dt.datetime,
) -> Iterable[Stretch]:
    """The cells of a row: what is taken as one, what is free hour by hour."""
    at, end = frame
    for one in takings:
        start = max(_down(one.starts_at, frame[0]), at)
        stop = min(_up(one.ends_at, frame[0]), end)
        if stop <= at:
            continue
        yield from _free(room, at, min(start, end), opening, keeper=keeper, now=now)
        if stop > start:
            yield Stretch(one.starts_at, one.ends_at, _width(start, stop), taking=one)
        at = stop
    yield from _free(room, at, end, opening, keeper=keeper, now=now)


def _free(
    room: Room,
    at: dt.datetime,
    end: dt.datetime,
    opening: Opening,
    *,
    keeper: bool,
    now: dt.datetime,
) -> Iterable[Stretch]:
    while at < end:
        hour = at.replace(minute=0) + dt.timedelta(hours=1)
        stop = min(hour, end)
        closed = bool(opening.problem(room, at, stop, keeper=keeper))
        past = at < now
        url = "" if closed or past else booking_url(room, at, min(at + dt.timedelta(hours=1), end))
        yield Stretch(at, stop, _width(at, stop), closed=closed, past=past, url=url)
        at = stop


def booking_url(room: Room, starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """The form of a booking with room and time filled in."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    query = f"room={room.pk}&on={start:%Y-%m-%d}&starts={start:%H:%M}&ends={end:%H:%M}"
    return f"{_book()}?{query}"


@cache
def _book() -> str:
    return reverse("places:book")


def _down(at: dt.datetime, base: dt.datetime) -> dt.datetime:
    return base + (at - base) // QUARTER * QUARTER


def _up(at: dt.datetime, base: dt.datetime) -> dt.datetime:
    return base - (base - at) // QUARTER * QUARTER


def _width(start: dt.datetime, end: dt.datetime) -> int:
    return max(1, int((end - start) / QUARTER))
