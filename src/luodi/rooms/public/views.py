"""The public's pages: phone first, large type if wanted, no account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from luodi.ground.scope.api import today
from luodi.rooms.casework.api import public_forms
from luodi.rooms.public.calendar import feed_of, rss_of
from luodi.rooms.public.keeping import ELDER, kept
from luodi.rooms.public.reading import grounds, shows
from luodi.shell.pages import show

YEAR = 365 * 86_400


@require_safe
@kept
def home(request: HttpRequest) -> HttpResponse:
    """What one may come for; tonight's show stands on it."""
    tonight = [one for one in shows(on=today()) if not one.cancelled]
    return _page(request, "public/home.html", {"tonight": tonight, "today": today()})


@require_safe
@kept
def events(request: HttpRequest) -> HttpResponse:
    """What is on, day by day; of a village or a play, if asked."""
    text = request.GET.get("q", "").strip()[:40]
    asked, problem = request.GET.get("on", ""), ""
    day = None
    if asked:
        try:
            day = dt.date.fromisoformat(asked)
        except ValueError:
            problem = _("请写成 2022-12-22 这样的日期。")
    days = [(on, list(some)) for on, some in groupby(shows(on=day, text=text), lambda one: one.on)]
    context = {"days": days, "q": text, "on": day, "problem": problem, "today": today()}
    return _page(request, "public/events.html", context)


@require_safe
@kept
def places(request: HttpRequest) -> HttpResponse:
    """Grounds and houses that are open to all, the nearest to a typed place first; nobody is located."""
    near = request.GET.get("near", "").strip()[:40]
    kind = request.GET.get("kind", "")
    found, understood = grounds(near=near, kind=kind if kind in {"sports", "culture"} else "")
    context = {"grounds": found, "near": near, "understood": understood, "kind": kind}
    return _page(request, "public/places.html", context)


@require_safe
@kept
def raising(request: HttpRequest) -> HttpResponse:
    """To whom one may tell a problem without an account."""
    return _page(request, "public/raising.html", {"forms": public_forms()})


@require_safe
@kept
def calendar(request: HttpRequest) -> HttpResponse:
    """What is on, for a calendar program."""
    with override("zh-hans"):
        body = feed_of(shows(text=request.GET.get("q", "").strip()[:40]))
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


@require_safe
@kept
def rss(request: HttpRequest) -> HttpResponse:
    """What is on, for a reader of news."""
    address = settings.SITE_URL.rstrip("/") + reverse("public:events")
    return HttpResponse(rss_of(shows(), address), content_type="application/rss+xml; charset=utf-8")


@csrf_exempt  # a kept page holds nobody's token; nothing but the size of the type follows from it
@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """Turns large type on or off, and goes back."""
    after = request.POST.get("next", "")
    response = redirect(after if after.startswith("/public/") else "public:home")
    if request.POST.get("elder"):
        response.set_cookie(
            ELDER, "1", max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(ELDER)
    return response


def _page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    large = request.COOKIES.get(ELDER) == "1"
    return show(request, template, {**context, "large": large, "here": request.path})
