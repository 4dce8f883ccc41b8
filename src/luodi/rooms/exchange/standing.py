"""How a contract stands on a day: called off against agreed, and whether somebody should look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from luodi.rooms.exchange.models import Contract, Delivery, Introduction, Stage, month_of

STALE_DAYS = 30  # that an idea or a talk may lie before it is asked about


@dataclass(frozen=True, slots=True)
class Light:
    """What should be looked at, in words; `tone` is amber or red."""

    words: str
    tone: str = "amber"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a contract. `share`: of the agreed month, in per cent, at most 100 for the bar."""

    month: dt.date
    delivery: Delivery | None
    share: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`due`: what an even delivery would have brought by the end of last month."""

    agreed: Decimal
    delivered: Decimal
    due: Decimal
    months: list[Month]

    @property
    def share(self) -> int:
        """Delivered of agreed, in per cent."""
        return int(self.delivered * 100 / self.agreed)

    @property
    def bar(self) -> int:
        return min(self.share, 100)


def months_between(since: dt.date, until: dt.date) -> list[dt.date]:
    """The first days of the months from one day to another."""
    found, month = [], month_of(since)
    while month <= until:
        found.append(month)
        month = next_month(month)
    return found


def next_month(month: dt.date) -> dt.date:
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def standing_of(contract: Contract, on: dt.date) -> Standing:
    """Month by month until today, or until the contract ends."""
    came = {one.month: one for one in contract.deliveries.all()}
    planned = months_between(contract.since, contract.until)
    each = contract.quantity / len(planned)
    shown = sorted({*months_between(contract.since, min(on, contract.until)), *came})
    due = each * len([month for month in planned if next_month(month) <= on])
    return Standing(
        agreed=contract.quantity,
        delivered=sum((one.quantity for one in came.values()), Decimal(0)),
        due=due.quantize(Decimal(1)),
        months=[
            Month(m, came.get(m), min(int(came[m].quantity * 100 / each), 100) if m in came else 0)
            for m in shown
        ],
    )


def is_idle(contract: Contract, on: dt.date, *, delivered: bool) -> bool:
    """Whether a contract has come into its second month without any delivery."""
    second = next_month(month_of(contract.since))
    return not delivered and on >= second


def light_of(row: Introduction, on: dt.date) -> Light | None:
    """What should be looked at today; None where nothing should."""
    contract = getattr(row, "contract", None)
    if contract is not None and row.stage == Stage.CONTRACT:
        if is_idle(contract, on, delivered=contract.deliveries.exists()):
            return Light(_("签约第二个月还没有到货"))
        return None
    if row.stage == Stage.DELIVERING and contract is not None and on > contract.until:
        return Light(_("合同已到期，请写下成效或续签"))
    if row.stage in {Stage.IDEA, Stage.TALKING, Stage.NEGOTIATING}:
        days = (on - row.at.date()).days
        if days > STALE_DAYS:
            return Light(_("已 %(days)s 天没有结果") % {"days": days})
    return None
