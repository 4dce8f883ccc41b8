"""A kind of record as a sheet of Excel: its columns, which record a row means, how a row is written.

What an import machinery needs of a declaration, and no more: `sheet_of`, `record_of`, `write_row`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import override

from luodi.ground.records.fields import Choice, Choices, Clock, Field, RecordOf
from luodi.ground.records.resource import Resource
from luodi.ground.records.writing import change_record, create_record
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.lib.excel import Choice as CellChoice
from luodi.lib.excel import Column, Kind, Sheet

Values = Mapping[str, Any]


def sheet_of(resource: Resource) -> Sheet:
    """The sheet of a kind of record: a column for each field that is asked for."""
    titles = [_in_both(resource.labels), *(_in_both(one.label) for one in resource.asked)]
    columns = (_column(*pair) for pair in zip(resource.asked, titles[1:], strict=True))
    return Sheet(*titles[0], tuple(columns))


def _column(field: Field, titles: tuple[str, str]) -> Column:
    choices: tuple[CellChoice, ...] = ()
    if isinstance(field, Choice) and field.cell is Kind.CHOICE:
        choices = tuple(CellChoice(str(key), *_in_both(word)) for key, word in field.choices)
    return Column(field.name, *titles, kind=field.cell, required=field.required, choices=choices)


def _in_both(words: Any) -> tuple[str, str]:
    """Words in Chinese and in English."""
    with override("zh-hans"):
        chinese = str(words)
    with override("en"):
        return chinese, str(words)


def record_of(resource: Resource, actor: Actor, values: Values) -> Model | None:
    """The record that a row names by its key, or None for a new one. Raises UserError."""
    read = _read(resource, actor, {name: values.get(name) for name in resource.key})
    found: Model | None = resource.all().filter(**read).first()
    return found


def write_row(resource: Resource, actor: Actor, record: Model | None, values: Values) -> Model:
    """Creates a record of a row's values, or changes what the row fills. Raises UserError."""
    read = _read(resource, actor, {name: one for name, one in values.items() if one is not None})
    if record is not None:
        return change_record(actor=actor, resource=resource, record=record, values=read)
    return create_record(actor=actor, resource=resource, values=resource.completed(read))


def _read(resource: Resource, actor: Actor, values: Values) -> dict[str, Any]:
    return {name: _from_cell(resource.field(name), actor, one) for name, one in values.items()}


def _from_cell(field: Field, actor: Actor, value: Any) -> Any:
    """What a cell holds, as a verb takes it: records by their names, several choices by their words."""
    if isinstance(field, RecordOf | Clock):
        try:
            return field.asked(actor).clean(value)
        except forms.ValidationError as problem:
            raise UserError(problem.messages[0], field.name) from None
    if isinstance(field, Choices):
        said = str(value or "").replace(",", "、").replace("，", "、").split("、")
        keys = {str(word): key for key, word in field.choices}
        return [keys.get(one.strip(), one.strip()) for one in said if one.strip()]
    if isinstance(value, dt.datetime) and timezone.is_naive(value):
        return timezone.make_aware(value)  # a cell knows no zone: it is the site's
    return field.nothing if value is None else value
