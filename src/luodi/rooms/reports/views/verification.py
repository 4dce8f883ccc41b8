"""Verifying a file that somebody brings, and the site's public key: open to whoever was given a file.

Nobody needs an account for either (see `anonymous.py`).
"""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Request
from luodi.rooms.reports import api
from luodi.rooms.reports.anonymous import MOST_MB, TooMuch, verify_upload
from luodi.rooms.reports.forms import VerifyForm
from luodi.shell.pages import show


def verify(request: Request) -> HttpResponseBase:
    """Takes a file, says whether it is as it was signed, and if not, what was changed."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    most = 0 if request.actor.account_id else MOST_MB
    context: dict[str, object] = {"form": form, "most": most, "heading": _("核验文件")}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            context |= _verdict(request, form)
        except TooMuch as problem:
            form.add_error(None, str(problem))
            status = problem.status
    elif request.method == "POST":
        status = 422
    return show(request, "reports/verify.html", context, status=status)


def _verdict(request: Request, form: VerifyForm) -> dict[str, object]:
    upload = form.cleaned_data["file"]
    public = form.cleaned_data["key"].strip().lower() or api.public_of(api.signing_key())
    verdict = verify_upload(request, upload, public)
    return {
        "verdict": verdict,
        "sentences": [api.finding_text(one) for one in verdict.findings],
        "name": upload.name,
    }


def key(request: Request) -> HttpResponseBase:
    """The public key, to be written down outside the site."""
    public = api.public_of(api.signing_key())
    context = {"public": public, "key_id": api.key_id(public), "heading": _("本站公钥")}
    return show(request, "reports/key.html", context)
