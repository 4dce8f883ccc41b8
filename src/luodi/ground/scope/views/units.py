"""The organisation tree and the page of one unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.forms import BaseForm
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.scope import api, naming
from luodi.ground.scope.api import (
    UNIT_KIND_LABELS,
    Actor,
    RoleHolding,
    Unit,
    UnitKind,
    units_known,
)
from luodi.ground.scope.forms import CloseForm, MoveForm, NewUnitForm, RenameForm, child_kinds
from luodi.ground.scope.middleware import Request
from luodi.ground.scope.views.leaving import leaving_page
from luodi.manifest import Owner
from luodi.shell.forms import carry_out, with_version
from luodi.shell.listing import Column, Listing, Rows
from luodi.shell.pages import show
from luodi.shell.parts import filled_parts, moments_of

LEAVES = (UnitKind.ENTERPRISE, UnitKind.BRANCH, UnitKind.CARE_HOME)
SHOWN = 400  # enterprises and branches in the tree; more are listed on their superior's page
FOUND = 100


@login_required
def tree(request: Request) -> HttpResponse:
    """The open units as a tree; with `q`, those whose name has it."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    if text:
        found = Unit.objects.open().filter(units_known(request.actor), naming.called(text))
        hits = list(found.select_related("parent").order_by("sort_key", "pk")[: FOUND + 1])
        context = {"text": text, "hits": hits[:FOUND], "more": len(hits) > FOUND}
        return show(request, "scope/tree.html", context)
    return show(request, "scope/tree.html", {"roots": _roots(request.actor), "text": ""})


def _roots(actor: Actor) -> list[dict[str, Any]]:
    """The tree's nodes: `unit`, `below` (nodes), `counts` (kind, words, number), `hidden` (children not shown)."""
    counts: dict[int | None, list[tuple[str, int]]] = {}
    known = Unit.objects.open().filter(units_known(actor))
    counted = known.order_by().values("parent_id", "kind").annotate(n=Count("pk"))
    for row in counted.values_list("parent_id", "kind", "n"):
        counts.setdefault(row[0], []).append((row[1], row[2]))
    few = sum(n for kinds in counts.values() for kind, n in kinds if kind in LEAVES) <= SHOWN
    units = known if few else known.exclude(kind__in=LEAVES)
    nodes: dict[int, dict[str, Any]] = {}
    for unit in units.order_by("sort_key", "pk"):
        kinds = counts.get(unit.pk, [])
        nodes[unit.pk] = {
            "unit": unit,
            "below": [],
            "counts": [(kind, UNIT_KIND_LABELS[UnitKind(kind)], n) for kind, n in sorted(kinds)],
            "hidden": 0 if few else sum(n for kind, n in kinds if kind in LEAVES),
        }
    roots: list[dict[str, Any]] = []
    for node in nodes.values():
        parent = nodes.get(node["unit"].parent_id)
        (parent["below"] if parent else roots).append(node)
    return roots


def _counted(unit: Unit) -> str:
    """The reading of how many units stand directly below."""
    return f"{reverse('figures:reading', args=['directory.subordinates'])}?unit={unit.pk}"


@login_required
def unit(request: Request, pk: int) -> HttpResponseBase:
    """One unit: its superiors, what is below it, who holds which role."""
    unit = get_object_or_404(Unit.objects.filter(units_known(request.actor)), pk=pk)
    listing = Listing(
        request,
        unit.children.open()
        .filter(units_known(request.actor))
        .annotate(below=Count("children", filter=Q(children__closed_on=None))),
        columns=[
            Column("name", _("名称"), sort="sort_key", phone="title", link=address),
            Column("kind", _("类型"), sort="kind"),
            Column("below", _("下级单位"), align="end", link=_counted),
            Column("opened_on", _("成立日期"), sort="opened_on"),
        ],
        default_sort="name",
        name="children",
        title=_("%(name)s的下级单位") % {"name": unit.name},
        search=_search,
    )
    if file := listing.export():
        return file
    actor, reached = request.actor, _reaches(request, unit)
    context = {
        "unit": unit,
        "superiors": Unit.objects.above(unit).exclude(pk=unit.pk),
        "listing": listing,
        "holders": _holders(request, unit),
        "may_write": unit.closed_on is None and actor.may("units.write", unit.path),
        "may_hand_on": actor.may("belongings.hand_on", unit.path),
        "may_look_back": _may_look_back(request, unit),
        "former": naming.former_names(unit),
        "aliases": naming.aliases_of(unit),
        "may_add": bool(child_kinds(unit)),
        "parts": filled_parts(request, "unit_page", unit) if reached else {},
        "moments": moments_of(actor, unit) if reached else [],
    }
    return show(request, "scope/unit.html", context)


