"""Pages of a booking: made, looked at, changed, decided on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import Request
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.places.forms import BookingForm, CancelForm, ChangeForm, NoteForm, WhyForm
from luodi.rooms.places.models import Booking, KeeperNote, Occurrence, Room, State, Venue
from luodi.rooms.places.people import BOOKS, KEEPS, is_keeper, keepers_of
from luodi.rooms.places.recurrence import Rule, in_words
from luodi.rooms.places.verbs import changing, deciding, waiting
from luodi.rooms.places.verbs.booking import Planned, book_series, planned
from luodi.rooms.places.verbs.looking import foreseen
from luodi.shell.forms import carry_out, form_page, posted
from luodi.shell.pages import show

MOST = 2**63 - 1
SHOWN = 400


@login_required
def book(request: Request) -> HttpResponseBase:
    """The form of a booking; it shows the dates, and what collides, before anything is booked."""
    request.actor.require(BOOKS)
    venue, room = _wanted(request)
    if venue is None:
        return redirect("places:find")
    form = BookingForm(
        **posted(request), venue=venue, actor=request.actor, initial=_initial(request, room)
    )
    dates: list[Planned] = []
    if request.method == "POST" and "look" in request.POST:
        if form.is_valid():
            dates = _foreseen(request, form)
    elif request.method == "POST":
        made = carry_out(request, form, lambda data: _book(request, data))
        if made is not None:
            messages.success(request, _said(made))
            return redirect("places:booking", pk=made.pk)
    context = {
        "form": form,
        "venue": venue,
        "dates": dates,
        "back": reverse("places:calendar", args=[venue.pk]),
        "repeats": form["repeat"].value() not in (None, "", "once"),
        "keepers": keepers_of(venue),
        "unknown_years": _unknown_years(venue, dates) if form["skip_holidays"].value() else [],
    }
    status = 422 if form.errors else 200
    return show(request, "places/book.html", context, status=status)


def _wanted(request: Request) -> tuple[Venue | None, Room | None]:
    """The venue and the room that the address names; a room names its venue."""
    room, venue = (request.GET.get(name, "") for name in ("room", "venue"))
    rooms = Room.objects.select_related("venue__unit")
    if room.isdecimal() and int(room) <= MOST:
        found = get_object_or_404(rooms, pk=int(room))
        return found.venue, found
    if venue.isdecimal() and int(venue) <= MOST:
        return get_object_or_404(Venue.objects.select_related("unit"), pk=int(venue)), None
    return None, None


def _initial(request: Request, room: Room | None) -> dict[str, Any]:
    said = {name: request.GET.get(name, "")[:10] for name in ("on", "starts", "ends", "people")}
    initial = {name: value for name, value in said.items() if value}
    if room:
        initial["rooms"] = [room.pk]  # type: ignore[assignment]
    return initial


def _book(request: Request, data: dict[str, Any]) -> Booking:
    return book_series(
        actor=request.actor,
        wish=BookingForm.wish(data),
        on=data["on"],
        starts=data["starts"],
        ends=data["ends"],
        clash=data["clash"] or "refuse",
        at=timezone.now(),
    )


def _foreseen(request: Request, form: BookingForm) -> list[Planned]:
    data = form.cleaned_data
    wish = BookingForm.wish(data)
    try:
        dates = planned(wish, data["on"], data["starts"], data["ends"])
        return foreseen(actor=request.actor, wish=wish, dates=dates, at=timezone.now())
    except NotAllowed:
        raise
    except UserError as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return []


def _unknown_years(venue: Venue, dates: list[Planned]) -> list[int]:
    """The years of the dates whose holidays nobody knows yet: the notice for a year comes late."""
    working = calendar_for(venue.unit)
    years = {timezone.localtime(one.starts_at).year for one in dates}
    return sorted(year for year in years if not working.knows(year))


def _said(made: Booking) -> str:
    states = list(made.occurrences.values_list("state", flat=True))
    if State.ASKED in states:
        return _("已提交，等待场所管理人员批准；批准前房间为您保留。")
    if set(states) <= {State.WAITING}:
        return _("已排队。空出来时会通知您。")
    if len(states) == 1:
        return _("已预订。")
    left = sum(state == State.SKIPPED for state in states)
    waits = sum(state == State.WAITING for state in states)
    said = _("已预订 %(count)s 次。") % {"count": len(states) - left - waits}
    if left:
        said += _("跳过 %(count)s 次，以后可以恢复。") % {"count": left}
    if waits:
        said += _("排队 %(count)s 次。") % {"count": waits}
    return said


# --- one booking ---------------------------------------------------------------------------------


def find_booking(request: Request, pk: int) -> Booking:
    """A booking that the actor may see: of their units, or of a place that they keep."""
    request.actor.require("places.view")
    if pk > MOST:
        raise Http404
    rows = Booking.objects.select_related("unit", "venue__unit", "booked_by", "continues")
    return get_object_or_404(rows, pk=pk)


def find_date(request: Request, pk: int) -> Occurrence:
    request.actor.require("places.view")
    if pk > MOST:
        raise Http404
    rows = Occurrence.objects.select_related("booking__unit", "booking__venue__unit", "venue__unit")
    return get_object_or_404(rows, pk=pk)


def may_change(request: Request, booking: Booking) -> bool:
    return request.actor.may(BOOKS, booking.unit.path) or is_keeper(request.actor, booking.venue)


@login_required
def booking(request: Request, pk: int) -> HttpResponseBase:
    """A booking with its dates, each with what can be done."""
    found = find_booking(request, pk)
    now = timezone.now()
    dates = list(found.occurrences.prefetch_related("takings__room", "takings__item")[:SHOWN])
    keeper = is_keeper(request.actor, found.venue)
    line = [
        one
        for one in Booking.objects.filter(pk=found.number)
        | Booking.objects.filter(continues=found.number)
        if one.pk != found.pk
    ]
    open_dates = [one for one in dates if one.starts_at > now and one.state not in changing.OVER]
    first = dates[0] if dates else None
    context = {
        "booking": found,
        "dates": [_line(one, now) for one in dates],
        "rule": _rule_in_words(found, first),
        "rooms": rooms_in_words(first) if first else "",
        "line": sorted(line, key=lambda one: one.pk),
        "mine": may_change(request, found),
        "keeper": keeper,
        "asked": keeper and any(one.state == State.ASKED for one in dates),
        "note": KeeperNote.objects.filter(booking=found).first() if keeper else None,
        "keepers": keepers_of(found.venue),
        "open_dates": open_dates,
        "holders": request.actor.may(BOOKS, found.unit.path),
    }
    return show(request, "places/booking.html", context)


LIGHTS = {
    State.HELD: "light-green",
    State.ASKED: "light-amber",
    State.WAITING: "light-blue",
    State.OFFERED: "light-amber",
    State.REFUSED: "light-red",
}


def _line(one: Occurrence, now: dt.datetime) -> dict[str, Any]:
    over = one.ends_at <= now
    alive = not over and one.state not in changing.OVER
    return {
        "one": one,
        "rooms": rooms_in_words(one),
        "light": LIGHTS.get(State(one.state), ""),
        "over": over,
        "may_skip": alive and one.state != State.SKIPPED and one.state != State.OFFERED,
        "may_put_back": alive and one.state == State.SKIPPED,
        "may_answer": alive and one.state == State.OFFERED,
        "may_change": alive,
    }


def rooms_in_words(one: Occurrence) -> str:
    """What a date asked for: rooms, then equipment."""
    names = dict.fromkeys(str(row.room or row.item) for row in one.takings.all())
    return _("、").join(names)


def _rule_in_words(found: Booking, first: Occurrence | None) -> str:
    if first is None:
        return ""
    rule = Rule(found.repeat, found.every, found.weekdays, found.until, found.skip_holidays)
    return in_words(rule, timezone.localtime(first.starts_at).date())


# --- what is done with one date ------------------------------------------------------------------


@login_required
def change(request: Request, pk: int) -> HttpResponseBase:
    one = find_date(request, pk)
    found = one.booking
    if not may_change(request, found):
        raise NotAllowed(_("只有使用单位和场所管理人员能改这次预订。"))
    start, end = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
    initial = {
        "title": found.title,
        "people": found.people,
        "on": start.date(),
        "starts": start.time(),
        "ends": end.time(),
        "rooms": [room.pk for room in changing.rooms_of(one)],
        "items": [item.pk for item in changing.items_of(one)],
    }
    several = found.occurrences.count() > 1
    form = ChangeForm(**posted(request), venue=found.venue, several=several, initial=initial)
    return form_page(
        request,
        form,
        lambda data: changing.change_dates(
            actor=request.actor,
            occurrence=one,
            change=ChangeForm.change(data),
            reach=data["reach"],
            clash=data["clash"],
            version=data["version"],
            at=timezone.now(),
        ),
        heading=_("更改预订：%(title)s") % {"title": found.title},
        back=reverse("places:booking", args=[found.pk]),
        done=lambda made: reverse("places:booking", args=[made.pk]),
        said=_("已更改。"),
        of=one,
        crumbs=[(reverse("places:booking", args=[found.pk]), found.title)],
    )


@login_required
def cancel(request: Request, pk: int) -> HttpResponseBase:
    one = find_date(request, pk)
    found = one.booking
    if not may_change(request, found):
        raise NotAllowed(_("只有使用单位和场所管理人员能取消这次预订。"))
    return form_page(
        request,
        CancelForm(**posted(request)),
        lambda data: changing.cancel_dates(
            actor=request.actor, occurrence=one, **data, at=timezone.now()
        ),
        heading=_("取消预订：%(title)s") % {"title": found.title},
        note=_("取消后不能恢复；只是有一次不用，请用“跳过”，还空着就能恢复。"),
        submit=_("取消预订"),
        back=reverse("places:booking", args=[found.pk]),
        said=_("已取消。"),
    )


def _act(
    request: Request, pk: int, verb: Callable[[Occurrence], object], said: str
) -> HttpResponseBase:
    """Does something with one date by a button, and says on its booking's page what came of it."""
    one = find_date(request, pk)
    try:
        verb(one)
        messages.success(request, said)
    except NotAllowed:
        raise
    except UserError as problem:
        messages.error(request, str(problem))
    return redirect("places:booking", pk=Occurrence.objects.get(pk=pk).booking_id)


