"""Finds enterprises, party organisations and people for the search."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.models import CharField, F, Func, Q, Value
from django.db.models.expressions import OrderBy
from django.db.models.lookups import Contains
from django.urls import reverse

from luodi.ground.scope.api import Actor
from luodi.lib.chinese import nearness
from luodi.manifest import Hit
from luodi.rooms.directory.forms.people import searched_people
from luodi.rooms.directory.models import Branch, Enterprise, Person

# `dao4 道 er3 尔` → `de`: the key that units are sorted by holds their pinyin.
_INITIALS = r"([a-z])[a-z]*[1-5] [^ ]+ ?"


def named_so(text: str) -> Q:
    """The rows whose unit's name, short name or initials of its pinyin have the text."""
    found = Q(unit__name__icontains=text) | Q(unit__short_name__icontains=text)
    if re.fullmatch(r"[A-Za-z]{2,}", text):
        parts = F("unit__sort_key"), Value(_INITIALS), Value(r"\1"), Value("g")
        initials = Func(*parts, function="regexp_replace", output_field=CharField())
        found |= Q(Contains(initials, Value(text.lower())))
    return found


def _first(text: str) -> OrderBy:
    """Orders names that begin with the text before those that have it somewhere."""
    return Func(F("unit__name"), Value(text), function="strpos").asc()


def find_enterprises(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    """By name, short name, initials, or a part of the credit code; closed ones last."""
    found = named_so(text)
    if len(text) >= 4 and text.isalnum() and text.isascii():
        found |= Q(code__icontains=text)
    rows = Enterprise.objects.filter(found)
    rows = rows.order_by(F("unit__closed_on").asc(nulls_first=True), _first(text), "pk")
    for row in rows.select_related("unit__parent")[:limit]:
        where = " · ".join(filter(None, (str(row.unit.parent or ""), row.code or "")))
        address = reverse("directory:enterprise", args=[row.pk])
        yield Hit(row.unit.name, address, where, nearness(row.unit.name, text))


def find_branches(actor: Actor, text: str, limit: int) -> Iterator[Hit]:
    rows = Branch.objects.filter(named_so(text), unit__closed_on=None)
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
