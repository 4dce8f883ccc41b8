"""The round on a phone, the sheet on paper, the handover."""

from __future__ import annotations

import uuid
from importlib.resources import files
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from luodi.ground.scope.api import Request, Unit, today
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.care import api
from luodi.rooms.care.models import SHIFTS, Dose, Due, Handover, OnDuty, Resident
from luodi.rooms.care.reading import home_for, round_of
from luodi.rooms.care.verbs.phones import Sent, receive
from luodi.rooms.care.verbs.scheduling import topped_up
from luodi.rooms.care.verbs.shifts import HOURS, gathered
from luodi.rooms.care.views.finding import find
from luodi.shell.pages import show

SHOWN = 14


@login_required
def round_page(request: Request) -> HttpResponseBase:
    """What is open now, room by room: big buttons, exceptions first."""
    request.actor.require("care.round")
    home = home_for(request.actor, "care.round", request.GET.get("home"))
    now = timezone.now()
    topped_up(home, now)
    return show(request, "care/round.html", _round(home, now))


def _round(home: Unit, now: Any) -> dict[str, Any]:
    return {"home": home, "round": round_of(home, now), "now": now, "key": uuid.uuid4()}


@login_required
def sheet(request: Request) -> HttpResponseBase:
    """The shift's sheet: what is open, with boxes to tick by hand where there is no network."""
    request.actor.require("care.round")
    home = home_for(request.actor, "care.round", request.GET.get("home"))
    return show(request, "care/sheet.html", _round(home, timezone.now()))


def _back(request: Request, resident: int) -> HttpResponseBase:
    return redirect(reverse("care:round") + f"#p{resident}")


def _tried(request: Request, resident: int, act: Any) -> HttpResponseBase:
    """Carries out what a button says; a refusal is told on the round itself."""
    try:
        act()
    except NotAllowed:
        raise
    except UserError as problem:
        messages.error(request, str(problem))
    return _back(request, resident)


@login_required
@require_POST
def confirm(request: Request, pk: int) -> HttpResponseBase:
    row = find(Due, pk)
    return _tried(
        request,
        row.resident_id,
        lambda: api.confirm(actor=request.actor, due=row, outcome="done"),
    )


@login_required
@require_POST
def confirm_routine(request: Request, pk: int) -> HttpResponseBase:
    row = find(Resident, pk)
    dues = [int(one) for one in request.POST.getlist("due") if one.isdigit() and len(one) < 18]
    return _tried(
        request,
        row.pk,
        lambda: api.confirm_routine(actor=request.actor, resident=row, dues=dues),
    )


@login_required
@require_POST
def correct_outcome(request: Request, pk: int) -> HttpResponseBase:
    row = find(Due, pk)
    api.correct_outcome(actor=request.actor, due=row)
    return redirect("care:resident", row.resident_id)


@login_required
@require_POST
def give(request: Request, pk: int) -> HttpResponseBase:
    row = find(Dose, pk)
    try:
        key = uuid.UUID(request.POST.get("client", ""))
    except ValueError:
        key = None
    return _tried(
        request, row.resident_id, lambda: api.give(actor=request.actor, dose=row, client=key)
    )


@login_required
def handovers(request: Request) -> HttpResponseBase:
    """The last handovers, and what the present shift would hand on."""
    request.actor.require("care.round")
    home = home_for(request.actor, "care.round", request.GET.get("home"))
    shift = _present()
    rows = Handover.objects.filter(unit=home).select_related("by").prefetch_related("readings")
    duty = OnDuty.objects.filter(unit=home, on=today()).select_related("who").order_by("shift")
    context = {
        "home": home,
        "shift": shift,
        "shift_words": SHIFTS[shift],
        "gathered": _named(home, gathered(home, today(), shift)),
        "rows": [
            (
                one,
                SHIFTS[one.shift],
                request.actor.account_id in {r.account_id for r in one.readings.all()},
            )
            for one in rows[:SHOWN]
        ],
        "duty": [(SHIFTS[one.shift], one) for one in duty],
    }
    return show(request, "care/handovers.html", context)


@login_required
def handover(request: Request, pk: int) -> HttpResponseBase:
    """One handover: what changed, the sentence, who has read it."""
    row = find(Handover, pk)
    request.actor.require("care.round", row.path)
    readings = list(row.readings.select_related("account"))
    context = {
        "row": row,
        "shift": SHIFTS[row.shift],
        "gathered": _named(row.unit, row.gathered),
        "readings": readings,
        "read": any(one.account_id == request.actor.account_id for one in readings),
    }
    return show(request, "care/handover.html", context)


@login_required
@require_POST
def take_handover(request: Request, pk: int) -> HttpResponseBase:
    row = find(Handover, pk)
    api.take_handover(actor=request.actor, handover=row)
    return redirect("care:handover", row.pk)


def _present() -> str:
    hour = timezone.localtime().hour
    return next(key for key, (begin, hours) in HOURS.items() if begin <= hour < begin + hours)


def _named(home: Unit, rows: list[dict[str, Any]]) -> list[tuple[str, int, list[dict[str, Any]]]]:
    """What was gathered, by resident, with the names as they are today."""
    names = dict(Resident.objects.filter(unit=home).values_list("pk", "name"))
    found: dict[int, list[dict[str, Any]]] = {}
    for one in rows:
        found.setdefault(one["resident"], []).append(one)
    return [(names.get(pk) or _("（已抹去）"), pk, lines) for pk, lines in found.items()]


@login_required
def worker(request: Request) -> HttpResponse:
    """The script that keeps today's list readable without network; it reaches the round only."""
    request.actor.require("care.round")
    text = files("luodi.rooms.care").joinpath("static/care/worker.js").read_text("utf-8")
    answer = HttpResponse(text, content_type="text/javascript")
    answer["Service-Worker-Allowed"] = reverse("care:round")
    return answer


@login_required
@require_POST
def send(request: Request) -> JsonResponse:
    """What a phone kept while it was without network: each item is written, or refused with a
    sentence; sent again it changes nothing."""
    try:
        batch = Sent.model_validate_json(request.body)
    except ValidationError:
        return JsonResponse({"items": [], "error": _("手机送来的内容无法读懂。")}, status=422)
    return JsonResponse({"items": receive(request.actor, batch)})
