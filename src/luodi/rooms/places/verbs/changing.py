"""What becomes of a booking: a date is skipped, put back, moved, cancelled; this one, this and later, or
all that have not begun. What is past stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import Actor, because
from luodi.lib.errors import NotFound, Stale, UserError
from luodi.rooms.places import telling
from luodi.rooms.places.models import (
    HOLDING,
    Booking,
    Hold,
    Item,
    Occurrence,
    Repeat,
    Room,
    State,
    Venue,
)
from luodi.rooms.places.opening import opening_of
from luodi.rooms.places.people import BOOKS, is_keeper
from luodi.rooms.places.recurrence import holiday_on
from luodi.rooms.places.taking import (
    Span,
    Thing,
    lay,
    lock,
    reread,
    things_held,
    things_of,
)
from luodi.rooms.places.verbs.booking import (
    Clash,
    Planned,
    Wish,
    check_span,
    constrained,
    settle,
)
from luodi.rooms.places.verbs.waiting import offer_freed, resources_waiting

OVER = frozenset({State.CANCELLED, State.REFUSED})


class Reach(TextChoices):
    """How far a change of one date reaches."""

    THIS = "this", gettext_lazy("只改这一次")
    LATER = "later", gettext_lazy("这次和以后各次")
    ALL = "all", gettext_lazy("全部（已经开始的不变）")


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different; None stays as it is. `on` is the day of the one date that was chosen:
    the others move by as many days."""

    on: dt.date | None = None
    starts: dt.time | None = None
    ends: dt.time | None = None
    rooms: Sequence[Room] | None = None
    items: Sequence[Item] | None = None
    title: str | None = None
    people: int | None = None


def skip_date(
    *, actor: Actor, occurrence: Occurrence, why: str = "", at: dt.datetime
) -> Occurrence:
    """Gives one date back: others may have it, and it can be put back while it is free."""
    with transaction.atomic():
        booking, (one,) = _locked(actor, [occurrence])
        _require_open(one, at)
        if one.state == State.SKIPPED:
            raise UserError(_("这一次已经跳过了。"))
        _let_go([one], State.SKIPPED, why, at)
    if is_keeper(actor, booking.venue):
        telling.taken_back(booking, [one], why or _("管理员收回"), at, actor.account_id)
    return one


def put_back(
    *, actor: Actor, occurrence: Occurrence, wait: bool = False, at: dt.datetime
) -> Occurrence:
    """Takes a skipped date again, if it is still free; or stands in line for it. Raises Taken."""
    with transaction.atomic():
        booking, (one,) = _locked(actor, [occurrence])
        _require_open(one, at)
        if one.state != State.SKIPPED:
            raise UserError(_("只有跳过的日期可以恢复。"))
        _retake(
            actor, booking, [one], Clash.WAIT if wait else Clash.REFUSE, at, things=things_held(one)
        )
    telling.booked(booking, at)
    return one


def cancel_booking(*, actor: Actor, booking: Booking, why: str = "", at: dt.datetime) -> Booking:
    """Cancels all dates of a booking that have not begun; those that have stay as they are."""
    dates = list(booking.occurrences.filter(starts_at__gt=at).exclude(state__in=OVER))
    if not dates:
        raise UserError(_("没有还能取消的日期。"))
    return _cancel(actor, dates, why, at)


def cancel_dates(
    *, actor: Actor, occurrence: Occurrence, reach: str = Reach.THIS, why: str = "", at: dt.datetime
) -> Booking:
    """Cancels one date for good, it and the later ones, or all that have not begun."""
    dates = [one for one in reached(occurrence, reach, at) if one.state not in OVER]
    if not dates:
        raise UserError(_("没有还能取消的日期。"))
    return _cancel(actor, dates, why, at)


def _cancel(actor: Actor, dates: Sequence[Occurrence], why: str, at: dt.datetime) -> Booking:
    with transaction.atomic():
        booking, found = _locked(actor, dates)
        for one in found:
            _require_open(one, at)
        _let_go(found, State.CANCELLED, why, at)
    if is_keeper(actor, booking.venue):
        telling.taken_back(booking, found, why or _("管理员取消"), at, actor.account_id)
    return booking


