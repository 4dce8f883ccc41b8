"""Form fields that take a unit, or another record, by its name, usable with ten thousand of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from luodi.ground.scope import naming
from luodi.ground.scope.actor import Actor
from luodi.ground.scope.models import Unit, UnitQuerySet
from luodi.ground.scope.permissions import UnitKind

SUGGESTED = 200
NUMBERED = re.compile(r"#(\d{1,18})$")
UNDER = re.compile(r"(?P<name>.+?)（(?P<superior>[^（）]+)）")
CANDIDATES = 9


class SuggestInput(forms.TextInput):
    """A text input that offers what may be meant."""

    template_name = "scope/suggest.html"
    suggestions: Callable[[], Iterable[str]] = tuple

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        context["suggestions"] = self.suggestions()
        return context


class RecordField(forms.CharField):
    """A record by its name, a part of it, `name #id` or its id; gives the record, None for nothing.

    `by` are the fields that name a record, the one that is shown first. What is not among the rows
    does not exist here: a forged id is refused like a name that nobody has.
    """

    widget = SuggestInput

    def __init__(
        self, rows: QuerySet[Any] | None = None, by: Sequence[str] = ("name",), **options: Any
    ) -> None:
        self.by = by
        super().__init__(max_length=140, **options)
        if rows is not None:
            self.offer(rows)

    def offer(self, rows: QuerySet[Any]) -> None:
        """Which records may be named."""
        self.rows = rows
        self.widget.suggestions = self._names  # asked where it is shown, by who is shown it

    def _names(self) -> QuerySet[Any, Any]:
        return self.proposed().values_list(self.by[0], flat=True)[:SUGGESTED]

    def proposed(self) -> QuerySet[Any]:
        """What the input offers, in the order of the records."""
        return self.rows

    def prepare_value(self, value: object) -> object:
        return name_of(value, self.by[0]) if isinstance(value, Model) else value

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if numbered := NUMBERED.search(f"#{text}" if text.isdecimal() else text):
            found = list(self.rows.filter(pk=int(numbered[1])))
        else:
            found = self._called(text, "") or self._called(text, "__icontains")
        if not found:
            raise forms.ValidationError(self.missing(text))
        if len(found) > 1:
            raise forms.ValidationError(self.several(found))
        return found[0]

    def _called(self, text: str, how: str) -> list[Any]:
        called = Q()
        for one in self.by:
            called |= Q(**{f"{one}{how}": text})
        return list(self.rows.filter(called)[:CANDIDATES])

    def missing(self, text: str) -> str:
        return _("没有叫“%(text)s”的记录，或您无权查看。") % {"text": text}

    def several(self, found: Sequence[Model]) -> str:
        names = _("、").join(name_of(one, self.by[0]) for one in found)
        return _("有几条记录符合，请写全称：%(names)s。") % {"names": names}


class UnitField(RecordField):
    """A unit by any name that it has or had, of two of one name with its superior; the one field for
    units of the whole product.

    `everywhere`: any open unit may be named, and those above enterprises are proposed. `closed`:
    closed ones may be named too, as what is looked for stays; the open ones are proposed.
    """

    def __init__(self, *, everywhere: bool = False, closed: bool = False, **options: Any) -> None:
        self.everywhere, self.closed = everywhere, closed
        units = Unit.objects.all() if closed else Unit.objects.open()
        super().__init__(units, ("name", "short_name"), **options)

    def offer(self, rows: QuerySet[Any]) -> None:
        units = Unit.objects.all() if self.closed else Unit.objects.open()
        super().offer(units if self.everywhere else rows)

    def _called(self, text: str, how: str) -> list[Any]:
        if how:
            found = list(self.rows.filter(naming.called(text))[:CANDIDATES])
        else:
            found = naming.named_exactly(self.rows, text, CANDIDATES)
        if not (how or found) and (whole := UNDER.fullmatch(text)):
            twins = self.rows.filter(name=whole["name"], parent__name=whole["superior"])
            found = list(twins[:CANDIDATES])
        return [one for one in found if one.closed_on is None] or found

    def proposed(self) -> QuerySet[Any]:
        units = self.rows.filter(closed_on__isnull=True)
        if self.everywhere:
            units = units.exclude(
                kind__in=[UnitKind.ENTERPRISE, UnitKind.BRANCH, UnitKind.CARE_HOME]
            )
        return units.order_by("path")

    def prepare_value(self, value: object) -> object:
        return unit_name(value) if isinstance(value, Unit) else value

    def missing(self, text: str) -> str:
        return _("没有叫“%(text)s”的单位，或您无权查看。") % {"text": text}

    def several(self, found: Sequence[Any]) -> str:
        names = "、".join(unit_name(one) for one in found)
        return _("有几个单位符合，请写全称：%(names)s。") % {"names": names}


def name_of(record: Any, by: str = "name") -> str:
    """A record as an address names it: readable, and never another one's."""
    return f"{getattr(record, by)} #{record.pk}"


def unit_name(unit: Unit) -> str:
    """A unit as people read it, and as `UnitField` takes it: of two units of one name each with its
    superior."""
    twins = Unit.objects.open().filter(name=unit.name).exclude(pk=unit.pk)
    if unit.parent is None or not twins.exists():
        return unit.name
    return f"{unit.name}（{unit.parent.name}）"


def reach_of(actor: Actor, permission: str, path: str = "path") -> Q:
    """The condition that `path` is of a unit on which the actor has a permission."""
    if actor.everything:
        return Q()
    reach = Q(pk__in=[])
    for held in actor.holdings:
        if permission in held.role.permissions:
            for start, end in held.ranges:
                reach |= Q(**{f"{path}__gte": start, f"{path}__lt": end})
    return reach


def units_of(actor: Actor, permission: str, *, closed: bool = False) -> UnitQuerySet:
    """The open units on which the actor has a permission: the one answer of the whole product.

    `closed`: with those that are closed, for what looks back.
    """
    units = Unit.objects.all() if closed else Unit.objects.open()
    return units.filter(reach_of(actor, permission))