@login_required
@require_POST
def skip(request: Request, pk: int) -> HttpResponseBase:
    return _act(
        request,
        pk,
        lambda one: changing.skip_date(actor=request.actor, occurrence=one, at=timezone.now()),
        _("已跳过这一次，房间已让出；还空着的话可以恢复。"),
    )


@login_required
@require_POST
def put_back(request: Request, pk: int) -> HttpResponseBase:
    wait = "wait" in request.POST
    return _act(
        request,
        pk,
        lambda one: changing.put_back(
            actor=request.actor, occurrence=one, wait=wait, at=timezone.now()
        ),
        _("已恢复这一次。"),
    )


@login_required
@require_POST
def answer(request: Request, pk: int) -> HttpResponseBase:
    take = "take" in request.POST
    return _act(
        request,
        pk,
        lambda one: waiting.answer_offer(
            actor=request.actor, occurrence=one, take=take, at=timezone.now()
        ),
        _("已为您预订。") if take else _("已让给下一位。"),
    )


# --- what keepers do -----------------------------------------------------------------------------


@login_required
@require_POST
def approve(request: Request, pk: int) -> HttpResponseBase:
    found = find_booking(request, pk)
    try:
        deciding.approve(actor=request.actor, booking=found, at=timezone.now())
        messages.success(request, _("已批准，预订人会收到消息。"))
    except NotAllowed:
        raise
    except UserError as problem:
        messages.error(request, str(problem))
    return redirect("places:booking", pk=pk)


@login_required
def refuse(request: Request, pk: int) -> HttpResponseBase:
    found = find_booking(request, pk)
    request.actor.require(KEEPS, found.venue.path)
    return form_page(
        request,
        WhyForm(**posted(request)),
        lambda data: deciding.refuse(actor=request.actor, booking=found, **data, at=timezone.now()),
        heading=_("不批准：%(title)s") % {"title": found.title},
        note=_("房间会让出来，预订人会看到理由。"),
        submit=_("不批准"),
        back=reverse("places:booking", args=[pk]),
    )


@login_required
def note(request: Request, pk: int) -> HttpResponseBase:
    found = find_booking(request, pk)
    request.actor.require(KEEPS, found.venue.path)
    kept = KeeperNote.objects.filter(booking=found).first()
    return form_page(
        request,
        NoteForm(**posted(request), initial={"text": kept.text if kept else ""}),
        lambda data: deciding.note_booking(actor=request.actor, booking=found, **data) or True,
        heading=_("内部备注：%(title)s") % {"title": found.title},
        back=reverse("places:booking", args=[pk]),
    )
