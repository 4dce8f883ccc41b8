"""What the verbs share: who acts, the row held, what is said where something cannot be."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.care.models import LIVING, Resident, Terms

M = TypeVar("M", bound=Model)
CLOCK_DRIFT = dt.timedelta(minutes=5)


def own(actor: Actor) -> int | None:
    """The account that acts; None for the program."""
    return actor.account_id or None


def locked(row: M) -> M:
    """The row as it stands, held until the transaction ends."""
    manager: Any = type(row)._default_manager
    found: M | None = manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    return found


def living(resident: Resident) -> Resident:
    """The resident, held, who lives here. Raises UserError for one who does not."""
    found = locked(resident)
    if found.state not in LIVING:
        raise UserError(_("%(name)s现在不在院内居住。") % {"name": found.name})
    return found


def not_ahead(at: dt.datetime, field: str = "at") -> dt.datetime:
    """An instant that has come. Raises UserError for one ahead of the clock."""
    if at > timezone.now() + CLOCK_DRIFT:
        raise UserError(_("时间不能晚于现在。"), field)
    return at


def day_of(at: dt.datetime) -> dt.date:
    """The day of an instant in the home."""
    return timezone.localtime(at).date()


def terms_of(home: Unit) -> Terms:
    """The home's rules; where it has set none, the defaults."""
    return Terms.objects.filter(unit=home).first() or Terms(unit=home)
