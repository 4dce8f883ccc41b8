"""The wall with its rotating code, and what a phone shows that opened it."""

from __future__ import annotations

import segno
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from luodi.ground.scope.api import Request
from luodi.rooms.gatherings import wall as walls
from luodi.rooms.gatherings.views.common import find_for
from luodi.shell.forms import carry_out
from luodi.shell.pages import show


@login_required
@never_cache
def wall(request: Request, pk: int) -> HttpResponseBase:
    """The code for a screen at the door; it changes by itself."""
    row = find_for(request, pk)
    address = settings.SITE_URL + reverse("gatherings:here", args=[walls.token_of(row)])
    drawn = segno.make(address, micro=False).svg_inline(scale=8, omitsize=True)
    came, expected = walls.so_far(row)
    context = {
        "gathering": row,
        "code": mark_safe(drawn),  # noqa: S308 - drawn by segno
        "came": came,
        "expected": expected,
        "every": walls.EVERY,
    }
    return show(request, "gatherings/wall.html", context)


class NameForm(forms.Form):
    name = forms.CharField(label=_("您的姓名"), max_length=60)


@never_cache
def here(request: HttpRequest, token: str) -> HttpResponseBase:
    """Who has the code says a name; no account is needed, and none is asked for."""
    form = NameForm(request.POST or None)
    came = None
    if request.method == "POST":
        came = carry_out(request, form, lambda data: walls.come(token=token, **data))
    else:
        try:
            walls.gathering_of(token)
        except walls.Ended as ended:
            context = {"ended": str(ended)}
            return show(request, "gatherings/here.html", context, status=410)
    status = 422 if request.method == "POST" and came is None else 200
    return show(request, "gatherings/here.html", {"form": form, "came": came}, status=status)
