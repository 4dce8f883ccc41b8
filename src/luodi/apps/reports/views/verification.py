"""Verifying a file that somebody brings, and the site's public key: open to whoever was given a file.

Nobody needs an account for either; a stranger's file is smaller and comes less often.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from luodi.apps.reports import api
from luodi.apps.reports.forms import VerifyForm
from luodi.apps.scope.middleware import Request
from luodi.shell.pages import show

MOST_MB = 20  # of a stranger's file
SECONDS = 600
PER_ADDRESS, PER_SITE = 10, 60  # strangers' files in so many seconds


def verify(request: Request) -> HttpResponseBase:
    """Takes a file, says whether it is as it was signed, and if not, what was changed."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    stranger = not request.actor.account_id
    context: dict[str, object] = {"form": form, "most": MOST_MB if stranger else 0}
    status = 200
    if request.method == "POST":
        if form.is_valid() and (refused := _refusal(request, form) if stranger else ""):
            form.add_error(None, refused)
            status = 429
        elif form.is_valid():
            context |= _verdict(form, stranger)
        else:
            status = 422
    return show(request, "reports/verify.html", context, status=status)


def _verdict(form: VerifyForm, stranger: bool) -> dict[str, object]:
    public = form.cleaned_data["key"].strip().lower() or api.public_of(api.signing_key())
    upload = form.cleaned_data["file"]
    verdict = (
        api.verify(upload.file, public, api.STRANGER)
        if stranger
        else api.verify(upload.file, public)
    )
    return {
        "verdict": verdict,
        "sentences": [api.sentence(one) for one in verdict.findings],
        "name": upload.name,
    }


def _refusal(request: Request, form: VerifyForm) -> str:
    """Why a stranger's file is not looked at now; "" for nothing."""
    if form.cleaned_data["file"].size > MOST_MB * 1024 * 1024:
        return _("不登录时文件最多%(most)s MB。更大的材料包请登录后核验，或用命令核验。") % {
            "most": MOST_MB
        }
    address = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:32]
    counts = [_count(f"reports.verify:{who}") for who in (address, "all")]
    if counts[0] > PER_ADDRESS or counts[1] > PER_SITE:
        return _("核验得太频繁，请十分钟后再试。")
    return ""


def _count(key: str) -> int:
    """One more of these in the last minutes."""
    cache.add(key, 0, SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out in between
        return 1


def key(request: Request) -> HttpResponseBase:
    """The public key, to be written down outside the site."""
    public = api.public_of(api.signing_key())
    context = {"public": public, "key_id": api.key_id(public)}
    return show(request, "reports/key.html", context)
