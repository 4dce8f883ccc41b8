"""The assessment's form, the plan's editor, incidents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Request, today
from luodi.rooms.care import api
from luodi.rooms.care.models import (
    EVERY,
    FACTS,
    HARM,
    INCIDENTS,
    LEVELS,
    PURPOSES,
    RISKS,
    SLOTS,
    Assessment,
    Incident,
    Plan,
    PriceItem,
    Resident,
    Risk,
)
from luodi.rooms.care.scales import ABILITY, SCALES, needs_of
from luodi.rooms.care.scales.risks import PROTECTION
from luodi.rooms.care.verbs.assessing import adjustments_of, last_two
from luodi.rooms.care.verbs.planning import Measure
from luodi.rooms.care.views.finding import file_url, find
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show

ROWS = 12  # acts that the editor offers lines for


class ScoreForm(forms.Form):
    """The items of a scale, each with its options; none must be filled in to be kept."""

    def __init__(self, scale: Any, **options: Any) -> None:
        super().__init__(**options)
        self.parts: list[tuple[Any, list[str]]] = []
        for part, label in scale.parts.items():
            keys = [one.key for one in scale.items if one.part == part]
            self.parts.append((label, keys))
        for one in scale.items:
            choices = [(option.score, f"{option.score} {option.words}") for option in one.options]
            self.fields[one.key] = forms.TypedChoiceField(
                label=one.label,
                choices=choices,
                coerce=int,
                required=False,
                empty_value=None,
                widget=forms.RadioSelect,
            )
        if scale is ABILITY:
            self.fields["coma"] = forms.BooleanField(label=_("处于昏迷状态"), required=False)
        self.fields["conclusion"] = forms.CharField(
            label=_("说明"),
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def grouped(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The items by part."""
        return [(label, [self[key] for key in keys]) for label, keys in self.parts]


@login_required
def assessment(request: Request, pk: int) -> HttpResponseBase:
    """An assessment: filled in, kept half done, signed, countersigned; then read only."""
    row = find(Assessment, pk)
    request.actor.require("care.nurse" if not row.done else "care.view", row.path)
    scale = SCALES[row.scale]
    initial = {**row.answers, "conclusion": row.conclusion, "coma": row.found.get("coma", False)}
    form = ScoreForm(scale, initial=initial, **posted(request))
    if request.method == "POST":
        sign = "sign" in request.POST
        if carry_out(request, form, lambda data: _score(request, row, data, sign=sign)):
            return redirect("care:assessment", row.pk)
    return show(
        request, "care/assessment.html", _assessed(row, form), status=422 if form.errors else 200
    )


def _score(request: Request, row: Assessment, data: dict[str, Any], *, sign: bool) -> Assessment:
    keys = {one.key for one in SCALES[row.scale].items}
    answers = {key: value for key, value in data.items() if key in keys and value is not None}
    return api.score(
        actor=request.actor,
        assessment=row,
        answers=answers,
        coma=data.get("coma", False),
        conclusion=data["conclusion"],
        sign=sign,
    )


def _assessed(row: Assessment, form: ScoreForm) -> dict[str, Any]:
    scale = SCALES[row.scale]
    given = adjustments_of(row.resident, row.at)
    before = [one for one in last_two(row.resident, row.scale) if one.at < row.at]
    parts = row.found.get("parts", {})
    was = before[0] if before else None
    reasons = {
        "dementia": FACTS["dementia"],
        "mental": FACTS["mental"],
        "events": _("30天内照护风险事件不少于2次"),
        "coma": _("昏迷"),
        "alarm": scale.urgent,
    }
    items = [
        (
            one.label,
            row.answers.get(one.key),
            one.most,
            one.words_of(row.answers.get(one.key, -1)),
            was.answers.get(one.key) if was else None,
        )
        for one in scale.items
    ]
    price = PriceItem.objects.filter(
        unit=row.resident.unit_id, kind="care", level=row.level or "-", closed_on=None
    )
    return {
        "row": row,
        "resident": row.resident,
        "scale": scale,
        "form": form,
        "purpose": PURPOSES[row.purpose],
        "parts": [
            (label, parts.get(key), was.found["parts"].get(key) if was else None)
            for key, label in scale.parts.items()
        ],
        "items": items,
        "was": was,
        "level": LEVELS.get(row.level, "") or row.found.get("words", ""),
        "was_level": LEVELS.get(was.level, "") if was else "",
        "before_level": LEVELS.get(row.found.get("before", ""), ""),
        "adjusted": [reasons[one] for one in row.found.get("adjusted", [])],
        "given": given,
        "missing": len(scale.missing(row.answers)),
        "price": price.first() if row.level else None,
        "needs": [label for _key, label in needs_of(row.answers)] if scale is ABILITY else [],
    }


@login_required
@require_POST
def countersign(request: Request, pk: int) -> HttpResponseBase:
    row = find(Assessment, pk)
    api.countersign(actor=request.actor, assessment=row)
    return redirect("care:assessment", row.pk)


