"""A field that takes the name of a record among many, with suggestions and without scripts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit, named_exactly
from luodi.lib.names import common_form, loose

SUGGESTED = 200


class Suggestions(forms.TextInput):
    """A text input with the browser's own list of suggestions."""

    names: list[str] = []

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        listed = f"{name}-names"
        given = self.build_attrs(self.attrs, {**(attrs or {}), "list": listed, "name": name})
        options = format_html_join("", '<option value="{}"></option>', ((n,) for n in self.names))
        return format_html(
            '<input type="text" autocomplete="off" value="{}"{}><datalist id="{}">{}</datalist>',
            value or "",
            flatatt(given),
            listed,
            options,
        )


class Named(forms.CharField):
    """The record whose unit's name (or short name) was typed. `lookup` leads from the record to its unit (`""` for
    a unit itself). Two of one name are told apart as `name（superior's name）`; `superior` leads there."""

    widget = Suggestions

    def __init__(
        self,
        queryset: QuerySet[Any],
        lookup: str = "",
        superior: str = "parent__name",
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.queryset, self.lookup, self.superior = queryset, lookup, superior

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        # fetched once for each page that shows the form, never for a form that is only read
        self.widget.names = list(
            self.queryset.order_by(f"{self.lookup}sort_key").values_list(
                f"{self.lookup}name", flat=True
            )[:SUGGESTED]
        )
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> Model | None:
        text = super().clean(value)
        if not text:
            return None
        name, _bracket, superior = text.removesuffix("）").rpartition("（")
        found = self._called(text, self.queryset)
        if not found and superior:
            there = {f"{self.lookup}{self.superior}": superior}
            found = self._called(name, self.queryset.filter(**there))
        if not found:
            raise forms.ValidationError(_("没有叫“%(name)s”的，请从提示中选择。") % {"name": text})
        if len(found) > 1:
            raise forms.ValidationError(_("有多个同名的，请写成“名称（上级名称）”。"))
        return found[0]  # type: ignore[no-any-return]

    def _called(self, text: str, rows: QuerySet[Any]) -> list[Any]:
        """At most two of the name; of units, of any name that they have or had."""
        if self.queryset.model is Unit:
            return list(named_exactly(rows, text, 2))
        if not self.lookup:
            return list(rows.filter(name__iregex=f"^{loose(text)}$")[:2])
        units = named_exactly(Unit.objects.all(), text)
        return list(rows.filter(**{f"{self.lookup}in": units})[:2])


class PersonField(Named):
    """A person by name. Two of one name are told apart as `name（unit，1985年生）`, or, where
    that is not enough, by the number `#id` that the suggestions add."""

    def __init__(self, people: QuerySet[Any], **rest: Any) -> None:
        super().__init__(people.select_related("unit"), superior="unit__name", **rest)

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        bound = super(Named, self).get_bound_field(form, field_name)
        found = list(self.queryset.order_by("sort_key", "pk")[:SUGGESTED])
        said = Counter(told_apart(one) for one in found)
        self.widget.names = [
            told if said[told := told_apart(one)] == 1 else f"{told} #{one.pk}" for one in found
        ]
        return bound

    def clean(self, value: Any) -> Model | None:
        text = forms.CharField.clean(self, value)
        if not text:
            return None
        said, _mark, number = text.rpartition(" #")
        if said and number.isdecimal() and len(number) < 19:
            return self._only(list(self.queryset.filter(pk=int(number))), text)
        name, _bracket, more = text.removesuffix("）").rpartition("（")
        found = self._called(text, self.queryset)
        if name and not found:
            form = common_form(text)
            of_name = self.queryset.filter(name__iregex=f"^{loose(name)}$")
            named = [one for one in of_name if common_form(told_apart(one)) == form]
            found = named or [one for one in of_name if one.unit.name == more]
        return self._only(found, text)

    def _only(self, found: list[Any], text: str) -> Model:
        if not found:
            raise forms.ValidationError(_("没有叫“%(name)s”的，请从提示中选择。") % {"name": text})
        if len(found) > 1:
            said = _("、").join(f"{told_apart(one)} #{one.pk}" for one in found[:9])
            raise forms.ValidationError(
                _("有几个同名的，请写成其中一个：%(names)s。") % {"names": said}
            )
        return found[0]  # type: ignore[no-any-return]


def told_apart(person: Any) -> str:
    """A person with what tells them from another of the same name: unit and year of birth."""
    if person.born_on is None:
        return f"{person.name}（{person.unit.name}）"
    return _("%(name)s（%(unit)s，%(year)s年生）") % {
        "name": person.name,
        "unit": person.unit.name,
        "year": person.born_on.year,
    }
