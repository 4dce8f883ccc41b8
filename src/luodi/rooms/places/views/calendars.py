"""The calendar of a venue by day, week and month; the search for a free room. Drawn by the server."""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import Request
from luodi.lib.errors import UserError
from luodi.rooms.places.forms import SearchForm
from luodi.rooms.places.models import Room, Venue
from luodi.rooms.places.people import BOOKS, is_keeper
from luodi.rooms.places.reading import Taking, booking_url, day_of, rooms_shown, takings_of
from luodi.rooms.places.recurrence import holiday_on
from luodi.rooms.places.verbs.searching import Free, free_times
from luodi.rooms.places.words import weekday
from luodi.shell.pages import show

ONE_DAY = dt.timedelta(days=1)
MOST = 2**63 - 1
IN_A_CELL = 3
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 1, 1)


@login_required
def calendar(request: Request, pk: int) -> HttpResponseBase:
    """A venue's day, week or month; of all rooms, or of the one that the address names."""
    request.actor.require("places.view")
    if pk > MOST:
        raise Http404
    venue = get_object_or_404(Venue.objects.select_related("unit"), pk=pk)
    view = request.GET.get("view", "day")
    view = view if view in {"day", "week", "month"} else "day"
    day = _day(request.GET.get("day", ""))
    rooms = rooms_shown(venue, day)
    room = next((one for one in rooms if str(one.pk) == request.GET.get("room")), None)
    shown = [room] if room else rooms
    may_book = request.actor.may(BOOKS)
    context: dict[str, Any] = {
        "venue": venue,
        "rooms": rooms,
        "room": room,
        "view": view,
        "day": day,
        "today": timezone.localdate(),
        "may_book": may_book,
        "keeper": is_keeper(request.actor, venue),
        "views": [("day", _("日")), ("week", _("周")), ("month", _("月"))],
        **_around(view, day),
    }
    if view == "day":
        working = calendar_for(venue.unit)
        context["holiday"] = holiday_on(working, day)
        keeper, now = bool(context["keeper"]), timezone.now()
        context["shown"] = day_of(venue, shown, day, keeper=keeper, now=now)
    elif view == "week":
        context |= _week(shown, context["first"], may_book=may_book)
    else:
        context |= _month(shown, day, working=calendar_for(venue.unit))
    return show(request, "places/calendar.html", context)


def _day(said: str) -> dt.date:
    """The day that an address names; today for none, or for one that there is not."""
    try:
        day = dt.date.fromisoformat(said)
    except ValueError:
        return timezone.localdate()
    return min(max(day, FIRST_DAY), LAST_DAY)


def _around(view: str, day: dt.date) -> dict[str, Any]:
    """The first day that is shown, the days before and after, and what the page is headed."""
    if view == "day":
        heading = _("%(year)s年%(month)s月%(day)s日 %(weekday)s")
        before, after, first = day - ONE_DAY, day + ONE_DAY, day
    elif view == "week":
        first = day - day.weekday() * ONE_DAY
        before, after = first - 7 * ONE_DAY, first + 7 * ONE_DAY
        heading = _("%(year)s年%(month)s月%(day)s日起的一周")
    else:
        first = day.replace(day=1)
        before = (first - ONE_DAY).replace(day=1)
        after = (first + 31 * ONE_DAY).replace(day=1)
        heading = _("%(year)s年%(month)s月")
    words = {"year": first.year, "month": first.month, "day": first.day, "weekday": weekday(first)}
    return {"before": before, "after": after, "first": first, "heading": heading % words}


def _week(rooms: list[Room], first: dt.date, *, may_book: bool) -> dict[str, Any]:
    days = [first + n * ONE_DAY for n in range(7)]
    start = _midnight(first)
    takings = takings_of(rooms, start, start + 7 * ONE_DAY)
    today = timezone.localdate()
    rows = [
        (
            room,
            [
                (
                    day,
                    _on(takings[room.pk], day),
                    booking_url(room, _midnight(day, 9), _midnight(day, 10))
                    if may_book and day >= today
                    else "",
                )
                for day in days
            ],
        )
        for room in rooms
    ]
    return {"days": [(day, weekday(day)) for day in days], "rows": rows}


def _month(rooms: list[Room], day: dt.date, *, working: Any) -> dict[str, Any]:
    weeks = months.Calendar().monthdatescalendar(day.year, day.month)
    start, end = _midnight(weeks[0][0]), _midnight(weeks[-1][-1]) + ONE_DAY
    found: dict[tuple[str, dt.datetime], Taking] = {}
    for one in (taking for ones in takings_of(rooms, start, end).values() for taking in ones):
        found[(one.room, one.starts_at)] = one
    takings = sorted(found.values(), key=lambda one: one.starts_at)
    cells = []
    for week in weeks:
        line = []
        for on in week:
            ones = _on(takings, on)
            line.append(
                {
                    "day": on,
                    "inside": on.month == day.month,
                    "holiday": holiday_on(working, on),
                    "takings": ones[:IN_A_CELL],
                    "more": max(0, len(ones) - IN_A_CELL),
                }
            )
        cells.append(line)
    return {"weeks": cells, "weekdays": [weekday(one) for one in weeks[0]]}


def _on(takings: list[Taking], day: dt.date) -> list[Taking]:
    start = _midnight(day)
    return [one for one in takings if one.starts_at < start + ONE_DAY and one.ends_at > start]


def _midnight(day: dt.date, hour: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), timezone.get_current_timezone())


# --- the search ----------------------------------------------------------------------------------


@login_required
def find(request: Request) -> HttpResponseBase:
    """ "A room for 20 with a screen on Thursday morning": what is free, day by day."""
    request.actor.require("places.view")
    data = request.GET.copy()
    for name, value in SearchForm.usual().items():
        data.setdefault(name, value)
    form = SearchForm(data)
    days: dict[dt.date, list[dict[str, Any]]] = {}
    status = 200
    if form.is_valid():
        try:
            for one in _found(request, form.cleaned_data):
                days.setdefault(timezone.localtime(one.starts_at).date(), []).append(
                    _offer(one, form.cleaned_data)
                )
        except UserError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    if form.errors:
        status = 422
    context = {
        "form": form,
        "days": [(day, weekday(day), ones) for day, ones in days.items()],
        "asked": bool(request.GET),
        "venues": Venue.objects.filter(closed_on=None, rooms__bookable=True)
        .select_related("unit")
        .distinct()
        .order_by("name", "pk")[:30],
        "may_book": request.actor.may(BOOKS),
    }
    return show(request, "places/find.html", context, fragment="found", status=status)


def _found(request: Request, data: dict[str, Any]) -> list[Free]:
    return free_times(
        actor=request.actor,
        since=data["since"],
        until=data["until"] or data["since"],
        starts=data["starts"],
        ends=data["ends"],
        minutes=data["minutes"],
        seats=data["people"] or 0,
        equipment=data["equipment"],
        venue=data["venue"],
        after=timezone.now(),
    )


def _offer(one: Free, data: dict[str, Any]) -> dict[str, Any]:
    length = dt.timedelta(minutes=data["minutes"])
    url = booking_url(one.room, one.starts_at, one.starts_at + length)
    people = f"&people={data['people']}" if data["people"] else ""
    return {
        "free": one,
        "url": url + people,
        "calendar": f"{reverse('places:calendar', args=[one.room.venue_id])}"
        f"?day={timezone.localtime(one.starts_at):%Y-%m-%d}",
    }
