"""Bookings over REST: the same verbs as the pages. Venues and rooms follow from their declarations."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from luodi.ground.audit.api import changed_since
from luodi.ground.scope.api import Unit, actor_of
from luodi.lib.wire import Day, Id, Line, Moment
from luodi.rooms.places import api
from luodi.rooms.places.models import EQUIPMENT, Booking, Item, Occurrence, Room, Venue
from luodi.rooms.places.verbs.booking import Clash
from luodi.rooms.places.verbs.changing import Reach
from luodi.shell.rest import Following, Listed, created, listed, listed_whole, version_of

router = Router(tags=["place-bookings"])
Weekday = Literal["1", "2", "3", "4", "5", "6", "7"]
Repeats = Literal["once", "daily", "workdays", "weekly", "month_day", "month_weekday", "month_end"]
Minutes = Annotated[int, Field(ge=15, le=24 * 60)]


class DateOut(Schema):
    """One date of a booking. `rooms` and `items`: ids of what was asked for."""

    id: int
    booking_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: str
    why: str
    answer_by: dt.datetime | None
    rooms: list[int]
    items: list[int]
    version: int


class BookingOut(Schema):
    """`number` stays through splits: it is that of the first of the line."""

    id: int
    number: int
    unit_id: int
    venue_id: int
    title: str
    people: int | None
    repeat: str
    every: int
    weekdays: list[str]
    until: dt.date | None
    skip_holidays: bool
    booked_at: dt.datetime
    version: int


class WholeBooking(BookingOut):
    dates: list[DateOut]


class RoomFree(Schema):
    id: int
    name: str
    venue_id: int
    seats: int | None


class TimeFree(RoomFree):
    starts_at: dt.datetime
    ends_at: dt.datetime


class BookingNew(Schema):
    """Times of the day are local; `ends` 00:00 is midnight. `clash`: what becomes of a taken date."""

    unit_id: Id
    rooms: list[Id] = Field(min_length=1, max_length=50)
    items: list[Id] = Field([], max_length=50)
    title: Annotated[Line, Field(max_length=100)]
    people: int | None = Field(None, ge=1, le=32767)
    on: Day
    starts: dt.time
    ends: dt.time
    repeat: Repeats = "once"
    every: int = Field(1, ge=1, le=52)
    weekdays: list[Weekday] = []
    until: Day | None = None
    skip_holidays: bool = False
    clash: Literal["refuse", "skip", "other", "wait"] = "refuse"


class DateChange(Schema):
    """What is to be different of one date, the later ones, or all; what is left out stays."""

    on: Day | None = None
    starts: dt.time | None = None
    ends: dt.time | None = None
    rooms: list[Id] | None = Field(None, max_length=50)
    items: list[Id] | None = Field(None, max_length=50)
    reach: Literal["this", "later", "all"] = "this"
    clash: Literal["refuse", "skip", "wait"] = "refuse"
    version: Id | None = None


class Cancelling(Schema):
    reach: Literal["this", "later", "all"] = "this"
    why: Line = ""


class Why(Schema):
    why: Line = ""


class PutBack(Schema):
    wait: bool = False


class Answer(Schema):
    take: bool


class BookingsAsked(Following):
    """Which bookings: of a venue, of a unit and those below it."""

    venue: Id | None = None
    unit: Id | None = None


class FreeAsked(Schema):
    """What is looked for at one time."""

    starts_at: Moment
    ends_at: Moment
    seats: int = Field(0, ge=0, le=32767)
    equipment: list[Line] = []
    venue: Id | None = None


class TimesAsked(Schema):
    """What is looked for over a range of days, within some hours of each."""

    since: Day
    until: Day
    starts: dt.time = dt.time(8)
    ends: dt.time = dt.time(18)
    minutes: Minutes = 60
    seats: int = Field(0, ge=0, le=32767)
    equipment: list[Line] = []
    venue: Id | None = None


def _booking(request: HttpRequest, pk: int) -> Booking:
    actor_of(request).require("places.view")
    return Booking.objects.select_related("unit", "venue__unit").get(pk=pk)


def _date(request: HttpRequest, pk: int) -> Occurrence:
    actor_of(request).require("places.view")
    return Occurrence.objects.select_related("booking__unit", "booking__venue__unit", "venue").get(
        pk=pk
    )


def _of(one: Occurrence) -> DateOut:
    rows = list(one.takings.all())
    return DateOut(
        id=one.pk,
        booking_id=one.booking_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        state=one.state,
        why=one.why,
        answer_by=one.answer_by,
        rooms=sorted({row.room_id for row in rows if row.room_id}),
        items=sorted({row.item_id for row in rows if row.item_id}),
        version=one.version,
    )


def _whole(pk: int) -> WholeBooking:
    found = Booking.objects.get(pk=pk)
    dates = [_of(one) for one in found.occurrences.prefetch_related("takings")]
    return WholeBooking(**BookingOut.from_orm(found).dict(), dates=dates)


def _fresh(one: Occurrence) -> DateOut:
    return _of(Occurrence.objects.get(pk=one.pk))


def _rooms(pks: list[int]) -> list[Room]:
    rows = {one.pk: one for one in Room.objects.filter(pk__in=pks).select_related("venue__unit")}
    if missing := set(pks) - rows.keys():
        raise Room.DoesNotExist(missing)
    return list(rows.values())


def _items(pks: list[int]) -> list[Item]:
    rows = list(Item.objects.filter(pk__in=pks))
    if len(rows) < len(set(pks)):
        raise Item.DoesNotExist
    return rows


def _venue(pk: int | None) -> Venue | None:
    return Venue.objects.get(pk=pk) if pk else None


@router.get("/place-bookings", response=Listed[BookingOut])
def list_place_bookings(request: HttpRequest, asked: Query[BookingsAsked]) -> Any:
    """Bookings of the units and places that one may see, the latest first."""
    actor_of(request).require("places.view")
    rows = Booking.objects.all()
    if asked.venue:
        rows = rows.filter(venue=asked.venue)
    if asked.unit:
        unit = Unit.objects.get(pk=asked.unit)
        rows = rows.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "/")
    return listed(changed_since(rows, asked.changed_since), asked, "-pk")


@router.post("/place-bookings", response={201: WholeBooking})
def book_place(request: HttpRequest, data: BookingNew) -> Any:
    """Books rooms of a venue for a unit, once or by a rule; a taken date is a problem (409) that says
    who has it and what is free, or what `clash` says."""
    actor = actor_of(request)
    actor.require("places.book")
    rule = api.Rule(data.repeat, data.every, data.weekdays, data.until, data.skip_holidays)
    made = api.book_series(
        actor=actor,
        wish=api.Wish(
            Unit.objects.get(pk=data.unit_id),
            _rooms(data.rooms),
            data.title,
            _items(data.items),
            data.people,
            rule,
        ),
        on=data.on,
        starts=data.starts,
        ends=data.ends,
        clash=Clash(data.clash),
        at=timezone.now(),
    )
    return created(request, _whole(made.pk), f"/place-bookings/{made.pk}")


@router.get("/place-bookings/{pk}", response=WholeBooking)
def get_place_booking(request: HttpRequest, pk: Path[Id]) -> Any:
    return _whole(_booking(request, pk).pk)


@router.post("/place-bookings/{pk}/approve", response=WholeBooking)
def approve_place_booking(request: HttpRequest, pk: Path[Id]) -> Any:
    """Approves the dates that wait for it."""
    made = api.approve(actor=actor_of(request), booking=_booking(request, pk), at=timezone.now())
    return _whole(made.pk)


@router.post("/place-bookings/{pk}/refuse", response=WholeBooking)
def refuse_place_booking(request: HttpRequest, pk: Path[Id], data: Why) -> Any:
    """Refuses the dates that wait for approval, with the reason."""
    made = api.refuse(
        actor=actor_of(request), booking=_booking(request, pk), why=data.why, at=timezone.now()
    )
    return _whole(made.pk)


@router.post("/place-dates/{pk}/change", response=WholeBooking)
def change_place_date(request: HttpRequest, pk: Path[Id], data: DateChange) -> Any:
    """Moves a date, it and the later ones, or all that have not begun."""
    one = _date(request, pk)
    change = api.Change(
        data.on,
        data.starts,
        data.ends,
        None if data.rooms is None else _rooms(data.rooms),
        None if data.items is None else _items(data.items),
        people=one.booking.people,
    )
    made = api.change_dates(
        actor=actor_of(request),
        occurrence=one,
        change=change,
        reach=Reach(data.reach),
        clash=Clash(data.clash),
        version=version_of(request, data.version),
        at=timezone.now(),
    )
    return _whole(made.pk)


@router.post("/place-dates/{pk}/skip", response=DateOut)
def skip_place_date(request: HttpRequest, pk: Path[Id], data: Why) -> Any:
    """Gives one date back; while it is free it can be put back."""
    return _fresh(
        api.skip_date(
            actor=actor_of(request), occurrence=_date(request, pk), why=data.why, at=timezone.now()
        )
    )


@router.post("/place-dates/{pk}/put-back", response=DateOut)
def put_back_place_date(request: HttpRequest, pk: Path[Id], data: PutBack) -> Any:
    """Takes a skipped date again, or stands in line for it."""
    return _fresh(
        api.put_back(
            actor=actor_of(request),
            occurrence=_date(request, pk),
            wait=data.wait,
            at=timezone.now(),
        )
    )


@router.post("/place-dates/{pk}/cancel", response=WholeBooking)
def cancel_place_date(request: HttpRequest, pk: Path[Id], data: Cancelling) -> Any:
    """Cancels a date for good, it and the later ones, or all that have not begun."""
    made = api.cancel_dates(
        actor=actor_of(request),
        occurrence=_date(request, pk),
        reach=Reach(data.reach),
        why=data.why,
        at=timezone.now(),
    )
    return _whole(made.pk)


@router.post("/place-dates/{pk}/answer", response=DateOut)
def answer_place_date(request: HttpRequest, pk: Path[Id], data: Answer) -> Any:
    """Takes what was offered to who waited, or leaves it to the next."""
    return _fresh(
        api.answer_offer(
            actor=actor_of(request),
            occurrence=_date(request, pk),
            take=data.take,
            at=timezone.now(),
        )
    )


@router.get("/free-rooms", response=Listed[RoomFree])
def list_free_rooms(request: HttpRequest, asked: Query[FreeAsked]) -> Any:
    """The rooms that are free and open at a time, the smallest that fit first."""
    actor = actor_of(request)
    actor.require("places.view")
    found = api.free_rooms(
        actor=actor,
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
        seats=asked.seats,
        equipment=[one for one in asked.equipment if one in EQUIPMENT],
        venue=_venue(asked.venue),
    )
    return listed_whole(found)


@router.get("/free-times", response=Listed[TimeFree])
def list_free_times(request: HttpRequest, asked: Query[TimesAsked]) -> Any:
    """For each day of a range and each room the first stretch that fits."""
    actor = actor_of(request)
    actor.require("places.view")
    found = api.free_times(
        actor=actor,
        since=asked.since,
        until=asked.until,
        starts=asked.starts,
        ends=asked.ends,
        minutes=asked.minutes,
        seats=asked.seats,
        equipment=[one for one in asked.equipment if one in EQUIPMENT],
        venue=_venue(asked.venue),
    )
    rows = [
        {
            "id": one.room.pk,
            "name": one.room.name,
            "venue_id": one.room.venue_id,
            "seats": one.room.seats,
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
        }
        for one in found
    ]
    return listed_whole(rows)
