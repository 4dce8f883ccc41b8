"""The exchange over REST: the same verbs as the pages, the same rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from luodi.ground.audit.api import changed_since
from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of, today
from luodi.lib.errors import NotFound
from luodi.lib.wire import Id, Line
from luodi.rooms.exchange.amounts import spoken, written
from luodi.rooms.exchange.models import (
    Contract,
    Delivery,
    Introduction,
    Offer,
    Party,
    Run,
    Total,
)
from luodi.rooms.exchange.verbs import introducing, offers, parties, planning, trading
from luodi.rooms.exchange.views.common import introductions as introduction_rows
from luodi.rooms.exchange.views.common import offers as offer_rows
from luodi.rooms.exchange.views.offers import within_zones
from luodi.shell.rest import Following, Listed, Paging, listed

router = Router(tags=["exchange"])


class Named(Schema):
    id: int
    name: str


class OfferOut(Schema):
    """An offer or a need; only its party and its broker get it, with its price."""

    id: int
    party: Named
    broker: Named
    way: str
    words: str
    commodity: str | None
    amount: str
    monthly: Decimal
    measure: str
    price: Decimal | None
    quality: str
    min_lot: Decimal | None
    place: str
    since: dt.date | None
    until: dt.date | None
    contact: str
    expires_on: dt.date
    closed_on: dt.date | None
    version: int

    @staticmethod
    def resolve_party(row: Offer) -> Named:
        return Named(id=row.party_id, name=str(row.party))

    @staticmethod
    def resolve_broker(row: Offer) -> Named:
        return Named(id=row.broker_id, name=str(row.broker))

    @staticmethod
    def resolve_commodity(row: Offer) -> str | None:
        return row.commodity.code if row.commodity else None

    @staticmethod
    def resolve_amount(row: Offer) -> str:
        return spoken(row.quantity, row.measure, row.per)

    @staticmethod
    def resolve_quality(row: Offer) -> str:
        return written(row.quality)


class IntroductionOut(Schema):
    """Two brought together, for the two and their broker."""

    id: int
    code: str
    supplier: Named
    buyer: Named
    commodity: str
    monthly: Decimal | None
    stage: str
    lost: str
    tonnes: Decimal | None
    yuan: Decimal | None
    co2: Decimal | None
    jobs: int | None
    contract_id: int | None
    version: int

    @staticmethod
    def resolve_supplier(row: Introduction) -> Named:
        return Named(id=row.supplier_id, name=str(row.supplier))

    @staticmethod
    def resolve_buyer(row: Introduction) -> Named:
        return Named(id=row.buyer_id, name=str(row.buyer))

    @staticmethod
    def resolve_commodity(row: Introduction) -> str:
        return row.commodity.code

    @staticmethod
    def resolve_contract_id(row: Introduction) -> int | None:
        return getattr(getattr(row, "contract", None), "pk", None)


class ContractOut(Schema):
    id: int
    introduction_id: int
    number: str
    quantity: Decimal
    measure: str
    price_formula: str
    since: dt.date
    until: dt.date
    signed_on: dt.date
    terms: str
    version: int


class DeliveryOut(Schema):
    id: int
    contract_id: int
    month: dt.date
    quantity: Decimal
    version: int


class PartyOut(Schema):
    id: int
    name: str
    unit_id: int | None
    place: str
    contact: str
    version: int

    @staticmethod
    def resolve_name(row: Party) -> str:
        return str(row)


class ProfileOut(Schema):
    id: int
    party_id: int
    way: str
    commodity: str
    monthly: Decimal

    @staticmethod
    def resolve_commodity(row: Any) -> str:
        return str(row.commodity.code)


class RunOut(Schema):
    """A plan: `lines` are who could supply whom, how much a month, at what price at the gate."""

    id: int
    desk: Named
    state: str
    asked_at: dt.datetime
    ended_at: dt.datetime | None
    progress: dict[str, Any]
    summary: dict[str, Any]
    says: str

    @staticmethod
    def resolve_desk(row: Run) -> Named:
        return Named(id=row.broker_id, name=str(row.broker))


class RunWhole(RunOut):
    lines: list[dict[str, Any]]
    failures: list[dict[str, Any]]


class Places(Schema):
    """The places of lines in a plan, from 0."""

    places: list[Annotated[int, Field(ge=0, lt=100_000)]] = Field(max_length=2000)


class TotalOut(Schema):
    """A sum that may be shown to all: so much a month, of so many that none can be told."""

    id: int
    commodity: str
    way: str
    month: dt.date
    monthly: Decimal

    @staticmethod
    def resolve_commodity(row: Total) -> str:
        return row.commodity.code


class OfferQuery(Following):
    """Which offers: of a way (have, want), of a commodity whose code begins so, open ones only."""

    way: Line = ""
    commodity: Line = ""
    open: bool = False
    q: Line = ""


class IntroductionQuery(Following):
    stage: Line = ""


def _offer(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"offer": _one(request, offer_rows(), pk)}


def _introduction(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"introduction": _one(request, introduction_rows(), pk)}


def _contract(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = Contract.objects.select_related("introduction__commodity", "broker")
    return {"contract": _one(request, rows.select_related("supplier__unit", "buyer__unit"), pk)}


def _delivery(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"delivery": _one(request, Delivery.objects.select_related("contract"), pk)}


def _party(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"party": _one(request, Party.objects.select_related("unit", "broker"), pk)}


def _one(request: HttpRequest, rows: Any, pk: int) -> Any:
    actor_of(request).require("exchange.view")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    return found


@router.get("/exchange/offers", response=Listed[OfferOut])
def list_offers(request: HttpRequest, wanted: Query[OfferQuery]) -> Any:
    """The offers and needs that the caller is a party to, or brokers."""
    actor_of(request).require("exchange.view")
    rows = changed_since(offer_rows(), wanted.changed_since)
    if wanted.way:
        rows = rows.filter(way=wanted.way)
    if wanted.commodity:
        rows = rows.filter(commodity__code__startswith=wanted.commodity)
    if wanted.open:
        rows = rows.open(today())
    if wanted.q:
        rows = rows.filter(words__icontains=wanted.q)
    return listed(rows, wanted)


@router.get("/exchange/offers/{pk}", response=OfferOut)
def get_offer(request: HttpRequest, pk: Path[Id]) -> Any:
    return _offer(request, pk)["offer"]


@router.get("/exchange/introductions", response=Listed[IntroductionOut])
def list_introductions(request: HttpRequest, wanted: Query[IntroductionQuery]) -> Any:
    actor_of(request).require("exchange.view")
    rows = changed_since(introduction_rows(), wanted.changed_since)
    return listed(rows.filter(stage=wanted.stage) if wanted.stage else rows, wanted)


@router.get("/exchange/introductions/{pk}", response=IntroductionOut)
def get_introduction(request: HttpRequest, pk: Path[Id]) -> Any:
    return _introduction(request, pk)["introduction"]


@router.get("/exchange/contracts/{pk}", response=ContractOut)
def get_contract(request: HttpRequest, pk: Path[Id]) -> Any:
    return _contract(request, pk)["contract"]


@router.get("/exchange/contracts/{pk}/deliveries", response=Listed[DeliveryOut])
def list_deliveries(request: HttpRequest, pk: Path[Id], wanted: Query[Following]) -> Any:
    rows = _contract(request, pk)["contract"].deliveries.all()
    return listed(changed_since(rows, wanted.changed_since), wanted, "month")


@router.get("/exchange/parties", response=Listed[PartyOut])
def list_parties(request: HttpRequest, wanted: Query[Following]) -> Any:
    """The caller's own enterprises, those it has been introduced to, those of its desk."""
    actor_of(request).require("exchange.view")
    rows = Party.objects.select_related("unit")
    return listed(changed_since(rows, wanted.changed_since), wanted)


