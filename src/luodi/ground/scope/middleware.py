"""Opens one transaction around each request, in which the database knows who asks."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope import sessions
from luodi.ground.scope.actor import NOBODY, Actor, acting
from luodi.ground.scope.models import Account
from luodi.ground.scope.who import actor_for, actor_for_token

GetResponse = Callable[[HttpRequest], HttpResponseBase]
AWAY = _("您离开的时间较长，已自动退出。请重新登录；登录后回到原来的页面，没有提交的内容还在。")
OPEN_PATHS = ("/accounts/", "/static/", "/i18n/")


class Request(HttpRequest):
    """What the views get: a request whose actor is known."""

    actor: Actor


class IdleTimeout:
    """Signs out who has been away for `IDLE_SECONDS`; writes the session once a minute at most."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now, seen = int(time.time()), request.session.get("seen")
            if seen is not None and now - seen > settings.IDLE_SECONDS:
                logout(request)
                messages.info(request, AWAY)
            elif seen is None or now - seen > 60:
                request.session["seen"] = now
                if seen is not None:
                    sessions.seen(request)
        return self.get_response(request)


class ScopeMiddleware:
    """The transaction of a request. It is rolled back when the answer is an error of ours."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/static/"):
            return self.get_response(request)
        account, actor = _who(request)
        request.actor = actor  # type: ignore[attr-defined]
        if account and (elsewhere := _must_go_first(request, account, actor)):
            return redirect(elsewhere)
        with translation.override(actor.language if account else translation.get_language()):
            request.LANGUAGE_CODE = translation.get_language()
            with acting(_half_signed_in(request) or actor):
                response = self.get_response(request)
                if response.status_code >= 500 or getattr(request, "must_roll_back", False):
                    transaction.set_rollback(True)
        return response


def _who(request: HttpRequest) -> tuple[Account | None, Actor]:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return None, actor_for_token(header.removeprefix("Bearer ").strip()) or NOBODY
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        account = request.user
        return account, actor_for(account)
    return None, NOBODY


def _half_signed_in(request: HttpRequest) -> Actor | None:
    """Who has given the password and not yet the second factor: writes as oneself that it was used, and
    sees no more than nobody."""
    if not request.path.startswith("/accounts/") or request.user.is_authenticated:
        return None
    login = request.session.get(LOGIN_SESSION_KEY) or {}
    if not login.get("user_pk"):
        return None
    from allauth.account.utils import url_str_to_user_pk

    return Actor(account_id=int(url_str_to_user_pk(login["user_pk"])))  # written in base 36


def _must_go_first(request: HttpRequest, account: Account, actor: Actor) -> str | None:
    """Where somebody has to go before anything else: a first password, a second factor."""
    if request.path.startswith(OPEN_PATHS):
        return None
    if account.must_change_password:
        return reverse("account_change_password")
    if settings.SECOND_FACTOR_DEMANDED and any(held.role.two_factor for held in actor.holdings):
        from allauth.mfa.utils import is_mfa_enabled

        if not is_mfa_enabled(account):
            return reverse("mfa_index")
    return None


def roll_back(request: HttpRequest) -> None:
    """Marks that nothing this request wrote may stay, though its answer is a normal page."""
    request.must_roll_back = True  # type: ignore[attr-defined]


__all__ = ["HttpResponse", "IdleTimeout", "Request", "ScopeMiddleware", "roll_back"]
