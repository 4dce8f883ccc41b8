"""Several cases at once: what is asked for each step, and how it is taken with all of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, Unit
from luodi.rooms.casework import api
from luodi.rooms.casework.fields import HolderField, may_take
from luodi.rooms.casework.forms import long_text
from luodi.rooms.casework.models import Case, Category
from luodi.rooms.casework.standing import known_to


class PickForm(forms.Form):
    """The ticked cases."""

    pick = forms.ModelMultipleChoiceField(
        Case.objects.select_related("unit"),
        label=_("问题"),
        error_messages={"required": _("请先在列表里勾选问题。")},
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor = actor


class TogetherForm(PickForm):
    text = long_text(_("想说的话"), required=False, rows=2)


class TogetherDemandForm(PickForm):
    text = long_text(_("要求"), rows=3)


class ClassifyForm(PickForm):
    category = forms.ModelChoiceField(Category.objects.none(), label=_("类别"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].queryset = known_to(self.actor, Category.objects.all())  # type: ignore[attr-defined]


class AssignForm(PickForm):
    """Who is to take the ticked cases."""

    holder = HolderField(label=_("交给谁"))
    reason = long_text(_("交办说明"), required=False, rows=2)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, actor=actor, **options)
        seats = [one.unit_id for one in actor.holdings if "cases.assign" in one.role.permissions]
        seat = Unit.objects.filter(pk__in=seats).order_by("path").first()
        self.fields["holder"].offer(may_take(seat) if seat else [])  # type: ignore[attr-defined]


# By what the button sends: its words, the permission that it needs, and what it asks.
TOGETHER: dict[str, tuple[Any, str, type[PickForm] | None]] = {
    "assign": (_("批量交办"), "cases.assign", AssignForm),
    "urge": (_("催办"), "cases.urge", TogetherForm),
    "supervise": (_("督办"), "cases.supervise", TogetherDemandForm),
    "classify": (_("归类"), "cases.receive", ClassifyForm),
    "export": (_("导出所选"), "cases.view", None),
}


def offered(actor: Actor) -> list[tuple[str, Any]]:
    """The steps that the actor may take with several cases, in words."""
    return [(key, label) for key, (label, right, _form) in TOGETHER.items() if actor.may(right)]


def take_together(key: str, actor: Actor, data: dict[str, Any]) -> list[api.Assigned]:
    """Takes a step with each of the picked cases; each that cannot says why."""
    cases = data["pick"]
    if key == "assign":
        unit, account = data["holder"]
        return api.bulk_assign(
            actor=actor, cases=cases, unit=unit, account=account, reason=data["reason"]
        )
    if key == "classify":
        step = partial(api.classify, actor=actor, category=data["category"])
    else:
        verb = api.urge if key == "urge" else api.supervise
        step = partial(verb, actor=actor, text=data["text"])
    return api.each(cases, lambda case: step(case=case))