def move_booking(
    *,
    actor: Actor,
    booking: Booking,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
    rooms: Sequence[Room] | None = None,
) -> Booking:
    """Moves a booking of one date to another time, and, if they are given, into other rooms."""
    dates = list(booking.occurrences.exclude(state__in=OVER)[:2])
    if len(dates) != 1:
        raise UserError(_("这个预订有多个日期，请选择要改的那一次。"))
    with transaction.atomic():
        found, (one,) = _locked(actor, dates)
        _require_open(one, at)
        check_span(starts_at, ends_at)
        if ends_at <= at:
            raise UserError(_("这个时间已经过去了。"), "on")
        things = things_held(one) if rooms is None else things_of(rooms, items_of(one))
        before = [(one.starts_at, one.ends_at)]
        one.starts_at, one.ends_at = starts_at, ends_at
        _retake(actor, found, [one], Clash.REFUSE, at, things=things, before=before)
    telling.booked(found, at)
    return found


def change_dates(
    *,
    actor: Actor,
    occurrence: Occurrence,
    change: Change,
    reach: str = Reach.THIS,
    clash: str = Clash.REFUSE,
    version: int | None = None,
    at: dt.datetime,
) -> Booking:
    """Changes one date, it and the later ones, or all that have not begun: time, day, rooms, title.

    `clash`: what becomes of a date that collides at its new time; it goes nowhere else by itself.
    "This and later" splits a booking that has begun: the earlier dates stay with it, the later ones
    go on under the same number. Raises Stale, Taken, UserError.
    """
    if clash == Clash.OTHER:
        raise UserError(_("请从给出的选项中选择。"), "clash")
    with transaction.atomic():
        booking, (chosen,) = _locked(actor, [occurrence])
        if version is not None and chosen.version != version:
            raise Stale(_("别人刚刚改过这次预订。"), {"version": chosen.version})
        _require_open(chosen, at)
        dates = [one for one in reached(chosen, reach, at) if one.state not in OVER]
        renamed = change.title is not None and change.title.strip() != booking.title
        rest = booking.occurrences.exclude(pk__in=[one.pk for one in dates]).exists()
        if rest and (reach == Reach.LATER or renamed or change.people != booking.people):
            booking = _split(booking, dates)
        if change.title is not None:
            if not change.title.strip():
                raise UserError(_("请填写事由。"), "title")
            booking.title = change.title.strip()[:100]
            booking.people = change.people
            booking.save(update_fields=["title", "people"])
        before = [(one.starts_at, one.ends_at) for one in dates]
        _shift(booking, chosen, dates, change)
        had = things_held(chosen)
        rooms = rooms_of(chosen) if change.rooms is None else change.rooms
        items = items_of(chosen) if change.items is None else change.items
        things = things_of(rooms, items)
        if things != had or before != [(one.starts_at, one.ends_at) for one in dates]:
            _retake(actor, booking, dates, clash, at, things=things, before=before)
    telling.booked(booking, at)
    return booking


def reached(occurrence: Occurrence, reach: str, at: dt.datetime) -> list[Occurrence]:
    """The dates that a change of one reaches; none that has begun, but the one that was chosen."""
    rows = Occurrence.objects.filter(booking=occurrence.booking_id)
    match reach:
        case Reach.THIS:
            rows = rows.filter(pk=occurrence.pk)
        case Reach.LATER:
            rows = rows.filter(starts_at__gte=occurrence.starts_at, starts_at__gt=at)
        case Reach.ALL:
            rows = rows.filter(starts_at__gt=at)
        case _:
            raise UserError(_("请从给出的选项中选择。"), "reach")
    return list(rows.select_related("booking", "venue"))


def rooms_of(occurrence: Occurrence) -> list[Room]:
    """The rooms that were asked for on a date."""
    pks = occurrence.takings.exclude(room=None).values("room")
    return list(Room.objects.filter(pk__in=pks).select_related("venue").order_by("pk"))


