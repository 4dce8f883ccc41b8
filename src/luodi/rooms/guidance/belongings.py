"""Guides that somebody answers for: handed on, so that none is left to who is gone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, because
from luodi.manifest import Belonging, Heir, Hit, Owner
from luodi.rooms.guidance.models import Guide


def _of(owner: Owner) -> Any:
    rows = Guide.objects.filter(closed_on=None).select_related("unit").order_by("id")
    if owner.account is not None:
        return rows.filter(owner=owner.account, **({"unit": owner.unit} if owner.unit else {}))
    return rows.filter(unit=owner.unit, owner=None) if owner.unit else rows.none()


def _adrift(day: dt.date) -> Any:
    gone = Q(owner__is_active=False) | Q(unit__closed_on__lte=day)
    return Guide.objects.filter(gone, closed_on=None).select_related("unit").order_by("id")


def _line(row: Guide) -> Hit:
    return Hit(row.name, reverse("guidance:guide", args=[row.pk]), str(row.unit))


def _hand_to(*, actor: Actor, row: Guide, heir: Heir, why: str = "") -> Guide | None:
    """Gives a guide to a person, or to its unit's keepers where no person is named."""
    actor.require("guidance.write", row.path)
    if why:
        because(why)
    row.owner = heir.account
    row.save(update_fields=["owner"])
    return row


BELONGINGS = [Belonging(_("负责的指引"), _of, _adrift, _line, _hand_to)]
