"""The pages that plan, change and cancel a gathering."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Request, Unit, units_of
from luodi.rooms.gatherings.forms import CancelForm, PlanForm, holders_for, preset
from luodi.rooms.gatherings.kinds import Kind, kinds
from luodi.rooms.gatherings.models import Gathering, State
from luodi.rooms.gatherings.verbs import planning
from luodi.rooms.gatherings.verbs.checks import WRITE
from luodi.rooms.gatherings.views.common import LIST, find, find_for, home_of
from luodi.rooms.places.api import Room, rooms_of
from luodi.shell.forms import carry_out, form_page, posted
from luodi.shell.pages import show


@login_required
def new(request: Request) -> HttpResponseBase:
    """First the kind, then the plan; `?copy=` begins as another one was."""
    actor = request.actor
    actor.require(WRITE)
    like = _like(request)
    kind = kinds().get(request.GET.get("kind", like.kind if like else ""))
    if kind is None:
        return show(request, "gatherings/kinds.html", {"kinds": _offered(request)})
    unit = _unit(request, kind, like)
    return _plan(request, kind, unit, like)


def _like(request: Request) -> Gathering | None:
    said = request.GET.get("copy", "")
    return find(int(said)) if said.isdecimal() and len(said) < 19 else None


def _offered(request: Request) -> list[tuple[Kind, str]]:
    """The kinds that some unit of the actor's holds, each with its address; the usual ones first."""
    units = units_of(request.actor, WRITE)
    mine = set(units.values_list("kind", flat=True).distinct().order_by())
    since = timezone.now() - dt.timedelta(days=366)
    recent = Gathering.objects.filter(starts_at__gte=since).values_list("kind")
    usual = dict(recent.annotate(n=Count("pk")).order_by())
    query = request.GET.copy()
    found = []
    for kind in kinds().values():
        if mine & set(kind.holders):
            query["kind"] = kind.key
            found.append((kind, f"?{query.urlencode()}"))
    return sorted(found, key=lambda pair: -usual.get(pair[0].key, 0))


def _unit(request: Request, kind: Kind, like: Gathering | None) -> Unit | None:
    """The unit that is meant: the address's, the only one there is, or that of the one copied."""
    units = holders_for(request.actor, kind)
    said = request.GET.get("unit", str(like.unit_id) if like else "")
    if said.isdecimal() and len(said) < 19:
        named: Unit = get_object_or_404(units, pk=int(said))
        return named
    few = list(units[:2])
    return few[0] if len(few) == 1 else None


def _plan(
    request: Request, kind: Kind, unit: Unit | None, like: Gathering | None
) -> HttpResponseBase:
    start = preset(kind, unit, timezone.now())
    if like is not None:
        start |= {"agenda": like.agenda, "title": like.title, "place": like.place}
        start |= {"also": like.also, "lecturer": like.lecturer}
    form = PlanForm(**posted(request), actor=request.actor, kind=kind, unit=unit, initial=start)

    def verb(data: dict[str, Any]) -> Gathering:
        values = {"unit": unit, **data}
        if values["ends_at"] is None and "lasts" in start:
            values["ends_at"] = values["starts_at"] + start["lasts"]
        return planning.plan_gathering(actor=request.actor, kind=kind.key, **values)

    if request.method == "POST":
        made = carry_out(request, form, verb)
        if made is not None:
            if made.starts_at <= timezone.now():
                return redirect("gatherings:attendance", made.pk)
            return redirect(home_of(made))
    context = {"form": form, "kind": kind, "unit": unit, "again": bool(form.errors.get("again"))}
    context |= {"more": ("title", "lecturer", "leader", "also"), "like": like}
    status = 422 if request.method == "POST" else 200
    return show(request, "gatherings/plan.html", context, status=status)


def booked_rooms(row: Gathering) -> list[Room]:
    """The rooms that are booked for a gathering."""
    if row.booking is None:
        return []
    held = next((one for one in row.booking.occurrences.all() if one.holds), None)
    return rooms_of(held) if held else []


@login_required
def change(request: Request, pk: int) -> HttpResponseBase:
    row = find_for(request, pk)
    names = ("starts_at", "ends_at", "place", "title", "agenda", "also", "lecturer")
    start = {name: getattr(row, name) for name in names}
    if row.booking is not None:
        start["rooms"] = next(iter(booked_rooms(row)), None)
    kind = row.of_kind
    form = PlanForm(**posted(request), actor=request.actor, kind=kind, unit=row.unit, initial=start)
    del form.fields["again"]
    form.fields["ends_at"].required = True

    def verb(data: dict[str, Any]) -> object:
        if "rooms" in data and [one.pk for one in data["rooms"]] == [
            one.pk for one in booked_rooms(row)
        ]:
            data = {**data, "rooms": None}
        return planning.change_gathering(actor=request.actor, gathering=row, **data)

    return form_page(
        request,
        form,
        verb,
        heading=_("更改：%(name)s") % {"name": row},
        back=home_of(row),
        crumbs=[(reverse(LIST), _("活动")), (home_of(row), row)],
        note=_("改了时间、地点或主题，受邀的人会收到消息，日历随之更新。")
        if row.state == State.PLANNED
        else "",
        said=_("已保存。"),
        of=row,
    )


@login_required
def cancel(request: Request, pk: int) -> HttpResponseBase:
    row = find_for(request, pk)
    return form_page(
        request,
        CancelForm(**posted(request)),
        lambda data: planning.cancel_gathering(actor=request.actor, gathering=row, **data),
        heading=_("取消：%(name)s") % {"name": row},
        submit=_("取消这次活动"),
        note=_now("受邀的人会收到消息。记录保留，标为已取消。"),
        back=home_of(row),
        crumbs=[(reverse(LIST), _("活动")), (home_of(row), row)],
        of=row,
    )