def items_of(occurrence: Occurrence) -> list[Item]:
    """The equipment that goes along."""
    pks = occurrence.takings.exclude(item=None).values("item")
    return list(Item.objects.filter(pk__in=pks).order_by("pk"))


def _locked(actor: Actor, dates: Sequence[Occurrence]) -> tuple[Booking, list[Occurrence]]:
    """The booking and its dates as they stand, for whoever may change them: its unit, or the keeper.

    First the booking's row, then the locks of what it holds: always in this order.
    """
    rows = Booking.objects.select_for_update(of=("self",), no_key=True)
    booking = rows.select_related("venue", "unit").filter(pk=dates[0].booking_id).first()
    if booking is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    if not is_keeper(actor, booking.venue):
        actor.require(BOOKS, booking.unit.path)
    found = booking.occurrences.filter(pk__in=[one.pk for one in dates])
    return booking, [_with(one, booking) for one in found]


def _with(one: Occurrence, booking: Booking) -> Occurrence:
    one.booking, one.venue = booking, booking.venue
    return one


def _require_open(one: Occurrence, at: dt.datetime) -> None:
    if one.state in OVER:
        raise UserError(_("这一次已经取消。"))
    if one.ends_at <= at:
        raise UserError(_("这一次已经结束，不能再改。"))


def _let_go(dates: Sequence[Occurrence], state: State, why: str, at: dt.datetime) -> None:
    """Frees what dates hold, and offers it to who waits. The locks are taken here."""
    if why:
        because(why)
    held = list(Hold.objects.filter(occurrence__in=[one.pk for one in dates]))
    spans = [(one.starts_at, one.ends_at) for one in held]
    lock({one.resource for one in held} | resources_waiting(dates[0].venue_id, spans, at))
    reread(dates)
    holding = [one for one in dates if one.holds]
    _store(dates, state, why, at)
    Hold.objects.filter(occurrence__in=[one.pk for one in dates]).update(holding=False)
    if holding:
        kept = {one.pk for one in holding}
        freed = [one for one in held if one.occurrence_id in kept]
        offer_freed(dates[0].venue, freed, at)


def _store(dates: Iterable[Occurrence], state: State, why: str, at: dt.datetime) -> None:
    for one in dates:
        one.state, one.why, one.changed_at, one.answer_by = state, why[:200], at, None
        one.save(update_fields=["state", "why", "changed_at", "answer_by"])


def _split(booking: Booking, dates: Sequence[Occurrence]) -> Booking:
    """A booking of its own for some of the dates, under the number of the first."""
    later = Booking.objects.create(
        unit=booking.unit,
        venue=booking.venue,
        title=booking.title,
        people=booking.people,
        repeat=booking.repeat if len(dates) > 1 else Repeat.ONCE,
        every=booking.every,
        weekdays=booking.weekdays,
        until=booking.until if len(dates) > 1 else None,
        skip_holidays=booking.skip_holidays,
        continues_id=booking.number,
        booked_by_id=booking.booked_by_id,
        booked_at=booking.booked_at,
    )
    booking.occurrences.filter(pk__in=[one.pk for one in dates]).update(booking=later)
    first = min(dates, key=lambda one: one.starts_at)
    if booking.repeat != Repeat.ONCE and booking.until:
        before = timezone.localtime(first.starts_at).date() - dt.timedelta(days=1)
        if not booking.occurrences.filter(starts_at__gt=first.starts_at).exists():
            booking.until = min(booking.until, before)
            booking.save(update_fields=["until"])
    for one in dates:
        _with(one, later)
    later.refresh_from_db()
    return later


