"""Roles given on units, and ended."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor
from luodi.ground.scope.models import Account, RoleHolding, Unit
from luodi.ground.scope.permissions import ROLE_KINDS, SEPARATED, UnitKind
from luodi.ground.scope.reach import accounts_seen, require_over
from luodi.ground.scope.who import today
from luodi.lib.errors import NotAllowed, UserError


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    account: Account,
    unit: Unit,
    role: str,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> RoleHolding:
    """Gives an account a role on a unit from a day on, until a day (exclusive) where one is given.

    Raises UserError where the unit has no such role, where the two would overlap, or where one
    account would hold two of the three administrators' roles; NotAllowed where the account is another
    zone's, of which the actor knows nothing.
    """
    actor.require("roles.write", unit.path)
    kind = ROLE_KINDS.get(role)
    if kind is None or UnitKind(unit.kind) not in kind.units:
        raise UserError(_("这类单位没有这个角色。"), "role")
    if unit.closed_on is not None:
        raise UserError(_("“%(unit)s”已经撤销。") % {"unit": unit}, "unit")
    if account.pk == actor.account_id:
        raise UserError(_("不能给自己授予角色，请由另一位安全管理员办理。"), "account")
    if role in SEPARATED:
        _check_separation(account, role)
    _settle_home(actor, account, unit)
    since = since or today()
    if until is not None and until <= since:
        raise UserError(_("结束日期必须晚于开始日期。"), "until")
    try:
        with transaction.atomic():
            return RoleHolding.objects.create(
                account=account, unit=unit, role=role, valid=(since, until)
            )
    except IntegrityError:
        raise UserError(_("该账号在这段时间已担任这个角色。"), "role") from None


def _settle_home(actor: Actor, account: Account, unit: Unit) -> None:
    """Whoever has the power over an account has that of its roles: so a role on a superior of its home
    takes its home up there, and an account without a home gets one."""
    home = account.home
    if home is None:
        require_over(actor, "accounts.write", account)
    elif not Account.objects.filter(accounts_seen(actor, "roles.write"), pk=account.pk).exists():
        raise NotAllowed(_("这个账号不归您管理。"))
    if home is None or (home.path.startswith(unit.path) and home != unit):
        account.home = unit
        account.save(update_fields=["home"])


def _check_separation(account: Account, role: str) -> None:
    others = account.roles.filter(role__in=SEPARATED - {role}).filter(valid__endswith__gt=Now())
    open_ended = account.roles.filter(role__in=SEPARATED - {role}, valid__upper_inf=True)
    if others.exists() or open_ended.exists():
        raise UserError(_("系统管理员、安全管理员、审计管理员必须由三个不同的人担任。"), "account")


def end_role(*, actor: Actor, holding: RoleHolding, on: dt.date | None = None) -> RoleHolding:
    """Ends a role on a day (exclusive; today). Nobody ends the role that gives them this power."""
    actor.require("roles.write", holding.unit.path)
    if holding.account_id == actor.account_id and "roles.write" in holding.kind.permissions:
        raise NotAllowed(_("不能撤销赋予您这项权力的角色，请由另一位安全管理员办理。"))
    end = on or today()
    if holding.valid.upper is not None and end > holding.valid.upper:
        raise UserError(_("这个角色到那天之前已经结束；要延长，请重新授予。"), "on")
    if end <= holding.valid.lower:
        holding.delete()
        return holding
    holding.valid = (holding.valid.lower, end)
    holding.save(update_fields=["valid"])
    return holding
