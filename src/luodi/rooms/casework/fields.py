"""Form fields that the casework pages share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.scope.api import UNIT_KIND_LABELS, Account, Unit, UnitKind, people_of, today
from luodi.rooms.casework.standing import takers


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
            kind = (labels or {}).get(unit.pk) or str(UNIT_KIND_LABELS[UnitKind(unit.kind)])
            text = f"{unit.name} · {account}" if account else unit.name
            groups.setdefault(kind, []).append((key, text))
        self.choices = [("", _("请选择")), *groups.items()]

    def clean(self, value: object) -> tuple[Unit, Account | None] | None:
        return self.found.get(super().clean(value))


def may_take(unit: Unit) -> list[Unit]:
    """The units that a case of `unit` can be given to, as a page offers them."""
    order = {kind: place for place, kind in enumerate(UnitKind)}
    units = takers(unit)
    return sorted(units, key=lambda one: (order[UnitKind(one.kind)], one.sort_key, one.pk))
