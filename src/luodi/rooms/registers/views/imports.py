"""A register's Excel in and out: template, dry run, report, error file, import, export."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import today
from luodi.ground.scope.middleware import Request
from luodi.lib.errors import NotAllowed
from luodi.rooms.directory.api import workbooks
from luodi.rooms.registers.models import Register
from luodi.rooms.registers.sheets import KIND, export_entries, sheet_of
from luodi.rooms.registers.verbs.recording import may_write
from luodi.rooms.registers.views.common import register_of, seen
from luodi.shell.pages import show


def _writable(request: Request, pk: int) -> Register:
    register = seen(request, register_of(request, pk))
    actor = request.actor
    if not any(may_write(actor, register, held.path) for held in actor.holdings):
        raise NotAllowed(_("您的角色不能登记这本台账，请联系建账单位。"))
    return register


def _kind(register: Register) -> str:
    return f"{KIND}{register.pk}"


@login_required
def upload(request: Request, pk: int) -> HttpResponseBase:
    """The page of import and export; a POST stages the file and makes the dry run."""
    register = _writable(request, pk)
    form, digest = workbooks.uploaded(request, _kind(register))
    if digest is not None:
        return redirect("registers:import_report", pk, digest)
    status = 422 if request.method == "POST" else 200
    context = {"register": register, "form": form}
    return show(request, "registers/import.html", context, status=status)


@login_required
def report(request: Request, pk: int, digest: str) -> HttpResponseBase:
    """What the dry run found; a POST writes the file. A large one is in the worker's hands."""
    register = _writable(request, pk)
    return workbooks.working_page(
        request,
        _kind(register),
        digest,
        title=str(register),
        back=reverse("registers:entries", args=[pk]),
        again=reverse("registers:import", args=[pk]),
        errors=reverse("registers:import_errors", args=[pk, digest]),
    )


@login_required
def template(request: Request, pk: int) -> HttpResponseBase:
    """An empty sheet with notes and an example."""
    register = _writable(request, pk)
    return workbooks.template_file(sheet_of(register), str(register))


@login_required
def errors(request: Request, pk: int, digest: str) -> HttpResponseBase:
    """The rows that cannot be taken, each with what is wrong, to be corrected and sent again."""
    register = _writable(request, pk)
    return workbooks.errors_file(request, _kind(register), digest, str(register))


@login_required
def export(request: Request, pk: int) -> HttpResponseBase:
    """All entries as a sheet that can be imported again; the trail notes that it left."""
    register = seen(request, register_of(request, pk))
    if request.method != "POST":
        return redirect("registers:import", pk)
    return workbooks.as_file(
        f"{register}-{today().isoformat()}",
        lambda out: export_entries(actor=request.actor, register=register, stream=out),
    )
