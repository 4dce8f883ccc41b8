"""A post or an area: who holds it and held it, its sign, and the page that the sign leads to."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import SYSTEM, Request, acting, today
from luodi.rooms.pioneer.models import SHOWN, Holding, Stand, Studio, StudioMember
from luodi.rooms.pioneer.reading import results_of
from luodi.rooms.pioneer.verbs import stands as verbs
from luodi.rooms.pioneer.verbs import studios
from luodi.shell.pages import show


def find(request: Request, pk: int) -> Stand:
    row = get_object_or_404(Stand.objects.select_related("unit"), pk=pk)
    request.actor.require("pioneer.view", row.path)
    return row


def now_of(stand: Stand) -> Holding | None:
    return stand.holdings.filter(until=None).select_related("person__unit").first()


@login_required
def stand(request: Request, pk: int) -> HttpResponseBase:
    """What it stands for, who holds it, who held it."""
    row = find(request, pk)
    now = now_of(row)
    may_write = request.actor.may("pioneer.write", row.path)
    context = {
        "stand": row,
        "now": now,
        "agreed": [label for key, label in SHOWN.items() if now and key in now.agreed],
        "past": row.holdings.exclude(until=None).select_related("person"),
        "may_write": may_write,
        "closed": row.closed_on is not None and row.closed_on <= today(),
    }
    return show(request, "pioneer/stand.html", context)


@login_required
def sign(request: Request, pk: int) -> HttpResponseBase:
    """The sign to print, with the code that leads to its page."""
    row = find(request, pk)
    url = settings.SITE_URL.rstrip("/") + reverse("pioneer:seen", args=[row.token])
    code = segno.make(url, error="m", micro=False)
    context = {
        "stand": row,
        "shown": verbs.shown_of(now_of(row)),
        "url": url,
        "picture": mark_safe(code.svg_inline(scale=6, border=2, omitsize=True)),  # noqa: S308 - drawn here
    }
    return show(request, "pioneer/sign.html", context)


def seen(request: HttpRequest, token: str) -> HttpResponseBase:
    """What anybody sees who reads the code: the post, and of its holder what the holder agreed to."""
    with acting(SYSTEM):
        row = get_object_or_404(Stand.objects.select_related("unit"), token=token)
        closed = row.closed_on is not None and row.closed_on <= today()
        context = {
            "stand": row,
            "unit": str(row.unit),
            "shown": {} if closed else verbs.shown_of(now_of(row)),
            "closed": closed,
        }
    return show(request, "pioneer/seen.html", context)


def _about(request: Request, pk: int) -> dict[str, Any]:
    return {"stand": find(request, pk)}


def _of_stand(verb: Any, heading: Any, **words: Any) -> Any:
    return page_of(
        verb,
        heading=lambda given: f"{heading}：{given['stand']}",
        back=lambda given: given["stand"].get_absolute_url(),
        find=_about,
        said=_("已保存。"),
        **words,
    )


def _agreed(request: Request, given: Any) -> dict[str, Any]:
    now = now_of(given["stand"])
    return {"agreed": now.agreed, "version": now.version} if now else {}


hand_on = _of_stand(
    verbs.hand_stand_on, _("由谁担任"), initial=lambda request, given: {"on": today()}
)
leave = _of_stand(verbs.leave_stand, _("不再担任"), initial=lambda request, given: {"on": today()})
agree = _of_stand(verbs.agree_to_show, _("同意公示的内容"), initial=_agreed)


@login_required
def studio(request: Request, pk: int) -> HttpResponseBase:
    """A studio: its members, its projects, and what the registers say came of it."""
    row = get_object_or_404(Studio.objects.select_related("unit"), pk=pk)
    request.actor.require("pioneer.view", row.path)
    context = {
        "studio": row,
        "members": row.studiomember_set.filter(closed_on=None).select_related("person"),
        "projects": row.project_set.order_by("-opened_on", "pk"),
        "results": list(results_of(row)[:100])
        if request.actor.may("registers.view", row.path)
        else [],
        "may_write": request.actor.may("pioneer.write", row.path),
    }
    return show(request, "pioneer/studio.html", context)


def _studio(request: Request, pk: int) -> dict[str, Any]:
    row = get_object_or_404(Studio.objects.select_related("unit"), pk=pk)
    request.actor.require("pioneer.view", row.path)
    return {"studio": row}


def _studio_member(request: Request, pk: int) -> dict[str, Any]:
    rows = StudioMember.objects.select_related("studio__unit", "person")
    row = get_object_or_404(rows, pk=pk)
    request.actor.require("pioneer.view", row.path)
    return {"member": row}


def _home(studio: Studio) -> str:
    return reverse("pioneer:studio", args=[studio.pk])


join = page_of(
    studios.join_studio,
    heading=_("新增成员"),
    back=lambda given: _home(given["studio"]),
    find=_studio,
    initial=lambda request, given: {"on": today()},
    said=_("已保存。"),
)
leave_studio = page_of(
    studios.leave_studio,
    heading=lambda given: _("不再参加：%(name)s") % {"name": given["member"]},
    back=lambda given: _home(given["member"].studio),
    find=_studio_member,
    initial=lambda request, given: {"on": today()},
    said=_("已保存。"),
)
