"""One page for every form that carries out a verb, and finding what a page is about."""

from __future__ import annotations

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.scope.api import Request
from luodi.lib.errors import NotAllowed
from luodi.rooms.registers.models import Entry, Register
from luodi.rooms.registers.verbs.recording import may_see
from luodi.shell import forms

MOST = 2**63 - 1
form_page = partial(
    forms.form_page, crumbs=[(reverse_lazy("registers:registers"), gettext_lazy("台账"))]
)


def register_of(request: Request, pk: int) -> Register:
    """The register, for who may see registers."""
    if not request.actor.may("registers.view"):
        raise NotAllowed(_("您的角色不能查看台账。"))
    if pk > MOST:
        raise Http404
    return get_object_or_404(Register.objects.select_related("unit"), pk=pk)


def seen(request: Request, register: Register) -> Register:
    """The same, where the actor may also see its entries."""
    if not may_see(request.actor, register):
        raise NotAllowed(_("您的角色不能查看这本台账里的人员。"))
    return register


def entry_of(request: Request, pk: int) -> list[Entry]:
    """All rows of an entry, the latest known and valid first; a register's page is asked for."""
    request.actor.require("registers.view")
    rows = Entry.objects.filter(origin=pk) if pk <= MOST else Entry.objects.none()
    found = list(
        rows.select_related("register__unit", "unit")
        .prefetch_related("references__unit", "references__person")
        .order_by("-known", "-valid")
    )
    if not found:
        raise Http404
    living = [one for one in found if one.known.upper is None]
    living.sort(key=lambda one: one.since, reverse=True)
    ordered = [*living, *(one for one in found if one.known.upper is not None)]
    if not may_see(request.actor, ordered[0].register, ordered[0].path):
        raise NotAllowed(_("您的角色不能查看这本台账里的人员。"))
    return ordered
