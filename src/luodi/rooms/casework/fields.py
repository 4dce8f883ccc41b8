"""Form fields that the casework pages share."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _

from luodi.ground.scope.api import (
    UNIT_KIND_LABELS,
    Account,
    Unit,
    UnitKind,
    names_of,
    people_of,
    today,
)
from luodi.rooms.casework.standing import takers


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
        said = names_of({one for found in people.values() for one in found})
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (unit, account) in self.found.items():
            kind = (labels or {}).get(unit.pk) or str(UNIT_KIND_LABELS[UnitKind(unit.kind)])
            text = f"{unit.name} · {said[account.pk]}" if account else unit.name
            groups.setdefault(kind, []).append((key, text))
        self.choices = [("", _("请选择")), *groups.items()]

    def clean(self, value: object) -> tuple[Unit, Account | None] | None:
        return self.found.get(super().clean(value))


def may_take(unit: Unit) -> list[Unit]:
    """The units that a case of `unit` can be given to, as a page offers them."""
    order = {kind: place for place, kind in enumerate(UnitKind)}
    units = takers(unit)
    return sorted(units, key=lambda one: (order[UnitKind(one.kind)], one.sort_key, one.pk))
