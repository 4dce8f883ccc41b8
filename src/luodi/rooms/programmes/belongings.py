"""What programmes ask people and units to answer for, and who is not there any more to do so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import Actor, serves, today
from luodi.lib.errors import UserError
from luodi.manifest import Belonging, Heir, Hit, Owner
from luodi.rooms.directory.api import dating
from luodi.rooms.programmes.models import Measure, Pledge
from luodi.rooms.programmes.verbs.checks import owner_of, require_unit


def _measures(owner: Owner) -> Any:
    rows = _open_measures()
    if owner.within is not None:
        return rows.none()
    if owner.account is not None:
        rows = rows.filter(owner=owner.account)
    return rows.filter(owner_unit=owner.unit) if owner.unit is not None else rows


def _open_measures() -> Any:
    rows = Measure.objects.filter(done_on=None)
    return rows.select_related("programme__unit", "owner_unit", "owner").order_by("id")


def _measures_adrift(day: dt.date) -> Any:
    gone = Q(owner__isnull=False) & ~Q(serves("owner_id", None, day))
    return _open_measures().filter(gone | Q(owner_unit__closed_on__isnull=False))


@transaction.atomic
def pass_measure_on(*, actor: Actor, row: Measure, heir: Heir, why: str = "") -> Measure:
    """Gives a measure to an heir who works there, else to the unit that answers for it, or, where
    that is closed, to the heir's unit or the programme's."""
    require_unit(actor, row.programme.unit)
    if row.owner_unit.closed_on is not None:
        inside = heir.unit is not None and heir.unit.path.startswith(row.programme.unit.path)
        row.owner_unit = heir.unit if inside else row.programme.unit
    row.owner = _able(heir, row.owner_unit)
    row.save(update_fields=["owner", "owner_unit"])
    if row.owner is not None and row.owner_id != actor.account_id:
        tell(
            accounts=[row.owner],
            key=f"measure:{row.pk}:{row.owner_id}",
            text=_("由您负责的举措：%(measure)s（%(day)s前）")
            % {"measure": row, "day": row.due_on},
            url=_address(row.programme_id),
        )
    return row


def _able(heir: Heir, unit: Any) -> Any:
    """The heir, if they work at the unit, above it or below it."""
    try:
        return owner_of(heir.account, unit)
    except UserError:
        return None


def _targets(owner: Owner) -> Any:
    rows = _pledges()
    if owner.account is None or owner.within is not None:
        return rows.none()
    rows = rows.filter(owner=owner.account)
    if owner.unit is None:
        return rows
    return rows.filter(target__measure__owner_unit=owner.unit)


def _pledges() -> Any:
    """What is promised last of each target that stands."""
    rows = Pledge.objects.known().filter(valid__upper_inf=True, target__dropped_on=None)
    rows = rows.filter(target__measure__done_on=None)
    return rows.select_related("target__measure__programme__unit", "owner").order_by("id")


def _targets_adrift(day: dt.date) -> Any:
    return _pledges().filter(~Q(serves("owner_id", None, day)), owner__isnull=False)


@transaction.atomic
def pass_target_on(*, actor: Actor, row: Pledge, heir: Heir, why: str = "") -> Pledge:
    """Gives a target to an heir from today on; what was promised, and who answered, stays on record."""
    unit = row.target.measure.programme.unit
    require_unit(actor, unit)
    old = dating.locked(row)
    on = max(today(), old.since)
    new = dating.clone(old, valid=dating.period(on, old.until), owner=_able(heir, unit), reason=why)
    by = [new] if on == old.since else [dating.ended(old, on), new]
    return dating.replaced(old, by, dating.moment(None), "")[-1]


def _address(programme: int) -> str:
    return reverse("programmes:programme", args=[programme])


def _measure_line(row: Measure) -> Hit:
    who = row.owner or row.owner_unit
    return Hit(str(row), _address(row.programme_id), f"{row.programme} · {who}")


def _target_line(row: Pledge) -> Hit:
    address = reverse("programmes:target", args=[row.target_id])
    note = f"{row.target.measure.programme} · {row.owner or ''}"
    return Hit(str(row.target.name or row.target.measure), address, note)


BELONGINGS = [
    Belonging(
        gettext_lazy("工程的举措"), _measures, _measures_adrift, _measure_line, pass_measure_on
    ),
    Belonging(gettext_lazy("工程的目标"), _targets, _targets_adrift, _target_line, pass_target_on),
]