def _shift(
    booking: Booking, chosen: Occurrence, dates: Sequence[Occurrence], change: Change
) -> None:
    """Moves dates by as many days as the chosen one, to the new times of the day.

    A date that comes to lie on a holiday is skipped, where the booking skips them.
    """
    zone = timezone.get_current_timezone()
    was = timezone.localtime(chosen.starts_at)
    days = ((change.on or was.date()) - was.date()).days
    working = calendar_for(booking.venue.unit)
    for one in dates:
        start, end = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
        on = start.date() + dt.timedelta(days=days)
        starts, ends = change.starts or start.time(), change.ends or end.time()
        nights = (end.date() - start.date()).days
        if change.ends is not None or change.starts is not None:
            nights = 0 if ends > starts else 1
            if nights and ends != dt.time():
                raise UserError(_("结束时间应晚于开始时间。"), "ends")
        one.starts_at = dt.datetime.combine(on, starts, zone)
        one.ends_at = dt.datetime.combine(on + dt.timedelta(days=nights), ends, zone)
        check_span(one.starts_at, one.ends_at)
        holiday = holiday_on(working, on) if booking.skip_holidays and days else ""
        if holiday and one.holds and one.pk != chosen.pk:
            one.state, one.why = State.SKIPPED, holiday


def _retake(
    actor: Actor,
    booking: Booking,
    dates: Sequence[Occurrence],
    clash: str,
    at: dt.datetime,
    *,
    things: Sequence[Thing],
    before: Sequence[Span] = (),
) -> None:
    """Holds what dates want at their new times, frees what they held, and offers that to who waits.

    before: the times until now; none where dates are put back as they were.
    """
    if any(one.ends_at <= at for one in dates):
        raise UserError(_("这个时间已经过去了。"), "on")
    rooms = list({one.room.pk: one.room for one in things if one.room}.values())
    items = [one.item for one in things if one.item]
    _check_rooms(rooms, booking.venue)
    pks = [one.pk for one in dates]
    held = list(Hold.objects.filter(occurrence__in=pks))
    spans = [(one.starts_at, one.ends_at) for one in held]
    lock(
        {one.resource for one in held}
        | {one.resource for one in things}
        | resources_waiting(booking.venue_id, spans, at)
    )
    skipped = {one.pk for one in dates if one.state == State.SKIPPED} if before else set()
    reread(one for one in dates if one.pk not in skipped)
    keeper = is_keeper(actor, booking.venue)
    plans = [
        Planned(
            one.starts_at,
            one.ends_at,
            State.SKIPPED if one.pk in skipped else State.HELD,
            one.why if one.pk in skipped else "",
        )
        for one in dates
    ]
    ordered = sorted(plans, key=lambda one: one.starts_at)
    if len(skipped) < len(plans):
        wish = Wish(booking.unit, rooms, booking.title, items, booking.people)
        opening = opening_of(booking.venue_id, ordered[0].starts_at, ordered[-1].ends_at)
        settle(ordered, wish, things, opening, clash, keeper=keeper, but=pks)
    asks = not keeper and any(room.needs_approval for room in rooms)
    Hold.objects.filter(occurrence__in=pks).delete()
    for one, plan in zip(dates, plans, strict=True):
        held_now = State.ASKED if asks else State.HELD
        one.state = held_now if plan.state == State.HELD else State(plan.state)
        one.why, one.changed_at, one.answer_by = plan.why[:200], at, None
        one.save(update_fields=["starts_at", "ends_at", "state", "why", "changed_at", "answer_by"])
    with constrained():
        lay(dates, things, booking.unit)
    if freed := [one for one in held if one.holding]:
        offer_freed(booking.venue, freed, at)


def _check_rooms(rooms: Sequence[Room], venue: Venue) -> None:
    if not rooms:
        raise UserError(_("请选择房间。"), "rooms")
    for room in rooms:
        if room.venue_id != venue.pk:
            raise UserError(_("换到别的场所，请取消后重新预订。"), "rooms")
        if not room.bookable:
            raise UserError(_("%(room)s 不接受预订。") % {"room": room}, "rooms")


__all__ = [
    "HOLDING",
    "Change",
    "Reach",
    "cancel_booking",
    "cancel_dates",
    "change_dates",
    "items_of",
    "move_booking",
    "put_back",
    "reached",
    "rooms_of",
    "skip_date",
]
