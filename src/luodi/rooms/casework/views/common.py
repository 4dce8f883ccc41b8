"""What several casework pages need."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Request
from luodi.rooms.casework.models import Case, Template
from luodi.rooms.casework.standing import known_to


def find_case(code: str) -> Case:
    """A case by its number. 404 where the actor may not see it."""
    found: Case | None = Case.objects.select_related("unit").filter(code=code.upper()).first()
    if found is None:
        raise Http404(_("没有这个问题，或您无权查看。"))
    return found


def templates_of(request: Request, kind: str) -> tuple[list[Template], str]:
    """The texts to start from, and the one that the address asks for."""
    if not kind:
        return [], ""
    found = list(known_to(request.actor, Template.objects.filter(kind=kind)))
    asked = request.GET.get("template", "")
    return found, next((one.text for one in found if str(one.pk) == asked), "")
