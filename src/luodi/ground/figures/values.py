"""From rows to a value: the arithmetic of each kind, the digest, and how a value is written.

The database adds up (`engine`), or Python does (`sums_of`); `value_of` is the same for both.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.ground.figures.definition import Figure, Kind, Row, Value

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
THIRDS = Decimal(1).scaleb(-15)  # what a sum of thirds, cut somewhere, falls short of the whole
QUANTILES = {Kind.MEDIAN: Decimal("0.5"), Kind.P90: Decimal("0.9")}


@dataclass(frozen=True, slots=True)
class Sums:
    """What a value is made of. `count`: rows; `known`: rows whose amount is known; `total`: their
    sum, `part` of it with `side`; `low` and `high`: the two amounts a quantile lies between, or the
    least and the greatest; `first`: the earliest day; `last`, `word`: of the latest row."""

    count: int = 0
    known: int = 0
    total: Decimal | None = None
    part: Decimal | None = None
    rest: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    first: dt.date | None = None
    last: Decimal | None = None
    word: str | None = None


def place_of(kind: Kind, known: int) -> tuple[int, Decimal]:
    """Where a quantile lies among `known` ordered amounts: an index from 0, and the fraction past
    it (linear interpolation, as `percentile_cont` of SQL:2003)."""
    place = QUANTILES[kind] * (known - 1)
    return int(place), place % 1


def sums_of(rows: Sequence[Row], kind: Kind) -> Sums:
    """Adds up rows that were computed in Python."""
    amounts = sorted(row.amount for row in rows if row.amount is not None)
    days = [row.on for row in rows if row.on is not None]
    latest = max(rows, key=lambda row: (row.on or dt.date.min, order_of(row.key)), default=None)
    low, high = (amounts[0], amounts[-1]) if amounts else (None, None)
    if amounts and kind in QUANTILES:
        index, _fraction = place_of(kind, len(amounts))
        low, high = amounts[index], amounts[min(index + 1, len(amounts) - 1)]
    return Sums(
        count=len(rows),
        known=len(amounts),
        total=_sum(rows, {True, False, None}),
        part=_sum(rows, {True}),
        rest=_sum(rows, {False, None}),
        low=low,
        high=high,
        first=min(days, default=None),
        last=latest.amount if latest else None,
        word=latest.word if latest else None,
    )


def _sum(rows: Iterable[Row], sides: set[bool | None]) -> Decimal | None:
    found = [row.amount for row in rows if row.amount is not None and row.side in sides]
    total = Decimal(0)
    for amount in found:
        total = EXACT.add(total, amount)
    return total if found else None


def value_of(kind: Kind, sums: Sums, places: int) -> Value:
    """The value, rounded half up (away from zero) to `places`; None where there is no data."""
    match kind:
        case Kind.COUNT:
            return Decimal(sums.count)
        case Kind.YES_NO:
            return sums.count > 0
        case Kind.DATE:
            return sums.first
        case Kind.WORD:
            return sums.word or None
        case _:
            exact = _exact(kind, sums)
            return None if exact is None else rounded(exact, places)


def _exact(kind: Kind, sums: Sums) -> Decimal | None:
    match kind:
        case Kind.SUM:
            return Decimal(0) if sums.count == 0 else sums.total
        case Kind.MEAN:
            return EXACT.divide(sums.total, sums.known) if sums.total is not None else None
        case Kind.SHARE:
            if not sums.total:
                return None
            return EXACT.divide((sums.part or Decimal(0)) * 100, sums.total)
        case Kind.GROWTH:
            if not sums.rest or sums.part is None:
                return None
            return EXACT.divide((sums.part - sums.rest) * 100, sums.rest)
        case Kind.LEAST:
            return sums.low
        case Kind.GREATEST:
            return sums.high
        case Kind.MEDIAN | Kind.P90:
            if sums.low is None or sums.high is None:
                return None
            _index, fraction = place_of(kind, sums.known)
            return sums.low + EXACT.multiply(sums.high - sums.low, fraction)
        case Kind.RANK:
            return sums.last
    raise AssertionError(kind)


def rounded(exact: Decimal, places: int) -> Decimal:
    """Half up, as 国家统计 and every reader expect: 49.335 is 49.34."""
    whole = exact.quantize(THIRDS, context=EXACT)
    return whole.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=EXACT) + 0


# --- the digest -----------------------------------------------------------------------------


def order_of(key: str) -> tuple[int, str]:
    """Rows stand in the order of their keys, the shorter first: of one table, as their numbers."""
    return len(key), key


def line_of(row: Row) -> str:
    """A row as the digest covers it: key, amount, side, day, word, with tabs between.

    An amount without trailing zeros, a side as 1 or 0, a day as 2022-12-22; nothing for unknown.
    The label is not covered: a new name for the same record moves no figure.
    """
    amount = "" if row.amount is None else plain(row.amount)
    side = {True: "1", False: "0", None: ""}[row.side]
    word = row.word.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return "\t".join([row.key, amount, side, row.on.isoformat() if row.on else "", word])


def plain(amount: Decimal) -> str:
    """A number without exponent and trailing zeros."""
    text = format(amount, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def digest_of(rows: Iterable[Row]) -> str:
    """SHA-256, in hex, over the rows' lines in their order, each ended by a line feed but the last."""
    ordered = sorted(rows, key=lambda row: order_of(row.key))
    return hashlib.sha256("\n".join(line_of(row) for row in ordered).encode()).hexdigest()


# --- in words -------------------------------------------------------------------------------


def text_of(figure: Figure, value: Value) -> str:
    """The value with its unit, as a sentence has it; a dash where there is no data."""
    match value:
        case None:
            return "—"
        case bool():
            return _("是") if value else _("否")
        case Decimal():
            number = str(formats.number_format(value, figure.places))
            return number + joined(str(figure.unit).strip())
        case dt.date():
            return value.isoformat()
    return str(value)


def written(value: Value) -> str | bool | None:
    """A value in JSON: a number as a decimal text, a day as 2022-12-22."""
    match value:
        case None | bool() | str():
            return value
        case dt.date():
            return value.isoformat()
    return format(value, "f")


def joined(unit: str) -> str:
    """A unit behind its number: a word of English stands apart, a sign and Chinese do not."""
    spaced = unit and (get_language() or "").startswith("en") and unit[0].isalpha()
    return f" {unit}" if spaced else unit
