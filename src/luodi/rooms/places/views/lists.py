"""The list of bookings, date by date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, Request
from luodi.rooms.places.models import Occurrence, State, Venue
from luodi.rooms.places.people import BOOKS, KEEPS
from luodi.rooms.places.views.bookings import rooms_in_words
from luodi.rooms.places.words import when
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show


class DatesFilter(forms.Form):
    """Whose dates, of which place and state; without a word those that are not over."""

    whose = forms.ChoiceField(
        label=_("谁的"),
        required=False,
        choices=[("", _("全部")), ("mine", _("我预订的")), ("kept", _("我管理的场所"))],
    )
    venue = forms.ModelChoiceField(
        Venue.objects.none(), label=_("场所"), required=False, empty_label=_("全部")
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *State.choices]
    )
    past = forms.BooleanField(label=_("包括已经过去的"), required=False)
    since = forms.DateField(label=_("日期自"), required=False)
    until = forms.DateField(label=_("日期至"), required=False)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        venue: Any = self.fields["venue"]
        venue.queryset = Venue.objects.order_by("name", "pk")

    def apply(self, rows: Any) -> Any:
        given, zone = self.cleaned_data, timezone.get_current_timezone()
        found = Q()
        if given["whose"] == "mine":
            found &= Q(booking__booked_by=self.actor.account_id)
        elif given["whose"] == "kept":
            found &= Q(pk__in=[]) if not self.actor.may(KEEPS) else self._kept()
        if given["venue"]:
            found &= Q(venue=given["venue"])
        if given["state"]:
            found &= Q(state=given["state"])
        if given["since"]:
            found &= Q(starts_at__gte=dt.datetime.combine(given["since"], dt.time(), zone))
        elif not given["past"]:
            found &= Q(ends_at__gt=timezone.now())
        if given["until"]:
            last = given["until"] + dt.timedelta(days=1)
            found &= Q(starts_at__lt=dt.datetime.combine(last, dt.time(), zone))
        return rows.filter(found)

    def _kept(self) -> Q:
        found = Q(pk__in=[])
        for start, end in self.actor.ranges_of(KEEPS):
            found |= Q(venue__path__gte=start, venue__path__lt=end)
        return found


COLUMNS = [
    Column(
        "starts_at",
        _("时间"),
        sort="starts_at",
        value=lambda row: when(row.starts_at, row.ends_at),
        export=lambda row: row.starts_at,
        phone="line",
    ),
    Column(
        "title",
        _("事由"),
        sort="booking__title",
        value=lambda row: row.booking.title,
        link=lambda row: reverse("places:booking", args=[row.booking_id]),
        phone="title",
    ),
    Column("rooms", _("房间"), value=rooms_in_words, phone="line"),
    Column("venue", _("场所"), sort="venue__name", value=lambda row: row.venue, phone="line"),
    Column(
        "unit", _("使用单位"), sort="booking__unit__sort_key", value=lambda row: row.booking.unit
    ),
    Column("state", _("状态"), sort="state", value=lambda row: row.get_state_display()),
]
SHEET = [
    Column("number", _("编号"), value=lambda row: row.booking.number),
    *COLUMNS,
    Column("ends_at", _("结束"), value=lambda row: row.ends_at),
    Column("people", _("人数"), value=lambda row: row.booking.people, align="end"),
    Column("why", _("说明"), value=lambda row: row.why),
]


@login_required
def dates(request: Request) -> HttpResponseBase:
    """All dates that the actor may see: of their units, and of the places that they keep."""
    request.actor.require("places.view")
    rows = Occurrence.objects.select_related("booking__unit", "venue")
    listing = Listing(
        request,
        rows.prefetch_related("takings__room", "takings__item"),
        columns=COLUMNS,
        sheet=SHEET,
        default_sort="starts_at",
        name="place-dates",
        filters=lambda data: DatesFilter(data, actor=request.actor),
        search=lambda found, text: found.filter(
            Q(booking__title__icontains=text) | Q(venue__name__icontains=text)
        ),
        title=_now("预订"),
        empty=_now("没有预订。"),
    )
    context = {"listing": listing, "may_book": request.actor.may(BOOKS)}
    return listing.export() or show(request, "places/dates.html", context)
