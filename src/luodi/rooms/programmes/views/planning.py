"""The forms of programmes, measures and targets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.figures.api import figure
from luodi.ground.scope.api import today
from luodi.ground.scope.middleware import Request
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.casework.api import Case, url_of
from luodi.rooms.programmes.forms import (
    CaseForm,
    DoneForm,
    MeasureForm,
    PledgeForm,
    ProgrammeForm,
    ReasonForm,
)
from luodi.rooms.programmes.models import Measure, MeasureCase, Pledge, Programme, Target
from luodi.rooms.programmes.reading import Standing, pledges_of, standings_of
from luodi.rooms.programmes.verbs import planning as plan
from luodi.rooms.programmes.verbs import targets as promise
from luodi.rooms.programmes.views.boards import find_programme
from luodi.shell.forms import form_page, posted
from luodi.shell.pages import show


def home_of(programme: Programme) -> str:
    return reverse("programmes:programme", args=[programme.pk])


def find_measure(pk: int) -> Measure:
    rows = Measure.objects.select_related("programme__unit", "owner_unit", "owner")
    return get_object_or_404(rows, pk=pk)


def find_target(pk: int) -> Target:
    rows = Target.objects.select_related("measure__programme__unit", "measure__owner_unit")
    return get_object_or_404(rows, pk=pk)


# --- programmes -----------------------------------------------------------------------------------


@login_required
def new_programme(request: Request) -> HttpResponseBase:
    request.actor.require("programmes.write")
    form = ProgrammeForm(**posted(request), actor=request.actor, programme=None)
    return form_page(
        request,
        form,
        lambda data: plan.save_programme(actor=request.actor, **data),
        heading=_("新设工程"),
        back=reverse("programmes:board"),
        done=home_of,
    )


@login_required
def change_programme(request: Request, pk: int) -> HttpResponseBase:
    row = find_programme(pk)
    request.actor.require("programmes.write", row.unit.path)
    fields = ("name", "name_en", "aim", "since", "until", "position")
    initial = {name: getattr(row, name) for name in fields}
    form = ProgrammeForm(**posted(request), actor=request.actor, programme=row, initial=initial)
    return form_page(
        request,
        form,
        lambda data: plan.save_programme(actor=request.actor, unit=row.unit, programme=row, **data),
        heading=_("修改工程"),
        of=row,
        back=home_of(row),
    )


# --- measures -------------------------------------------------------------------------------------


@login_required
def new_measure(request: Request, pk: int) -> HttpResponseBase:
    row = find_programme(pk)
    request.actor.require("programmes.write", row.unit.path)
    initial = {"owner_unit": row.unit.name, "since": today()}
    return form_page(
        request,
        MeasureForm(**posted(request), programme=row, initial=initial),
        lambda data: plan.save_measure(actor=request.actor, programme=row, **data),
        heading=_("新增举措"),
        back=home_of(row),
    )


@login_required
def change_measure(request: Request, pk: int) -> HttpResponseBase:
    row = find_measure(pk)
    programme = row.programme
    request.actor.require("programmes.write", programme.unit.path)
    fields = ("text", "since", "due_on", "owner", "position")
    initial: dict[str, Any] = {name: getattr(row, name) for name in fields}
    initial["owner_unit"] = row.owner_unit.name
    return form_page(
        request,
        MeasureForm(**posted(request), programme=programme, initial=initial),
        lambda data: plan.save_measure(
            actor=request.actor, programme=programme, measure=row, **data
        ),
        heading=_("修改举措"),
        of=row,
        back=home_of(programme),
    )


@login_required
def finish_measure(request: Request, pk: int) -> HttpResponseBase:
    row = find_measure(pk)
    if row.owner_id != request.actor.account_id:
        request.actor.require("programmes.write", row.programme.unit.path)
    return form_page(
        request,
        DoneForm(**posted(request), initial={"on": today()}),
        lambda data: plan.finish_measure(actor=request.actor, measure=row, **data),
        heading=_("举措已完成"),
        note=row.text,
        back=home_of(row.programme),
    )


@login_required
@require_POST
def reopen_measure(request: Request, pk: int) -> HttpResponseBase:
    row = find_measure(pk)
    plan.reopen_measure(actor=request.actor, measure=row)
    return redirect(home_of(row.programme))


@login_required
def link_case(request: Request, pk: int) -> HttpResponseBase:
    row = find_measure(pk)
    request.actor.require("programmes.write", row.programme.unit.path)

    def link(data: dict[str, Any]) -> object:
        case = Case.objects.filter(code=data["code"].strip().upper()).first()
        if case is None:
            raise UserError(_now("没有这个编号的事项，或您无权查看。"), "code")
        return plan.link_case(actor=request.actor, measure=row, case=case)

    return form_page(
        request,
        CaseForm(**posted(request)),
        link,
        heading=_("关联事项"),
        note=row.text,
        back=home_of(row.programme),
    )


@login_required
@require_POST
def unlink_case(request: Request, pk: int) -> HttpResponseBase:
    row = get_object_or_404(MeasureCase.objects.select_related("measure__programme__unit"), pk=pk)
    plan.unlink_case(actor=request.actor, link=row)
    return redirect(home_of(row.measure.programme))


# --- targets --------------------------------------------------------------------------------------


@login_required
def new_target(request: Request, pk: int) -> HttpResponseBase:
    row = find_measure(pk)
    unit = row.programme.unit
    request.actor.require("programmes.write", unit.path)
    initial = {"since": row.since, "due_on": row.due_on, "owner": row.owner_id}
    return form_page(
        request,
        PledgeForm(
            **posted(request), unit=unit, actor=request.actor, change=False, initial=initial
        ),
        lambda data: promise.set_target(actor=request.actor, measure=row, **data),
        heading=_("新增目标"),
        note=row.text,
        back=home_of(row.programme),
    )


@login_required
def target(request: Request, pk: int) -> HttpResponseBase:
    """A target with everything that was ever promised for it."""
    row = find_target(pk)
    request.actor.require("programmes.view")
    pledges = Pledge.objects.filter(target=row).select_related("owner").order_by("valid", "known")
    links = MeasureCase.objects.filter(target=row).select_related("case").order_by("id")
    held = [one for one in pledges_of([row.measure], today()) if one.target_id == pk]
    standings = standings_of(actor=request.actor, pledges=held, at=today())
    context = {
        "target": row,
        "programme": row.measure.programme,
        "heading": standings[0].promise if standings else row.name or _now("目标"),
        "standings": standings,
        "trends": True,
        "at": today(),
        "today": today(),
        "pledges": [(one, _promise(row, one)) for one in pledges if one.known.upper is None],
        "superseded": [(one, _promise(row, one)) for one in pledges if one.known.upper is not None],
        "links": links,
        "may_write": request.actor.may("programmes.write", row.measure.programme.unit.path),
    }
    return show(request, "programmes/target.html", context)


def _promise(target: Target, pledge: Pledge) -> str:
    """What was promised, in words; of a figure that is no more by its key."""
    try:
        found = figure(pledge.figure)
    except NotFound:
        found = None
    return Standing(target, pledge, pledge.since, figure=found).promise


@login_required
def change_target(request: Request, pk: int) -> HttpResponseBase:
    row = find_target(pk)
    unit = row.measure.programme.unit
    request.actor.require("programmes.write", unit.path)
    old = promise.latest(row)
    fields = ("figure", "comparison", "value", "count_from", "due_on", "owner")
    initial: dict[str, Any] = {name: getattr(old, name) for name in fields}
    initial["parameters"] = " ".join(f"{name}={value}" for name, value in old.parameters.items())
    initial["on"] = today()
    return form_page(
        request,
        PledgeForm(**posted(request), unit=unit, actor=request.actor, change=True, initial=initial),
        lambda data: promise.change_target(actor=request.actor, target=row, **data),
        heading=_("调整目标"),
        of=old,
        note=_("原来的目标仍可查到。"),
        back=reverse("programmes:target", args=[pk]),
    )


@login_required
def drop_target(request: Request, pk: int) -> HttpResponseBase:
    row = find_target(pk)
    request.actor.require("programmes.write", row.measure.programme.unit.path)
    return form_page(
        request,
        ReasonForm(**posted(request), initial={"on": today()}),
        lambda data: promise.drop_target(actor=request.actor, target=row, **data),
        heading=_("取消目标"),
        back=reverse("programmes:target", args=[pk]),
    )


@login_required
@require_POST
def open_case(request: Request, pk: int) -> HttpResponseBase:
    """Opens a case for the target's gap, or goes to the open one."""
    row = find_target(pk)
    try:
        case = promise.open_case(actor=request.actor, target=row)
    except UserError as problem:
        if problem.status != 422:
            raise
        messages.error(request, str(problem))
        return redirect(home_of(row.measure.programme))
    return redirect(url_of(case))
