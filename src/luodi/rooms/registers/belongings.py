"""The registers of a unit: a ledger needs who keeps it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.manifest import Belonging, Hit, Owner
from luodi.rooms.registers.models import Register


def _kept(owner: Owner) -> Any:
    rows = Register.objects.filter(retired_at=None).select_related("unit").order_by("id")
    if owner.account is not None or owner.unit is None or owner.within is not None:
        return rows.none()
    return rows.filter(unit=owner.unit)


def _adrift(day: dt.date) -> Any:
    return Register.objects.filter(retired_at=None, unit__closed_on__lte=day).order_by("id")


def _line(row: Register) -> Hit:
    return Hit(row.name, reverse("registers:definition", args=[row.pk]), str(row.unit))


# Its entries belong to the units below: whether it ends or begins anew elsewhere is decided there.
BELONGINGS = [Belonging(_("台账"), _kept, _adrift, _line)]
