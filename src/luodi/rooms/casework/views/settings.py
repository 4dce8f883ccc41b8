"""Categories, text templates, and the procedures as tables."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luodi.ground.scope.api import Request, Unit
from luodi.lib.clocks import Basis, Target
from luodi.lib.errors import NotAllowed
from luodi.rooms.casework import api
from luodi.rooms.casework.forms import CategoryForm, TemplateForm
from luodi.rooms.casework.models import Category, Template
from luodi.rooms.casework.procedure import Procedure, procedures
from luodi.rooms.casework.standing import told_to
from luodi.rooms.casework.templatetags.cases import span
from luodi.shell.forms import carry_out
from luodi.shell.pages import show


@login_required
def settings(request: Request) -> HttpResponse:
    """What may be set up, and how the shipped procedures run."""
    _may_look(request)
    actor = request.actor
    context = {
        "edits": actor.may("cases.template"),
        "categories": told_to(actor, Category.objects.select_related("unit")),
        "templates": told_to(actor, Template.objects.select_related("unit")),
        "procedures": [_table(one) for one in procedures().values()],
    }
    return show(request, "casework/settings.html", context)


def _may_look(request: Request) -> None:
    if not (request.actor.may("cases.view") or request.actor.may("system.configure")):
        raise NotAllowed(_("您的角色不能查看事项设置。"))


@login_required
def category(request: Request, pk: int | None = None) -> HttpResponse:
    """Adds a category, or changes one."""
    found = get_object_or_404(_known(request, Category), pk=pk) if pk else None
    form = CategoryForm(request.POST or None, instance=found)

    def save(data: dict[str, Any]) -> Category:
        unit = found.unit if found else _seat(request)
        return api.save_category(actor=request.actor, unit=unit, category=found, **data)

    heading = _("修改类别") if found else _("新的类别")
    return _edit(request, form, save, heading)


@login_required
def template(request: Request, pk: int | None = None) -> HttpResponse:
    """Adds a text template, or changes one."""
    found = get_object_or_404(_known(request, Template), pk=pk) if pk else None
    form = TemplateForm(request.POST or None, instance=found)

    def save(data: dict[str, Any]) -> Template:
        unit = found.unit if found else _seat(request)
        return api.save_template(actor=request.actor, unit=unit, template=found, **data)

    heading = _("修改模板") if found else _("新的模板")
    return _edit(request, form, save, heading)


def _known(request: Request, kind: type[Category | Template]) -> QuerySet[Any]:
    rows: QuerySet[Any] = kind._default_manager.select_related("unit")
    return told_to(request.actor, rows)


def _seat(request: Request) -> Unit | None:
    """The unit for which the actor sets things up: the highest that the role is of."""
    held = [one for one in request.actor.holdings if "cases.template" in one.role.permissions]
    highest = min(held, key=lambda one: len(one.path), default=None)
    return Unit.objects.get(pk=highest.unit_id) if highest else None


def _edit(request: Request, form: Any, save: Any, heading: str) -> HttpResponse:
    request.actor.require("cases.template")
    posted = request.method == "POST"
    if posted and carry_out(request, form, save) is not None:
        return redirect("cases:settings")
    context = {"form": form, "heading": heading}
    return show(request, "casework/setting.html", context, status=422 if posted else 200)


# --- procedures as tables -------------------------------------------------------------------


def _table(one: Procedure) -> dict[str, Any]:
    """A procedure: its states with whose turn it is and where they lead, and its deadlines."""
    owners = {
        "lead": _("责任单位"),
        "offered": _("接收单位"),
        "reporter": _("反映人"),
    }
    clocks = {
        "running": _("计时"),
        "paused": _("暂停计时"),
        "stopped": _("停止计时"),
        "kept": _("保持不变"),
    }
    return {
        "label": one.label,
        "version": one.version,
        "first": _words(one.first),
        "resolution": _words(one.resolution),
        "confirm_days": one.confirm_days,
        "urge_hours": one.urge_hours,
        "states": [
            {
                "label": state.label,
                "kind": state.kind,
                "owner": owners.get(state.owner, "—"),
                "clocks": clocks[state.clocks],
                "exits": _exits(one, state.key),
            }
            for state in one.states.values()
        ],
    }


def _exits(one: Procedure, state: str) -> list[tuple[str, str]]:
    """The steps that lead out of a state, each with the state that it leads to."""
    return [
        (str(step.label), str(one.states[step.to].label) if step.to in one.states else _("原状态"))
        for step in one.transitions
        if state in step.sources and step.to not in {"same", state}
    ]


def _words(target: Target) -> str:
    """`15 个工作日（提前 3 个工作日提醒）`."""
    return _("%(limit)s（提前 %(amber)s 提醒）") % {
        "limit": _length(target, target.limit),
        "amber": _length(target, target.amber),
    }


def _length(target: Target, time: Any) -> str:
    if target.basis is Basis.WORKING_DAYS:
        return ngettext("%(count)s 个工作日", "%(count)s 个工作日", time.days) % {
            "count": time.days
        }
    hours = int(time.total_seconds() // 3600)
    if target.basis is Basis.BUSINESS:
        return ngettext("%(count)s 个工作小时", "%(count)s 个工作小时", hours) % {"count": hours}
    return span(time)
