"""Pages of keepers: closed spells, photographs, doors; and what whoever has a door's address sees."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from luodi.ground.records.api import form_of
from luodi.ground.scope.api import Request, name_of
from luodi.rooms.places import doors
from luodi.rooms.places.models import Closure, Room, Venue
from luodi.rooms.places.people import KEEPS
from luodi.rooms.places.shipped import CLOSING
from luodi.rooms.places.verbs import keeping
from luodi.shell.forms import form_page, posted
from luodi.shell.pages import show

MOST = 2**63 - 1


class PhotographForm(forms.Form):
    """A picture of a place."""

    upload = forms.FileField(
        label=gettext_lazy("照片"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )


@login_required
def new_closure(request: Request) -> HttpResponseBase:
    """The form of a closed spell: what is booked then is named, and taken back only if wanted."""
    request.actor.require(KEEPS)
    initial: dict[str, Any] = {}
    said = request.GET.get("venue", "")
    if said.isdecimal() and int(said) <= MOST:
        found = Venue.objects.filter(pk=int(said)).first()
        initial["venue"] = name_of(found, "name") if found else ""
    form = form_of(keeping.close_spell, request.actor, initial=initial, **posted(request))
    return form_page(
        request,
        form,
        lambda data: _hinted(request, keeping.close_spell(actor=request.actor, **data)),
        heading=_("新建停用时段"),
        back=reverse("places:closures"),
        crumbs=[(reverse("places:closures"), _("停用时段"))],
        done=lambda made: reverse("places:venue", args=[made.venue_id]),
        said=_("已保存。"),
    )


def _hinted(request: Request, made: Closure) -> Closure:
    """Says what the regulation asks for, as a hint: it stops nobody."""
    notice = made.starts_at - timezone.now()
    if made.venue.kind in CLOSING.kinds and notice.days < CLOSING.days:
        words = {"days": CLOSING.days, "source": CLOSING.source}
        messages.info(
            request,
            _("提示：公共文化体育设施暂停开放，应提前 %(days)s 日公示（%(source)s）。") % words,
        )
    return made


@login_required
def photograph_venue(request: Request, pk: int) -> HttpResponseBase:
    return _photograph(request, _found(Venue.objects.select_related("unit"), pk))


@login_required
def photograph_room(request: Request, pk: int) -> HttpResponseBase:
    return _photograph(request, _found(Room.objects.select_related("venue__unit"), pk))


def _photograph(request: Request, place: Venue | Room) -> HttpResponseBase:
    request.actor.require(KEEPS, place.path)
    kind = "venue" if isinstance(place, Venue) else "room"
    here = reverse(f"places:{kind}", args=[place.pk])
    return form_page(
        request,
        PhotographForm(**posted(request)),
        lambda data: keeping.add_photograph(actor=request.actor, place=place, **data),
        heading=_("上传照片：%(place)s") % {"place": place},
        back=here,
        crumbs=[(here, place)],
    )


@login_required
@require_POST
def open_door(request: Request, pk: int) -> HttpResponseBase:
    room = _found(Room.objects.select_related("venue__unit"), pk)
    keeping.open_door(actor=request.actor, room=room)
    messages.success(request, _("已生成新地址；以前的地址不再有效。"))
    return redirect("places:room", pk=pk)


@login_required
@require_POST
def close_door(request: Request, pk: int) -> HttpResponseBase:
    room = _found(Room.objects.select_related("venue__unit"), pk)
    keeping.close_door(actor=request.actor, room=room)
    messages.success(request, _("地址已停用。"))
    return redirect("places:room", pk=pk)


def _found(rows: Any, pk: int) -> Any:
    if pk > MOST:
        raise Http404
    return get_object_or_404(rows, pk=pk)


# --- without signing in ---------------------------------------------------------------------------


def door(request: HttpRequest, token: str) -> HttpResponse:
    """The page at a door: refreshes itself, and says when it could not."""
    room = doors.room_of(token)
    if room is None:
        raise Http404
    context = {"door": doors.door_of(room, timezone.now()), "seconds": 60}
    response = show(request, "places/door.html", context, fragment="door")
    response["Cache-Control"] = "no-store"
    return response


def room_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """When a room is taken, as iCalendar: who has the address may read it."""
    room = doors.room_of(token)
    if room is None:
        raise Http404
    body = doors.calendar_of(room, timezone.now())
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"], response["ETag"] = "private, max-age=900", etag
    return get_conditional_response(request, etag=etag, response=response) or response
