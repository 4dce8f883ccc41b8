"""What is asked of a figure: unit, day or period, as known when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.apps.figures.definition import Figure, Question, Time
from luodi.apps.scope.api import Actor, Unit, today
from luodi.apps.scope.middleware import Request


def readable(actor: Actor, permission: str) -> QuerySet[Unit]:
    """The units whose figures the actor may read: those of which every row is seen."""
    units = Unit.objects.order_by("path")
    if actor.everything:
        return units
    paths = [held.path for held in actor.holdings if actor.covers(permission, held.path)]
    found = Unit.objects.none()
    for path in paths:
        found |= Unit.objects.filter(path__gte=path, path__lt=path[:-1] + "/")
    return found.order_by("path")


class QuestionForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("单位（含下级）"), queryset=Unit.objects.none())
    since = forms.DateField(label=_("日期自"), required=False)
    until = forms.DateField(label=_("至"))
    known_at = forms.DateTimeField(label=_("以何时所知为准"), required=False)

    def __init__(self, data: Any, *, actor: Actor, figure: Figure) -> None:
        super().__init__(data)
        self.figure = figure
        unit: Any = self.fields["unit"]
        unit.queryset = readable(actor, figure.permission)
        if figure.time is Time.DAY:
            del self.fields["since"]
            self.fields["until"].label = _("日期")

    @classmethod
    def of(cls, request: Request, figure: Figure) -> QuestionForm:
        """From the address; where it says nothing: today, of the actor's highest unit."""
        data = request.GET.copy()
        data.setdefault("until", today().isoformat())
        if not data.get("unit"):
            first = readable(request.actor, figure.permission).first()
            data["unit"] = str(first.pk) if first else ""
        return cls(data, actor=request.actor, figure=figure)

    def question(self) -> Question:
        asked = self.cleaned_data
        known_at: dt.datetime | None = asked["known_at"]
        parameters = {
            name: value
            for name in self.figure.parameters
            if (value := str(self.data.get(f"p-{name}", "")).strip())
        }
        return Question(asked["unit"], asked["until"], asked.get("since"), known_at, parameters)
