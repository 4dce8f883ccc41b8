"""What the room's rows have in common."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Account, Part
from luodi.rooms.care.guard import AtHome


def doer(label: Any = None) -> models.ForeignKey[Any, Any]:
    """Who did it; empty where the program did."""
    words = label or _("经办人")
    return models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=words
    )


def apart(name: str, column: str, during: str, condition: Q | None = None) -> ExclusionConstraint:
    """That rows of one bed, or one resident, never overlap in time."""
    one = Func(F(column), F(column), Value("[]"), function="int8range")
    pairs: list[tuple[Any, str]] = [(one, RangeOperators.EQUAL), (during, RangeOperators.OVERLAPS)]
    return ExclusionConstraint(name=name, expressions=pairs, condition=condition)


class OfResident(Part):
    """A row about a resident: guarded as the resident's home is, for those who care."""

    resident = models.ForeignKey(
        "care.Resident", models.PROTECT, related_name="+", verbose_name=_("老人")
    )

    guard = AtHome(via="resident")

    class Meta:
        abstract = True
