"""What the pages of gatherings have in common."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse

from luodi.ground.scope.api import Request
from luodi.rooms.gatherings.models import Gathering
from luodi.rooms.gatherings.verbs.checks import VIEW, WRITE

LIST = "gatherings:gatherings"


def find(pk: int) -> Gathering:
    """A gathering that who asks may see (404)."""
    rows = Gathering.objects.select_related(
        "unit__parent", "leader__account", "entered_by", "booking"
    )
    return get_object_or_404(rows, pk=pk)


def find_for(request: Request, pk: int, permission: str = WRITE) -> Gathering:
    """One that who asks may work on (403)."""
    row = find(pk)
    request.actor.require(permission, row.path)
    return row


def may_view(request: Request, row: Gathering) -> bool:
    """Who may see gatherings of the unit, and who is asked to this one."""
    if request.actor.may(VIEW, row.path):
        return True
    return row.people.filter(account_id=request.actor.account_id).exists()


def home_of(row: Gathering, part: str = "") -> str:
    """The gathering's page, or a part of it."""
    return reverse("gatherings:gathering", args=[row.pk]) + (f"#{part}" if part else "")
