"""The inbox, the log of what was sent, and the groups it is sent to."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from luodi.ground.notices import api
from luodi.ground.notices.forms import AddressForm, RobotForm
from luodi.ground.notices.models import Delivery, Notice, Robot
from luodi.ground.scope.api import Account, Request
from luodi.shell.forms import carry_out, form_page
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

SHOWN = 100


@login_required
def inbox(request: Request) -> HttpResponse:
    """The actor's messages, unread first."""
    notices = Notice.objects.filter(account_id=request.actor.account_id)
    notices = notices.annotate(seen=Q(read_at__isnull=False)).order_by("seen", "-at")[:SHOWN]
    context = {"notices": notices, "by_mail": api.wants_mail(request.actor.account_id)}
    return show(request, "notices/inbox.html", context)


@login_required
@require_POST
def follow(request: Request, pk: int) -> HttpResponse:
    """Marks a message as read and goes to what it is about."""
    notice = get_object_or_404(Notice, pk=pk, account_id=request.actor.account_id)
    api.mark_read(actor=request.actor, notice_id=pk)
    return redirect(notice.url if notice.url.startswith("/") else "notices:inbox")


@login_required
@require_POST
def read_all(request: Request) -> HttpResponse:
    api.mark_read(actor=request.actor)
    return redirect("notices:inbox")


@login_required
@require_POST
def by_mail(request: Request) -> HttpResponse:
    """Messages by mail too, or in the inbox only."""
    wanted = "on" in request.POST
    api.want_mail(account_id=request.actor.account_id, wanted=wanted)
    messages.success(request, _("以后会发邮件提醒。") if wanted else _("以后不再发邮件提醒。"))
    return redirect("notices:inbox")


@csrf_exempt  # RFC 8058: a mail program posts here by itself; the address says enough
def no_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stops an account's mail without signing in; a GET only asks, since scanners follow links."""
    account_id = api.account_of(token)
    if request.method == "POST":
        api.want_mail(account_id=account_id, wanted=False)
    return show(request, "notices/no_mail.html", {"done": request.method == "POST"})


@login_required
def address(request: Request) -> HttpResponseBase:
    """My name and where my messages go; asked back by mail before it changes."""
    me = Account.objects.get(pk=request.actor.account_id)
    return form_page(
        request,
        AddressForm(request.POST or None, initial={"name": me.name, "email": me.email}),
        lambda data: api.ask_to_change(actor=request.actor, **data),
        heading=_("修改姓名和邮箱"),
        submit=_("发送确认邮件"),
        back=reverse("scope:me"),
        said=_("确认邮件已发出，打开里面的链接后生效。"),
        note=_("确认的链接发到填写的邮箱，三天内有效。收不到邮件时，请安全管理员修改。"),
    )


@never_cache
@login_required
def confirm_address(request: Request, token: str) -> HttpResponse:
    """What the link in the message leads to."""
    if request.method == "POST":
        api.confirm_address(actor=request.actor, token=token)
        messages.success(request, _("姓名和邮箱已修改。"))
        return redirect("scope:me")
    name, email = api.confirmed(request.actor, token)
    return show(request, "notices/confirm_address.html", {"name": name, "email": email})


@login_required
def deliveries(request: Request) -> HttpResponseBase:
    """What was sent where, and whether it arrived: anyone may look up what concerns them."""
    listing = Listing(
        request,
        Delivery.objects.select_related("account", "robot"),
        columns=[
            Column(
                "subject",
                _("标题"),
                value=lambda one: one.subject,
                phone="title",
                link=lambda one: reverse("notices:delivery", args=[one.pk]),
            ),
            Column(
                "to",
                _("发往"),
                value=lambda one: one.robot or one.to or one.account or "—",
                phone="line",
            ),
            Column(
                "status",
                _("状态"),
                sort="status",
                value=lambda one: one.get_status_display(),
                phone="line",
            ),
            Column("tries", _("次数"), value=lambda one: one.tries, align="end", phone="hide"),
            Column("answer", _("回执"), value=lambda one: one.answer, phone="hide"),
            Column(
                "created_at",
                _("生成时间"),
                sort="created_at",
                value=lambda one: one.created_at,
                phone="line",
            ),
        ],
        default_sort="-created_at",
        name="deliveries",
        empty=_("还没有发出过邮件或群消息。消息先进收件箱，每天汇总发送一次。"),
    )
    if file := listing.export():
        return file
    failed = []
    if request.actor.may("notices.configure"):
        unsent = [Delivery.Status.FAILED, Delivery.Status.UNSURE]
        failed = list(Delivery.objects.filter(status__in=unsent)[:20])
    return show(
        request,
        "notices/deliveries.html",
        {"listing": listing, "failed": failed},
        fragment="rows",
    )


@login_required
def delivery(request: Request, pk: int) -> HttpResponse:
    """One message, and each try to send it with its reason."""
    found = get_object_or_404(Delivery.objects.select_related("account", "robot"), pk=pk)
    tries = [{**one, "at": dt.datetime.fromisoformat(one["at"])} for one in found.log]
    context = {
        "delivery": found,
        "tries": tries,
        "again": found.status in {Delivery.Status.FAILED, Delivery.Status.UNSURE}
        and request.actor.may("notices.configure"),
    }
    return show(request, "notices/delivery.html", context)


@login_required
@require_POST
def send_again(request: Request, pk: int) -> HttpResponse:
    api.retry(actor=request.actor, delivery_id=pk)
    return redirect("notices:deliveries")


@login_required
def robots(request: Request) -> HttpResponse:
    """The groups, and a form for one more."""
    request.actor.require("notices.configure")
    form = RobotForm(request.POST or None, actor=request.actor)
    status = 200
    if request.method == "POST":
        made = carry_out(request, form, lambda data: api.add_robot(actor=request.actor, **data))
        if made is not None:
            return redirect("notices:robots")
        status = 422
    groups = Robot.objects.filter(is_active=True).select_related("unit")
    page = show(request, "notices/robots.html", {"form": form, "robots": groups})
    page.status_code = status
    return page


@login_required
@require_POST
def drop_robot(request: Request, pk: int) -> HttpResponse:
    api.remove_robot(actor=request.actor, robot_id=pk)
    return redirect("notices:robots")
