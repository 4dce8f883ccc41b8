"""Hours of classes, by person and year."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, Sum

from luodi.rooms.classes.models import Trainee

VALID = Q(certificate__isnull=True) | Q(certificate__revoked_on=None)


def class_hours(persons: Iterable[int], year: int) -> dict[int, Decimal]:
    """By person, the hours of the classes that they finished in a year, as they were then.

    Hours whose certificate was revoked do not count.
    """
    rows = Trainee.objects.filter(VALID, person__in=list(persons), trained_on__year=year)
    counted = rows.order_by().values_list("person").annotate(Sum("hours"))
    return {person: hours or Decimal(0) for person, hours in counted}
