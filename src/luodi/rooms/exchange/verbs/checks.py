"""What verbs ask before they write."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit, UnitKind, acting, unbounded, unchanged
from luodi.lib.errors import NotAllowed, NotFound
from luodi.rooms.exchange.models import Commodity, Party

M = TypeVar("M", bound=models.Model)
DESK_ROLES = frozenset({"office", "secretary", "deputy", "instructor"})
PARTY_ROLES = frozenset({"branch_secretary", "liaison"})


def sits_at(actor: Actor, desk: Unit) -> bool:
    """Whether the actor brokers at a unit's desk; as `luodi_exchange_desks()` says it."""
    if actor.everything:
        return True
    return any(held.role.key in DESK_ROLES and held.reaches(desk.path) for held in actor.holdings)


def speaks_for(actor: Actor, party: Party) -> bool:
    """Whether the actor speaks for a party; as `luodi_exchange_own()` says it."""
    if actor.everything:
        return True
    return party.unit_id is not None and any(
        held.role.key in PARTY_ROLES and held.unit_id == party.unit_id for held in actor.holdings
    )


def require_desk(actor: Actor, desk: Unit) -> None:
    """Raises NotAllowed for who does not broker there."""
    actor.require("exchange.broker")
    if not sits_at(actor, desk):
        raise NotAllowed(_("只有经办单位能做这件事。"))


def require_side(actor: Actor, *parties: Party, desk: Unit) -> None:
    """Raises NotAllowed for who is neither a party nor the broker."""
    actor.require("exchange.write")
    if not sits_at(actor, desk) and not any(speaks_for(actor, one) for one in parties):
        raise NotAllowed(_("只有当事企业和经办单位能做这件事。"))


def own_units(actor: Actor) -> list[Unit]:
    """The enterprises for which the actor speaks."""
    ids = [held.unit_id for held in actor.holdings if held.role.key in PARTY_ROLES]
    return list(Unit.objects.filter(pk__in=ids, kind=UnitKind.ENTERPRISE, closed_on=None))


def own_desks(actor: Actor) -> list[Unit]:
    """The units at whose desk the actor brokers, the nearest first: its own before what is below."""
    units = Unit.objects.of_kind(UnitKind.ZONE, UnitKind.DISTRICT).order_by("path")
    return [one for one in units if sits_at(actor, one)]


def desk_of(unit: Unit) -> Unit:
    """Who brokers for an enterprise unless somebody else is named: its district, or its zone."""
    above = Unit.objects.above(unit).filter(kind__in=[UnitKind.ZONE, UnitKind.DISTRICT])
    found = above.order_by("-path").first()
    if found is None:
        raise NotFound(_("这个单位不在任何开发区里。"))
    return found


def party_of(actor: Actor, unit: Unit) -> Party:
    """The party of an enterprise that the actor may act for, made at its first use."""
    actor.require("exchange.write", unit.path)
    if unit.kind != UnitKind.ENTERPRISE:
        raise NotAllowed(_("只有企业可以登记供需。"))
    with acting(unbounded(actor)):
        party, _made = Party.objects.get_or_create(unit=unit, defaults={"broker": desk_of(unit)})
        return Party.objects.select_related("unit", "broker").get(pk=party.pk)


def locked(row: M, version: int | None = None) -> M:
    """The row as it stands, held until the transaction ends. Raises NotFound, Stale."""
    rows: Any = type(row)._default_manager.select_for_update()
    found: M | None = rows.filter(pk=row.pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    unchanged(found, version)
    return found


def commodity_of(words: str) -> Commodity | None:
    """The commodity that is called so, by name, code or another name for it; None for none."""
    said = words.strip()
    if said.isdecimal() and len(said) >= 4:
        return Commodity.objects.filter(code__startswith=said[:6]).order_by("code").first()
    exact = [one for one in Commodity.objects.all() if said in one.words]
    return exact[0] if len(exact) == 1 else _within(said)


def _within(said: str) -> Commodity | None:
    """The one whose longest name stands in what was said (优质铝土矿石); None where two are as good."""
    found = [
        (len(word), one)
        for one in Commodity.objects.all()
        for word in one.words
        if len(word) > 1 and word in said
    ]
    if not found:
        return None
    longest = max(length for length, _one in found)
    best = {one.pk: one for length, one in found if length == longest}
    return next(iter(best.values())) if len(best) == 1 else None
