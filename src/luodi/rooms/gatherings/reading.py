"""What was held, for those who ask: duties, classes, figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from luodi.ground.scope.api import Unit
from luodi.rooms.gatherings.kinds import Kind, kinds
from luodi.rooms.gatherings.models import Gathering, State
from luodi.rooms.gatherings.models.gathering import GatheringQuerySet


def fulfilling(duty: str) -> list[str]:
    """The keys of the kinds that can fulfil a duty."""
    return [one.key for one in kinds().values() if duty in one.fulfils]


def held(
    *,
    units: Iterable[Unit | int] | None = None,
    kinds: Iterable[Kind | str] | None = None,
    since: dt.date,
    until: dt.date,
) -> GatheringQuerySet:
    """The gatherings that were held from one day to another, both counted, the earliest first.

    units: exactly these (units or their ids); None: all that the transaction shows. kinds: of one of
    these, or held together with one. Rows are not counted: `.counted()` adds `expected` and `attending`.
    """
    rows = Gathering.objects.filter(state=State.HELD).between(since, until)
    if units is not None:
        rows = rows.filter(unit__in=[getattr(one, "pk", one) for one in units])
    if kinds is not None:
        rows = rows.of_kinds(kinds)
    return rows.order_by("starts_at", "pk")
