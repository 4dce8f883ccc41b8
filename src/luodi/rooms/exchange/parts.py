"""What the exchange puts on the workbench, on an enterprise's page, into its timeline and the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, Unit, UnitKind, today
from luodi.manifest import Deadline, Moment
from luodi.rooms.exchange.models import (
    Introduction,
    Offer,
    Party,
    Side,
    Stage,
    Step,
)
from luodi.rooms.exchange.standing import light_of
from luodi.rooms.exchange.verbs.checks import own_units

SHOWN = 6
SOON = dt.timedelta(days=10)  # before an offer runs out, it is asked about
LIVING = [Stage.IDEA, Stage.TALKING, Stage.NEGOTIATING, Stage.CONTRACT, Stage.DELIVERING]


def waiting(request: Request, _about: None) -> Mapping[str, Any] | None:
    """What waits on the workbench: offers that run out, introductions that should be looked at, and for
    a broker offers that nobody has been found for."""
    actor = request.actor
    if not actor.may("exchange.view"):
        return None
    on = today()
    rows = Introduction.objects.filter(stage__in=LIVING).select_related(
        "supplier__unit", "buyer__unit", "commodity", "contract"
    )
    lit = [(row, light) for row in rows.order_by("at")[:60] if (light := light_of(row, on))]
    soon = Offer.objects.filter(closed_on=None, expires_on__lte=on + SOON)
    fresh = Offer.objects.none()
    if actor.may("exchange.broker"):
        met = Side.objects.filter(offer=OuterRef("pk"))
        fresh = Offer.objects.open(on).filter(~Exists(met)).select_related("party__unit")
    found = {
        "lit": lit[:SHOWN],
        "soon": list(soon.select_related("party__unit").order_by("expires_on")[:SHOWN]),
        "fresh": list(fresh.order_by("-entered_at")[:SHOWN]),
        "today": on,
    }
    return found if found["lit"] or found["soon"] or found["fresh"] else None


def of_unit(request: Request, unit: Unit) -> Mapping[str, Any] | None:
    """An enterprise's offers and introductions, for itself and its broker."""
    if unit.kind != UnitKind.ENTERPRISE or not request.actor.may("exchange.view", unit.path):
        return None
    party = Party.objects.filter(unit=unit).first()
    if party is None:
        return {"party": None, "offers": [], "introductions": []}
    own = Q(supplier=party) | Q(buyer=party)
    rows = Introduction.objects.filter(own, stage__in=LIVING)
    return {
        "party": party,
        "offers": list(Offer.objects.open(today()).filter(party=party)[:SHOWN]),
        "introductions": list(
            rows.select_related("supplier__unit", "buyer__unit", "commodity")[:SHOWN]
        ),
    }


def moments_of(actor: Actor, unit: Unit, limit: int) -> Iterator[Moment]:
    """What an enterprise's introductions came to, for who sees them."""
    if not actor.may("exchange.view", unit.path):
        return
    own = Q(introduction__supplier__unit=unit) | Q(introduction__buyer__unit=unit)
    steps = Step.objects.filter(own).exclude(stage=Stage.IDEA)
    for one in steps.select_related("introduction__commodity").order_by("-on", "-pk")[:limit]:
        words = {
            "code": one.introduction.code,
            "what": one.introduction.commodity,
            "stage": one.get_stage_display(),
        }
        address = reverse("exchange:introduction", args=[one.introduction_id])
        yield Moment(one.on, _("供需对接 %(code)s %(what)s：%(stage)s") % words, address)


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """The days on which the actor's own enterprise's offers run out, and its contracts end."""
    if not actor.may("exchange.view"):
        return
    units = [one.pk for one in own_units(actor)]
    if not units:
        return
    on = at.date()
    rows = Offer.objects.open(on).filter(party__unit__in=units)
    for one in rows.order_by("expires_on")[:50]:
        yield Deadline(
            f"offer-{one.pk}",
            _("供需到期：%(offer)s") % {"offer": one},
            reverse("exchange:offer", args=[one.pk]),
            one.expires_on,
            one.entered_at,
            one.version,
        )
    own = Q(supplier__unit__in=units) | Q(buyer__unit__in=units)
    running = Introduction.objects.filter(own, contract__until__gte=on, stage__in=LIVING)
    for row in running.select_related("contract", "commodity")[:50]:
        yield Deadline(
            f"contract-{row.pk}",
            _("合同到期：%(code)s %(what)s") % {"code": row.code, "what": row.commodity},
            reverse("exchange:introduction", args=[row.pk]),
            row.contract.until,
            row.at,
            row.contract.version,
        )
