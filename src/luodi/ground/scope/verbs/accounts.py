"""Accounts, their passwords and second factors, and the tokens of service accounts."""

from __future__ import annotations

import datetime as dt
import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor
from luodi.ground.scope.models import Account, ApiToken
from luodi.ground.scope.who import digest_of, today
from luodi.lib.errors import NotFound, UserError
from luodi.lib.text import one_line


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
    username, name = one_line(username).lower(), one_line(name)
    if not username or not name:
        raise UserError(_("请填写登录名和姓名。"), "username")
    account = Account(
        username=username,
        name=name,
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


def change_account(*, actor: Actor, account: Account, name: str, email: str = "") -> None:
    """Changes an account's name and mail address, as the one who answers for accounts says."""
    _require_over(actor, "accounts.write", account)
    account.name, account.email = checked_name(name), email.strip()
    account.save(update_fields=["name", "email"])


def change_myself(*, actor: Actor, name: str, email: str) -> None:
    """Changes the actor's own name and mail address; that the address is theirs is the caller's to
    know (`notices.confirm_address`)."""
    mine = Account.objects.filter(pk=actor.account_id)
    mine.update(name=checked_name(name), email=email.strip())


def checked_name(name: str) -> str:
    """A person's name on one line. Raises UserError where there is none."""
    if not one_line(name):
        raise UserError(_("请填写姓名。"), "name")
    return one_line(name)


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


def one_time_password(parts: int = 4) -> str:
    """Groups of four characters, 19 bits each, that nobody mistakes for one another when read out."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _n in range(4)) for _part in range(parts))


def choose_language(*, actor: Actor, language: str) -> None:
    """Keeps the language in which the actor reads pages and messages."""
    if language not in dict(settings.LANGUAGES):
        raise UserError(_("没有这种语言。"), "language")
    account = Account.objects.get(pk=actor.account_id)
    account.language = language
    account.save(update_fields=["language"])


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
        account=account, name=name.strip(), digest=digest_of(secret), expires_on=expires_on
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
