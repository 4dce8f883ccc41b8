"""Field types of a model's fields: label, bounds, choices and help are said there already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from luodi.ground.records import fields
from luodi.ground.records.fields import Field
from luodi.ground.scope.api import Account, Unit


def fields_of(
    model: type[models.Model], names: Iterable[str | Field], permission: str = ""
) -> tuple[Field, ...]:
    """The fields of a model by their names; one that is a declaration already stays as it is.

    `permission`: without which a unit is not offered.
    """
    return tuple(
        one if isinstance(one, Field) else field_of(model, one, permission) for one in names
    )


def field_of(model: type[models.Model], name: str, permission: str = "") -> Field:
    """The field type of one field. Raises TypeError for one that no type fits."""
    found = model._meta.get_field(name)
    assert isinstance(found, models.Field)
    common: dict[str, Any] = {
        "name": name,
        "label": found.verbose_name,
        "help": found.help_text,
        "required": not found.blank,
        "default": found.get_default() if found.has_default() else None,
    }
    if isinstance(found, models.ForeignKey):
        return _reference(found, common, permission)
    if isinstance(found, ArrayField):
        return fields.Choices(choices=found.base_field.flatchoices, **common)
    if found.choices:
        return fields.Choice(choices=found.flatchoices, **common)
    match found:
        case models.BooleanField():
            return fields.YesNo(**common | {"required": False})
        case models.TextField():
            return fields.Prose(**common)
        case models.CharField():
            return fields.Text(most=found.max_length or 200, **common)
        case models.DateTimeField():
            return fields.Instant(**common)
        case models.DateField():
            return fields.Date(**common)
        case models.TimeField():
            return fields.Clock(**common)
        case models.DecimalField():
            return fields.Number(places=found.decimal_places, most=None, **common)
        case models.PositiveIntegerField() | models.PositiveSmallIntegerField():
            most = 32767 if isinstance(found, models.PositiveSmallIntegerField) else 2**31 - 1
            return fields.Number(least=0, most=most, **common)
        case models.SmallIntegerField():
            return fields.Number(least=-32768, most=32767, **common)
        case models.IntegerField():
            return fields.Number(least=-(2**31), **common)
    raise TypeError(f"{model.__name__}.{name}: no field type fits; declare one")


def _reference(
    found: models.ForeignKey[Any, Any], common: dict[str, Any], permission: str
) -> Field:
    target = found.related_model
    if target is Unit:
        return fields.UnitOf(permission=permission, **common)
    if target is Account:
        return fields.AccountOf(**common)
    return fields.RecordOf(model=target, **common)
