"""Dues: base and rate as dated rules (中组发〔2008〕3号).

One flat rate on the whole base, by its bracket; fixed amounts for who has no regular pay.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from luodi.rooms.directory.api import Certainty
from luodi.rooms.pathways.rules.steps import Words

FEN = Decimal("0.01")
REGULATION = _("关于中国共产党党费收缴、使用和管理的规定（中组发〔2008〕3号）")
EFFECTIVE_ON = dt.date(2008, 4, 1)


class Category(StrEnum):
    WAGE = "wage"
    RETIRED = "retired"
    FARMER = "farmer"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rate:
    """Brackets: up to which base (included; None for all above) which share; `fixed` are the least
    and the most amount of who pays without a base, in yuan a month."""

    category: Category
    label: Words
    article: Words
    since: dt.date
    certainty: Certainty
    brackets: tuple[tuple[Decimal | None, Decimal], ...] = ()
    fixed: tuple[Decimal, Decimal] | None = None


def _brackets(*pairs: tuple[int | None, str]) -> tuple[tuple[Decimal | None, Decimal], ...]:
    return tuple((None if most is None else Decimal(most), Decimal(share)) for most, share in pairs)


RATES: tuple[Rate, ...] = (
    Rate(
        Category.WAGE, _("按月领取工资的党员"), _("第二条、第三条"), EFFECTIVE_ON, Certainty.SEEN,
        _brackets((3000, "0.005"), (5000, "0.01"), (10000, "0.015"), (None, "0.02")),
    ),
    Rate(
        Category.RETIRED, _("离退休党员"), _("第五条"), EFFECTIVE_ON, Certainty.SEEN,
        _brackets((5000, "0.005"), (None, "0.01")),
    ),
    Rate(
        Category.FARMER, _("农民党员"), _("第六条"), EFFECTIVE_ON, Certainty.SECONDARY,
        fixed=(Decimal("0.2"), Decimal(1)),
    ),
    Rate(
        Category.NONE, _("学生、下岗失业和领取最低生活保障金的党员"), _("第七条"), EFFECTIVE_ON,
        Certainty.SECONDARY, fixed=(Decimal("0.2"), Decimal("0.2")),
    ),
)  # fmt: skip
LABELS = {rate.category: rate.label for rate in RATES}
EARLY_WORD = 3  # months unpaid after which the secretary hears of it; ours
SIX_MONTHS = 6  # 党章第九条


def rate_of(category: str, day: dt.date) -> Rate:
    """The rule that holds for a category on a day; the first one before it held."""
    found = [one for one in RATES if one.category == category and one.since <= day]
    return max(found, key=lambda one: one.since) if found else RATES[0]


def amount_of(category: str, base: Decimal | None, day: dt.date) -> Decimal:
    """What is due for a month: base times the rate of its bracket, half up to the fen.

    base: regular pay after tax in yuan; of who has a fixed amount, the amount that was agreed on,
    kept within the rule's bounds. Raises ValueError for a base below zero.
    """
    rate = rate_of(category, day)
    if base is not None and base < 0:
        raise ValueError("a base is not below zero")
    if rate.fixed is not None:
        least, most = rate.fixed
        return min(max(base or least, least), most).quantize(FEN)
    known = base or Decimal(0)
    share = next(share for most, share in rate.brackets if most is None or known <= most)
    return (known * share).quantize(FEN, rounding=ROUND_HALF_UP)


def first_of(day: dt.date) -> dt.date:
    """The month of a day, by its first."""
    return day.replace(day=1)


def months(since: dt.date, until: dt.date) -> list[dt.date]:
    """The months from one until another, both included, each by its first day."""
    found, month = [], first_of(since)
    while month <= until:
        found.append(month)
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return found


def unpaid_run(due: list[dt.date], paid: set[dt.date]) -> int:
    """How many months in a row, up to the last that is due, were not paid."""
    count = 0
    for month in reversed(due):
        if month in paid:
            break
        count += 1
    return count
