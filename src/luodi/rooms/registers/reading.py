"""Entries with their columns beside them, in one query; a column is one expression everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DecimalField,
    JSONField,
    OuterRef,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit
from luodi.rooms.registers.kinds import shown
from luodi.rooms.registers.lookups import LOOKUPS, output_of
from luodi.rooms.registers.models import Column, Entry, Kind, Reference, Register
from luodi.rooms.registers.queries import EntryQuerySet

NUMBER = DecimalField(max_digits=30, decimal_places=8)
UNIT = "unit"  # the pseudo-columns that every register has
SINCE = "since"


def name_of(key: str) -> str:
    """The annotation that holds a column."""
    return f"c_{key}"


def _reference(key: str, field: str) -> Subquery:
    return Subquery(Reference.objects.filter(entry=OuterRef("pk"), column=key).values(field)[:1])


def expression(column: Column, on: dt.date, at: dt.datetime | None) -> Any:
    """A column's value as the database computes it; of a reference its name."""
    match Kind(column.kind):
        case Kind.NUMBER | Kind.MONEY:
            return Cast(KeyTextTransform(column.key, "values"), NUMBER)
        case Kind.DATE:
            return Cast(KeyTextTransform(column.key, "values"), DateField())
        case Kind.YES_NO:
            return Cast(KeyTextTransform(column.key, "values"), BooleanField())
        case Kind.CHOICES:
            return KeyTransform(column.key, "values", output_field=JSONField())
        case Kind.UNIT:
            return _reference(column.key, "unit__name")
        case Kind.PERSON:
            return _reference(column.key, "person__name")
        case Kind.LOOKUP:
            lookup = LOOKUPS[column.lookup]
            target = OuterRef(f"t_{column.via}") if column.via else OuterRef("unit_id")
            found = lookup.expression(target, on, at)
            found.output_field = output_of(column.lookup)
            return found
    return KeyTextTransform(column.key, "values")


def with_columns(
    rows: EntryQuerySet, columns: Iterable[Column], on: dt.date, at: dt.datetime | None = None
) -> EntryQuerySet:
    """Adds each column as `c_<key>`, looked up as on a day and as known at an instant (now)."""
    for column in columns:
        if column.kind == Kind.LOOKUP and column.via:
            target = f"t_{column.via}"
            if target not in rows.query.annotations:
                of = LOOKUPS[column.lookup].of
                rows = rows.annotate(**{target: _reference(column.via, f"{of}_id")})
        if name_of(column.key) not in rows.query.annotations:
            rows = rows.annotate(**{name_of(column.key): expression(column, on, at)})
    return rows


def with_label(rows: EntryQuerySet, register: Register) -> EntryQuerySet:
    """Adds `label`: what names an entry."""
    column = next((c for c in register.all_columns if c.key == register.title_column), None)
    # a sub-select, not a join: what only counts the rows leaves it out
    name: Any = Subquery(Unit.objects.filter(pk=OuterRef("unit_id")).values("name")[:1])
    if column is not None:
        name = Coalesce(Cast(expression(column, dt.date.min, None), CharField()), name)
    labelled: EntryQuerySet = rows.annotate(label=name)
    return labelled


def value_of(entry: Entry, column: Column) -> object:
    """What a page or a file shows in a column of an entry that has its columns beside it."""
    found = getattr(entry, name_of(column.key), None)
    if column.kind == Kind.LOOKUP:
        labels = LOOKUPS[column.lookup].choices
        if isinstance(found, bool):
            return found
        return str(labels.get(found, found)) if isinstance(found, str) else found
    if column.kind in (Kind.UNIT, Kind.PERSON):
        return found
    if isinstance(found, Decimal):
        places = 2 if column.kind == Kind.MONEY else column.places
        return found.quantize(Decimal(1).scaleb(-places))
    if isinstance(found, dt.date | bool):
        return found
    return shown(column, found)


def until_text(entry: Entry) -> object:
    """The last day on which an entry holds, or that it still does."""
    return entry.until - dt.timedelta(days=1) if entry.until else _("至今")
