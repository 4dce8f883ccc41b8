"""A year's costs and carbon of one's own unit; the park only as sums; certificates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, Unit, today
from luodi.rooms.energy.costs import PARTS, costs_of
from luodi.rooms.energy.diagrams import CAP, Flow, cost_bars, price_line, sankey
from luodi.rooms.energy.inventory import FRAMES, default_year, inventory_of, years
from luodi.rooms.energy.models import Bill, Certificate, Claim, Settlement, Slice
from luodi.rooms.energy.secrecy import park_sums
from luodi.rooms.energy.verbs import certificates as verbs
from luodi.shell.cells import sheet_response
from luodi.shell.pages import show


def asked_unit(request: Request) -> Unit:
    """The unit of the address, or the highest that who asks may look at."""
    request.actor.require("energy.view")
    asked = request.GET.get("unit", "")
    if asked.isdecimal() and len(asked) < 19:
        unit = get_object_or_404(Unit, pk=int(asked))
        request.actor.require("energy.view", unit.path)
        return unit
    held = [one for one in request.actor.holdings if "energy.view" in one.role.permissions]
    return Unit.objects.get(pk=min(held, key=lambda one: one.path).unit_id)


def units_of(request: Request, unit: Unit) -> list[Unit]:
    """The units with bills or meters that may be looked at, for a choice."""
    if not request.actor.may("energy.park"):
        return []
    pks = set(Bill.objects.values_list("unit_id", flat=True))
    rows = Unit.objects.filter(pk__in=pks).order_by("path")
    own = [one for one in request.actor.holdings if "energy.park" in one.role.permissions]
    whole = Unit.objects.filter(pk__in=[one.unit_id for one in own])
    return [*whole, *rows]


@login_required
def analysis(request: Request) -> HttpResponseBase:
    """Twelve months of a unit: cost in parts, the price against the cap, where the power came from."""
    unit = asked_unit(request)
    until = today().replace(day=1)
    since = until.replace(year=until.year - 1)
    costs = costs_of(unit, since, until)
    if request.GET.get("format") == "xlsx":
        headings = [gettext("月份"), gettext("用电量（千瓦时）"), gettext("绿电（千瓦时）")]
        headings += [str(one) for one in PARTS.values()]
        headings += [gettext("合计金额（元）"), gettext("全部由电网购电（元）")]
        rows = [
            [
                one.month,
                round(one.kwh),
                round(one.green_kwh),
                *(round(one.parts[key], 2) for key in PARTS),
                round(one.total, 2),
                round(one.grid_alone, 2),
            ]
            for one in costs
        ]
        return sheet_response(f"{unit} " + gettext("电费分析"), headings, rows)[0]
    flows = flows_of(unit, since, until)
    context = {
        "unit": unit,
        "units": units_of(request, unit),
        "costs": costs,
        "since": since,
        "last": until - dt.timedelta(days=1),
        "total_wan": sum(one.total for one in costs) / 1e4,
        "saved_wan": sum(one.saved for one in costs) / 1e4,
        "kwh_wan": sum(one.kwh for one in costs) / 1e4,
        "green_wan": sum(one.green_kwh for one in costs) / 1e4,
        "cap": CAP,
        "legend": [
            (label, key) for key, label in PARTS.items() if any(c.parts[key] > 0 for c in costs)
        ],
        "bars": [cost_bars(costs), cost_bars(costs, narrow=True)],
        "prices": [price_line(costs), price_line(costs, narrow=True)],
        "sankey": [
            sankey(flows, gettext("万千瓦时")),
            sankey(flows, gettext("万千瓦时"), narrow=True),
        ],
        "flows": flows,
        "park_sums": park_sums(),
    }
    return show(request, "energy/analysis.html", context)


def flows_of(unit: Unit, since: dt.date, until: dt.date) -> list[Flow]:
    """From each contract, and from the grid, to each enterprise; of one enterprise, to itself."""
    rows = Bill.objects.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "/")
    rows = rows.filter(month__gte=since, month__lt=until).exclude(stage=Settlement.State.DRAFT)
    sums = rows.values("contract__name", "unit__name").annotate(
        settled=Sum("settled_wh"), used=Sum("consumed_wh")
    )
    green, grid = [], []
    for one in sums.order_by("unit__path"):
        name = one["unit__name"]
        green.append(Flow(one["contract__name"], name, one["settled"] / 1e7))
        grid.append(Flow(gettext("电网"), name, (one["used"] - one["settled"]) / 1e7))
    return [*green, *grid]


@login_required
def carbon(request: Request) -> HttpResponseBase:
    """A year's inventory in one frame; each line opens to its rows and names its factor."""
    unit = asked_unit(request)
    known = years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else min(default_year(), known[0])
    frame = request.GET.get("frame", "")
    frame = frame if frame in FRAMES else "location"
    done = inventory_of(unit, year, frame)
    if request.GET.get("format") == "xlsx":
        headings = [
            gettext("项目"),
            gettext("数量"),
            gettext("单位"),
            gettext("因子"),
            gettext("因子年份"),
            gettext("来源"),
            gettext("吨二氧化碳"),
            gettext("说明"),
        ]
        rows = [
            [
                one.label,
                one.quantity,
                one.measure,
                one.factor and one.factor.value,
                one.factor and one.factor.year,
                one.factor.source if one.factor else "",
                one.tonnes,
                one.note,
            ]
            for one in done.lines
        ]
        title = f"{unit} {year} {done.label}"
        return sheet_response(title.replace("：", " ").replace(":", " "), headings, rows)[0]
    context = {
        "unit": unit,
        "units": units_of(request, unit),
        "done": done,
        "year": year,
        "years": sorted({*known, year}, reverse=True),
        "frame": frame,
        "frames": [(key, label) for key, (label, _rule) in FRAMES.items()],
        "rule": FRAMES[frame][1],
    }
    return show(request, "energy/carbon.html", context)


