"""What places put on other pages: the workbench, a unit's page, the calendar feed, a place's own page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.evidence.api import files_of
from luodi.ground.scope.api import Actor, Request, Unit, within
from luodi.manifest import Deadline, Moment
from luodi.rooms.places.doors import token_of
from luodi.rooms.places.models import HOLDING, Occurrence, Room, State, Venue
from luodi.rooms.places.people import BOOKS, KEEPS, is_keeper

SHOWN = 8
MOST = 500


def _dates(actor: Actor) -> Any:
    return Occurrence.objects.select_related("booking__unit", "venue").prefetch_related(
        "takings__room", "takings__item"
    )


def mine(request: Request, _about: None) -> Mapping[str, Any] | None:
    """What waits for me: requests to decide on, offers to answer; then what I have booked next."""
    actor, now = request.actor, timezone.now()
    if not actor.may("places.view"):
        return None
    asked = []
    if actor.may(KEEPS):
        kept = within(actor.ranges_of(KEEPS), "venue__path")
        rows = _dates(actor).filter(kept, state=State.ASKED, starts_at__gt=now)
        asked = list(rows.order_by("starts_at", "pk")[:SHOWN])
    own = within(actor.ranges_of(BOOKS), "path")
    offered = list(
        _dates(actor)
        .filter(own, state=State.OFFERED, answer_by__gt=now)
        .order_by("answer_by", "pk")[:SHOWN]
    )
    coming = list(
        _dates(actor)
        .filter(booking__booked_by=actor.account_id, state=State.HELD, ends_at__gt=now)
        .order_by("starts_at", "pk")[:SHOWN]
    )
    found = {"asked": asked, "offered": offered, "coming": coming}
    return found if any(found.values()) else None


def of_unit(request: Request, unit: Unit) -> Mapping[str, Any] | None:
    """What a unit has booked next."""
    if not request.actor.may("places.view", unit.path):
        return None
    rows = _dates(request.actor).filter(
        path__gte=unit.path,
        path__lt=unit.path[:-1] + "/",
        state__in=HOLDING,
        ends_at__gt=timezone.now(),
    )
    found = list(rows.order_by("starts_at", "pk")[:SHOWN])
    return {"coming": found, "unit": unit} if found else None


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """What I have booked, with its end; and until when I may take what I waited for."""
    rows = _dates(actor).filter(booking__booked_by=actor.account_id, ends_at__gt=at)
    for one in rows.filter(state__in=HOLDING).order_by("starts_at", "pk")[:MOST]:
        rooms = _("、").join(dict.fromkeys(str(t.room or t.item) for t in one.takings.all()))
        words = {"title": one.booking.title, "rooms": rooms}
        url = reverse("places:booking", args=[one.booking_id])
        yield Deadline(
            f"place-date-{one.pk}",
            _("%(title)s（%(rooms)s）") % words,
            url,
            one.starts_at,
            one.changed_at,
            one.version,
            one.ends_at,
        )
        if one.state == State.OFFERED and one.answer_by:
            what = _("请答复是否还要：%(title)s（%(rooms)s）") % words
            yield Deadline(
                f"place-offer-{one.pk}", what, url, one.answer_by, one.changed_at, one.version
            )


def moments_of(actor: Actor, unit: Unit, limit: int) -> Iterator[Moment]:
    """That a unit opened a venue."""
    if not actor.may("places.view", unit.path):
        return
    rows = Venue.objects.filter(unit=unit, opened_on__lte=timezone.localdate())
    for one in rows.order_by("-opened_on", "-pk")[:limit]:
        assert one.opened_on is not None
        text = _("启用场所：%(venue)s") % {"venue": one}
        yield Moment(one.opened_on, text, reverse("places:venue", args=[one.pk]))


# --- on a place's own page ------------------------------------------------------------------------


def buttons(request: Request, place: Any) -> Mapping[str, Any] | None:
    """To the calendar, and to book."""
    venue = place if isinstance(place, Venue) else place.venue
    room = place if isinstance(place, Room) else None
    bookable = room is None or room.bookable
    return {
        "venue": venue,
        "room": room,
        "may_book": bookable and request.actor.may(BOOKS),
        "bookable": bookable,
        "keeper": is_keeper(request.actor, venue),
    }


def photographs(request: Request, place: Any) -> Mapping[str, Any] | None:
    """The photographs of a place; keepers may add to them."""
    venue = place if isinstance(place, Venue) else place.venue
    table = place._meta.db_table
    files = files_of({table: [place.pk]}).get((table, place.pk), [])
    keeper = is_keeper(request.actor, venue)
    kind = "venue" if isinstance(place, Venue) else "room"
    add = reverse(f"places:photograph_{kind}", args=[place.pk]) if keeper else ""
    return {"files": files, "add": add, "place": place} if files or add else None


def door(request: Request, room: Any) -> Mapping[str, Any] | None:
    """For keepers: the addresses of the door's page and of the room's calendar."""
    if not is_keeper(request.actor, room.venue) or not room.bookable:
        return None
    token = token_of(room)
    addresses = (
        [
            (label, settings.SITE_URL.rstrip("/") + reverse(f"places:{name}", args=[token]))
            for name, label in (
                ("door", _("门口显示页")),
                ("room_calendar", _("日历订阅（iCalendar）")),
            )
        ]
        if token
        else []
    )
    return {"room": room, "addresses": addresses}
