"""What people write for a quantity and a quality: `每月3000吨`, `3万吨/年`, `灰分≤10.5%、A/S 5~7`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.lib.quantities import Comparison, extract
from luodi.rooms.exchange.models import Commodity, Offer

# Measures in the commodity's: of one of the first, so many of the second.
FACTORS = {
    ("千克", "吨"): Decimal("0.001"),
    ("公斤", "吨"): Decimal("0.001"),
    ("kg", "吨"): Decimal("0.001"),
    ("斤", "吨"): Decimal("0.0005"),
    ("t", "吨"): Decimal(1),
    ("吨", "千克"): Decimal(1000),
    ("公斤", "千克"): Decimal(1),
    ("kg", "千克"): Decimal(1),
}
PERS = {
    "月": Offer.Per.MONTH,
    "month": Offer.Per.MONTH,
    "年": Offer.Per.YEAR,
    "year": Offer.Per.YEAR,
}
YEARLY = re.compile(r"^年(?:产|需|用|供)?|每年|全年|一年")
MONTHLY = re.compile(r"^月(?:产|需|用|供)?|每月|每个月|一个月")
PART = re.compile(r"[、，,；;\n]+")
BETWEEN = re.compile(
    r"^(?P<name>.*?[^\d.\s])\s*(?P<low>\d+(?:\.\d+)?)\s*[%％]?\s*(?:~|～|—|–|-|至|到)\s*"
    r"(?P<high>\d+(?:\.\d+)?)\s*[%％]?$"
)
MOST = Decimal("99999999999")


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a measure, once, a month or a year."""

    quantity: Decimal
    measure: str
    per: str


def amount_of(text: str, commodity: Commodity | None = None) -> Amount:
    """The quantity that a text says, in the commodity's measure. Raises UserError at `amount`."""
    found = [one for one in extract(text) if one.unit and one.comparison != Comparison.CHANGE]
    if len(found) != 1:
        raise UserError(_("请写成“每月3000吨”“3万吨/年”“一次200吨”的样子。"), "amount")
    one = found[0]
    measure, _slash, per_word = one.unit.partition("/")
    _kind, _slash, per = one.measure.partition("/")
    per = PERS.get(per) or PERS.get(per_word) or _per_of(text)
    quantity = one.value  # of a range, what is sure
    if commodity is not None and measure != commodity.measure:
        factor = FACTORS.get((measure.lower(), commodity.measure))
        if factor is None:
            wanted = {"what": commodity, "measure": commodity.measure}
            raise UserError(_("%(what)s按%(measure)s计，请换算后填写。") % wanted, "amount")
        quantity, measure = quantity * factor, commodity.measure
    measure = "吨" if measure.lower() == "t" else measure
    quantity = quantity.quantize(Decimal("0.01"))
    if not 0 < quantity <= MOST:
        raise UserError(_("数量须大于零，也不能大得离奇。"), "amount")
    return Amount(quantity, measure[:10], per)


def _per_of(text: str) -> str:
    if YEARLY.search(text.strip()):
        return Offer.Per.YEAR
    return Offer.Per.MONTH if MONTHLY.search(text.strip()) else Offer.Per.ONCE


def qualities_of(text: str) -> dict[str, list[str | None]]:
    """Each quality with its lower and upper end, as texts; an open end is None.

    A range is kept as a range; one value is both its ends. Raises UserError at `quality`.
    """
    found: dict[str, list[str | None]] = {}
    for part in filter(None, (one.strip() for one in PART.split(text))):
        name, low, high = _quality(part)
        if not name or (low is not None and high is not None and low > high):
            raise UserError(
                _("“%(part)s”没有看懂，请写成“灰分≤10.5%%、铝硅比5~7”的样子。") % {"part": part},
                "quality",
            )
        found[name[:20]] = [None if low is None else str(low), None if high is None else str(high)]
    return found


def _quality(part: str) -> tuple[str, Decimal | None, Decimal | None]:
    if between := BETWEEN.match(part):
        return between["name"].strip(), Decimal(between["low"]), Decimal(between["high"])
    for one in extract(part):
        name = (one.subject or part[: one.start]).strip(" ：:≥≤><=")
        match one.comparison:
            case Comparison.AT_LEAST | Comparison.MORE:
                return name, one.value, None
            case Comparison.AT_MOST | Comparison.LESS:
                return name, None, one.value
            case Comparison.RANGE:
                return name, one.value, one.upper
            case Comparison.EQUAL | Comparison.ABOUT:
                return name, one.value, one.value
    return _bare(part)


SIGNS = re.compile(
    r"^(?P<name>.+?)\s*(?P<sign>>=|<=|≥|≤|>|<|=|：|:|\s)\s*(?P<value>\d+(?:\.\d+)?)\s*\S*$"
)


def _bare(part: str) -> tuple[str, Decimal | None, Decimal | None]:
    """A number without a unit: 铝硅比≥5."""
    found = SIGNS.match(part)
    if found is None:
        return "", None, None
    value, sign = Decimal(found["value"]), found["sign"]
    low = value if sign not in {"<=", "≤", "<"} else None
    high = value if sign not in {">=", "≥", ">"} else None
    return found["name"].strip(), low, high


def written(quality: dict[str, list[str | None]]) -> str:
    """Qualities as they are typed: `灰分≤10.5、铝硅比5~7`."""
    return "、".join(_one(name, *ends) for name, ends in quality.items())


def _one(name: str, low: str | None, high: str | None) -> str:
    if low is None or high is None:
        return f"{name}≥{low}" if high is None else f"{name}≤{high}"
    return f"{name}={low}" if low == high else f"{name}{low}~{high}"


def number(value: Decimal | None) -> str:
    """A number without the noughts that say nothing; "" for none."""
    return "" if value is None else f"{value.normalize() + 0:f}"


def spoken(quantity: Decimal, measure: str, per: str) -> str:
    """An amount as it is typed: `每月3000吨`."""
    before = {Offer.Per.MONTH: "每月", Offer.Per.YEAR: "每年"}.get(Offer.Per(per), "一次")
    return f"{before}{number(quantity)}{measure}"