@login_required
def certificates(request: Request) -> HttpResponseBase:
    """Slices in hand and what they were used for; to the manager the batches too."""
    request.actor.require("energy.view")
    claims = {
        one.slice_id: one
        for one in Claim.objects.filter(withdrawn_at=None).select_related("claimed_by")
    }
    slices = list(Slice.objects.select_related("unit").order_by("-month", "first")[:200])
    manages = request.actor.may("energy.manage")
    batches = (
        list(Certificate.objects.select_related("plant").order_by("-month", "batch")[:100])
        if manages
        else []
    )
    pieces: dict[int, int] = {}
    for one in Slice.objects.filter(certificate__in=batches):
        pieces[one.certificate_id] = pieces.get(one.certificate_id, 0) + one.count
    context = {
        "rows": [(one, claims.get(one.pk)) for one in slices],
        "batches": [(one, one.count - pieces.get(one.pk, 0)) for one in batches],
        "manages": manages,
        "may_claim": request.actor.may("energy.read_in"),
    }
    return show(request, "energy/certificates.html", context)


def _find(model: Any, name: str, permission: str) -> Any:
    def find(request: Request, pk: int) -> dict[str, Any]:
        row = get_object_or_404(model, pk=pk)
        request.actor.require(permission, row.path)
        return {name: row}

    return find


def _home(_given: Any) -> str:
    return reverse("energy:certificates_held")


allot = page_of(
    verbs.allot_certificates,
    find=_find(Certificate, "certificate", "energy.manage"),
    heading=lambda given: gettext("划转绿证：%(batch)s") % {"batch": given["certificate"]},
    back=_home,
    submit=_("划转"),
    said=_("已划转。"),
)
claim = page_of(
    verbs.claim_slice,
    find=_find(Slice, "slice", "energy.read_in"),
    heading=lambda given: gettext("声明绿证用途：%(slice)s") % {"slice": given["slice"]},
    note=_("一张绿证只能声明一次用途，声明后不能再用于别处。"),
    back=_home,
    initial=lambda request, given: {"count": given["slice"].count, "year": today().year},
    submit=_("声明"),
    said=_("已声明。"),
)
withdraw = page_of(
    verbs.withdraw_claim,
    find=_find(Claim, "claim", "energy.manage"),
    heading=_("撤回声明"),
    back=_home,
    submit=_("撤回"),
    said=_("已撤回。"),
)