@router.get("/exchange/parties/{pk}", response=PartyOut)
def get_party(request: HttpRequest, pk: Path[Id]) -> Any:
    return _party(request, pk)["party"]


@router.get("/exchange/plans", response=Listed[RunOut])
def list_plans(request: HttpRequest, wanted: Query[Paging]) -> Any:
    """The plans of the caller's desks."""
    actor_of(request).require("exchange.broker")
    rows = Run.objects.select_related("broker").defer("lines", "failures")
    return listed(rows, wanted, "-pk")


def _run(request: HttpRequest, pk: int) -> dict[str, Any]:
    actor_of(request).require("exchange.broker")
    return {"run": _one(request, Run.objects.select_related("broker"), pk)}


@router.get("/exchange/plans/{pk}", response=RunWhole)
def get_plan(request: HttpRequest, pk: Path[Id]) -> Any:
    return _run(request, pk)["run"]


@router.post("/exchange/plans/{pk}/introductions", response={201: list[IntroductionOut]})
def use_plan(request: HttpRequest, pk: Path[Id], data: Places) -> Any:
    """Turns lines of a plan into ideas of introductions."""
    run = _run(request, pk)["run"]
    made = planning.use_lines(actor=actor_of(request), run=run, places=data.places)
    return Status(201, made)


