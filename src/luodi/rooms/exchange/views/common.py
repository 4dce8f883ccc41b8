"""What the pages have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from luodi.ground.records.api import Verb
from luodi.ground.scope.api import Request
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.exchange.models import Contract, Delivery, Introduction, Offer, Party


def offers() -> Any:
    return Offer.objects.select_related("party__unit", "commodity", "broker")


def introductions() -> Any:
    return Introduction.objects.select_related(
        "supplier__unit", "buyer__unit", "commodity", "broker", "contract"
    )


def find_offer(request: Request, pk: int) -> Offer:
    """An offer that the database shows (404), to who may see any (403)."""
    request.actor.require("exchange.view")
    found: Offer = get_object_or_404(offers(), pk=pk)
    return found


def find_introduction(request: Request, pk: int) -> Introduction:
    request.actor.require("exchange.view")
    found: Introduction = get_object_or_404(introductions(), pk=pk)
    return found


def find_contract(request: Request, pk: int) -> Contract:
    request.actor.require("exchange.view")
    rows = Contract.objects.select_related("supplier__unit", "buyer__unit", "broker")
    found: Contract = get_object_or_404(rows.select_related("introduction__commodity"), pk=pk)
    return found


def find_delivery(request: Request, pk: int) -> Delivery:
    request.actor.require("exchange.view")
    found: Delivery = get_object_or_404(Delivery.objects.select_related("contract"), pk=pk)
    return found


def find_party(request: Request, pk: int) -> Party:
    request.actor.require("exchange.view")
    found: Party = get_object_or_404(Party.objects.select_related("unit", "broker"), pk=pk)
    return found


def act(
    request: Request, verb: Verb[..., Any], back: str, said: object, **given: Any
) -> HttpResponseBase:
    """Carries out a verb that asks nothing, and goes back with what was done or refused."""
    try:
        verb(actor=request.actor, **given)
    except NotAllowed:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(said))
    return redirect(back)
