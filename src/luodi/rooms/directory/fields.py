"""Field types of verbs: a person, a party organisation, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import RecordOf
from luodi.ground.scope.api import Actor
from luodi.rooms.directory.forms.fields import Named, PersonField, told_apart
from luodi.rooms.directory.models import Branch, Person

ORGANISATION = _("党组织")


@dataclass(frozen=True)
class PersonOf(RecordOf):
    """A person whose record the actor sees."""

    model: Any = Person
    by: tuple[str, ...] = ("name",)

    def rows(self, actor: Actor) -> QuerySet[Any]:
        return Person.objects.filter(erased_at=None).order_by("sort_key", "pk")

    def asked(self, actor: Actor) -> forms.Field:
        return PersonField(self.rows(actor), **self.common())

    @property
    def sort(self) -> str:
        return f"{self.name}__sort_key"

    def initial(self, value: Model) -> str:
        return told_apart(value)

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        return {}


@dataclass(frozen=True)
class BranchOf(RecordOf):
    """A party organisation that was not dissolved."""

    label: Any = ORGANISATION
    model: Any = Branch
    by: tuple[str, ...] = ("unit__name",)

    def rows(self, actor: Actor) -> QuerySet[Any]:
        rows = Branch.objects.filter(unit__closed_on=None).select_related("unit")
        return rows.order_by("unit__path")

    def asked(self, actor: Actor) -> forms.Field:
        return Named(self.rows(actor), "unit__", **self.common())

    @property
    def sort(self) -> str:
        return f"{self.name}__unit__sort_key"

    def initial(self, value: Model) -> str:
        return str(value)

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        return {self.name: Named(self.rows(actor), "unit__", label=self.label, required=False)}
