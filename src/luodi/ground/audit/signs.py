"""Signing in and out, failing to, and taking a list away as a file leave an entry in the trail."""

from __future__ import annotations

from typing import Any

from allauth.mfa import signals as factors
from django.contrib.auth import signals
from django.dispatch import receiver
from django.http import HttpRequest

from luodi.ground.audit.api import note
from luodi.ground.scope.api import Account, acting, actor_for
from luodi.shell.listing import exported


@receiver(signals.user_logged_in)
def signed_in(sender: object, request: HttpRequest, user: Account, **rest: Any) -> None:
    with acting(actor_for(user)):
        note("sign-in", "scope_account", user.pk, address=_address(request))


@receiver(signals.user_logged_out)
def signed_out(sender: object, request: HttpRequest, user: Account | None, **rest: Any) -> None:
    if user is not None:
        note("sign-out", "scope_account", user.pk)


@receiver(signals.user_login_failed)
def failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any
) -> None:
    name = str(credentials.get("username") or credentials.get("login") or "")[:60]
    note("sign-in-failed", "scope_account", "", address=_address(request), username=name)


@receiver(factors.authentication_failed)
def factor_failed(sender: object, request: HttpRequest, user: Account, **rest: Any) -> None:
    note("sign-in-failed", "scope_account", user.pk, address=_address(request), kind="mfa")


@receiver(exported)
def list_exported(
    sender: object,
    name: str,
    title: str,
    kind: str,
    rows: int,
    filters: dict[str, str],
    **rest: Any,
) -> None:
    # which filters, but not what was searched for: that may be a person's name
    note("export", "listing", name, list=title, kind=kind, rows=rows, filters=sorted(filters))


def _address(request: HttpRequest | None) -> str:
    return request.META.get("REMOTE_ADDR", "") if request else ""
