"""Plans for many at once: the list, one's page, and from its lines to introductions."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Request
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.rooms.exchange.models import Run, Side, Stage
from luodi.rooms.exchange.verbs import planning
from luodi.rooms.exchange.verbs.checks import own_desks
from luodi.rooms.exchange.views.common import act
from luodi.shell.cells import sheet_response
from luodi.shell.pages import show

SHOWN = 20
RUNNING = {Run.State.WAITING, Run.State.RUNNING}


@login_required
def plans(request: Request) -> HttpResponseBase:
    """The plans of the reader's desks, the latest first."""
    request.actor.require("exchange.broker")
    rows = Run.objects.select_related("broker", "asked_by").defer("lines", "failures")[:SHOWN]
    context = {"runs": list(rows), "desks": own_desks(request.actor)}
    return show(request, "exchange/plans.html", context)


@login_required
@require_POST
def ask(request: Request) -> HttpResponseBase:
    """Asks for a plan of a desk; the page of the plan says how far it is."""
    wanted = request.POST.get("desk", "")
    desk = next((one for one in own_desks(request.actor) if str(one.pk) == wanted), None)
    if desk is None:
        raise NotFound(gettext("没有这个经办单位，或您无权经办。"))
    run = planning.ask_plan(actor=request.actor, desk=desk)
    return redirect("exchange:plan", pk=run.pk)


def find_run(request: Request, pk: int) -> Run:
    request.actor.require("exchange.broker")
    found: Run = get_object_or_404(Run.objects.select_related("broker", "asked_by"), pk=pk)
    return found


@login_required
def plan(request: Request, pk: int) -> HttpResponseBase:
    """One plan; while it is computed the page asks again every two seconds."""
    run = find_run(request, pk)
    if request.GET.get("format") == "xlsx":
        return _sheet(run)
    running = run.state in RUNNING
    met = set() if running else _met()
    context = {
        "run": run,
        "running": running,
        "seconds": int((timezone.now() - run.asked_at).total_seconds()),
        "lines": [
            (place, line, frozenset((line["have"], line["want"])) in met)
            for place, line in enumerate(run.lines)
        ],
        "compared": {} if running else planning.compared(run),
    }
    response = show(request, "exchange/plan.html", context)
    if running:
        response["Refresh"] = "2"
    return response


def _met() -> set[frozenset[int]]:
    """The offers and needs that are being brought together already, in pairs."""
    rows = Side.objects.filter(offer__isnull=False).exclude(
        introduction__stage__in=[Stage.DONE, Stage.LOST]
    )
    pairs: dict[int, set[int]] = defaultdict(set)
    for introduction, offer in rows.values_list("introduction_id", "offer_id"):
        assert offer is not None
        pairs[introduction].add(offer)
    return {frozenset(pair) for pair in pairs.values()}


def _sheet(run: Run) -> HttpResponseBase:
    """The plan's lines as a workbook; for the broker alone, as the page."""
    titles = [
        *(
            _("供方"),
            _("需方"),
            _("商品"),
            _("每月数量"),
            _("计量单位"),
            _("到厂价（元）"),
            _("公里"),
        ),
        *(_("多供一个单位可省（元）"), _("多要一个单位要花（元）")),
    ]
    keys = ("supplier", "buyer", "commodity", "monthly", "measure", "price", "km", "saving", "cost")
    rows = ([line.get(key) for key in keys] for line in run.lines)
    response, _count = sheet_response(
        gettext("对接方案 %(at)s") % {"at": run}, [str(one) for one in titles], rows
    )
    return response


@login_required
@require_POST
def stop(request: Request, pk: int) -> HttpResponseBase:
    back = reverse("exchange:plan", args=[pk])
    return act(request, planning.stop_plan, back, _("正在停止。"), run=find_run(request, pk))


@login_required
@require_POST
def use(request: Request, pk: int) -> HttpResponseBase:
    """Makes ideas of the ticked lines."""
    run = find_run(request, pk)
    places = [int(one) for one in request.POST.getlist("pick") if one.isdecimal() and len(one) < 6]
    try:
        made = planning.use_lines(actor=request.actor, run=run, places=places)
    except NotAllowed:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return redirect("exchange:plan", pk=pk)
    messages.success(
        request, gettext("已记下 %(count)s 项设想，确认后再逐项告知双方。") % {"count": len(made)}
    )
    return redirect(reverse("exchange:introductions") + "?stage=idea")
