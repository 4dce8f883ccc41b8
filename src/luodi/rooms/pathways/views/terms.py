"""When each organisation's election is due; what it is due to become; who holds several offices."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.directory.api import Branch, BranchType, Enterprise, guided_enterprises
from luodi.rooms.pathways.verbs import terms as verbs
from luodi.shell.pages import show


@login_required
def terms(request: Request) -> HttpResponseBase:
    """All on one page: terms, what changes, the guided enterprises, offices."""
    request.actor.require("pathways.view")
    day = today()
    found = verbs.terms_of(day)
    lines = [
        {
            "term": one,
            "stage": one.stage(day),
            "left": one.months_left(day),
            "may": request.actor.may("pathways.approve", one.branch.path) and one.due_on,
        }
        for one in found
    ]
    top = min(
        (held for held in request.actor.holdings), key=lambda held: len(held.path), default=None
    )
    units = {one.branch.unit.parent for one in found} if top else set()
    guided: dict[int, Enterprise] = {}
    for unit in units:
        if unit is not None:
            for one in guided_enterprises(unit, day).select_related("unit"):
                guided[one.pk] = one
    context = {
        "today": day,
        "lines": lines,
        "becoming": [one for one in found if one.remarks],
        "temporary": [one for one in found if one.standing.type == BranchType.TEMPORARY],
        "guided": sorted(guided.values(), key=lambda one: one.unit.path),
        "offices": verbs.offices_of(day) if request.actor.may("people.view") else [],
    }
    return show(request, "pathways/terms.html", context)


def _branch(request: Request, pk: int) -> dict[str, Any]:
    row = get_object_or_404(Branch.objects.select_related("unit"), pk=pk)
    request.actor.require("pathways.approve", row.path)
    return {"branch": row}


shift = page_of(
    verbs.shift_term,
    heading=lambda given: f"{_('提前或延期换届')}：{given['branch']}",
    back=lambda given: reverse("pathways:terms"),
    find=_branch,
    initial=lambda request, given: {"moved_to": verbs.due_of(given["branch"])},
    said=_("已保存。"),
)
