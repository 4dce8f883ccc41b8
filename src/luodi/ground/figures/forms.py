"""What is asked of a figure: unit, day or period, as known when, its own parameters."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.definition import Figure, Question, Time
from luodi.ground.scope.api import Actor, Unit, UnitField, below, today, unit_name


def readable(actor: Actor, permission: str) -> QuerySet[Unit]:
    """The units whose figures the actor may read: those of which every row is seen."""
    if actor.everything or not permission:
        return Unit.objects.order_by("path")
    reach = Q(pk__in=[])
    for held in actor.holdings:
        if actor.covers(permission, held.path):
            start, end = below(held.path)
            reach |= Q(path__gte=start, path__lt=end)
    return Unit.objects.filter(reach).order_by("path")


class AskingForm(forms.Form):
    """A unit, a period and a state of knowledge, from an address that may say less.

    Where it says nothing: the actor's highest unit, until today.
    """

    use_required_attribute = False
    unit = UnitField(label=_("单位（含下级）"))
    since = forms.DateField(label=_("日期自"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("至"), widget=forms.DateInput)
    known_at = forms.DateTimeField(
        label=_("按录入时间回溯"), required=False, widget=forms.DateTimeInput
    )

    def __init__(self, data: QueryDict, *, actor: Actor, permission: str = "cases.view") -> None:
        units = readable(actor, permission)
        super().__init__(_completed(data, units))
        self.fields["unit"].offer(units)  # type: ignore[attr-defined]


def _completed(data: QueryDict, units: QuerySet[Unit]) -> QueryDict:
    """The address's values, the unit by name where it has only its number."""
    data = data.copy()
    given = data.get("unit", "")
    if given.isdecimal() and len(given) < 19:
        found = units.filter(pk=int(given)).first()
        data["unit"] = unit_name(found) if found else given
    elif not given and (first := units.first()):
        data["unit"] = unit_name(first)
    if not data.get("until"):
        data["until"] = today().isoformat()
    return data


class QuestionForm(AskingForm):
    """What one figure is asked."""

    def __init__(self, data: QueryDict, *, actor: Actor, figure: Figure) -> None:
        super().__init__(data, actor=actor, permission=figure.permission)
        self.figure = figure
        if figure.time is Time.DAY:
            del self.fields["since"]
            self.fields["until"].label = _("日期")
        own = figure.parameter_fields() if figure.parameter_fields else {}
        for name in figure.parameters:
            field = own.get(name) or forms.CharField(label=name, required=False, max_length=200)
            self.fields[f"p-{name}"] = field

    def question(self) -> Question:
        asked = self.cleaned_data
        known_at: dt.datetime | None = asked["known_at"]
        parameters = {
            name: "1" if value is True else str(value)
            for name in self.figure.parameters
            if (value := asked.get(f"p-{name}"))
        }
        return Question(asked["unit"], asked["until"], asked.get("since"), known_at, parameters)

    def chosen(self) -> list[tuple[str, str]]:
        """The parameters that were given, in words."""
        shown = []
        for name in self.figure.parameters:
            value = self.cleaned_data.get(f"p-{name}")
            if value:
                field = self.fields[f"p-{name}"]
                words = dict(getattr(field, "choices", ())).get(value, value)
                shown.append((str(field.label), "" if value is True else str(words)))
        return shown


class BoardForm(AskingForm):
    """Which board of figures: of a unit, for a period (this year)."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=100)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        data = data.copy()
        if not data.get("since") and not data.get("until"):
            data["since"] = today().replace(month=1, day=1).isoformat()
        super().__init__(data, actor=actor)
        self.order_fields(["q", "unit", "since", "until", "known_at"])
