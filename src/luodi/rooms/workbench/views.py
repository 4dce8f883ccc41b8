"""The first page, and the address of one's calendar."""

from __future__ import annotations

import hashlib
from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luodi.ground.figures.api import figures, may_read, room_of
from luodi.ground.scope.api import Request
from luodi.rooms.workbench.feed import actor_of, calendar_of, change_token, token_of
from luodi.rooms.workbench.preferring import prefer_figures, prefer_places, preference_of
from luodi.shell.navigation import PINS, navigation
from luodi.shell.pages import show
from luodi.shell.parts import filled_parts


@login_required
def home(request: Request) -> HttpResponse:
    """The day: what waits, what is due, what one looks at; for administrators, what they may open."""
    if not any(held.role.sees_rows for held in request.actor.holdings):
        return show(request, "workbench/plain.html", {"groups": navigation(request)})
    return show(request, "workbench/home.html", {"parts": filled_parts(request, "workbench")})


@login_required
def pins(request: Request) -> HttpResponse:
    """Which places stand first in the navigation."""
    if request.method == "POST":
        chosen = request.POST.getlist("chosen")
        known = {link.place.url for _group, links in navigation(request) for link in links}
        prefer_places(
            actor=request.actor, request=request, pins=[one for one in chosen if one in known]
        )
        messages.success(request, _("已保存。"))
        return redirect("home")
    kept = request.session.get(PINS, [])
    groups = [
        (group.label, [(one.place.url, one.place.label, one.place.url in kept) for one in links])
        for group, links in navigation(request)
        if not group.pinned
    ]
    note = _("勾选的页面排在菜单最前面，手机底部也用前四个。")
    context = {"groups": groups, "heading": _("常用页面"), "note": note}
    return show(request, "workbench/choose.html", context)


@login_required
def my_figures(request: Request) -> HttpResponse:
    """Which figures stand on one's workbench."""
    may = [one for one in figures() if may_read(request.actor, one)]
    if request.method == "POST":
        known = {one.key for one in may}
        chosen = [one for one in request.POST.getlist("chosen") if one in known]
        prefer_figures(actor=request.actor, figures=chosen)
        messages.success(request, _("已保存。"))
        return redirect("home")
    kept = preference_of(request.actor.account_id).figures
    rows = sorted((room_of(one), str(one.name), one.key) for one in may)
    groups = [
        (room, [(key, name, key in kept) for _room, name, key in some])
        for room, some in groupby(rows, key=lambda row: row[0])
    ]
    note = _("勾选的数据指标每天显示在工作台上，点开就是它的明细。")
    context = {"groups": groups, "heading": _("我的数据"), "note": note}
    return show(request, "workbench/choose.html", context)


@login_required
def calendar(request: Request) -> HttpResponse:
    """The address under which a calendar program finds my deadlines."""
    path = reverse("calendar_feed", args=[token_of(request.actor.account_id)])
    return show(request, "workbench/calendar.html", {"url": settings.SITE_URL.rstrip("/") + path})


@login_required
@require_POST
def change_calendar(request: Request) -> HttpResponse:
    change_token(request.actor.account_id)
    messages.success(request, _("已更换。请用新地址重新订阅，旧地址不再有效。"))
    return redirect("calendar")


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed itself: who has the address may read it, so it holds numbers, titles and dates."""
    actor = actor_of(token)
    if actor is None:
        raise Http404
    body = calendar_of(actor)
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"], response["ETag"] = "private, max-age=900", etag
    return get_conditional_response(request, etag=etag, response=response) or response
