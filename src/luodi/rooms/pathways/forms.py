"""What a step asks for, and how the list of people in development is filtered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Field, FieldsForm
from luodi.ground.scope.api import Actor, Unit, today
from luodi.rooms.directory.api import Branch, Membership, Named, Post, PostKind, Stage
from luodi.rooms.pathways.models import Journey
from luodi.rooms.pathways.models.development import OUTCOMES
from luodi.rooms.pathways.rules import Outcome, Step
from luodi.rooms.pathways.verbs.development import EXCEPT, record_step

YES = [("", _("全部")), ("1", _("是"))]
STATES = [("", _("培养中")), ("ended", _("已结束")), ("all", _("全部"))]
ENTRANCE = [Stage.APPLICANT, Stage.ACTIVIST, Stage.CANDIDATE, Stage.PROBATIONARY]


def asked_of(step: Step, actor: Actor, path: str) -> tuple[Field, ...]:
    """The fields of `record_step` that a step needs."""
    names = ["on"]
    if len(step.outcomes) > 1:
        names.append("outcome")
    names += ["first", "second"] if step.people[1] else []
    names += ["days", "hours"] if step.training else []
    names += ["vote", "entitled", "present", "favour"] if step.vote else []
    names += ["months"] if Outcome.EXTENDED in step.outcomes else []
    names += ["paper"] if step.paper else []
    names.append("note")
    if actor.may(EXCEPT, path):
        names.append("exception")
    known = {one.name: one for one in record_step.fields}
    return tuple(_fitted(known[name], step) for name in names)


def _fitted(field: Field, step: Step) -> Field:
    """A field as the step words it."""
    from dataclasses import replace

    if field.name == "outcome" and isinstance(field, Choice):
        words = [one for one in OUTCOMES if one[0] in step.outcomes]
        return replace(field, choices=words, required=True)
    if field.name in {"first", "second"}:
        number = _("一") if field.name == "first" else _("二")
        return replace(field, label=f"{step.people_label}{number}", required=False)
    if field.name == "paper":
        return replace(field, label=_("材料"), help=f"{step.paper}。{field.help}")
    return field


class StepForm(FieldsForm):
    """The form of one step."""

    def __init__(self, step: Step, actor: Actor, path: str, **options: Any) -> None:
        super().__init__(asked_of(step, actor, path), actor, **options)


class JourneyFilter(forms.Form):
    """Of the list of people in development."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)
    stage = forms.ChoiceField(
        label=_("阶段"),
        required=False,
        choices=[("", _("全部")), *((s.value, s.label) for s in ENTRANCE)],
    )
    backbone = forms.ChoiceField(label=_("生产一线技术骨干"), required=False, choices=YES)
    plan_year = forms.IntegerField(
        label=_("列入计划的年度"), required=False, min_value=2000, max_value=2199
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["branch"] = Named(
            Branch.objects.select_related("unit"), "unit__", label=_("党组织"), required=False
        )
        self.fields["unit"] = Named(Unit.objects.all(), label=_("单位（含下级）"), required=False)

    def apply(self, rows: QuerySet[Journey]) -> QuerySet[Journey]:
        said = self.cleaned_data
        match said.get("state"):
            case "":
                rows = rows.filter(ended_on=None)
            case "ended":
                rows = rows.filter(ended_on__isnull=False)
        if said.get("plan_year"):
            rows = rows.filter(plan_year=said["plan_year"])
        if unit := said.get("unit"):
            rows = rows.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "/")
        held = Membership.objects.on(today()).filter(person=OuterRef("person"))
        if said.get("stage"):
            rows = rows.filter(Exists(held.filter(stage=said["stage"])))
        if said.get("branch"):
            rows = rows.filter(Exists(held.filter(branch=said["branch"])))
        if said.get("backbone"):
            posts = Post.objects.on(today()).filter(
                person=OuterRef("person"), kind=PostKind.BACKBONE
            )
            rows = rows.filter(Exists(posts))
        return rows