@login_required
@require_POST
def reject_assessment(request: Request, pk: int) -> HttpResponseBase:
    row = find(Assessment, pk)
    api.reject_assessment(actor=request.actor, assessment=row)
    return redirect(file_url(row.resident, "assessments"))


class ActForm(forms.Form):
    """A line of the plan."""

    text = forms.CharField(label=_("做什么"), max_length=120, required=False)
    slots = forms.MultipleChoiceField(
        label=_("时段"),
        choices=list(SLOTS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    clock = forms.TimeField(
        label=_("或钟点"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    every = forms.ChoiceField(label=_("频次"), choices=list(EVERY.items()), required=False)
    days = forms.CharField(
        label=_("哪几日"),
        max_length=60,
        required=False,
        help_text=_("每周：1到7；每月：1到31，用顿号分开"),
    )
    routine = forms.BooleanField(label=_("常规（可一并确认）"), required=False)
    protects = forms.MultipleChoiceField(
        label=_("防范"),
        choices=list(RISKS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_days(self) -> list[int]:
        words = self.cleaned_data["days"].replace("，", "、").replace(",", "、").replace(" ", "、")
        try:
            found = sorted({int(one) for one in words.split("、") if one})
        except ValueError:
            raise forms.ValidationError(gettext("请写数字，用顿号分开。")) from None
        if any(not 1 <= one <= 31 for one in found):
            raise forms.ValidationError(gettext("应在1到31之间。"))
        return found

    def measure(self) -> Measure:
        """What the line says, as the verb takes it."""
        data = self.cleaned_data
        return Measure(
            data["text"],
            data["slots"],
            data["clock"],
            data["every"] or "day",
            data["days"],
            data["routine"],
            data["protects"],
        )


class PlanForm(forms.Form):
    """What the plan answers, what it aims at, when it is evaluated."""

    need = forms.CharField(
        label=_("需要"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    aim = forms.CharField(
        label=_("目标"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    evaluate_on = forms.DateField(label=_("评价日期"), widget=forms.DateInput)
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    acts = forms.CharField(required=False, widget=forms.HiddenInput)


@login_required
def plan(request: Request, pk: int) -> HttpResponseBase:
    """The plan's editor: the version in force as a start; for a first one, the risks' protections."""
    row = find(Resident, pk)
    request.actor.require("care.nurse", row.path)
    now = Plan.objects.filter(resident=row, until=None).first()
    start: dict[str, Any] = {"number": now.number if now else 0}
    start["evaluate_on"] = today() + dt.timedelta(days=90)
    if now:
        start |= {"need": now.need, "aim": now.aim}
    else:
        start["need"] = _needs(row)
    form = PlanForm(initial=start, **posted(request))
    lines = [
        ActForm(prefix=f"act{place}", initial=given, **posted(request))
        for place, given in enumerate(_lines(row, now))
    ]
    if request.method == "POST":
        whole = all([one.is_valid() for one in lines])  # noqa: C419 - each tells its faults
        acts = [one.measure() for one in lines if whole and one.cleaned_data["text"]]
        made = whole and carry_out(
            request,
            form,
            lambda data: api.replace_plan(
                actor=request.actor,
                resident=row,
                need=data["need"],
                aim=data["aim"],
                evaluate_on=data["evaluate_on"],
                number=data["number"],
                acts=acts,
            ),
        )
        if made:
            return redirect(file_url(row, "plan"))
    risks = Risk.objects.filter(resident=row, until=None)
    context = {
        "resident": row,
        "form": form,
        "lines": lines,
        "plan": now,
        "risks": [(RISKS[one.kind], one.why, PROTECTION[one.kind]) for one in risks],
    }
    return show(request, "care/plan.html", context, status=422 if request.method == "POST" else 200)


def _needs(row: Resident) -> str:
    last = last_two(row)
    return "、".join(str(label) for _key, label in needs_of(last[0].answers)) if last else ""


def _lines(row: Resident, now: Plan | None) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = []
    if now:
        for one in now.acts.all():
            fields = ("text", "slots", "clock", "every", "routine", "protects")
            line = {name: getattr(one, name) for name in fields}
            given.append({**line, "days": "、".join(map(str, one.days))})
    else:
        given = [
            {"text": PROTECTION[one.kind], "protects": [one.kind], "slots": ["morning", "evening"]}
            for one in Risk.objects.filter(resident=row, until=None)
        ]
    return given + [{}] * max(3, ROWS - len(given))


@login_required
def incident(request: Request, pk: int) -> HttpResponseBase:
    """An incident: what happened, whom one told, what is changed."""
    row = find(Incident, pk)
    request.actor.require("care.view", row.path)
    told = [{**one, "at": dt.datetime.fromisoformat(one["at"])} for one in row.told]
    context = {
        "row": row,
        "resident": row.resident,
        "kind": INCIDENTS[row.kind],
        "harm": HARM[row.harm],
        "told": told,
        "may_close": request.actor.may("care.nurse", row.path) and row.closed_at is None,
        "back": reverse("care:board"),
    }
    return show(request, "care/incident.html", context)