@router.get("/exchange/totals", response=Listed[TotalOut])
def list_totals(request: HttpRequest, wanted: Query[Paging]) -> Any:
    actor_of(request).require("exchange.view")
    rows = Total.objects.filter(within_zones(actor_of(request))).select_related("commodity")
    return listed(rows, wanted, "-pk")


operation_of(router, "POST", "/exchange/plans", planning.ask_plan, response=RunOut, status=201)
operation_of(
    router, "POST", "/exchange/plans/{pk}/stop", planning.stop_plan, response=RunOut, find=_run
)
operation_of(router, "POST", "/exchange/offers", offers.post_offer, response=OfferOut, status=201)
operation_of(
    router, "PATCH", "/exchange/offers/{pk}", offers.change_offer, response=OfferOut, find=_offer
)
operation_of(
    router,
    "POST",
    "/exchange/offers/{pk}/renew",
    offers.renew_offer,
    response=OfferOut,
    find=_offer,
)
operation_of(
    router,
    "POST",
    "/exchange/offers/{pk}/withdraw",
    offers.withdraw_offer,
    response=OfferOut,
    find=_offer,
)
operation_of(
    router,
    "POST",
    "/exchange/introductions",
    introducing.introduce,
    response=IntroductionOut,
    status=201,
)
for _way, _verb in (
    ("tell", introducing.tell_sides),
    ("negotiate", introducing.negotiate),
    ("lose", introducing.lose),
    ("finish", introducing.finish),
):
    operation_of(
        router,
        "POST",
        f"/exchange/introductions/{{pk}}/{_way}",
        _verb,
        response=IntroductionOut,
        find=_introduction,
    )
operation_of(
    router,
    "POST",
    "/exchange/introductions/{pk}/contract",
    trading.sign,
    response=ContractOut,
    status=201,
    find=_introduction,
    given=("files",),
)
operation_of(
    router,
    "POST",
    "/exchange/contracts/{pk}/deliveries",
    trading.record_delivery,
    response=DeliveryOut,
    status=201,
    find=_contract,
)
operation_of(
    router,
    "PATCH",
    "/exchange/deliveries/{pk}",
    trading.correct_delivery,
    response=DeliveryOut,
    find=_delivery,
)
operation_of(
    router, "PATCH", "/exchange/parties/{pk}", parties.change_party, response=PartyOut, find=_party
)
operation_of(
    router,
    "POST",
    "/exchange/parties/{pk}/profiles",
    parties.keep_profile,
    response=ProfileOut | None,
    find=_party,
)
