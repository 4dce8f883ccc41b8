"""Somebody goes, or a unit: what is left behind, and who takes it over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from luodi.ground.scope import api
from luodi.ground.scope.api import Absence, Account, RoleHolding, today
from luodi.ground.scope.forms import AbsenceForm, HeirForm, TakeOverForm
from luodi.ground.scope.leaving import Left
from luodi.ground.scope.middleware import Request
from luodi.ground.scope.people import known_people
from luodi.ground.scope.reach import accounts_seen, require_over
from luodi.ground.scope.verbs.absences import may_set_absence
from luodi.lib.errors import NotAllowed
from luodi.manifest import Owner
from luodi.shell.forms import carry_out
from luodi.shell.pages import show


def account_address(account: Account) -> str:
    return reverse("scope:account", args=[account.pk])


def moved_words(count: int) -> str:
    """How many things were handed on."""
    return ngettext("已移交 %(count)s 项。", "已移交 %(count)s 项。", count) % {"count": count}


def leaving_page(
    request: Request,
    form: BaseForm,
    verb: Callable[[dict[str, Any]], object],
    *,
    left: list[Left],
    back: str,
    said: Callable[[Any], str],
    **words: Any,
) -> HttpResponse:
    """The page before somebody or something goes: what is left, who takes it, and the button."""
    if request.method == "POST" and (done := carry_out(request, form, verb)) is not None:
        messages.success(request, said(done))
        return redirect(back)
    context = {"form": form, "left": left, "cancel": back, **words}
    return show(request, "scope/leaving.html", context, status=422 if form.errors else 200)


def _seen(request: Request) -> QuerySet[Account]:
    """The accounts of the actor's reach; of others nobody learns here that they exist."""
    request.actor.require("accounts.write")
    return Account.objects.filter(accounts_seen(request.actor, "accounts.write"))


@login_required
def active(request: Request, pk: int) -> HttpResponse:
    """Before an account is switched off: what it answers for. On again with one button."""
    account = get_object_or_404(_seen(request), pk=pk)
    if request.method == "POST" and "on" in request.POST:
        api.set_active(actor=request.actor, account=account, active=True)
        messages.success(request, _("账号已启用。"))
        return redirect(account_address(account))
    require_over(request.actor, "accounts.write", account)
    return leaving_page(
        request,
        HeirForm(request.POST or None, without=account),
        lambda data: api.set_active(actor=request.actor, account=account, active=False, **data),
        left=api.left_behind(request.actor, Owner(account=account)),
        back=account_address(account),
        said=lambda done: _("账号已停用。") + (moved_words(done) if done is not True else ""),
        heading=_("停用账号：%(name)s") % {"name": account.name},
        submit=_("停用账号"),
    )


@login_required
def end(request: Request, pk: int) -> HttpResponse:
    """Before a role ends: what its holder answers for on the unit."""
    found = RoleHolding.objects.select_related("unit", "account")
    found = found.filter(account__in=_seen(request))
    holding = get_object_or_404(found, pk=pk)
    request.actor.require("roles.write", holding.unit.path)
    owner = Owner(account=holding.account, unit=holding.unit)
    return leaving_page(
        request,
        HeirForm(request.POST or None, without=holding.account),
        lambda data: api.end_role(actor=request.actor, holding=holding, **data),
        left=api.left_behind(request.actor, owner),
        back=account_address(holding.account),
        said=lambda _done: _("角色已结束。"),
        heading=_("结束角色：%(name)s，%(unit)s %(role)s")
        % {"name": holding.account.name, "unit": holding.unit, "role": holding.kind.label},
        submit=_("结束角色"),
        note=_("今天起不再担任。"),
    )


@login_required
def take_over(request: Request, pk: int) -> HttpResponse:
    """What somebody answers for, as far as one may see it; all of it to oneself, or to another."""
    request.actor.require("belongings.hand_on")
    account = get_object_or_404(known_people(request.actor), pk=pk)
    me = Account.objects.filter(pk=request.actor.account_id).first()
    initial = {"heir": me if me != account else None}
    owner = Owner(account=account)
    return leaving_page(
        request,
        TakeOverForm(request.POST or None, without=account, initial=initial),
        lambda data: api.take_over(actor=request.actor, owner=owner, **data),
        left=[one for one in api.left_behind(request.actor, owner) if one.rows],
        back=reverse("scope:take_over", args=[account.pk]),
        said=lambda done: (
            moved_words(done[0])
            + (_("另有 %(count)s 项您无权移交。") % {"count": done[1]} if done[1] else "")
        ),
        heading=_("%(name)s 名下的事项") % {"name": account.name},
        submit=_("全部移交"),
        empty=_("%(name)s 名下没有未了的事项。") % {"name": account.name},
    )


@login_required
def adrift(request: Request) -> HttpResponse:
    """What is owned by nobody who is there; one button gives it to the units' queues."""
    request.actor.require("belongings.hand_on")
    if request.method == "POST":
        moved = api.settle(actor=request.actor, why=_("原责任人已不在岗"))
        messages.success(request, moved_words(moved))
        return redirect("scope:adrift")
    return show(request, "scope/adrift.html", {"left": api.adrift()})


# --- being away -------------------------------------------------------------------------------


@login_required
def absence(request: Request, pk: int) -> HttpResponse:
    """When somebody is away, and who stands in; one's own, or of those whose unit one keeps."""
    account = get_object_or_404(Account, pk=pk)
    if not may_set_absence(request.actor, account):
        raise NotAllowed(_("只能登记自己的外出，或由本单位的管理员登记。"))
    form = AbsenceForm(request.POST or None, account=account)
    if request.method == "POST" and carry_out(
        request, form, lambda data: api.set_absence(actor=request.actor, account=account, **data)
    ):
        messages.success(request, _("外出和代理人已登记。"))
        return redirect("scope:absence", account.pk)
    context = {
        "account": account,
        "form": form,
        "absences": account.absences.select_related("deputy"),
        "myself": account.pk == request.actor.account_id,
        "today": today(),
    }
    return show(request, "scope/absence.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_absence(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Absence, pk=pk)
    api.end_absence(actor=request.actor, absence_id=pk)
    messages.success(request, _("外出登记已结束。"))
    return redirect("scope:absence", found.account_id)
