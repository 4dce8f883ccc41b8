"""Accounts, the roles they hold, and the tokens of service accounts."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from luodi.ground.scope import api
from luodi.ground.scope.api import Account, ApiToken, RoleHolding, Unit, today
from luodi.ground.scope.forms import (
    AccountChangeForm,
    AccountFilter,
    AccountForm,
    GrantForm,
    TokenForm,
    reached,
)
from luodi.ground.scope.middleware import Request
from luodi.ground.scope.reach import accounts_seen, is_over
from luodi.ground.scope.sessions import sessions_of
from luodi.shell.forms import carry_out, form_page
from luodi.shell.listing import Column, Listing, Rows
from luodi.shell.pages import show

FOUND = 20


def _address(account: Account) -> str:
    return reverse("scope:account", args=[account.pk])


def _roles(account: Account) -> str:
    return "、".join(f"{held.unit} {held.kind.label}" for held in account.roles.all())


def _seen(request: Request) -> QuerySet[Account]:
    """The accounts of the actor's reach; of others nobody learns here that they exist."""
    request.actor.require("accounts.write")
    return Account.objects.filter(accounts_seen(request.actor, "accounts.write"))


def _search(rows: Rows, text: str) -> Rows:
    return rows.filter(Q(name__icontains=text) | Q(username__icontains=text))


@login_required
def accounts(request: Request) -> HttpResponseBase:
    """All accounts, with the roles that they hold today."""
    request.actor.require("accounts.write")
    roles = RoleHolding.objects.on(today()).select_related("unit")
    listing = Listing(
        request,
        _seen(request).select_related("home").prefetch_related(Prefetch("roles", roles)),
        columns=[
            Column("name", _("姓名"), sort="name", phone="title", link=_address),
            Column("username", _("登录名"), sort="username"),
            Column("home", _("所属单位"), value=lambda a: a.home or "—"),
            Column("roles", _("现任角色"), value=_roles),
            Column(
                "is_service", _("种类"), value=lambda a: _("系统") if a.is_service else _("人员")
            ),
            Column("is_active", _("状态"), value=lambda a: _("启用") if a.is_active else _("停用")),
            Column("created_at", _("开设时间"), sort="created_at", phone="hide"),
        ],
        default_sort="-created_at",
        name="accounts",
        title=_("账号"),
        filters=AccountFilter,
        search=_search,
    )
    return listing.export() or show(request, "scope/accounts.html", {"listing": listing})


@login_required
def new(request: Request) -> HttpResponse:
    """A new account; its one-time password is shown once, on the account's page."""
    request.actor.require("accounts.write")
    form = AccountForm(request.POST or None, actor=request.actor)
    password = api.one_time_password()
    if request.method == "POST":
        account = carry_out(
            request,
            form,
            lambda data: api.create_account(
                actor=request.actor, password=None if data["is_service"] else password, **data
            ),
        )
        if account:
            if not account.is_service:
                _show_once(request, account, password)
            return redirect(_address(account))
    context = {"form": form}
    return show(request, "scope/account_new.html", context, status=422 if form.errors else 200)


def _show_once(request: Request, account: Account, secret: str) -> None:
    request.session["shown_once"] = {"account": account.pk, "secret": secret}


@never_cache
@login_required
def account(request: Request, pk: int) -> HttpResponse:
    """One account: roles past, present and to come; search of a unit to grant a role on."""
    request.actor.require("accounts.write")
    account = get_object_or_404(_seen(request), pk=pk)
    once = request.session.get("shown_once")
    if once and once["account"] == pk:
        del request.session["shown_once"]
    else:
        once = None
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    units = Unit.objects.open().filter(reached(request.actor, "roles.write"))
    context = {
        "account": account,
        "roles": account.roles.select_related("unit").order_by("-valid"),
        "tokens": account.tokens.order_by("expires_on"),
        "token_form": TokenForm(),
        "secret": once and once["secret"],
        "text": text,
        "units": _search_units(units, text) if text else units.order_by("path")[:8],
        "second_factor": is_mfa_enabled(account),
        "sessions": sessions_of(account.pk),
        "mine": is_over(request.actor, "accounts.write", account),
        "myself": account.pk == request.actor.account_id,
        "today": today(),
    }
    return show(request, "scope/account.html", context)


@login_required
def change(request: Request, pk: int) -> HttpResponseBase:
    """Another name or mail address for an account."""
    request.actor.require("accounts.write")
    account = get_object_or_404(Account, pk=pk)
    known = {"name": account.name, "email": account.email}
    return form_page(
        request,
        AccountChangeForm(request.POST or None, initial=known),
        lambda data: api.change_account(actor=request.actor, account=account, **data),
        heading=_("修改姓名和邮箱"),
        back=_address(account),
        said=_("已保存。"),
        note=_("登录名不变。改过的姓名以后处处显示，审计记录里留有原来的。"),
    )


def _search_units(units: Rows, text: str) -> Rows:
    named = Q(name__icontains=text) | Q(short_name__icontains=text)
    return units.filter(named).order_by("sort_key")[:FOUND]


@login_required
def grant(request: Request, pk: int, unit_pk: int) -> HttpResponse:
    account, unit = get_object_or_404(_seen(request), pk=pk), get_object_or_404(Unit, pk=unit_pk)
    request.actor.require("roles.write", unit.path)
    form = GrantForm(request.POST or None, unit=unit)
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda data: api.grant_role(actor=request.actor, account=account, unit=unit, **data),
    ):
        messages.success(request, _("角色已授予。"))
        return redirect(_address(account))
    context = {"account": account, "unit": unit, "form": form, "cancel": _address(account)}
    return show(request, "scope/grant.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    holding = get_object_or_404(
        RoleHolding.objects.select_related("unit", "account").filter(account__in=_seen(request)),
        pk=pk,
    )
    api.end_role(actor=request.actor, holding=holding)
    messages.success(request, _("角色已结束。"))
    return redirect(_address(holding.account))


@login_required
@require_POST
def password(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(_seen(request), pk=pk)
    _show_once(request, account, api.reset_password(actor=request.actor, account=account))
    return redirect(_address(account))


@login_required
@require_POST
def second_factor(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(_seen(request), pk=pk)
    api.remove_second_factor(actor=request.actor, account=account)
    messages.success(request, _("两步验证已取消。角色需要时，本人下次登录须重新设置。"))
    return redirect(_address(account))


@login_required
@require_POST
def active(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(_seen(request), pk=pk)
    api.set_active(actor=request.actor, account=account, active="on" in request.POST)
    messages.success(request, _("账号已启用。") if account.is_active else _("账号已停用。"))
    return redirect(_address(account))


@login_required
@require_POST
def sessions(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(_seen(request), pk=pk)
    ended = api.end_sessions(actor=request.actor, account=account)
    messages.success(request, _("已让这个账号退出%(count)s处登录。") % {"count": ended})
    return redirect(_address(account))


@login_required
@require_POST
def token(request: Request, pk: int) -> HttpResponse:
    account = get_object_or_404(_seen(request), pk=pk)
    form = TokenForm(request.POST)
    made = carry_out(
        request, form, lambda data: api.issue_token(actor=request.actor, account=account, **data)
    )
    if made:
        _show_once(request, account, made[1])
        return redirect(_address(account))
    context = {"account": account, "form": form, "cancel": _address(account)}
    return show(request, "scope/token.html", context, status=422)


@login_required
@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(
        ApiToken.objects.select_related("account").filter(account__in=_seen(request)), pk=pk
    )
    api.revoke_token(actor=request.actor, token_id=pk)
    messages.success(request, _("令牌已作废。"))
    return redirect(_address(found.account))
