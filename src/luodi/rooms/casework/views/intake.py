"""The public form behind an enterprise's QR code, and the poster with the code."""

from __future__ import annotations

import segno
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from luodi.ground.scope.api import Cipher, Unit
from luodi.ground.scope.middleware import Request
from luodi.lib.errors import UserError
from luodi.rooms.casework import api
from luodi.rooms.casework.forms import LookUpForm, PublicAnswerForm, PublicForm
from luodi.shell.forms import carry_out
from luodi.shell.pages import show

DONE = Cipher("luodi.report.done")  # encrypted: the address holds the secret word for an hour
DONE_SECONDS = 3600
OPENED, OPENED_SECONDS = "luodi.report.opened", 1800


def report(request: HttpRequest, token: str) -> HttpResponse:
    """Anybody's report: no account, and no more than is needed to answer."""
    unit = api.unit_of_token(token)
    form = PublicForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        receipt = carry_out(
            request,
            form,
            lambda data: api.report_publicly(
                token=token, address=request.META.get("REMOTE_ADDR", ""), **data
            ),
        )
        if receipt is not None:
            done = DONE.sealed(f"{receipt.code} {receipt.word}")
            return redirect("cases:reported", token, done)
    status = 422 if request.method == "POST" else 200
    return show(request, "casework/report.html", {"form": form, "unit": unit}, status=status)


@require_safe
@never_cache
def reported(request: HttpRequest, token: str, done: str) -> HttpResponse:
    """Thanks, with the number and the secret word to ask with; for an hour."""
    try:
        code, word = DONE.opened(done, DONE_SECONDS).split(" ")
    except (InvalidToken, ValueError):
        return redirect("cases:report_look_up")
    context = {"code": code, "word": word, "token": token, "opened": _opened(code)}
    return show(request, "casework/reported.html", context)


def _opened(code: str) -> str:
    """The address part that opens a report for half an hour."""
    return signing.dumps(code, salt=OPENED)


def report_look_up(request: HttpRequest) -> HttpResponse:
    """Asks for number and secret word."""
    form = LookUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            known = api.look_up(address=request.META.get("REMOTE_ADDR", ""), **form.cleaned_data)
        except UserError as refused:
            form.add_error(None, str(refused))
        else:  # a wrong attempt is no exception: it must stay counted
            if known:
                code = form.cleaned_data["code"].strip().upper()
                return redirect("cases:report_progress", _opened(code))
            form.add_error(None, _("编号或口令不对，请核对后再试。"))
    status = 422 if request.method == "POST" else 200
    return show(request, "casework/report_look_up.html", {"form": form}, status=status)


@never_cache
def report_progress(request: HttpRequest, opened: str) -> HttpResponse:
    """How far a report is; and whether its reporter is satisfied, while that is asked."""
    try:
        code = signing.loads(opened, salt=OPENED, max_age=OPENED_SECONDS)
    except signing.BadSignature:
        return redirect("cases:report_look_up")
    form = PublicAnswerForm(request.POST or None)
    if request.method == "POST":
        satisfied = request.POST.get("verdict") == "satisfied"
        said = carry_out(
            request,
            form,
            lambda data: api.answer_publicly(code=code, satisfied=satisfied, **data),
        )
        if said is not None:
            messages.success(request, _("谢谢您，已收到您的评价。"))
            return redirect("cases:report_progress", opened)
    context = {"form": form, "found": api.progress_of(code), "opened": opened}
    status = 422 if request.method == "POST" else 200
    return show(request, "casework/report_progress.html", context, status=status)


@login_required
def poster(request: Request, unit_id: int) -> HttpResponse:
    """The enterprise's code, to be printed and put up; made when asked for, not by looking."""
    unit = get_object_or_404(Unit, pk=unit_id)
    if request.method == "POST":
        api.intake_of(actor=request.actor, unit=unit)
        return redirect("cases:poster", unit.pk)
    intake = api.known_intake(actor=request.actor, unit=unit)
    if intake is None:
        return show(request, "casework/poster.html", {"unit": unit})
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
