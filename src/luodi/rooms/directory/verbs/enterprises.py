"""Enterprises, industry chains, and the leading enterprise of a district."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Actor, Unit, UnitKind
from luodi.lib.codes import validate_uscc
from luodi.lib.errors import UserError
from luodi.rooms.directory.models import Chain, Enterprise, Lead
from luodi.rooms.directory.verbs import checks
from luodi.rooms.directory.verbs.dating import ended, locked, moment, opening, period, replaced

FACTS = ("above_size", "non_public", "address", "contact_name", "contact_phone")


@transaction.atomic
def add_chain(*, actor: Actor, name: str, district: Unit | None = None) -> Chain:
    """Names an industry chain, and the district that was drawn around it."""
    actor.require("units.write", district.path if district else None)
    name = checks.text(name, "name", _("请填写产业链名称。"))
    if district is not None and district.kind != UnitKind.DISTRICT:
        raise UserError(_("产业链对应的应是党建区。"), "district")
    try:
        with transaction.atomic():
            return Chain.objects.create(name=name, district=district)
    except IntegrityError:
        raise UserError(_("已有这个产业链，或该党建区已对应另一产业链。"), "name") from None


@transaction.atomic
def add_enterprise(
    *,
    actor: Actor,
    parent: Unit,
    name: str,
    code: str = "",
    short_name: str = "",
    chain: Chain | None = None,
    opened_on: dt.date | None = None,
    **facts: Any,
) -> Enterprise:
    """Adds an enterprise to a district (or to the zone), with its unit in the tree.

    `code` is its unified social credit code (GB 32100-2015), where it is known; `facts` are `above_size`,
    `non_public`, `address`, `contact_name`, `contact_phone`. Without `chain` it is its district's.
    """
    actor.require("enterprises.write", parent.path)
    known = checks.code(validate_uscc, code, "code") if code.strip() else None
    if known and Enterprise.objects.filter(code=known).exists():
        raise UserError(_taken(known), "code")
    # who may enter enterprises may enter the enterprise's unit: it is the same act
    unit = scope.create_unit(
        actor=SYSTEM,
        kind=UnitKind.ENTERPRISE,
        name=name,
        parent=parent,
        short_name=short_name,
        opened_on=opened_on,
    )
    chain = chain or Chain.objects.filter(district=parent).first()
    try:
        with transaction.atomic():
            return Enterprise.objects.create(unit=unit, code=known, chain=chain, **_facts(facts))
    except IntegrityError:  # one that the actor cannot see, or that was entered this instant
        raise UserError(_taken(known), "code") from None


def _taken(code: str | None) -> str:
    """Which enterprise has the code, if the reader may see it; of another not even that it exists."""
    if Enterprise.objects.filter(code=code).exists():
        return _("统一社会信用代码%(code)s已登记。") % {"code": code}
    return _("统一社会信用代码%(code)s不能在这里登记。请核对；无误的话，请联系园区办公室办理。") % {
        "code": code
    }


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    unknown = set(given) - set(FACTS)
    if unknown:
        raise TypeError(f"unknown facts of an enterprise: {sorted(unknown)}")
    return {key: value.strip() if isinstance(value, str) else value for key, value in given.items()}


@transaction.atomic
def change_enterprise(
    *,
    actor: Actor,
    enterprise: Enterprise,
    version: int | None = None,
    name: str | None = None,
    short_name: str | None = None,
    code: str | None = None,
    chain: Chain | None = None,
    opened_on: dt.date | None = None,
    **facts: Any,
) -> Enterprise:
    """Changes what is given and leaves the rest. `version` is what the user read: else Stale."""
    held = Enterprise.objects.select_for_update(of=("self",)).select_related("unit")
    row = held.get(pk=enterprise.pk)
    actor.require("enterprises.write", row.unit.path)
    checks.same_version(row, version)
    for key, value in _facts(facts).items():
        setattr(row, key, value)
    row.chain = chain or row.chain
    if code is not None:
        row.code = checks.code(validate_uscc, code, "code") if code.strip() else None
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UserError(_taken(row.code), "code") from None
    unit = row.unit
    if name is not None or short_name is not None:
        scope.change_unit(
            actor=SYSTEM,
            unit=unit,
            name=unit.name if name is None else name,
            short_name=unit.short_name if short_name is None else short_name,
        )
    if opened_on is not None and opened_on != unit.opened_on:
        unit.opened_on = opened_on
        unit.save(update_fields=["opened_on"])
    return row


@transaction.atomic
def close_enterprise(*, actor: Actor, enterprise: Enterprise, on: dt.date) -> Enterprise:
    """Closes an enterprise whose party organisations are dissolved. Its file stays."""
    actor.require("enterprises.write", enterprise.unit.path)
    scope.close_unit(actor=SYSTEM, unit=enterprise.unit, on=on)
    return enterprise


@transaction.atomic
def reopen_enterprise(*, actor: Actor, enterprise: Enterprise) -> Enterprise:
    """Opens a closed enterprise again: it was closed by mistake, or has come back."""
    actor.require("enterprises.write", enterprise.unit.path)
    scope.reopen_unit(actor=SYSTEM, unit=enterprise.unit)
    return enterprise


@transaction.atomic
def set_leading_enterprise(
    *,
    actor: Actor,
    district: Unit,
    enterprise: Enterprise,
    since: dt.date,
    at: dt.datetime | None = None,
) -> Lead:
    """Makes an enterprise its district's leading one from a day on, in place of any other."""
    actor.require("enterprises.write", district.path)
    if not enterprise.unit.path.startswith(district.path):
        raise UserError(_("龙头企业应是本党建区的企业。"), "enterprise")
    when, taken = moment(at), _("这段时间已有另一家龙头企业。")
    before = Lead.objects.on(since).filter(unit=district).first()
    if before is not None:
        before = locked(before)
        following = [ended(before, since)] if before.since < since else []
        replaced(before, following, when, taken)
    row = Lead(unit=district, enterprise=enterprise, valid=period(since))
    return opening(row, when, taken)
