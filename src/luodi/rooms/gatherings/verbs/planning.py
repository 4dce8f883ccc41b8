"""A gathering is planned, changed, cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import Instant, Prose, Reason, Text, YesNo, verb
from luodi.ground.scope.api import Actor, Unit, because, unchanged
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings import inviting
from luodi.rooms.gatherings.kinds import Kind, kind_of, known_kind
from luodi.rooms.gatherings.models import Gathering, State
from luodi.rooms.gatherings.people import expected_at, usual_leader
from luodi.rooms.gatherings.verbs.checks import (
    WRITE,
    fresh,
    held_by,
    in_order,
    line,
    not_cancelled,
    only_one,
    prose,
)
from luodi.rooms.places import api as places
from luodi.rooms.places.api import Room

HALF_HOUR = dt.timedelta(minutes=30)
# What is asked of a gathering, and shown where two change it at once.
ASKED = ("title", "agenda", "starts_at", "ends_at", "place", "lecturer")
TOLD = ("starts_at", "ends_at", "place", "title")  # who is invited hears of a change of these


STARTS, ENDS = Instant(gettext_lazy("开始时间")), Instant(gettext_lazy("结束时间"))
TITLE, PLACE = Text(gettext_lazy("主题"), most=120), Text(gettext_lazy("地点"), most=120)
AGENDA = Prose(gettext_lazy("议程"), most=5000)
LECTURER = Text(gettext_lazy("主讲人"), most=60)
AGAIN = YesNo(gettext_lazy("确实是另一次"))


@verb(permission=WRITE, on="unit")
@transaction.atomic
def plan_gathering(
    *,
    actor: Actor,
    unit: Unit,
    kind: Annotated[str, Text(gettext_lazy("类型"), most=40)],
    starts_at: Annotated[dt.datetime, STARTS],
    title: Annotated[str, TITLE] = "",
    ends_at: Annotated[dt.datetime | None, ENDS] = None,
    place: Annotated[str, PLACE] = "",
    agenda: Annotated[str, AGENDA] = "",
    lecturer: Annotated[str, LECTURER] = "",
    also: Sequence[str] = (),
    rooms: Sequence[Room] = (),
    leader: Person | None = None,
    again: Annotated[bool, AGAIN] = False,
    tell: bool = True,
    at: dt.datetime | None = None,
) -> Gathering:
    """Plans a gathering of a unit; one of the past is entered in the same way.

    Without a title it is called as its kind; without an end it lasts as long as such a kind does;
    without a leader the secretary leads. Rooms are booked in the same step, and name the place where
    nothing else does. Those who are expected hear of one to come.

    Raises UserError (a unit that holds none such, end before start), `places.Taken`, Twice where the unit has one of
    that kind on that day and `again` does not say that this is another.
    """
    at = at or timezone.now()
    what = known_kind(kind)
    held_by(what, unit)
    ends_at = ends_at or starts_at + dt.timedelta(minutes=what.minutes)
    in_order(starts_at, ends_at)
    day = timezone.localdate(starts_at)
    if what.once_a_day and not again:
        only_one(unit, what, day)
    row = Gathering.objects.create(
        unit=unit,
        kind=what.key,
        also=allowed(what, also),
        title=line(title, "title", 120) or str(what),
        agenda=prose(agenda, "agenda", 5000),
        starts_at=starts_at,
        ends_at=ends_at,
        place=line(place, "place", 120),
        leader=leader or usual_leader(what, unit, day),
        lecturer=line(lecturer, "lecturer", 60),
        hours=hours_of(what, also, starts_at, ends_at),
        entered_by_id=actor.account_id or None,
        entered_at=at,
        changed_at=at,
    )
    if rooms:
        _book(actor, row, rooms, at)
    if tell and starts_at > at:
        inviting.invite_expected(row, at=at, but=actor.account_id)
    return row


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def change_gathering(
    *,
    actor: Actor,
    gathering: Gathering,
    title: Annotated[str, TITLE],
    starts_at: Annotated[dt.datetime, STARTS],
    ends_at: Annotated[dt.datetime, ENDS],
    place: Annotated[str, PLACE] = "",
    agenda: Annotated[str, AGENDA] = "",
    lecturer: Annotated[str, LECTURER] = "",
    also: Sequence[str] | None = None,
    leader: Person | None = None,
    rooms: Sequence[Room] | None = None,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Gathering:
    """Changes when, where and about what; who was invited is told, and calendars follow by the
    invitation's next sequence. The booking of its rooms moves along; `rooms` are others, or none.
    Raises `places.Taken` where they are taken then, UserError, Stale where it is no longer at `version`."""
    at = at or timezone.now()
    unchanged(gathering, version, *ASKED)
    not_cancelled(gathering)
    in_order(starts_at, ends_at)
    row = fresh(gathering)
    if row.state == State.HELD and starts_at > at:
        raise UserError(_("已经登记出席的活动不能改到以后。"), "starts_at")
    before = [getattr(row, name) for name in TOLD]
    times = row.starts_at, row.ends_at
    row.title = line(title, "title", 120) or str(row.of_kind)
    row.agenda = prose(agenda, "agenda", 5000)
    row.starts_at, row.ends_at = starts_at, ends_at
    row.place, row.lecturer = line(place, "place", 120), line(lecturer, "lecturer", 60)
    if also is not None:
        row.also = allowed(row.of_kind, also)
    row.leader = leader or row.leader
    row.hours = hours_of(row.of_kind, row.also, starts_at, ends_at)
    if rooms is not None or times != (starts_at, ends_at):
        _rebook(actor, row, rooms, at)
    moved = [getattr(row, name) for name in TOLD] != before
    if moved:
        row.sequence, row.changed_at = row.sequence + 1, at
    row.save()
    if moved and starts_at > at:
        inviting.tell_change(row, at=at, but=actor.account_id)
    row.refresh_from_db()
    return row


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def cancel_gathering(
    *,
    actor: Actor,
    gathering: Gathering,
    why: Annotated[str, Reason(most=200)],
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Gathering:
    """Cancels a planned gathering, for a reason; who was invited is told. It stays, cancelled."""
    at = at or timezone.now()
    unchanged(gathering, version, "state", "why")
    row = fresh(gathering)
    not_cancelled(row)
    if row.state == State.HELD:
        raise UserError(_("已经开展的活动不能取消；登记错了的，请更正出席和记录。"))
    because(why)
    row.state, row.why = State.CANCELLED, line(why, "why", 200)
    row.sequence, row.changed_at = row.sequence + 1, at
    row.save(update_fields=["state", "why", "sequence", "changed_at"])
    _let_go(actor, row, at)
    inviting.tell_change(row, at=at, but=actor.account_id)
    row.refresh_from_db()
    return row


def _book(actor: Actor, row: Gathering, rooms: Sequence[Room], at: dt.datetime) -> None:
    """Books rooms for a gathering; they name its place where nothing else does."""
    row.booking = places.book_rooms(
        actor=actor,
        rooms=rooms,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=row.title[:100],
        unit=row.unit,
        people=expected_at(row).count() or None,
        at=at,
    )
    first = rooms[0]
    row.place = row.place or f"{first.venue} {' '.join(map(str, rooms))}"[:120]
    row.save(update_fields=["booking", "place"])


def _rebook(actor: Actor, row: Gathering, rooms: Sequence[Room] | None, at: dt.datetime) -> None:
    """Moves the booking with its gathering, into other rooms where some are given; none: lets go."""
    if rooms is not None and not rooms:
        _let_go(actor, row, at)
        row.booking = None
    elif row.booking is None:
        if rooms:
            _book(actor, row, rooms, at)
    elif row.starts_at > at and _holds(row):
        places.move_booking(
            actor=actor,
            booking=row.booking,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            rooms=rooms,
            at=at,
        )


def _holds(row: Gathering, since: dt.datetime | None = None) -> bool:
    """Whether a booking still holds rooms, on dates after `since`."""
    if row.booking is None:
        return False
    dates = row.booking.occurrences.all()
    if since is not None:
        dates = dates.filter(starts_at__gt=since)
    return any(one.holds for one in dates)


def _let_go(actor: Actor, row: Gathering, at: dt.datetime) -> None:
    """Gives the rooms back, where they are still held."""
    if row.booking is not None and _holds(row, at):
        places.cancel_booking(actor=actor, booking=row.booking, why=row.why, at=at)


def allowed(kind: Kind, also: Collection[str]) -> list[str]:
    """The kinds that are held together with one, in the order of the kind's own list."""
    for one in also:
        if one not in kind.together:
            said = _("“%(kind)s”不能同时算作“%(other)s”。")
            raise UserError(said % {"kind": kind, "other": kind_of(one)}, "also")
    return [one for one in kind.together if one in also]


def hours_of(
    kind: Kind, also: Collection[str], starts_at: dt.datetime, ends_at: dt.datetime
) -> Decimal | None:
    """The hours of education of a gathering that counts as such: its length, in whole half hours,
    at most 8 a day. None for others."""
    if not any(one.education for one in (kind, *map(kind_of, also))):
        return None
    days = (timezone.localdate(ends_at) - timezone.localdate(starts_at)).days + 1
    halves = min((ends_at - starts_at) // HALF_HOUR, 16 * days)
    return Decimal(halves) / 2
