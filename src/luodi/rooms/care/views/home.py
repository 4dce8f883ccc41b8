"""The picture of beds, the list, a resident's file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Request, today
from luodi.lib.errors import NotFound
from luodi.rooms.care import api
from luodi.rooms.care.curves import curves_of
from luodi.rooms.care.models import (
    LEVELS,
    LIVING,
    RISKS,
    WAITING,
    Absence,
    Agreement,
    Assessment,
    Contact,
    Document,
    Dose,
    Due,
    Fact,
    Incident,
    Note,
    Observation,
    Opening,
    Outcome,
    Plan,
    Prescription,
    Resident,
    Risk,
    State,
    Step,
    Visit,
    Word,
)
from luodi.rooms.care.reading import bed_of, home_for, namesakes, picture_of
from luodi.rooms.care.verbs.assessing import last_two
from luodi.rooms.care.verbs.file import opened
from luodi.rooms.care.verbs.medicines import stocked
from luodi.rooms.care.verbs.way import ENDS, STEPS
from luodi.rooms.care.views.finding import find
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

SHOWN = 20


@login_required
def board(request: Request) -> HttpResponseBase:
    """Who lies where; who asks for a place; what is due."""
    request.actor.require("care.view")
    home = home_for(request.actor, "care.view", request.GET.get("home"))
    day = today()
    waiting = Resident.objects.filter(unit=home, state__in=WAITING).defer("picture")
    soon = Resident.objects.filter(unit=home, state__in=LIVING, assess_by__lte=day)
    context = {
        "home": home,
        "picture": picture_of(home, day),
        "waiting": waiting.order_by("-enquired_on", "-pk")[:SHOWN],
        "assess": soon.order_by("assess_by", "pk").defer("picture")[:SHOWN],
        "incidents": Incident.objects.filter(resident__unit=home, closed_at=None).select_related(
            "resident"
        )[:SHOWN],
        "late": Absence.objects.filter(
            resident__unit=home, during__endswith=None, due_at__lt=timezone.now()
        ).select_related("resident")[:SHOWN],
        "may_admit": request.actor.may("care.admit", home.path),
        "may_setup": request.actor.may("care.setup", home.path),
    }
    return show(request, "care/board.html", context)


COLUMNS = [
    Column(
        "name",
        _("姓名"),
        sort="name",
        phone="title",
        link=lambda row: f"/care/residents/{row.pk}/",
        value=lambda row: row.name,
    ),
    Column("born", _("出生年"), sort="born_on", value=lambda row: str(row.born_on.year)),
    Column("state", _("状态"), sort="state", value=lambda row: State(row.state).label),
    Column("admitted", _("入住日期"), sort="admitted_on", value=lambda row: row.admitted_on),
    Column("assess", _("下次评估"), sort="assess_by", value=lambda row: row.assess_by),
]


@login_required
def residents(request: Request) -> HttpResponseBase:
    """All whom the home knows: living here, asking, gone."""
    request.actor.require("care.view")
    home = home_for(request.actor, "care.view", request.GET.get("home"))
    state = request.GET.get("state", "")
    rows = Resident.objects.filter(unit=home).defer("picture")
    groups: dict[str, Any] = {
        "": LIVING,
        "waiting": WAITING,
        "gone": (State.LEFT, State.DIED, State.WITHDRAWN),
    }
    listing = Listing(
        request,
        rows.filter(state__in=groups.get(state, LIVING)),
        columns=COLUMNS,
        default_sort="name",
        name="residents",
        search=lambda found, text: found.filter(Q(name__icontains=text)),
        title=_("老人"),
        also=("state", "home"),
    )
    context = {"listing": listing, "home": home, "state": state}
    context["may_admit"] = request.actor.may("care.admit", home.path)
    return listing.export() or show(request, "care/residents.html", context)


@login_required
def resident(request: Request, pk: int) -> HttpResponseBase:
    """A resident's file, as a whole: it prints as it stands."""
    row = find(Resident, pk)
    request.actor.require("care.view", row.path)
    opened(request.actor, row, "file", timezone.now())
    return show(request, "care/resident.html", _file(request, row))


