"""The first page, and the address of one's calendar."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Unit, UnitKind
from luodi.ground.scope.middleware import Request
from luodi.rooms.workbench.desk import desk
from luodi.rooms.workbench.feed import actor_of, calendar_of, change_token, token_of
from luodi.shell.navigation import navigation
from luodi.shell.pages import show


@login_required
def home(request: Request) -> HttpResponse:
    """What waits for me; for administrators and the auditor, what they may open."""
    actor = request.actor
    if not actor.may("cases.view"):
        groups = [(group, links) for group, links in navigation(request)]
        return show(request, "workbench/plain.html", {"groups": groups})
    seats = [one.unit_id for one in actor.holdings if "cases.raise" in one.role.permissions]
    poster = Unit.objects.filter(pk__in=seats, kind=UnitKind.ENTERPRISE).order_by("path").first()
    context = {"desk": desk(actor, timezone.now()), "poster": poster}
    return show(request, "workbench/home.html", context)


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
