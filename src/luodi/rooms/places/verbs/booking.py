"""Booking: once, on given times, or again and again. What collides is refused, skipped, put elsewhere,
or waits in line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.errors import ExclusionViolation

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.places import recurrence, telling
from luodi.rooms.places.models import Booking, Item, Occurrence, Repeat, Room, State, Venue
from luodi.rooms.places.opening import Opening, opening_of
from luodi.rooms.places.people import BOOKS, is_keeper
from luodi.rooms.places.recurrence import Rule
from luodi.rooms.places.refusing import Taken, told_taken
from luodi.rooms.places.taking import LONGEST, Span, Thing, lay, lock, taken, things_of
from luodi.rooms.places.verbs.searching import free_among


class Clash(TextChoices):
    """What becomes of a date on which the rooms are taken."""

    REFUSE = "refuse", gettext_lazy("不预订，告诉我冲突")
    SKIP = "skip", gettext_lazy("跳过冲突的日期")
    OTHER = "other", gettext_lazy("冲突的日期换其他房间")
    WAIT = "wait", gettext_lazy("冲突的日期排队等候")


@dataclass(frozen=True)
class Wish:
    """What somebody wants: rooms and equipment of one venue for a unit."""

    unit: Unit
    rooms: Sequence[Room]
    title: str
    items: Sequence[Item] = ()
    people: int | None = None
    rule: Rule = field(default_factory=Rule)


@dataclass(slots=True)
class Planned:
    """One date on its way to a row. `instead`: the room that takes the place of those asked for."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    state: str = State.HELD
    why: str = ""
    instead: Room | None = None

    @property
    def span(self) -> Span:
        return self.starts_at, self.ends_at


def book_rooms(
    *,
    actor: Actor,
    rooms: Sequence[Room],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    title: str,
    unit: Unit,
    at: dt.datetime,
    items: Sequence[Item] = (),
    people: int | None = None,
    wait: bool = False,
) -> Booking:
    """Books rooms of one venue, and equipment of it, for a unit, once.

    wait: to stand in line where something is taken. Raises NotAllowed, UserError, Taken (who has it,
    and what is free next).
    """
    wish = Wish(unit, rooms, title, items, people)
    clash = Clash.WAIT if wait else Clash.REFUSE
    return book(actor=actor, wish=wish, dates=[Planned(starts_at, ends_at)], clash=clash, at=at)


def book_times(
    *,
    actor: Actor,
    rooms: Sequence[Room],
    times: Sequence[Span],
    title: str,
    unit: Unit,
    at: dt.datetime,
    items: Sequence[Item] = (),
    people: int | None = None,
) -> Booking:
    """Books the same rooms at several times as one booking: all of them or, if one is taken, none."""
    dates = [Planned(*span) for span in sorted(times)]
    wish = Wish(unit, rooms, title, items, people)
    return book(actor=actor, wish=wish, dates=dates, clash=Clash.REFUSE, at=at)


def book_series(
    *,
    actor: Actor,
    wish: Wish,
    on: dt.date,
    starts: dt.time,
    ends: dt.time,
    at: dt.datetime,
    clash: str = Clash.REFUSE,
) -> Booking:
    """Books by a rule, which is written out into its dates here and now (`recurrence`)."""
    return book(actor=actor, wish=wish, dates=planned(wish, on, starts, ends), clash=clash, at=at)


def planned(wish: Wish, on: dt.date, starts: dt.time, ends: dt.time) -> list[Planned]:
    """The dates of a wish with their times; an end of 00:00 is midnight. Raises UserError."""
    if not wish.rooms:
        raise UserError(_("请选择房间。"), "rooms")
    if ends != dt.time() and ends <= starts:
        raise UserError(_("结束时间应晚于开始时间。"), "ends")
    working = calendar_for(wish.rooms[0].venue.unit)
    zone = timezone.get_current_timezone()
    found = []
    for date in recurrence.dates_of(wish.rule, on, working):
        last = date.on if ends > starts else date.on + dt.timedelta(days=1)
        found.append(
            Planned(
                dt.datetime.combine(date.on, starts, zone),
                dt.datetime.combine(last, ends, zone),
                State.SKIPPED if date.skipped else State.HELD,
                date.skipped,
            )
        )
    return found


def book(
    *, actor: Actor, wish: Wish, dates: Sequence[Planned], clash: str, at: dt.datetime
) -> Booking:
    """Writes a booking with its dates, and what they hold. Raises as `book_rooms`."""
    actor.require(BOOKS, wish.unit.path)
    venue = check_wish(wish, dates, at)
    keeper = is_keeper(actor, venue)
    dates = list(dates)
    with transaction.atomic():
        things = things_of(wish.rooms, wish.items)
        opening = opening_of(venue.pk, dates[0].starts_at, dates[-1].ends_at)
        candidates = _others(actor, wish, venue, at) if clash == Clash.OTHER else []
        lock(
            thing.resource
            for thing in [*things, *things_of(candidates)]  # all at once, or others deadlock
        )
        settle(dates, wish, things, opening, clash, candidates, keeper=keeper)
        asks = not keeper and any(room.needs_approval for room in wish.rooms)
        for one in dates:
            needs = one.instead.needs_approval if one.instead else asks
            if one.state == State.HELD and needs and not keeper:
                one.state = State.ASKED
        booking = _written(actor, wish, venue, dates, things, at)
    telling.booked(booking, at)
    return booking