def address(unit: Unit) -> str:
    return reverse("scope:unit", args=[unit.pk])


def _search(rows: Rows, text: str) -> Rows:
    return rows.filter(naming.called(text))


def _reaches(request: Request, unit: Unit) -> bool:
    actor = request.actor
    return actor.everything or any(held.reaches(unit.path) for held in actor.holdings)


def _may_look_back(request: Request, unit: Unit) -> bool:
    """Whether the history has something to show: to who sees the unit's rows, or keeps the tree."""
    actor = request.actor
    if actor.everything or {"trail", "system"} & actor.powers:
        return True
    return any(held.role.sees_rows and held.reaches(unit.path) for held in actor.holdings)


def _holders(request: Request, unit: Unit) -> list[RoleHolding] | None:
    """Who holds a role here; None where that is not the asker's business.

    Who serves in committee, district or department is known to all who sign in; who serves in an
    enterprise, to those whose roles reach it.
    """
    if unit.kind in LEAVES and not _reaches(request, unit):
        return None
    return list(unit.roles.select_related("account").order_by("role", "-valid"))


# --- what changes a unit ---------------------------------------------------------------------


@login_required
def new(request: Request, pk: int) -> HttpResponse:
    parent = get_object_or_404(Unit, pk=pk)
    request.actor.require("units.write", parent.path)
    form = NewUnitForm(request.POST or None, parent=parent)
    return _carry(
        request,
        parent,
        form,
        lambda data: api.create_unit(actor=request.actor, parent=parent, **data),
        heading=_("在“%(name)s”下新设单位") % {"name": parent.name},
        submit=_("新设"),
    )


@login_required
def change(request: Request, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    request.actor.require("units.write", unit.path)
    start = {
        "name": unit.name,
        "short_name": unit.short_name,
        "aliases": "、".join(naming.aliases_of(unit)),
    }
    return _carry(
        request,
        unit,
        with_version(RenameForm(request.POST or None, initial=start), unit),
        lambda data: api.change_unit(actor=request.actor, unit=unit, **data),
        heading=_("更名：%(name)s") % {"name": unit.name},
        submit=_("保存"),
    )


@login_required
def move(request: Request, pk: int) -> HttpResponse:
    """Before a unit moves: what goes from its former superiors to the new one."""
    unit = get_object_or_404(Unit, pk=pk)
    request.actor.require("units.write", unit.path)
    above = Unit.objects.above(unit).exclude(pk=unit.pk).exclude(kind__in=[UnitKind.COUNTY])
    owners = [Owner(unit=one, within=unit) for one in above.exclude(kind=UnitKind.ZONE)]
    return leaving_page(
        request,
        MoveForm(request.POST or None, unit=unit, actor=request.actor),
        lambda data: api.move_unit(actor=request.actor, unit=unit, **data),
        left=api.left_behind(request.actor, *owners) if owners else [],
        back=address(unit),
        said=lambda _done: _("已保存。"),
        heading=_("调整上级：%(name)s") % {"name": unit.name},
        submit=_("移到新的上级之下"),
        note=_(
            "它的下级单位和全部记录随它一起移动，从此由新的上级查看和办理；"
            "原上级主办和待接收的，一并转到新上级待办。"
        ),
        unit=unit,
    )


@login_required
def close(request: Request, pk: int) -> HttpResponse:
    """Before a unit is closed: what it answers for, and which unit takes it."""
    unit = get_object_or_404(Unit, pk=pk)
    request.actor.require("units.write", unit.path)
    return leaving_page(
        request,
        CloseForm(request.POST or None, initial={"heir": unit.parent}),
        lambda data: api.close_unit(actor=request.actor, unit=unit, **data),
        left=api.left_behind(request.actor, Owner(unit=unit)),
        back=address(unit),
        said=lambda _done: _("已保存。"),
        heading=_("撤销：%(name)s") % {"name": unit.name},
        submit=_("撤销这个单位"),
        note=_("撤销后不再出现在组织架构里，历史记录都保留。"),
        unit=unit,
    )


def _carry(
    request: Request,
    unit: Unit,
    form: BaseForm,
    verb: Callable[[dict[str, Any]], Unit],
    **words: str,
) -> HttpResponse:
    """The page of one form about a unit; done, the page of the unit that came of it."""
    if request.method == "POST" and (done := carry_out(request, form, verb)):
        messages.success(request, _("已保存。"))
        return redirect("scope:unit", done.pk)
    context = {"unit": unit, "form": form, "cancel": address(unit), **words}
    return show(request, "scope/unit_form.html", context, status=422 if form.errors else 200)
