"""Finds enterprises, party organisations and people for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Func, Q, Value
from django.db.models.expressions import OrderBy
from django.urls import reverse

from luodi.ground.scope.api import Actor, called
from luodi.lib.chinese import nearness
from luodi.manifest import Hit
from luodi.rooms.directory.forms.people import searched_people
from luodi.rooms.directory.models import Branch, Enterprise, Person


def _first(text: str) -> OrderBy:
    """Orders names that begin with the text before those that have it somewhere."""
    return Func(F("unit__name"), Value(text), function="strpos").asc()


def find_enterprises(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """By name, short name, initials, or a part of the credit code; closed ones last."""
    found = called(text, "unit")
    if len(text) >= 4 and text.isalnum() and text.isascii():
        found |= Q(code__icontains=text)
    rows = Enterprise.objects.filter(found)
    rows = rows.order_by(F("unit__closed_on").asc(nulls_first=True), _first(text), "pk")
    for row in rows.select_related("unit__parent")[:limit]:
        where = " · ".join(filter(None, (str(row.unit.parent or ""), row.code or "")))
        address = reverse("directory:enterprise", args=[row.pk])
        yield Hit(row.unit.name, address, where, nearness(row.unit.name, text))


def find_branches(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    rows = Branch.objects.filter(called(text, "unit"), unit__closed_on=None)
    for row in rows.select_related("unit__parent").order_by(_first(text), "pk")[:limit]:
        address = reverse("directory:branch", args=[row.pk])
        yield Hit(row.unit.name, address, str(row.unit.parent or ""), nearness(row.unit.name, text))


def find_people(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """By name or pinyin; the unit tells two people of one name apart."""
    rows = searched_people(Person.objects.filter(erased_at=None), text)
    for row in rows.select_related("unit").order_by("sort_key", "pk")[:limit]:
        if actor.may("people.view", row.unit.path):
            address = reverse("directory:person", args=[row.pk])
            yield Hit(row.name, address, str(row.unit), nearness(row.name, text))
