"""What a desk answers for: the enterprises for which it brokers. None is left when it closes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, Unit, UnitKind
from luodi.lib.errors import UserError
from luodi.manifest import Belonging, Heir, Hit, Owner
from luodi.rooms.exchange.models import Party
from luodi.rooms.exchange.verbs.parties import give_to

DESKS = (UnitKind.ZONE, UnitKind.DISTRICT)


def _brokered(owner: Owner) -> Any:
    rows = Party.objects.select_related("unit", "broker").order_by("id")
    if owner.account is not None or owner.unit is None:
        return rows.none()
    return rows.filter(broker=owner.unit)


def _adrift(day: dt.date) -> Any:
    return Party.objects.filter(broker__closed_on__lte=day).select_related("unit", "broker")


def _line(row: Party) -> Hit:
    return Hit(str(row), reverse("exchange:party", args=[row.pk]), str(row.broker))


def _hand_to(*, actor: Actor, row: Party, heir: Heir, why: str) -> object:
    """To the heir's desk, or the nearest that stands above the present one."""
    desk = heir.unit if heir.unit is not None and heir.unit.kind in DESKS else None
    if desk is None:
        above = Unit.objects.above(row.broker).filter(closed_on=None, kind__in=DESKS)
        desk = above.exclude(pk=row.broker_id).order_by("-path").first()
    if desk is None:
        raise UserError(gettext("没有可以接手的经办单位。"))
    return give_to(actor, row, desk)


BELONGINGS = [Belonging(_("供需企业的经办"), _brokered, _adrift, _line, _hand_to)]
