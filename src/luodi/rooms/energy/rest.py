"""Energy over REST: readings in, months step by step, bills, certificates, plans; the verbs of the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of
from luodi.lib.errors import NotFound
from luodi.lib.wire import Day, Id
from luodi.rooms.energy.models import (
    Bill,
    BillLine,
    Certificate,
    Claim,
    GreenContract,
    Meter,
    Settlement,
    Slice,
)
from luodi.rooms.energy.storing import loads_of
from luodi.rooms.energy.verbs import bills, certificates, months
from luodi.rooms.energy.verbs.filling import record_days
from luodi.shell.rest import Listed, listed_whole

router = Router(tags=["energy"])


class BillLineOut(Schema):
    kind: str
    of_month: dt.date
    of_kind: str
    quantity: Decimal
    measure: str
    price: Decimal | None
    amount: Decimal


class BillOut(Schema):
    """A bill; energy in watt-hours, money in yuan."""

    id: int
    unit_id: int
    contract_id: int
    month: dt.date
    stage: str
    state: str
    agreed_wh: int
    generated_wh: int
    consumed_wh: int
    settled_wh: int
    certificates: int
    carried_wh: int
    amount: Decimal
    case_code: str


class BillWhole(BillOut):
    lines: list[BillLineOut]


class MonthOut(Schema):
    id: int
    contract_id: int
    month: dt.date
    state: str
    generated_wh: int
    read_at: dt.datetime


class Days(Schema):
    since: Day
    until: Day


class DayOut(Schema):
    """A meter's day: 96 quarters in Wh, null where nothing is known; a letter of quality for each
    (m measured, e estimated, r replaced, - missing)."""

    day: dt.date
    wh: list[int | None]
    quality: str
    total_wh: int


class TakenOut(Schema):
    """Meter-days that were new, corrected, or known already."""

    new: int
    corrected: int
    unchanged: int


class DayIn(Schema):
    day: Day
    kwh: list[float | None] = Field(min_length=96, max_length=96)


class DaysIn(Schema):
    days: list[DayIn] = Field(min_length=1, max_length=400)


@router.get("/energy/bills", response=Listed[BillOut])
def list_bills(request: HttpRequest) -> Any:
    """The bills that one may see, the latest first; an enterprise's own not while they are drafts."""
    actor = actor_of(request)
    actor.require("energy.view")
    rows = Bill.objects.select_related("unit", "contract__seller").order_by("-month", "unit_id")
    return listed_whole([one for one in rows[:500] if _seen(actor, one)])


def _seen(actor: Any, one: Bill) -> bool:
    seller = one.contract.seller
    if actor.may("energy.park", one.path) or (seller and actor.may("energy.view", seller.path)):
        return True
    return actor.may("energy.view", one.path) and one.stage != Settlement.State.DRAFT


@router.get("/energy/bills/{pk}", response=BillWhole)
def get_bill(request: HttpRequest, pk: Path[Id]) -> Any:
    """One bill with its lines."""
    actor = actor_of(request)
    actor.require("energy.view")
    row = Bill.objects.select_related("contract__seller").filter(pk=pk).first()
    if row is None or not _seen(actor, row):
        raise NotFound(gettext("没有这条记录，或您无权查看。"))
    lines = [BillLineOut.from_orm(one).dict() for one in BillLine.objects.filter(bill=row)]
    return BillOut.from_orm(row).dict() | {"lines": lines}


@router.get("/meters/{pk}/load", response=Listed[DayOut])
def get_load(request: HttpRequest, pk: Path[Id], days: Query[Days]) -> Any:
    """A meter's days from one day until another, both included; at most a year."""
    row = Meter.objects.get(pk=pk)
    actor_of(request).require("energy.view", row.path)
    until = min(days.until, days.since + dt.timedelta(days=366)) + dt.timedelta(days=1)
    found = loads_of(row.pk, days.since, until)
    return listed_whole(
        [
            {"day": day, "wh": one.wh, "quality": one.quality, "total_wh": one.total}
            for day, one in sorted(found.items())
        ]
    )


@router.post("/meters/{pk}/load", response={200: TakenOut})
def post_load(request: HttpRequest, pk: Path[Id], data: DaysIn) -> Any:
    """Keeps days of a meter, all or none: 96 quarters each in kWh, the factor applied, null where
    nothing was measured. A day that is known already is corrected."""
    told = record_days(
        actor=actor_of(request),
        meter=Meter.objects.get(pk=pk),
        days={one.day: one.kwh for one in data.days},
    )
    return Status(200, {"new": told.new, "corrected": told.corrected, "unchanged": told.unchanged})


def _one(model: Any, name: str) -> Callable[[HttpRequest, int], dict[str, Any]]:
    return lambda request, pk: {name: model.objects.get(pk=pk)}


class Done(Schema):
    id: int


for _verb, _path in (
    (months.check_month, "check"),
    (months.return_month, "return"),
    (months.close_month, "close"),
):
    operation_of(
        router,
        "POST",
        f"/energy/months/{{pk}}/{_path}",
        _verb,
        response=MonthOut,
        find=_one(Settlement, "settlement"),
        given=("settlement",),
    )
operation_of(
    router,
    "POST",
    "/green-contracts/{pk}/months",
    months.draft_month,
    response=MonthOut,
    find=_one(GreenContract, "contract"),
    given=("contract",),
)
for _of_bill, _path in (
    (bills.agree_bill, "agree"),
    (bills.agree_for, "agree-for"),
    (bills.object_to_bill, "object"),
):
    operation_of(
        router,
        "POST",
        f"/energy/bills/{{pk}}/{_path}",
        _of_bill,
        response=BillOut,
        find=_one(Bill, "bill"),
        given=("bill",),
    )
operation_of(
    router,
    "POST",
    "/certificate-batches/{pk}/allot",
    certificates.allot_certificates,
    response=Done,
    find=_one(Certificate, "certificate"),
    given=("certificate",),
)
operation_of(
    router,
    "POST",
    "/energy/slices/{pk}/claim",
    certificates.claim_slice,
    response=Done,
    find=_one(Slice, "slice"),
    given=("slice",),
)
operation_of(
    router,
    "POST",
    "/energy/claims/{pk}/withdraw",
    certificates.withdraw_claim,
    response=Done,
    find=_one(Claim, "claim"),
    given=("claim",),
)
