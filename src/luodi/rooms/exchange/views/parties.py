"""An enterprise in the exchange: what it makes and uses, its partners, what breaks; the network."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request
from luodi.lib.errors import UserError
from luodi.rooms.exchange import network
from luodi.rooms.exchange.models import Offer, Party
from luodi.rooms.exchange.picture import picture_of
from luodi.rooms.exchange.verbs import parties as verbs
from luodi.rooms.exchange.verbs.checks import own_desks, own_units, sits_at, speaks_for
from luodi.rooms.exchange.views.common import find_party
from luodi.shell.pages import show

SHOWN = 30


@login_required
def own(request: Request) -> HttpResponseBase:
    """The page of the reader's own enterprise, where there is one; a broker's is the network."""
    request.actor.require("exchange.view")
    units = own_units(request.actor)
    if not units:
        return redirect("exchange:network")
    party = Party.objects.filter(unit__in=units).order_by("pk").first()
    if party is None:  # it begins with the first that is entered
        return redirect("exchange:post")
    return redirect("exchange:party", pk=party.pk)


@login_required
def party(request: Request, pk: int) -> HttpResponseBase:
    """One enterprise: for itself its own facts and yes or no; for its broker names and numbers."""
    row = find_party(request, pk)
    brokers = sits_at(request.actor, row.broker)
    is_own = speaks_for(request.actor, row)
    edges = network.supplies(row)
    partners = network.possible(row)[:SHOWN] if brokers else []
    context: dict[str, Any] = {
        "party": row,
        "brokers": brokers,
        "may_change": (brokers or is_own) and request.actor.may("exchange.write"),
        "makes": [one for one in row.profiles.select_related("commodity") if one.way == "makes"],
        "uses": [one for one in row.profiles.select_related("commodity") if one.way == "uses"],
        "offers": list(
            Offer.objects.filter(party=row, closed_on=None).order_by("-entered_at")[:SHOWN]
        ),
        "partners": partners,
        "hints": network.hints(request.actor, row) if is_own else [],
        "edges": edges,
        "picture": picture_of([*edges, *partners]),
    }
    suppliers = [edge for edge in edges if edge.buyer.pk == row.pk]
    if brokers:
        context["failing"] = network.failing(edges)
    else:
        context["risks"] = [(edge, network.has_second(request.actor, edge)) for edge in suppliers]
    return show(request, "exchange/party.html", context)


@login_required
def whole(request: Request) -> HttpResponseBase:
    """Who supplies whom at the broker's desk, and could; a picture with a list beside."""
    request.actor.require("exchange.broker")
    if not own_desks(request.actor):
        raise UserError(gettext("您没有经办的单位。"))
    running = network.supplies()
    partners = network.possible()
    context = {
        "running": running,
        "possible": partners[:SHOWN],
        "more": max(len(partners) - SHOWN, 0),
        "failing": network.failing(running),
        "joint": list(network.joint_purchases())[:SHOWN],
        "picture": picture_of([*running, *partners]),
    }
    return show(request, "exchange/network.html", context)


def _found(request: Request, pk: int) -> dict[str, Any]:
    return {"party": find_party(request, pk)}


def _here(given: Any) -> str:
    return reverse("exchange:party", args=[given["party"].pk])


change = page_of(
    verbs.change_party,
    find=_found,
    heading=lambda given: gettext("地点和联系岗位：%(name)s") % {"name": given["party"]},
    back=_here,
    initial=lambda request, given: {
        name: getattr(given["party"], name)
        for name in ("place", "longitude", "latitude", "contact", "version")
    },
    said=_("已保存。"),
)
profile = page_of(
    verbs.keep_profile,
    find=_found,
    heading=lambda given: gettext("生产和使用：%(name)s") % {"name": given["party"]},
    back=_here,
    note=_("没有登记供需的，按产品画像找伙伴。只有本企业和经办人看得到。"),
    said=_("已保存。"),
)
hand_over = page_of(
    verbs.hand_over,
    find=_found,
    heading=lambda given: gettext("移交经办：%(name)s") % {"name": given["party"]},
    back=_here,
    done=lambda made: reverse("exchange:offers"),
    submit=_("移交"),
    said=_("已移交。"),
)
