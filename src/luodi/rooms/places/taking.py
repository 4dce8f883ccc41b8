"""What a date holds, and that nothing is held twice: first locks in ascending order, then the check,
and the database's constraint as the last word.

Measured with fifty at once: the constraint alone gives deadlocks, a check alone gives double
bookings, both with the locks neither (see benchmarks/places.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from luodi.ground.scope.api import Unit
from luodi.rooms.places.models import Hold, Item, Occurrence, Room

LOCKS = 0x706C << 40  # keeps our advisory locks apart from others' ("pl")
LONGEST = dt.timedelta(days=31)  # of one date, with its setting up and clearing
Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is held: a room without parts, or a piece of equipment.

    `room` is what was asked for (the hall, of whose part this is); `before` and `after` are what
    setting up and clearing take.
    """

    resource: int
    room: Room | None = None
    item: Item | None = None
    before: dt.timedelta = dt.timedelta()
    after: dt.timedelta = dt.timedelta()

    def span(self, starts_at: dt.datetime, ends_at: dt.datetime) -> Span:
        return starts_at - self.before, ends_at + self.after


def things_of(rooms: Iterable[Room], items: Iterable[Item] = ()) -> list[Thing]:
    """What rooms and equipment come down to, each once, in ascending order of their locks."""
    asked = list(rooms)
    parts = _parts_below({room.pk for room in asked})
    found: dict[int, Thing] = {}
    for room in asked:
        before, after = (dt.timedelta(minutes=m) for m in (room.setup_minutes, room.clear_minutes))
        for pk in _leaves(room.pk, parts):
            known = found.get(2 * pk)
            found[2 * pk] = Thing(
                2 * pk,
                known.room if known else room,
                None,
                max(before, known.before) if known else before,
                max(after, known.after) if known else after,
            )
    found |= {2 * item.pk + 1: Thing(2 * item.pk + 1, item=item) for item in items}
    return [found[key] for key in sorted(found)]


def _parts_below(rooms: Collection[int]) -> dict[int, list[int]]:
    """The parts of each of the rooms, and theirs."""
    found: dict[int, list[int]] = {}
    layer = set(rooms)
    while layer:
        parts = list(Room.objects.filter(part_of__in=layer).only("pk", "part_of"))
        layer = {one.pk for one in parts}
        for one in parts:
            assert one.part_of_id is not None
            found.setdefault(one.part_of_id, []).append(one.pk)
        layer -= found.keys()
    return found


def _leaves(room: int, parts: Mapping[int, Sequence[int]]) -> list[int]:
    if room not in parts:
        return [room]
    return [leaf for part in parts[room] for leaf in _leaves(part, parts)]


def leaves_of(rooms: Iterable[int]) -> dict[int, list[int]]:
    """The resources that each room comes down to."""
    wanted = list(rooms)
    parts = _parts_below(wanted)
    return {room: [2 * one for one in _leaves(room, parts)] for room in wanted}


def lock(resources: Iterable[int]) -> None:
    """Waits until nobody else takes or frees any of these; held until the transaction ends.

    In ascending order, all at once: two who want the same things never wait for each other.
    """
    keys = [LOCKS + one for one in sorted(set(resources))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def try_lock(resources: Iterable[int]) -> bool:
    """The same without waiting: whether all could be had. What the transaction has counts as had."""
    keys = [LOCKS + one for one in sorted(set(resources))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(bool_and(pg_try_advisory_xact_lock(key)), true)"
            " FROM unnest(%s::bigint[]) AS key",
            [keys],
        )
        return bool(cursor.fetchone()[0])


TAKEN = """
SELECT wanted.n, hold.id
FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
  AS wanted(n, resource, starts_at, ends_at)
JOIN places_hold AS hold ON hold.resource = wanted.resource AND hold.holding
  AND hold.starts_at < wanted.ends_at AND hold.starts_at > wanted.starts_at - interval '32 days'
  AND hold.ends_at > wanted.starts_at
WHERE hold.occurrence_id <> ALL(%s::bigint[])
ORDER BY wanted.n, hold.starts_at
"""


def taken(
    things: Sequence[Thing], spans: Sequence[Span], but: Iterable[int] = ()
) -> dict[int, list[Hold]]:
    """Who holds any of the things in each of the spans, by the span's place; one query for all.

    `but`: the occurrences that do not count, because they are about to move.
    """
    rows = [
        (n, thing.resource, *thing.span(*span)) for n, span in enumerate(spans) for thing in things
    ]
    if not rows:
        return {}
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [*columns, list(but)])
        pairs = cursor.fetchall()
    holds = Hold.objects.select_related("unit", "room", "item").in_bulk({pk for _n, pk in pairs})
    found: dict[int, list[Hold]] = {}
    for n, pk in pairs:
        if pk in holds:
            found.setdefault(n, []).append(holds[pk])
    return found


def lay(occurrences: Iterable[Occurrence], things: Sequence[Thing], unit: Unit) -> None:
    """Writes what the dates hold, or would: those that wait or are skipped remember it."""
    Hold.objects.bulk_create(
        Hold(
            occurrence=one,
            venue_id=one.venue_id,
            room=thing.room,
            item=thing.item,
            unit=unit,
            resource=thing.resource,
            starts_at=thing.span(one.starts_at, one.ends_at)[0],
            ends_at=thing.span(one.starts_at, one.ends_at)[1],
            holding=one.holds,
        )
        for one in occurrences
        for thing in things
    )


def reread(occurrences: Iterable[Occurrence]) -> None:
    """The states as they are now that the locks are held: an offer may have come, or lapsed."""
    known = {one.pk: one for one in occurrences}
    rows = Occurrence.objects.filter(pk__in=known).values_list("pk", "state", "answer_by")
    for pk, state, answer_by in rows:
        known[pk].state, known[pk].answer_by = state, answer_by


def things_held(occurrence: Occurrence) -> list[Thing]:
    """What a date holds, or would hold, by what was asked for: with the rooms as they are now."""
    rows = list(occurrence.takings.select_related("room", "item"))
    rooms = {row.room.pk: row.room for row in rows if row.room}
    items = {row.item.pk: row.item for row in rows if row.item}
    return things_of(rooms.values(), items.values())
