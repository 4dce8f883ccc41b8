"""Form fields that the casework pages share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.apps.casework.standing import people_of
from luodi.apps.scope.api import UNIT_KIND_LABELS, Account, Actor, Unit, UnitKind, below, today

SUGGESTED = 200
NUMBERED = re.compile(r"#(\d{1,18})$")


class SuggestInput(forms.TextInput):
    """A text input that offers what may be meant."""

    template_name = "casework/suggest.html"
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
        if self.everywhere:
            units = self.units.exclude(kind__in=[UnitKind.ENTERPRISE, UnitKind.BRANCH])
        else:
            self.units = units
        names = units.order_by("path").values_list("name", flat=True)[:SUGGESTED]
        self.widget.suggestions = names

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


def known_to(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The vocabulary (categories, templates) of everyone and of the actor's units and those above."""
    ids = {int(part) for held in actor.holdings for part in held.path.strip(".").split(".")}
    return rows.filter(Q(unit__isnull=True) | Q(unit_id__in=ids), is_active=True)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; gives a list."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("label", gettext_lazy("佐证材料"))
        options.setdefault("help_text", gettext_lazy("照片、PDF、Word、Excel 等，可一次选多个。"))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in files]


class HolderField(forms.ChoiceField):
    """Who is to take something: a unit, or a named person of it, in one choice.

    Offered are only those who can: units with somebody who may receive.
    """

    def offer(self, units: Sequence[Unit], labels: dict[int, str] | None = None) -> None:
        people = people_of([one.pk for one in units], "cases.receive", today())
        self.found = {
            f"{unit.pk}-{account.pk if account else ''}": (unit, account)
            for unit in units
            for account in (None, *people.get(unit.pk, ()))
            if people.get(unit.pk)
        }
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (unit, account) in self.found.items():
            kind = str(UNIT_KIND_LABELS[UnitKind(unit.kind)])
            text = f"{unit.name} · {account}" if account else unit.name
            groups.setdefault(kind, []).append((key, text))
        self.choices = [("", _("请选择")), *groups.items()]

    def clean(self, value: object) -> tuple[Unit, Account | None] | None:
        return self.found.get(super().clean(value))


def may_take(unit: Unit) -> list[Unit]:
    """The units that a case of `unit` can be given to: its own, its zone's, its county's."""
    ids = [int(part) for part in unit.path.strip(".").split(".")]
    start, end = below(f"{ids[0]}.")
    kinds = (UnitKind.COUNTY, UnitKind.DEPARTMENT, UnitKind.ZONE, UnitKind.DISTRICT)
    near = Q(pk__in=ids) | Q(kind__in=kinds, path__gte=start, path__lt=end)
    order = {kind: place for place, kind in enumerate(UnitKind)}
    units = Unit.objects.open().filter(near)
    return sorted(units, key=lambda one: (order[UnitKind(one.kind)], one.sort_key, one.pk))
