"""The public form behind an enterprise's QR code, and the poster with the code."""

from __future__ import annotations

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Unit
from luodi.ground.scope.middleware import Request
from luodi.rooms.casework import api
from luodi.rooms.casework.forms import PublicForm
from luodi.shell.forms import carry_out
from luodi.shell.pages import show

DONE = "luodi.report.done"


def report(request: HttpRequest, token: str) -> HttpResponse:
    """Anybody's report: no account, and no more than is needed to answer."""
    unit = api.unit_of_token(token)
    form = PublicForm(request.POST or None)
    if request.method == "POST":
        receipt = carry_out(
            request,
            form,
            lambda data: api.report_publicly(
                token=token, address=request.META.get("REMOTE_ADDR", ""), **data
            ),
        )
        if receipt is not None:
            return redirect("cases:reported", token, signing.dumps(receipt.code, salt=DONE))
    status = 422 if request.method == "POST" else 200
    return show(request, "casework/report.html", {"form": form, "unit": unit}, status=status)


def reported(request: HttpRequest, token: str, done: str) -> HttpResponse:
    """Thanks, with the number to ask with."""
    try:
        code = signing.loads(done, salt=DONE)
    except signing.BadSignature:
        raise Http404 from None
    return show(request, "casework/reported.html", {"code": code, "token": token})


@login_required
def poster(request: Request, unit_id: int) -> HttpResponse:
    """The enterprise's code, to be printed and put up."""
    unit = get_object_or_404(Unit, pk=unit_id)
    intake = api.intake_of(actor=request.actor, unit=unit)
    url = settings.SITE_URL.rstrip("/") + reverse("cases:report", args=[intake.token])
    code = segno.make(url, error="m", micro=False)
    picture = code.svg_inline(scale=8, border=2, omitsize=True)
    return show(
        request,
        "casework/poster.html",
        {"unit": unit, "intake": intake, "url": url, "picture": mark_safe(picture)},  # noqa: S308 - drawn here
    )


@login_required
@require_POST
def rotate(request: Request, unit_id: int) -> HttpResponse:
    """Makes printed codes useless and gives a new one."""
    unit = get_object_or_404(Unit, pk=unit_id)
    api.rotate_token(actor=request.actor, unit=unit)
    messages.success(request, _("已更换。以前印出的二维码不再有效，请重新打印。"))
    return redirect("cases:poster", unit.pk)
