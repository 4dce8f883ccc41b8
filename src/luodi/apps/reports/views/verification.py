"""Verifying a file that somebody brings, and the site's public key."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase

from luodi.apps.reports import api
from luodi.apps.reports.forms import VerifyForm
from luodi.apps.scope.middleware import Request
from luodi.shell.pages import show


@login_required
def verify(request: Request) -> HttpResponseBase:
    """Takes a file, says whether it is as it was signed, and if not, what was changed."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            public = form.cleaned_data["key"].strip().lower() or api.public_of(api.signing_key())
            verdict = api.verify(form.cleaned_data["file"].file, public)
            context |= {
                "verdict": verdict,
                "sentences": [api.sentence(one) for one in verdict.findings],
                "name": form.cleaned_data["file"].name,
            }
        else:
            status = 422
    return show(request, "reports/verify.html", context, status=status)


@login_required
def key(request: Request) -> HttpResponseBase:
    """The public key, to be written down outside the site."""
    public = api.public_of(api.signing_key())
    context = {"public": public, "key_id": api.key_id(public)}
    return show(request, "reports/key.html", context)
