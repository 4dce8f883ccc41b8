"""Accounts, their passwords and second factors, and the tokens of service accounts."""

from __future__ import annotations

import datetime as dt
import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor
from luodi.ground.scope.models import Account, ApiToken, Unit
from luodi.ground.scope.reach import is_site_wide, require_over
from luodi.ground.scope.sessions import end, sessions_of
from luodi.ground.scope.who import digest_of, today
from luodi.lib.errors import NotFound, UserError
from luodi.lib.text import one_line

# That somebody's password was taken away: what else opens their records must end too. `account`.
password_reset = Signal()


def create_account(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str | None = None,
    email: str = "",
    is_service: bool = False,
    must_change_password: bool = True,
    home: Unit | None = None,
) -> Account:
    """Makes an account that can do nothing until it is given a role.

    `home` is the unit whose administrators have the power over it: the actor's own unless one is named;
    of who manages the whole site, none until the account's first role. Without a password it cannot
    sign in by one (a service account uses tokens).
    """
    actor.require("accounts.write", home.path if home else None)
    if home is None and not is_site_wide(actor, "accounts.write"):
        held = [one for one in actor.holdings if "accounts.write" in one.role.permissions]
        home = Unit.objects.get(pk=min(held, key=lambda one: len(one.path)).unit_id)
    username, name = one_line(username).lower(), one_line(name)
    if not username or not name:
        raise UserError(_("请填写登录名和姓名。"), "username")
    account = Account(
        username=username,
        name=name,
        email=email.strip(),
        is_service=is_service,
        must_change_password=must_change_password and password is not None,
        home=home,
    )
    if account.must_change_password:
        account.password_ends_at = _one_time_until()
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


def _one_time_until() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)


def change_home(*, actor: Actor, account: Account, home: Unit) -> None:
    """Puts an account under another unit's administrators; the actor has the power over both."""
    require_over(actor, "accounts.write", account)
    actor.require("accounts.write", home.path)
    account.home = home
    account.save(update_fields=["home"])


def end_sessions(*, actor: Actor, account: Account) -> int:
    """Signs an account out everywhere; gives from how many places. Tokens are revoked one by one."""
    require_over(actor, "accounts.write", account)
    return end(sessions_of(account.pk))


def change_account(*, actor: Actor, account: Account, name: str, email: str = "") -> None:
    """Changes an account's name and mail address, as the one who answers for accounts says."""
    require_over(actor, "accounts.write", account)
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
    require_over(actor, "accounts.write", account)
    if account.pk == actor.account_id:
        raise UserError(_("不能停用自己的账号。"))
    account.is_active = active
    account.save(update_fields=["is_active"])
    if not active:
        end(sessions_of(account.pk))


def reset_password(*, actor: Actor, account: Account) -> str:
    """Gives an account a one-time password, which must be changed at the first sign-in.

    Returned once and never kept; whoever is signed in by the old one is signed out.
    """
    require_over(actor, "accounts.write", account)
    if account.pk == actor.account_id:
        raise UserError(_("请在“我的账户”里修改自己的密码。"))
    if account.is_service:
        raise UserError(_("系统账号用令牌，不用密码。"))
    password = one_time_password()
    account.set_password(password)
    account.must_change_password, account.password_ends_at = True, _one_time_until()
    account.save(update_fields=["password", "must_change_password", "password_ends_at"])
    end(sessions_of(account.pk))
    password_reset.send(Account, account=account)
    return password


def remove_second_factor(*, actor: Actor, account: Account) -> None:
    """Takes away a second factor that was lost, with its recovery codes.

    Where a role demands one, the next sign-in asks for a new one first. The trail says who did it.
    """
    require_over(actor, "accounts.write", account)
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
    require_over(actor, "tokens.write", account)
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
    require_over(actor, "tokens.write", token.account)
    token.delete()
