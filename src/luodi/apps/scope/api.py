"""Organisations, accounts and roles: what other apps may use of this one."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.apps.scope.actor import (
    NOBODY,
    SYSTEM,
    Actor,
    Holding,
    PathRange,
    Scope,
    acting,
    because,
    below,
    only,
)
from luodi.apps.scope.models import Account, ApiToken, RoleHolding, Scoped, Unit
from luodi.apps.scope.permissions import (
    LAYERS,
    PARENT_KINDS,
    ROLE_KINDS,
    SEPARATED,
    UNIT_KIND_LABELS,
    Reach,
    RoleKind,
    UnitKind,
)
from luodi.apps.scope.sql import IN_RANGE, Policy, ScopeByUnit
from luodi.lib.chinese import pinyin_key
from luodi.lib.errors import NotAllowed, NotFound, UserError

__all__ = [
    "IN_RANGE",
    "NOBODY",
    "ROLE_KINDS",
    "SYSTEM",
    "UNIT_KIND_LABELS",
    "Account",
    "Actor",
    "ApiToken",
    "PathRange",
    "Policy",
    "RoleHolding",
    "RoleKind",
    "Scope",
    "ScopeByUnit",
    "Scoped",
    "Unit",
    "UnitKind",
    "acting",
    "actor_for",
    "actor_for_token",
    "because",
    "below",
    "change_unit",
    "choose_language",
    "close_unit",
    "create_account",
    "create_unit",
    "end_role",
    "grant_role",
    "holders_of",
    "issue_token",
    "move_unit",
    "one_time_password",
    "only",
    "remove_second_factor",
    "reset_password",
    "revoke_token",
    "set_active",
    "today",
]


def today() -> dt.date:
    """The date in the site's time zone."""
    return timezone.localdate()


# --- who acts -------------------------------------------------------------------------------


def actor_for(account: Account, on: dt.date | None = None) -> Actor:
    """The account with the roles that it holds on a day (today)."""
    rows = account.roles.on(on or today()).select_related("unit").order_by("unit__path")
    rows = rows.only("account", "role", "unit__kind", "unit__path")
    holdings = tuple(
        Holding(row.kind, row.unit_id, row.unit.path, _ranges(row.kind, row.unit)) for row in rows
    )
    return Actor(account.pk, account.name, holdings, language=account.language)


def _ranges(role: RoleKind, unit: Unit) -> tuple[PathRange, ...]:
    if role.reach is Reach.BELOW:
        return (below(unit.path),)
    if role.reach is Reach.UNIT:
        return (only(unit.path),)
    inside = Unit.objects.below(unit).exclude(kind__in=LAYERS).exclude(kind=UnitKind.BRANCH)
    return (only(unit.path), *(only(path) for path in inside.values_list("path", flat=True)))


def actor_for_token(token: str) -> Actor | None:
    """The service account whose token this is, if it is valid today."""
    found = (
        ApiToken.objects.select_related("account")
        .filter(digest=_digest(token), expires_on__gte=today(), account__is_active=True)
        .first()
    )
    return actor_for(found.account) if found else None


def holders_of(role: str, unit: Unit, on: dt.date | None = None) -> list[Account]:
    """The active accounts that hold a role on exactly this unit."""
    return list(
        Account.objects.filter(
            is_active=True,
            roles__role=role,
            roles__unit=unit,
            roles__valid__contains=on or today(),
        ).order_by("id")
    )


# --- units ----------------------------------------------------------------------------------


def create_unit(
    *,
    actor: Actor,
    kind: UnitKind,
    name: str,
    parent: Unit | None,
    short_name: str = "",
    opened_on: dt.date | None = None,
) -> Unit:
    """Adds an organisation to the tree. Raises UserError where the parent cannot have such one."""
    actor.require("units.write", parent.path if parent else None)
    _check_parent(kind, parent)
    name = name.strip()
    if not name:
        raise UserError(_("请填写单位名称。"), "name")
    if Unit.objects.open().filter(parent=parent, name=name).exists():
        raise UserError(_("同一上级下已有“%(name)s”。") % {"name": name}, "name")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('scope_unit', 'id'))")
        (pk,) = cursor.fetchone()
    return Unit.objects.create(
        id=pk,
        kind=kind,
        name=name,
        short_name=short_name.strip(),
        parent=parent,
        path=f"{parent.path if parent else ''}{pk}.",
        sort_key=pinyin_key(name)[:200],
        opened_on=opened_on,
    )


def _check_parent(kind: UnitKind, parent: Unit | None) -> None:
    allowed = PARENT_KINDS[UnitKind(kind)]
    if (UnitKind(parent.kind) if parent else None) not in allowed:
        names = "、".join(str(UNIT_KIND_LABELS[one]) for one in sorted(allowed - {None}, key=str))  # type: ignore[index]
        raise UserError(
            _("%(kind)s只能设在这些单位之下：%(names)s。")
            % {"kind": UNIT_KIND_LABELS[UnitKind(kind)], "names": names or _("（最上级）")},
            "parent",
        )


def change_unit(*, actor: Actor, unit: Unit, name: str, short_name: str = "") -> Unit:
    """Renames a unit."""
    actor.require("units.write", unit.path)
    if not name.strip():
        raise UserError(_("请填写单位名称。"), "name")
    unit.name, unit.short_name = name.strip(), short_name.strip()
    unit.sort_key = pinyin_key(unit.name)[:200]
    unit.save(update_fields=["name", "short_name", "sort_key"])
    return unit


