"""A form field that takes a unit by its name, usable with ten thousand of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor
from luodi.ground.scope.models import Unit
from luodi.ground.scope.permissions import UnitKind

SUGGESTED = 200
NUMBERED = re.compile(r"#(\d{1,18})$")


class SuggestInput(forms.TextInput):
    """A text input that offers what may be meant."""

    template_name = "scope/suggest.html"
    suggestions: Iterable[str] = ()

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        context["suggestions"] = self.suggestions
        return context


class UnitField(forms.CharField):
    """A unit by its name, a part of it, or `name #id`: usable with ten thousand of them."""

    widget = SuggestInput

    def __init__(self, *, everywhere: bool = False, **options: Any) -> None:
        self.units: QuerySet[Unit] = Unit.objects.open()
        self.everywhere = everywhere
        super().__init__(max_length=140, **options)

    def offer(self, units: QuerySet[Unit]) -> None:
        """Which units may be named; a field of `everywhere` proposes those above enterprises."""
        if not self.everywhere:
            self.units = units
        self.widget.suggestions = SimpleLazyObject(self._names)

    def _names(self) -> QuerySet[Unit, str]:
        units = self.units
        if self.everywhere:
            units = units.exclude(kind__in=[UnitKind.ENTERPRISE, UnitKind.BRANCH])
        return units.order_by("path").values_list("name", flat=True)[:SUGGESTED]

    def clean(self, value: object) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        if numbered := NUMBERED.search(text):
            found = list(self.units.filter(pk=int(numbered[1])))
        else:
            found = list(self.units.filter(Q(name=text) | Q(short_name=text))[:9])
            found = found or list(self.units.filter(name__icontains=text)[:9])
        if not found:
            raise forms.ValidationError(
                _("没有叫“%(text)s”的单位，或您无权查看。") % {"text": text}
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("有几个单位符合，请写全称：%(names)s。")
                % {"names": "、".join(f"{one.name} #{one.pk}" for one in found)}
            )
        return found[0]


def name_of(unit: Unit) -> str:
    """A unit as an address names it: readable, and never another one's."""
    return f"{unit.name} #{unit.pk}"


def units_of(actor: Actor, permission: str) -> QuerySet[Unit]:
    """The open units on which the actor has a permission."""
    if actor.everything:
        return Unit.objects.open()
    reach = Q(pk__in=[])
    for held in actor.holdings:
        if permission in held.role.permissions:
            for start, end in held.ranges:
                reach |= Q(path__gte=start, path__lt=end)
    return Unit.objects.open().filter(reach)
