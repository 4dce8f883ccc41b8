"""Whether a place is open: its weekdays' hours, its closed spells, its own days; and what is free next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.rooms.places.models import Closure, OpeningHours, Room
from luodi.rooms.places.taking import Span, Thing, taken
from luodi.rooms.places.words import when

ONE_DAY = dt.timedelta(days=1)
LOOKED_AHEAD = 14  # days in which the next free time is looked for


@dataclass(frozen=True)
class Opening:
    """The hours and closed spells of a venue, read once for many questions."""

    hours: Sequence[OpeningHours]
    closures: Sequence[Closure]
    wholes: Mapping[int, int]  # of which room a room is a part
    _spans: dict[tuple[int, dt.date], list[Span] | None] = field(default_factory=dict, repr=False)

    def spans_on(self, room: Room, day: dt.date) -> list[Span] | None:
        """The spans of a day in which a room is open by its hours; None: all day."""
        key = room.pk, day
        if key not in self._spans:
            self._spans[key] = self._spans_on(room, day)
        return self._spans[key]

    def _spans_on(self, room: Room, day: dt.date) -> list[Span] | None:
        own = [one for one in self.hours if one.room_id == room.pk]
        rules = own or [one for one in self.hours if one.room_id is None]
        if not rules:
            return None
        weekday = str(day.isoweekday())
        spans = [_span(day, one) for one in rules if weekday in one.weekdays]
        return _joined(sorted(spans))

    def closed(self, room: Room, starts_at: dt.datetime, ends_at: dt.datetime) -> Closure | None:
        """The closed spell that meets a time: of the venue, the room, what it is part of, its parts."""
        for one in self.closures:
            met = one.starts_at < ends_at and one.ends_at > starts_at
            if met and (one.room_id is None or self._is_kin(one.room_id, room.pk)):
                return one
        return None

    def _is_kin(self, one: int, other: int) -> bool:
        return one in self._above(other) or other in self._above(one)

    def _above(self, room: int) -> list[int]:
        found = [room]
        while (whole := self.wholes.get(found[-1])) and whole not in found:
            found.append(whole)
        return found

    def is_open(self, room: Room, starts_at: dt.datetime, ends_at: dt.datetime) -> bool:
        """Whether a time lies within the hours; one over several days, whether each end does."""
        first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
        if first.date() == (last - dt.timedelta(microseconds=1)).date():
            spans = self.spans_on(room, first.date())
            return spans is None or any(a <= starts_at and ends_at <= b for a, b in spans)
        begins = self.spans_on(room, first.date())
        ends = self.spans_on(room, (last - dt.timedelta(microseconds=1)).date())
        return (begins is None or any(a <= starts_at < b for a, b in begins)) and (
            ends is None or any(a < ends_at <= b for a, b in ends)
        )

    def problem(
        self, room: Room, starts_at: dt.datetime, ends_at: dt.datetime, *, keeper: bool
    ) -> str:
        """Why a room cannot be used at a time, whoever holds it; "" where it can.

        Who keeps the place has the key: its hours do not bind them, on no page and nowhere else.
        """
        day = timezone.localtime(starts_at).date()
        if room.opened_on and room.opened_on > day:
            return _("%(room)s %(day)s 起启用。") % {"room": room, "day": room.opened_on}
        if room.closed_on and timezone.localtime(ends_at).date() >= room.closed_on:
            return _("%(room)s %(day)s 起停用。") % {"room": room, "day": room.closed_on}
        if found := self.closed(room, starts_at, ends_at):
            return _("%(room)s %(when)s 停用：%(reason)s。") % {
                "room": room,
                "when": when(found.starts_at, found.ends_at),
                "reason": found.reason,
            }
        if keeper or self.is_open(room, starts_at, ends_at):
            return ""
        spans = self.spans_on(room, day)
        said = _("、").join(f"{_clock(a)}—{_clock(b, end=True)}" for a, b in spans or ())
        if not said:
            return _("%(room)s %(day)s 不开放。") % {"room": room, "day": day}
        return _("%(room)s %(day)s 的开放时间是 %(hours)s。") % {
            "room": room,
            "day": day,
            "hours": said,
        }


def opening_of(venue: int, since: dt.datetime, until: dt.datetime) -> Opening:
    """The hours of a venue, and its closed spells that meet a time."""
    return openings_of([venue], since, until)[venue]


def openings_of(
    venues: Iterable[int], since: dt.datetime, until: dt.datetime
) -> dict[int, Opening]:
    """The same of many venues, in three queries."""
    hours: dict[int, list[OpeningHours]] = {pk: [] for pk in venues}
    closures: dict[int, list[Closure]] = {pk: [] for pk in hours}
    wholes: dict[int, dict[int, int]] = {pk: {} for pk in hours}
    for one in OpeningHours.objects.filter(venue__in=hours).order_by("opens", "pk"):
        hours[one.venue_id].append(one)
    spells = Closure.objects.filter(venue__in=hours, starts_at__lt=until, ends_at__gt=since)
    for spell in spells.order_by("starts_at"):
        closures[spell.venue_id].append(spell)
    for part in Room.objects.filter(venue__in=hours).exclude(part_of=None):
        wholes[part.venue_id][part.pk] = part.part_of_id or 0
    return {pk: Opening(hours[pk], closures[pk], wholes[pk]) for pk in hours}


def free_next(
    opening: Opening, rooms: Sequence[Room], things: Sequence[Thing], span: Span, *, keeper: bool
) -> dt.datetime | None:
    """When, after a time that is taken, the same is free as long; None within `LOOKED_AHEAD` days."""
    length, limit = span[1] - span[0], span[0] + LOOKED_AHEAD * ONE_DAY
    holds = taken(things, [(span[0], limit)]).get(0, [])
    by = {thing.resource: thing for thing in things}
    starts = {hold.ends_at + by[hold.resource].before for hold in holds}
    starts.update(_openings(opening, rooms, span[0]))
    for start in sorted(one for one in starts if span[0] < one < limit):
        end = start + length
        if all(
            hold.ends_at <= start - by[hold.resource].before
            or hold.starts_at >= end + by[hold.resource].after
            for hold in holds
        ) and not any(opening.problem(one, start, end, keeper=keeper) for one in rooms):
            return start
    return None


def _openings(opening: Opening, rooms: Iterable[Room], since: dt.datetime) -> Iterator[dt.datetime]:
    first = timezone.localtime(since).date()
    for room in rooms:
        for offset in range(LOOKED_AHEAD):
            for start, _end in opening.spans_on(room, first + offset * ONE_DAY) or ():
                yield start


def _span(day: dt.date, one: OpeningHours) -> Span:
    zone = timezone.get_current_timezone()
    ends = day if one.closes > one.opens else day + ONE_DAY
    return (
        dt.datetime.combine(day, one.opens, zone),
        dt.datetime.combine(ends, one.closes, zone),
    )


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _clock(at: dt.datetime, *, end: bool = False) -> str:
    said = f"{timezone.localtime(at):%H:%M}"
    return "24:00" if end and said == "00:00" else said
