"""What the verbs of this app check alike."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Account, Actor, Unit, today
from luodi.lib.errors import UserError

VIEW, WRITE = "programmes.view", "programmes.write"


def written(text: str, field: str, most: int = 2000) -> str:
    """A text that must be there, without what the database does not take."""
    text = text.strip().replace("\0", "")
    if not text:
        raise UserError(_("请填写这一项。"), field)
    if len(text) > most:
        raise UserError(_("最多 %(most)s 字。") % {"most": most}, field)
    return text


def in_order(since: dt.date, until: dt.date, field: str = "until") -> None:
    if until < since:
        raise UserError(_("结束日期不能早于开始日期。"), field)


def inside(unit: Unit, of: Unit, field: str) -> None:
    """A duty stays within the unit whose programme it is. Other units are not named: to who asks with
    a number of somewhere else, there is nothing there."""
    if not unit.path.startswith(of.path):
        raise UserError(_("“%(of)s”之内没有这个单位。") % {"of": of}, field)


def owner_of(owner: Account | None, unit: Unit, field: str = "owner") -> Account | None:
    """A named person works at the unit, above or below it, today."""
    if owner is None:
        return None
    above = [int(part) for part in unit.path.strip(".").split(".")]
    held = owner.roles.filter(unit_id__in=above) | owner.roles.filter(
        unit__path__gte=unit.path, unit__path__lt=unit.path[:-1] + "/"
    )
    if not owner.is_active or not held.on(today()).exists():
        raise UserError(_("%(name)s不在这个单位任职。") % {"name": owner.name}, field)
    return owner


def stored(row: Model, taken: str, field: str) -> None:
    """Saves a row whose name may be another's."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UserError(taken, field) from None


def require_unit(actor: Actor, unit: Unit) -> None:
    actor.require(WRITE, unit.path)
