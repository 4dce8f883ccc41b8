"""A month's bills and their lines, written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy

from luodi.rooms.energy.computing import Computed, Difference, price_of
from luodi.rooms.energy.models import (
    LINES,
    Bill,
    BillLine,
    Settlement,
)
from luodi.rooms.energy.settling import (
    Share,
    unit_prices,
    yuan,
)

State = Settlement.State
NO_RULE = gettext_lazy("不考核")


def write_bills(settlement: Settlement, done: Computed, late: list[Difference]) -> None:
    """Writes a month's bills and their lines."""
    prices = unit_prices(price_of(done.terms))
    theirs: dict[int, list[Difference]] = defaultdict(list)
    for one in late:
        theirs[one.unit_id].append(one)
    bills, lines = [], []
    for share in done.month.shares:
        unit = share.party.key
        bill = Bill(
            settlement=settlement,
            unit_id=unit,
            contract_id=settlement.contract_id,
            month=settlement.month,
            agreed_wh=share.party.agreed,
            generated_wh=share.generated,
            consumed_wh=share.party.consumed,
            settled_wh=share.settled,
            carried_in_wh=share.party.carried,
            late_wh=share.party.late,
            certificates=share.certificates,
            carried_wh=share.carried,
            amount=share.total + yuan(sum(one.fen for one in theirs[unit])),
        )
        bills.append(bill)
        lines += [_line(bill, share, kind, prices) for kind in share.fen if share.quantities[kind]]
        lines += [_difference(bill, one) for one in theirs[unit]]
    Bill.objects.bulk_create(bills)
    BillLine.objects.bulk_create(lines)


def _line(bill: Bill, share: Share, kind: str, prices: Mapping[str, object]) -> BillLine:
    pieces = kind == "certificate"
    price = Decimal(str(float(prices[kind]))) * (1 if pieces else 1000)  # type: ignore[arg-type]
    quantity = Decimal(share.quantities[kind])
    return BillLine(
        bill=bill,
        kind=kind,
        of_month=bill.month,
        quantity=quantity if pieces else quantity / 1000,
        measure="pcs" if pieces else "kWh",
        price=price.quantize(Decimal("0.00001")),
        amount=yuan(share.fen[kind]),
    )


def _difference(bill: Bill, one: Difference) -> BillLine:
    return BillLine(
        bill=bill,
        kind="difference",
        of_month=one.month,
        of_kind=one.kind,
        quantity=Decimal(one.quantity) / 1000,
        measure="kWh",
        price=None,
        amount=yuan(one.fen),
        note=f"{one.month:%Y-%m} {LINES[one.kind]}",
    )
