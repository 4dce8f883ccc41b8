"""How a venue is used, by rooms and by units; the sports grounds as the yearly survey asks for them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Request, Unit
from luodi.rooms.places.models import HOLDING, Hold, Room, Venue
from luodi.rooms.places.people import KEEPS
from luodi.rooms.places.shipped import GROUNDS
from luodi.shell.cells import sheet_response
from luodi.shell.listing import Column, Listing, exported
from luodi.shell.pages import show

MOST = 2**63 - 1
LONGEST = 366  # days of one reading


class SpanForm(forms.Form):
    """From which day until which."""

    since = forms.DateField(label=_("从"), widget=forms.DateInput)
    until = forms.DateField(label=_("到"), widget=forms.DateInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if {"since", "until"} <= data.keys():
            days = (data["until"] - data["since"]).days
            if not 0 <= days < LONGEST:
                self.add_error("until", _now("请选择一年以内的日期范围。"))
        return data


@dataclass(frozen=True, slots=True)
class Use:
    """How often, and how long in hours, a room was taken, or a unit had one."""

    name: str
    times: int
    hours: Decimal


@login_required
def use(request: Request, pk: int) -> HttpResponseBase:
    """The use of a venue in a span: for who keeps it. In the order of names, not of amounts."""
    if pk > MOST:
        raise Http404
    venue = get_object_or_404(Venue.objects.select_related("unit"), pk=pk)
    request.actor.require(KEEPS, venue.path)
    today = timezone.localdate()
    form = SpanForm(
        {
            "since": request.GET.get("since", today.replace(day=1).isoformat()),
            "until": request.GET.get("until", today.isoformat()),
        }
    )
    rooms, units = (
        uses_of(venue, form.cleaned_data["since"], form.cleaned_data["until"])
        if form.is_valid()
        else ([], [])
    )
    if request.GET.get("format") == "xlsx" and form.is_valid():
        kinds = ((_now("房间"), rooms), (_now("使用单位"), units))
        rows = [(kind, one.name, one.times, one.hours) for kind, ones in kinds for one in ones]
        headings = [_now("类别"), _now("名称"), _now("次数"), _now("小时")]
        title = _now("%(venue)s使用情况") % {"venue": venue}
        file, count = sheet_response(title, headings, rows)
        exported.send(
            SpanForm,
            request=request,
            filters={"since": form.data["since"], "until": form.data["until"]},
            name="place-use",
            title=title,
            kind="xlsx",
            rows=count,
        )
        return file
    context = {
        "venue": venue,
        "form": form,
        "tables": [(_now("按房间"), rooms), (_now("按使用单位"), units)],
        "file": f"?{urlencode({**form.data, 'format': 'xlsx'})}",
    }
    return show(request, "places/use.html", context, status=422 if form.errors else 200)


def uses_of(venue: Venue, since: dt.date, until: dt.date) -> tuple[list[Use], list[Use]]:
    """By room and by unit; of a hall the hall counts, not its parts; without setting up and clearing."""
    zone = timezone.get_current_timezone()
    rows = (
        Hold.objects.filter(
            venue=venue,
            room__isnull=False,
            occurrence__state__in=HOLDING,
            occurrence__starts_at__gte=dt.datetime.combine(since, dt.time(), zone),
            occurrence__starts_at__lt=dt.datetime.combine(
                until + dt.timedelta(days=1), dt.time(), zone
            ),
        )
        .values_list("occurrence", "room", "unit", "occurrence__starts_at", "occurrence__ends_at")
        .distinct()
    )
    by_room: dict[int, list[dt.timedelta]] = defaultdict(list)
    by_unit: dict[int, dict[int, dt.timedelta]] = defaultdict(dict)
    for date, room, unit, start, end in rows:
        by_room[room].append(end - start)
        by_unit[unit][date] = end - start
    rooms = Room.objects.filter(pk__in=by_room).order_by("name", "pk")
    units = Unit.objects.filter(pk__in=by_unit).order_by("path")
    return (
        [Use(str(one), len(by_room[one.pk]), _hours(by_room[one.pk])) for one in rooms],
        [Use(str(one), len(by_unit[one.pk]), _hours([*by_unit[one.pk].values()])) for one in units],
    )


def _hours(spans: list[dt.timedelta]) -> Decimal:
    seconds = Decimal(int(sum(spans, dt.timedelta()).total_seconds()))
    return (seconds / 3600).quantize(Decimal("0.1"), ROUND_HALF_UP)


# --- the survey of sports grounds -----------------------------------------------------------------


class GroundsFilter(forms.Form):
    """Of which type, opened when."""

    ground = forms.ChoiceField(label=_("体育场地类型"), required=False)
    since = forms.DateField(label=_("启用日期自"), required=False)
    until = forms.DateField(label=_("启用日期至"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        field: Any = self.fields["ground"]
        field.choices = [("", _("全部")), *((key, one.label) for key, one in GROUNDS.items())]

    def apply(self, rows: Any) -> Any:
        given, found = self.cleaned_data, Q()
        if given["ground"]:
            found &= Q(ground=given["ground"])
        if given["since"]:
            found &= Q(opened_on__gte=given["since"])
        if given["until"]:
            found &= Q(opened_on__lte=given["until"])
        return rows.filter(found)


GROUND_COLUMNS = [
    Column(
        "name",
        _("名称"),
        sort="name",
        value=lambda row: row.name,
        link=lambda row: reverse("places:room", args=[row.pk]),
        phone="title",
    ),
    Column("ground", _("体育场地类型"), sort="ground", value=lambda row: GROUNDS[row.ground].label),
    Column("sheet", _("调查表"), value=lambda row: GROUNDS[row.ground].sheet),
    Column("venue", _("场所"), sort="venue__name", value=lambda row: row.venue),
    Column("area", _("面积（平方米）"), sort="area", value=lambda row: row.area, align="end"),
    Column("length", _("长度（公里）"), sort="length", value=lambda row: row.length, align="end"),
    Column("opened_on", _("启用日期"), sort="opened_on", value=lambda row: row.opened_on),
]
GROUND_SHEET = [
    *GROUND_COLUMNS,
    Column("code", _("类型代码"), value=lambda row: GROUNDS[row.ground].code),
    Column("unit", _("单位"), value=lambda row: row.venue.unit.name),
    Column("address", _("地址"), value=lambda row: row.venue.address),
    Column("longitude", _("经度"), value=lambda row: row.venue.longitude),
    Column("latitude", _("纬度"), value=lambda row: row.venue.latitude),
    Column("light", _("夜间照明"), value=lambda row: "light" in row.equipment),
    Column("step_free", _("无障碍通行"), value=lambda row: row.step_free),
    Column("investment", _("场所投资（万元）"), value=lambda row: row.venue.investment),
]


@login_required
def grounds(request: Request) -> HttpResponseBase:
    """The sports grounds in use, as the survey's forms ask for them; the file holds all it needs."""
    request.actor.require("places.view")
    today = timezone.localdate()
    rows = Room.objects.exclude(ground="").filter(ground__in=GROUNDS)
    rows = rows.filter(Q(closed_on=None) | Q(closed_on__gt=today)).select_related("venue__unit")
    listing = Listing(
        request,
        rows,
        columns=GROUND_COLUMNS,
        sheet=GROUND_SHEET,
        default_sort="ground",
        name="sports-grounds",
        filters=GroundsFilter,
        search=lambda found, text: found.filter(
            Q(name__icontains=text) | Q(venue__name__icontains=text)
        ),
        title=_now("体育场地"),
        empty=_now("还没有登记体育场地。"),
    )
    return listing.export() or show(request, "places/grounds.html", {"listing": listing})
