"""Tasks that need hands; the backbone and two-way entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, Unit, today
from luodi.rooms.directory.api import Branch, Named
from luodi.rooms.pioneer.models import Claim, Task
from luodi.rooms.pioneer.reading import STATES, crossings, in_state, shares, state_of, with_hands
from luodi.rooms.pioneer.verbs import tasks as verbs
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show


class TaskFilter(forms.Form):
    """Of the list of tasks: those that need somebody, unless others are asked for."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("待认领和进行中")), *STATES.items(), ("all", _("全部"))],
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["unit"] = Named(
            Unit.objects.all(), label=_("提出单位（含下级）"), required=False
        )

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        said, day = self.cleaned_data, today()
        if unit := said.get("unit"):
            rows = rows.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "/")
        match said.get("state"):
            case "":
                return in_state(rows, "open", day) | in_state(rows, "taken", day)
            case "all":
                return rows
        return in_state(rows, said["state"], day)


COLUMNS = [
    Column(
        "title", _("任务"), sort="title",
        link=lambda row: reverse("pioneer:task", args=[row.pk]), phone="title",
    ),
    Column("unit", _("提出单位"), sort="unit__sort_key"),
    Column("place", _("地点"), phone="hide"),
    Column("due_on", _("完成期限"), sort="due_on"),
    Column("hands", _("人手"), value=lambda row: f"{row.taken}/{row.hands}", align="end"),
    Column("skill", _("需要的技能"), phone="hide"),
    Column("state", _("状态"), value=lambda row: STATES[state_of(row)]),
]  # fmt: skip


@login_required
def tasks(request: Request) -> HttpResponseBase:
    """The tasks that need hands, the soonest due first."""
    request.actor.require("pioneer.view")
    listing = Listing(
        request,
        with_hands(Task.objects.select_related("unit")),
        columns=COLUMNS,
        default_sort="due_on",
        name="tasks",
        filters=TaskFilter,
        search=lambda rows, text: rows.filter(title__icontains=text),
        title=_("认领任务"),
        empty=_("现在没有需要认领的任务。"),
    )
    context = {"listing": listing, "may_raise": request.actor.may("pioneer.raise")}
    return listing.export() or show(request, "pioneer/tasks.html", context)


def find(request: Request, pk: int) -> Any:
    request.actor.require("pioneer.view")
    return get_object_or_404(with_hands(Task.objects.select_related("unit", "case")), pk=pk)


@login_required
def task(request: Request, pk: int) -> HttpResponseBase:
    """One task: what, where, until when; who took it on, what came of it."""
    row = find(request, pk)
    claims = (
        Claim.objects.filter(task=row).select_related("branch__unit").order_by("claimed_on", "pk")
    )
    names = _names(claims)
    lines = [
        {
            "claim": one,
            "name": names.get(one.person_id),
            "may": request.actor.may("pioneer.claim", one.path)
            and one.dropped_on is None
            and one.done_on is None,
        }
        for one in claims
    ]
    context = {
        "task": row,
        "state": STATES[state_of(row)],
        "is_open": row.withdrawn_on is None,
        "missing": max(row.hands - row.taken, 0),
        "lines": lines,
        "may_claim": request.actor.may("pioneer.claim") and row.withdrawn_on is None,
        "may_raise": request.actor.may("pioneer.raise", row.path) and row.withdrawn_on is None,
    }
    return show(request, "pioneer/task.html", context)


def _names(claims: QuerySet[Claim]) -> dict[int | None, str]:
    """The names of those whose record the reader sees; of others only the branch is told."""
    from luodi.rooms.directory.api import Person

    ids = [one.person_id for one in claims if one.person_id]
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))


def claim_of(request: Request, pk: int) -> dict[str, Any]:
    rows = Claim.objects.select_related("task", "branch__unit")
    return {"claim": get_object_or_404(rows, pk=pk)}


def _back(given: Any) -> str:
    return str(given["claim"].task.get_absolute_url())


def _task(request: Request, pk: int) -> dict[str, Any]:
    return {"task": find(request, pk)}


def _mine(request: Request, given: Any) -> dict[str, Any]:
    """The branch, where it can be only one."""
    found = [
        one
        for one in Branch.objects.filter(unit__closed_on=None).select_related("unit")[:50]
        if request.actor.may("pioneer.claim", one.path)
    ]
    return {"branch": str(found[0])} if len(found) == 1 else {}


raise_task = page_of(
    verbs.raise_task,
    heading=_("提出任务"),
    back=lambda given: reverse("pioneer:tasks"),
    done=lambda made: made.get_absolute_url(),
    said=_("已提出。"),
)
claim = page_of(
    verbs.claim_task,
    heading=lambda given: _("认领：%(task)s") % {"task": given["task"]},
    back=lambda given: given["task"].get_absolute_url(),
    find=_task,
    initial=_mine,
    said=_("已认领，谢谢。"),
)
withdraw = page_of(
    verbs.withdraw_task,
    heading=lambda given: _("撤回：%(task)s") % {"task": given["task"]},
    back=lambda given: given["task"].get_absolute_url(),
    find=_task,
    said=_("已撤回。"),
)
hand_on = page_of(
    verbs.hand_claim_on, heading=_("转交"), back=_back, find=claim_of, said=_("已转交。")
)
drop = page_of(verbs.drop_claim, heading=_("退出"), back=_back, find=claim_of, said=_("已退出。"))
finish = page_of(
    verbs.finish_claim,
    heading=_("已完成"),
    back=_back,
    find=claim_of,
    initial=lambda request, given: {"on": today()},
    said=_("已登记完成，谢谢。"),
)


@login_required
def backbone(request: Request) -> HttpResponseBase:
    """The backbone by enterprise, and who sits in both organisation and management."""
    request.actor.require("pioneer.view")
    day = today()
    context = {
        "today": day,
        "shares": shares(None, day),
        "crossings": list(crossings(None, day)) if request.actor.may("people.view") else [],
    }
    return show(request, "pioneer/backbone.html", context)
