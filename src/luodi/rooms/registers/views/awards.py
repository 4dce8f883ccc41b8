"""An award's rounds: opened, and one page on which each step is taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Request
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import Named
from luodi.rooms.registers import api
from luodi.rooms.registers.forms.definitions import UnitChoice, units_for
from luodi.rooms.registers.forms.entries import units_below
from luodi.rooms.registers.models import Ballot, Candidacy, Objection, Register, Round
from luodi.rooms.registers.procedure import Does, plan_of, results
from luodi.rooms.registers.verbs.awarding import counted, jury_of, organises
from luodi.rooms.registers.views.common import MOST, form_page, register_of
from luodi.shell.forms import posted
from luodi.shell.pages import show


class RoundForm(forms.Form):
    """A round's parameters, as the register has them."""

    unit = UnitChoice(label=_("组织单位"))
    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("如“2022年度”。"))
    seats = forms.IntegerField(label=_("名额"), min_value=1, max_value=1000)
    threshold = forms.DecimalField(
        label=_("最低得票率（%）"), min_value=0, max_value=100, decimal_places=2
    )
    notice_days = forms.IntegerField(label=_("公示的工作日数"), min_value=0, max_value=60)

    def __init__(self, *args: Any, request: Request, register: Register, **rest: Any) -> None:
        plan = plan_of(register.procedure or {})
        notice = next((one.days for one in plan.stages if one.does is Does.NOTICE), 0)
        rest["initial"] = {
            "seats": plan.seats,
            "threshold": plan.threshold,
            "notice_days": notice,
        }
        super().__init__(*args, **rest)
        units = units_for(request.actor, "registers.write")
        below = [one for one in units if one.path.startswith(register.unit.path)]
        self.fields["unit"].offer(below)  # type: ignore[attr-defined]
        self.juries = [jury.key for jury in plan.juries]
        for jury in plan.juries:
            self.fields[f"weight_{jury.key}"] = forms.IntegerField(
                label=gettext("%(jury)s的权重") % {"jury": jury},
                min_value=1,
                max_value=1000,
                initial=jury.weight,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        weights = {key: data.pop(f"weight_{key}", None) for key in self.juries}
        return {**data, "weights": {key: one for key, one in weights.items() if one}}


class NominateForm(forms.Form):
    name = forms.CharField(label=_("候选"), max_length=60)
    reason = forms.CharField(
        label=_("推荐理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReviewForm(forms.Form):
    passed = forms.ChoiceField(
        label=_("审核"), choices=[("1", _("通过")), ("0", _("不通过"))], widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("审核意见"), max_length=300, required=False)


class ObjectForm(forms.Form):
    text = forms.CharField(
        label=_("异议"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    by = forms.CharField(
        label=_("提出人"),
        max_length=60,
        required=False,
        help_text=_("代为登记才填；空着是您本人。"),
    )


class ResolveForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("异议"),
        choices=[("1", _("成立，不再授予")), ("0", _("不成立"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("处理意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


def _round(request: Request, pk: int) -> Round:
    request.actor.require("registers.view")
    if pk > MOST:
        raise Http404
    return get_object_or_404(Round.objects.select_related("register__unit", "unit"), pk=pk)


def _back(round_: Round) -> str:
    return reverse("registers:round", args=[round_.pk])


@login_required
def rounds(request: Request, pk: int) -> HttpResponseBase:
    register = register_of(request, pk)
    if register.procedure is None:
        raise Http404
    plan = plan_of(register.procedure)
    found = register.rounds.select_related("unit")
    return show(
        request,
        "registers/rounds.html",
        {
            "register": register,
            "plan": plan,
            "rounds": [(one, plan_of(one.plan).stage(one.stage)) for one in found],
            "may_open": _may_open(request, register),
        },
    )


def _may_open(request: Request, register: Register) -> bool:
    units = units_for(request.actor, "registers.write")
    return any(one.path.startswith(register.unit.path) for one in units) and any(
        api.may_write(request.actor, register, one.path) and one.kind in ("zone", "county")
        for one in units
    )


@login_required
def open_round(request: Request, pk: int) -> HttpResponseBase:
    register = register_of(request, pk)
    request.actor.require("registers.write", register.unit.path)
    if register.procedure is None:
        raise Http404
    return form_page(
        request,
        RoundForm(**posted(request), request=request, register=register),
        lambda data: api.open_round(actor=request.actor, register=register, **data),
        heading=gettext("启动评选：%(register)s") % {"register": register},
        back=reverse("registers:rounds", args=[pk]),
        done=_back,
    )


@login_required
def award_round(request: Request, pk: int) -> HttpResponseBase:
    """A round: its stages with their dates, candidates, ballot, objections and result."""
    round_, actor = _round(request, pk), request.actor
    plan = plan_of(round_.plan)
    stage = plan.stage(round_.stage)
    mine = organises(actor, round_)
    dates = {one["stage"]: one for one in round_.log}
    candidates = list(round_.candidacies.select_related("unit").prefetch_related("objections"))
    voted = Ballot.objects.filter(candidacy__round=round_, account=actor.account_id).exists()
    return show(
        request,
        "registers/round.html",
        {
            "round": round_,
            "register": round_.register,
            "plan": plan,
            "stage": stage,
            "stages": [(one, dates.get(one.key)) for one in plan.stages],
            "candidates": candidates,
            "results": results(round_) if counted(actor, round_) else [],
            "awarded": [one for one in candidates if one.entry_id],
            "standing": [one for one in candidates if one.passed],
            "mine": mine,
            "jury": jury_of(actor, plan),
            "voted": voted,
            "next": plan.after(stage.key) if round_.closed_at is None else None,
            "may_nominate": stage.does is Does.NOMINATE
            and units_below(actor, round_.register).exists(),
            "may_object": stage.does in (Does.NOTICE, Does.VOTE, Does.OBJECT),
        },
    )


@login_required
def nominate(request: Request, pk: int) -> HttpResponseBase:
    round_ = _round(request, pk)
    request.actor.require("registers.write")
    form = NominateForm(**posted(request))
    units = units_below(request.actor, round_.register)
    form.fields = {"unit": Named(units, label=_("推荐单位")), **form.fields}
    return form_page(
        request,
        form,
        lambda data: api.nominate(actor=request.actor, round_=round_, **data),
        heading=_("推荐候选"),
        back=_back(round_),
    )


def _candidacy(request: Request, pk: int) -> Candidacy:
    request.actor.require("registers.view")
    if pk > MOST:
        raise Http404
    rows = Candidacy.objects.select_related("round__register__unit", "round__unit", "unit")
    return get_object_or_404(rows, pk=pk)


@login_required
def review(request: Request, pk: int) -> HttpResponseBase:
    one = _candidacy(request, pk)
    request.actor.require("registers.write", one.round.unit.path)
    return form_page(
        request,
        ReviewForm(**posted(request)),
        lambda data: api.review(
            actor=request.actor, candidacy=one, passed=data["passed"] == "1", words=data["words"]
        ),
        heading=gettext("审核：%(name)s") % {"name": one.name},
        note=one.reason,
        back=_back(one.round),
    )


@login_required
def object_to(request: Request, pk: int) -> HttpResponseBase:
    one = _candidacy(request, pk)
    return form_page(
        request,
        ObjectForm(**posted(request)),
        lambda data: api.object_to(actor=request.actor, candidacy=one, **data),
        heading=gettext("提出异议：%(name)s") % {"name": one.name},
        back=_back(one.round),
    )


@login_required
def resolve(request: Request, pk: int) -> HttpResponseBase:
    request.actor.require("registers.view")
    if pk > MOST:
        raise Http404
    rows = Objection.objects.select_related("candidacy__round__unit", "candidacy__round__register")
    one = get_object_or_404(rows, pk=pk)
    round_ = one.candidacy.round
    request.actor.require("registers.write", round_.unit.path)
    return form_page(
        request,
        ResolveForm(**posted(request)),
        lambda data: api.resolve(
            actor=request.actor,
            objection=one,
            upheld=data["upheld"] == "1",
            answer=data["answer"],
        ),
        heading=gettext("处理异议：%(name)s") % {"name": one.candidacy.name},
        note=one.text,
        back=_back(round_),
    )


@login_required
@require_POST
def ballot(request: Request, pk: int) -> HttpResponseBase:
    round_ = _round(request, pk)
    ticked = [int(one) for one in request.POST.getlist("approves") if one.isdecimal()]
    return _said(request, round_, lambda: api.cast_ballot(
        actor=request.actor, round_=round_, approves=ticked
    ), gettext("已投票。"))  # fmt: skip


@login_required
@require_POST
def advance(request: Request, pk: int) -> HttpResponseBase:
    round_ = _round(request, pk)
    return _said(request, round_, lambda: api.advance(actor=request.actor, round_=round_), "")


def _said(request: Request, round_: Round, verb: Any, done: str) -> HttpResponseBase:
    try:
        verb()
    except UserError as problem:
        if problem.status == 403:
            raise
        messages.error(request, str(problem))
    else:
        if done:
            messages.success(request, done)
    return redirect(_back(round_))