@transaction.atomic
def move_unit(*, actor: Actor, unit: Unit, parent: Unit) -> Unit:
    """Puts a unit, with all below it and all their rows, under another parent."""
    # As they are now: a path that was read before another's move would put the unit where the
    # parent no longer is, and every row of it into the wrong scope.
    list(Unit.objects.select_for_update().filter(pk__in=[unit.pk, parent.pk]).order_by("pk"))
    unit.refresh_from_db()
    parent.refresh_from_db()
    actor.require("units.write", unit.path)
    actor.require("units.write", parent.path)
    _check_parent(UnitKind(unit.kind), parent)
    if parent.path.startswith(unit.path):
        raise UserError(_("不能把单位移到它自己或它的下级之下。"), "parent")
    old, new = unit.path, f"{parent.path}{unit.pk}."
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scope_unit SET path = %s || substr(path, %s) WHERE path >= %s AND path < %s",
            [new, len(old) + 1, *below(old)],
        )
    unit.refresh_from_db()
    return unit


def close_unit(*, actor: Actor, unit: Unit, on: dt.date) -> Unit:
    """Closes a unit that has no open units below it. Its history stays."""
    actor.require("units.write", unit.path)
    if Unit.objects.open().below(unit).exclude(pk=unit.pk).exists():
        raise UserError(_("它还有未撤销的下级单位，请先撤销或移走它们。"))
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    return unit


# --- accounts and roles ---------------------------------------------------------------------


def create_account(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str | None = None,
    email: str = "",
    is_service: bool = False,
    must_change_password: bool = True,
) -> Account:
    """Makes an account that can do nothing until it is given a role.

    Without a password it cannot sign in by one (a service account uses tokens).
    """
    actor.require("accounts.write")
    username = username.strip().lower()
    if not username or not name.strip():
        raise UserError(_("请填写登录名和姓名。"), "username")
    account = Account(
        username=username,
        name=name.strip(),
        email=email.strip(),
        is_service=is_service,
        must_change_password=must_change_password and password is not None,
    )
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise UserError(
            _("登录名“%(name)s”已有人使用。") % {"name": username}, "username"
        ) from None
    return account


def _require_over(actor: Actor, permission: str, account: Account) -> None:
    """The permission on every unit of the account's roles, present and to come.

    Whoever can sign in as somebody has their power: so nobody over whom the actor has none.
    """
    actor.require(permission)
    held = account.roles.exclude(valid__fully_lt=(today(), None)).select_related("unit")
    for holding in held:
        actor.require(permission, holding.unit.path)


def set_active(*, actor: Actor, account: Account, active: bool) -> None:
    """Lets an account sign in, or no longer; nobody can lock out themselves."""
    _require_over(actor, "accounts.write", account)
    if account.pk == actor.account_id:
        raise UserError(_("不能停用自己的账号。"))
    account.is_active = active
    account.save(update_fields=["is_active"])


def reset_password(*, actor: Actor, account: Account) -> str:
    """Gives an account a one-time password, which must be changed at the first sign-in.

    Returned once and never kept; whoever is signed in by the old one is signed out.
    """
    _require_over(actor, "accounts.write", account)
    if account.pk == actor.account_id:
        raise UserError(_("请在“我的账户”里修改自己的密码。"))
    if account.is_service:
        raise UserError(_("系统账号用令牌，不用密码。"))
    password = one_time_password()
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    return password


def remove_second_factor(*, actor: Actor, account: Account) -> None:
    """Takes away a second factor that was lost, with its recovery codes.

    Where a role demands one, the next sign-in asks for a new one first. The trail says who did it.
    """
    _require_over(actor, "accounts.write", account)
    if account.pk == actor.account_id:
        raise UserError(_("请在“两步验证”里更换自己的验证器。"))
    removed, _what = Authenticator.objects.filter(user_id=account.pk).delete()
    if not removed:
        raise UserError(_("这个账号没有启用两步验证。"))


def one_time_password() -> str:
    """Sixteen characters, 76 bits, that nobody mistakes for one another when read out."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _n in range(4)) for _part in range(4))


def choose_language(*, actor: Actor, language: str) -> None:
    """Keeps the language in which the actor reads pages and messages."""
    if language not in dict(settings.LANGUAGES):
        raise UserError(_("没有这种语言。"), "language")
    account = Account.objects.get(pk=actor.account_id)
    account.language = language
    account.save(update_fields=["language"])


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
    account would hold two of the three administrators' roles.
    """
    actor.require("roles.write", unit.path)
    kind = ROLE_KINDS.get(role)
    if kind is None or UnitKind(unit.kind) not in kind.units:
        raise UserError(_("这类单位没有这个角色。"), "role")
    if account.pk == actor.account_id:
        raise UserError(_("不能给自己授予角色，请由另一位安全管理员办理。"), "account")
    if role in SEPARATED:
        _check_separation(account, role)
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
    if end <= holding.valid.lower:
        holding.delete()
        return holding
    holding.valid = (holding.valid.lower, end)
    holding.save(update_fields=["valid"])
    return holding


def issue_token(
    *, actor: Actor, account: Account, name: str, expires_on: dt.date
) -> tuple[ApiToken, str]:
    """A new token of a service account. The second value is the token: it is never shown again."""
    _require_over(actor, "tokens.write", account)
    if not account.is_service:
        raise UserError(_("只有系统账号可以使用令牌。"), "account")
    if expires_on <= today() or expires_on > today() + dt.timedelta(days=366):
        raise UserError(_("有效期须在一年以内。"), "expires_on")
    secret = "luodi_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        account=account, name=name.strip(), digest=_digest(secret), expires_on=expires_on
    )
    return token, secret


def revoke_token(*, actor: Actor, token_id: int) -> None:
    """Makes a token useless at once."""
    actor.require("tokens.write")
    token = ApiToken.objects.select_related("account").filter(pk=token_id).first()
    if token is None:
        raise NotFound(_("没有这个令牌。"))
    _require_over(actor, "tokens.write", token.account)
    token.delete()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
