"""Small things that people set up for themselves and each other."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor
from luodi.lib.errors import NotFound, UserError
from luodi.lib.text import one_line
from luodi.rooms.casework.models import SavedFilter


def save_filter(*, actor: Actor, name: str, query: str) -> SavedFilter:
    """Keeps a list's filter under a name of the actor's own; the same name again replaces it."""
    name = one_line(name)[:40]
    if not name:
        raise UserError(_("请给这个筛选起个名字。"), "name")
    found, _made = SavedFilter.objects.update_or_create(
        account_id=actor.account_id, name=name, defaults={"query": query[:2000]}
    )
    return found


def remove_filter(*, actor: Actor, filter_id: int) -> None:
    """Forgets one of the actor's own filters."""
    if not SavedFilter.objects.filter(account_id=actor.account_id, pk=filter_id).delete()[0]:
        raise NotFound(_("没有这个筛选。"))