def _file(request: Request, row: Resident) -> dict[str, Any]:
    here, day = {"resident": row}, today()
    plan = Plan.objects.filter(**here, until=None).select_related("by").first()
    facts = list(Fact.objects.filter(**here).select_related("on_by", "off_by"))
    steps = list(Step.objects.filter(**here).select_related("by"))
    last = next((one for one in steps if not one.undone), None)
    agreement = Agreement.objects.filter(**here).order_by("-during").first()
    regular = Prescription.objects.filter(**here, stopped_at=None)
    may = {
        name: request.actor.may(f"care.{name}", row.path)
        for name in ("admit", "move", "nurse", "dose")
    }
    observations = list(
        Observation.objects.filter(**here, replaced_by=None).select_related("by")[:200]
    )
    return {
        "row": row,
        "state": State(row.state).label,
        "bed": bed_of(row, day),
        "age": row.age_on(day),
        "out": Absence.objects.filter(**here, during__endswith=None).first(),
        "namesakes": list(namesakes(row)) if row.lives_here else [],
        "agreement": agreement,
        "level": LEVELS.get(agreement.level, "") if agreement else "",
        "facts": [one for one in facts if one.holds_on(day)],
        "facts_gone": [one for one in facts if not one.holds_on(day)],
        "steps": [(STEPS[one.kind], one) for one in steps[:SHOWN]],
        "undo": last if last and last.kind in ENDS else None,
        "contacts": Contact.objects.filter(**here, ended_on=None),
        "documents": Document.objects.filter(**here).defer("content"),
        "assessments": Assessment.objects.filter(**here).select_related("first", "second")[:SHOWN],
        "compared": last_two(row),
        "risks": [(RISKS[one.kind], one.why) for one in Risk.objects.filter(**here, until=None)],
        "plan": plan,
        "acts": plan.acts.all() if plan else [],
        "plans": Plan.objects.filter(**here).exclude(until=None).select_related("by")[:SHOWN],
        "dues": Due.objects.filter(**here)
        .exclude(outcome__in=(Outcome.OPEN, Outcome.WITHDRAWN))
        .select_related("act", "by")
        .order_by("-due_at")[:SHOWN],
        "prescriptions": regular,
        "doses": Dose.objects.filter(**here)
        .exclude(state__in=("open", "withdrawn"))
        .select_related("prescription", "by")
        .order_by("-recorded_at")[:SHOWN],
        "stock": stocked(row),
        "observations": observations[:SHOWN],
        "curves": curves_of(observations),
        "notes": Note.objects.filter(**here, replaced_by=None).select_related("by", "replaces")[
            :SHOWN
        ],
        "incidents": Incident.objects.filter(**here)[:SHOWN],
        "words": Word.objects.filter(**here).select_related("contact", "by").order_by("-at")[:8],
        "visits": Visit.objects.filter(**here, ended_at=None, during__endswith__gt=timezone.now()),
        "openings": Opening.objects.filter(**here).select_related("account")[:SHOWN]
        if may["admit"]
        else [],
        "may": may,
        "waiting": row.state in WAITING,
    }


@login_required
def picture(request: Request, pk: int) -> HttpResponse:
    """The small picture by which a carer knows somebody."""
    row = find(Resident, pk)
    request.actor.require("care.view", row.path)
    if not row.picture:
        raise NotFound(_("没有照片。"))
    answer = HttpResponse(bytes(row.picture), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
def document(request: Request, pk: int) -> HttpResponse:
    """A paper of the file; opening it is noted."""
    row = find(Document, pk)
    request.actor.require("care.view", row.path)
    opened(request.actor, row.resident, "document", timezone.now())
    answer = HttpResponse(bytes(row.content), content_type=row.content_type)
    name = quote(row.name)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def end_contact(request: Request, pk: int) -> HttpResponseBase:
    row = find(Contact, pk)
    api.end_contact(actor=request.actor, contact=row)
    return redirect("care:resident", row.resident_id)
