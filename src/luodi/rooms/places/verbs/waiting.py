"""Who waits in line: what becomes free is offered to the first, with a time to answer.

The time to answer is working time. What is freed too close to its beginning goes to nobody by
itself, and those who wait are told so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import SYSTEM, Actor, acting
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.places import telling
from luodi.rooms.places.models import Booking, Hold, Occurrence, Room, State, Venue
from luodi.rooms.places.opening import opening_of
from luodi.rooms.places.people import BOOKS, is_keeper
from luodi.rooms.places.taking import Span, lock, reread, taken, things_held, try_lock

TO_ANSWER = dt.timedelta(hours=4)  # of working time


def resources_waiting(venue: int, spans: Sequence[Span], at: dt.datetime) -> set[int]:
    """What those hold who may be offered something: it is locked before, with all else."""
    rows = Hold.objects.filter(occurrence__in=_in_line(venue, spans, at))
    return set(rows.values_list("resource", flat=True))


def _in_line(venue: int, spans: Sequence[Span], at: dt.datetime) -> list[int]:
    """The dates that wait for some of a time, the first in line first."""
    if not spans:
        return []
    first, last = min(one[0] for one in spans), max(one[1] for one in spans)
    with acting(SYSTEM):  # those in line may be units that the actor does not see
        rows = Occurrence.objects.filter(
            venue=venue,
            state=State.WAITING,
            starts_at__gt=at,
            starts_at__lt=last + dt.timedelta(hours=4),
            ends_at__gt=first - dt.timedelta(hours=4),
        )
        return list(rows.order_by("booking__booked_at", "pk").values_list("pk", flat=True))


def offer_freed(venue: Venue, freed: Sequence[Hold], at: dt.datetime) -> None:
    """Offers what was freed to those in line, as far as it is free and there is time to answer.

    freed: what was held; its locks, and those of who waits, are the transaction's.
    """
    spans = [(one.starts_at, one.ends_at) for one in freed]
    resources = {one.resource for one in freed}
    with acting(SYSTEM):
        for pk in _in_line(venue.pk, spans, at):
            one = Occurrence.objects.select_related("booking__unit", "booking__venue").get(pk=pk)
            things = things_held(one)
            wanted = {thing.resource for thing in things}
            if not resources & wanted or not try_lock(wanted):
                continue
            if taken(things, [(one.starts_at, one.ends_at)]):
                continue
            rooms = {thing.room.pk: thing.room for thing in things if thing.room}
            if _closed(venue, rooms.values(), one):
                continue
            answer_by = calendar_for(venue.unit).add(at, TO_ANSWER)
            if answer_by > one.starts_at:
                telling.freed_too_late(one, at)
                continue
            one.state, one.answer_by, one.changed_at = State.OFFERED, answer_by, at
            one.save(update_fields=["state", "answer_by", "changed_at"])
            one.takings.update(holding=True)
            telling.offered(one, at)


def _closed(venue: Venue, rooms: Collection[Room], one: Occurrence) -> bool:
    opening = opening_of(venue.pk, one.starts_at, one.ends_at)
    return any(opening.problem(room, one.starts_at, one.ends_at, keeper=True) for room in rooms)


def answer_offer(
    *, actor: Actor, occurrence: Occurrence, take: bool, at: dt.datetime
) -> Occurrence:
    """Takes what was offered, or lets the next in line have it. Raises UserError after the time to answer."""
    with transaction.atomic():
        booking = (
            Booking.objects.select_for_update(of=("self",), no_key=True)
            .select_related("venue", "unit")
            .filter(pk=occurrence.booking_id)
            .first()
        )
        if booking is None:
            raise NotFound(_("没有这条记录，或您无权查看。"))
        actor.require(BOOKS, booking.unit.path)
        found = booking.occurrences.get(pk=occurrence.pk)
        if found.state != State.OFFERED or found.answer_by is None:
            raise UserError(_("这一次没有等您答复。"))
        if found.answer_by < at:
            raise UserError(_("答复时间已过，已经让给下一位。"))
        if not take:
            lapse([found], _("您放弃了"), at)
            return found
        lock(thing.resource for thing in things_held(found))
        reread([found])
        if found.state != State.OFFERED:
            raise UserError(_("答复时间已过，已经让给下一位。"))
        rooms = Room.objects.filter(pk__in=found.takings.exclude(room=None).values("room"))
        asks = rooms.filter(needs_approval=True).exists() and not is_keeper(actor, booking.venue)
        found.state = State.ASKED if asks else State.HELD
        found.why, found.answer_by, found.changed_at = "", None, at
        found.save(update_fields=["state", "why", "answer_by", "changed_at"])
    telling.booked(booking, at)
    return found


def lapse(dates: Iterable[Occurrence], why: str, at: dt.datetime) -> None:
    """Ends what was offered, and offers it to the next in line."""
    for one in dates:
        held = list(Hold.objects.filter(occurrence=one.pk))
        spans = [(row.starts_at, row.ends_at) for row in held]
        lock({row.resource for row in held} | resources_waiting(one.venue_id, spans, at))
        reread([one])
        if one.state != State.OFFERED:
            continue  # answered meanwhile
        one.state, one.why, one.answer_by, one.changed_at = State.CANCELLED, why, None, at
        one.save(update_fields=["state", "why", "answer_by", "changed_at"])
        one.takings.update(holding=False)
        offer_freed(one.venue, held, at)


def lapse_unanswered(at: dt.datetime) -> int:
    """Lets go of every offer whose time to answer is over; returns how many. Run as the system."""
    over = Occurrence.objects.filter(Q(state=State.OFFERED, answer_by__lt=at)).order_by("answer_by")
    found = list(over.select_related("venue__unit", "booking__unit"))
    for one in found:
        with transaction.atomic():
            lapse([one], _("没有在规定时间内答复"), at)
    return len(found)
