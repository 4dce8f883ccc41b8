"""A field that takes the name of a record among many, with suggestions and without scripts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit

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
        found = list(self.queryset.filter(**{f"{self.lookup}name": text})[:2])
        if not found and (self.lookup or self.queryset.model is Unit):  # as pages call it
            found = list(self.queryset.filter(**{f"{self.lookup}short_name": text})[:2])
        if not found and superior:
            found = list(
                self.queryset.filter(
                    **{
                        f"{self.lookup}name": name,
                        f"{self.lookup}{self.superior}": superior,
                    }
                )[:2]
            )
        if not found:
            raise forms.ValidationError(_("没有叫“%(name)s”的，请从提示中选择。") % {"name": text})
        if len(found) > 1:
            raise forms.ValidationError(_("有多个同名的，请写成“名称（上级名称）”。"))
        return found[0]  # type: ignore[no-any-return]