def check_wish(wish: Wish, dates: Sequence[Planned], at: dt.datetime) -> Venue:
    """What is wrong whoever holds what; the venue. Raises UserError at the field at fault."""
    if not wish.rooms:
        raise UserError(_("请选择房间。"), "rooms")
    if not wish.title.strip():
        raise UserError(_("请填写事由。"), "title")
    if not dates:
        raise UserError(_("请填写时间。"), "on")
    venues = {room.venue_id for room in wish.rooms} | {item.venue_id for item in wish.items}
    if len(venues) > 1:
        raise UserError(_("一次只能预订同一个场所的房间和设备，请分开预订。"), "rooms")
    for room in wish.rooms:
        if not room.bookable:
            raise UserError(_("%(room)s 不接受预订。") % {"room": room}, "rooms")
    if wish.unit.closed_on and wish.unit.closed_on <= timezone.localtime(at).date():
        raise UserError(_("这个单位已经撤销。"), "unit")
    for one in dates:
        check_span(one.starts_at, one.ends_at)
    if all(one.ends_at <= at for one in dates):
        raise UserError(_("这个时间已经过去了。"), "on")
    return wish.rooms[0].venue


def check_span(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """Raises UserError for a time that ends before it starts, or is too long for one date."""
    if ends_at <= starts_at:
        raise UserError(_("结束时间应晚于开始时间。"), "ends")
    if ends_at - starts_at > LONGEST - dt.timedelta(days=1):
        raise UserError(_("一次最多 30 天，更长的请按天重复。"), "ends")


def settle(
    dates: Sequence[Planned],
    wish: Wish,
    things: Sequence[Thing],
    opening: Opening,
    clash: str,
    candidates: Sequence[Room] = (),
    *,
    keeper: bool,
    but: Iterable[int] = (),
) -> None:
    """Says of each date what becomes of it; the locks are held. Raises Taken, UserError."""
    wanted = [one for one in dates if one.state == State.HELD]
    if any(a.ends_at > b.starts_at for a, b in pairwise(wanted)):
        raise UserError(_("这次预订的日期互相重叠，请缩短时间。"), "ends")
    closed = {
        id(one): next(
            filter(
                None,
                (opening.problem(room, *one.span, keeper=keeper) for room in wish.rooms),
            ),
            "",
        )
        for one in wanted
    }
    held = taken(things, [one.span for one in wanted], but)
    troubled = [n for n, one in enumerate(wanted) if closed[id(one)] or n in held]
    if clash == Clash.REFUSE and troubled:
        first = wanted[troubled[0]]
        if len(troubled) == 1 and closed[id(first)]:
            raise UserError(closed[id(first)], "on")
        raise told_taken(
            [(wanted[n].span, held.get(n, []), closed[id(wanted[n])]) for n in troubled],
            wish.rooms,
            things,
            opening,
            wish.people or 0,
            keeper=keeper,
        )
    for n in troubled:
        one = wanted[n]
        if clash == Clash.OTHER:
            one.instead = free_among(candidates, one.span, keeper=keeper, but=but)
        if one.instead:
            one.why = _("%(rooms)s 已被占用，改在 %(other)s") % {
                "rooms": _("、").join(map(str, wish.rooms)),
                "other": one.instead,
            }
        elif clash == Clash.WAIT and not closed[id(one)]:
            one.state, one.why = State.WAITING, _("已被%(unit)s预订") % {"unit": held[n][0].unit}
        else:
            one.state = State.SKIPPED
            one.why = closed[id(one)] or _("已被%(unit)s预订") % {"unit": held[n][0].unit}
    if dates and not any(one.state in {State.HELD, State.WAITING} for one in dates):
        raise Taken(_("每一次都订不到：%(why)s") % {"why": dates[0].why}, "rooms")


def _others(actor: Actor, wish: Wish, venue: Venue, at: dt.datetime) -> list[Room]:
    """The rooms that may take the place of the one asked for: of its venue and use, large enough."""
    if len(wish.rooms) != 1:
        raise UserError(_("只订一间房时才能换其他房间。"), "clash")
    asked = wish.rooms[0]
    needed = wish.people or asked.seats or 0
    rooms = Room.objects.filter(venue=venue, bookable=True, seats__gte=needed)
    rooms = rooms.filter(equipment__contains=asked.equipment).exclude(pk=asked.pk)
    return list(rooms.select_related("venue").order_by("seats", "pk"))


def _written(
    actor: Actor,
    wish: Wish,
    venue: Venue,
    dates: Sequence[Planned],
    things: Sequence[Thing],
    at: dt.datetime,
) -> Booking:
    rule = wish.rule
    booking = Booking.objects.create(
        unit=wish.unit,
        venue=venue,
        title=wish.title.strip()[:100],
        people=wish.people,
        repeat=rule.repeat,
        every=rule.every,
        weekdays=list(rule.weekdays),
        until=rule.until,
        skip_holidays=rule.skip_holidays,
        booked_by_id=actor.account_id or None,
        booked_at=at,
    )
    rows = Occurrence.objects.bulk_create(
        Occurrence(
            booking=booking,
            venue=venue,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            state=one.state,
            why=one.why[:200],
            changed_at=at,
        )
        for one in dates
    )
    with constrained():
        lay(
            (row for row, one in zip(rows, dates, strict=True) if not one.instead),
            things,
            wish.unit,
        )
        for row, one in zip(rows, dates, strict=True):
            if one.instead:
                lay([row], things_of([one.instead], wish.items), wish.unit)
    booking.refresh_from_db()
    return booking


class constrained:
    """What the database's last word is told as: somebody was there first, past every lock."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, IntegrityError) and isinstance(
            problem.__cause__, ExclusionViolation
        ):
            raise Taken(_("刚刚被别人预订了，请重新选择时间。"), "rooms") from problem


__all__ = [
    "Clash",
    "Planned",
    "Repeat",
    "Wish",
    "book",
    "book_rooms",
    "book_series",
    "book_times",
    "planned",
]
