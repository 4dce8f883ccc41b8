"""Problems from Excel: template, dry run, report, error file, import."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.middleware import Request
from luodi.rooms.casework.importing import KIND, SHEET
from luodi.rooms.directory.api import workbooks
from luodi.shell.pages import show

TITLE = _("问题")


@login_required
def upload(request: Request) -> HttpResponseBase:
    """The page of the import; a POST stages the file and makes the dry run."""
    request.actor.require("imports.run")
    form, digest = workbooks.uploaded(request, KIND)
    if digest is not None:
        return redirect("cases:import_report", digest)
    status = 422 if request.method == "POST" else 200
    return show(request, "casework/import.html", {"form": form}, status=status)


@login_required
def report(request: Request, digest: str) -> HttpResponseBase:
    """What the dry run found; a POST writes the file. A large one is in the worker's hands."""
    request.actor.require("imports.run")
    return workbooks.working_page(
        request,
        KIND,
        digest,
        title=TITLE,
        back=reverse("cases:problems"),
        again=reverse("cases:import"),
        errors=reverse("cases:import_errors", args=[digest]),
    )


@login_required
def template(request: Request) -> HttpResponseBase:
    """An empty sheet with what to fill in."""
    request.actor.require("imports.run")
    return workbooks.template_file(SHEET, TITLE)


@login_required
def errors(request: Request, digest: str) -> HttpResponseBase:
    """The rows that cannot be taken, each with what is wrong, to be corrected and sent again."""
    request.actor.require("imports.run")
    return workbooks.errors_file(request, KIND, digest, TITLE)
