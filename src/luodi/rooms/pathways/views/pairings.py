"""Two-way training: who is with whom, what they agreed to do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.pathways.models import DIRECTIONS, Journey, Pairing, PairingStep
from luodi.rooms.pathways.verbs import pairing as verbs
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

COLUMNS = [
    Column(
        "person", _("培养对象"), sort="person__sort_key",
        link=lambda row: row.get_absolute_url(), phone="title",
    ),
    Column("direction", _("方向")),
    Column("companion", _("结对党员或骨干"), sort="companion__sort_key"),
    Column("unit", _("所在单位"), sort="person__unit__sort_key", value=lambda row: row.person.unit, phone="hide"),
    Column("goal", _("目标")),
    Column("since", _("自"), sort="since", phone="hide"),
    Column("ended_on", _("结束日期"), sort="ended_on", value=lambda row: row.ended_on or ""),
]  # fmt: skip


@login_required
def pairings(request: Request) -> HttpResponseBase:
    """The pairs, by name."""
    request.actor.require("pathways.view")
    listing = Listing(
        request,
        Pairing.objects.select_related("person__unit", "companion"),
        columns=COLUMNS,
        default_sort="person",
        name="pairings",
        search=lambda rows, text: rows.filter(person__name__icontains=text),
        title=_("双向培养"),
        empty=_("还没有结对。"),
    )
    context = {"listing": listing, "may_write": request.actor.may("pathways.write")}
    return listing.export() or show(request, "pathways/pairings.html", context)


def find(request: Request, pk: int) -> dict[str, Any]:
    rows = Pairing.objects.select_related("person__unit", "companion")
    row = get_object_or_404(rows, pk=pk)
    request.actor.require("pathways.view", row.path)
    return {"pairing": row}


def _step(request: Request, pk: int) -> dict[str, Any]:
    row = get_object_or_404(PairingStep.objects.select_related("pairing__person"), pk=pk)
    request.actor.require("pathways.view", row.path)
    return {"step": row}


@login_required
def pairing(request: Request, pk: int) -> HttpResponseBase:
    """A pair: the goal, the steps with their days, what came of it."""
    row = find(request, pk)["pairing"]
    context = {
        "pairing": row,
        "direction": DIRECTIONS[row.direction],
        "steps": row.steps.all(),
        "today": today(),
        "journey": Journey.objects.filter(person=row.person).order_by("-pk").first(),
        "may_write": row.ended_on is None and request.actor.may("pathways.write", row.path),
    }
    return show(request, "pathways/pairing.html", context)


def _home(given: Any) -> str:
    return str((given.get("pairing") or given["step"].pairing).get_absolute_url())


begin = page_of(
    verbs.begin_pairing,
    heading=_("登记结对"),
    back=lambda given: reverse("pathways:pairings"),
    initial=lambda request, given: {"since": today()},
    done=lambda made: made.get_absolute_url(),
    said=_("已保存。"),
)
add_step = page_of(
    verbs.agree_on_step, heading=_("新增安排"), back=_home, find=find, said=_("已保存。")
)
finish_step = page_of(
    verbs.finish_pairing_step,
    heading=lambda given: f"{_('已完成')}：{given['step']}",
    back=_home,
    find=_step,
    initial=lambda request, given: {"on": today()},
    said=_("已保存。"),
)
end = page_of(
    verbs.end_pairing,
    heading=_("结束结对"),
    back=_home,
    find=find,
    initial=lambda request, given: {"on": today()},
    said=_("已保存。"),
)
