"""Numbers that share the unit of a later one: 3—5名, 300至350万元, 3、5、7家, 0.6和1.0个百分点."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from luodi.lib.quantities.marks import Mark
from luodi.lib.quantities.model import Comparison
from luodi.lib.quantities.numerals import BIG, read
from luodi.lib.quantities.units import Unit

OPEN: Final = "open"  # the measure of a number that still waits for its unit
SEPARATOR: Final = re.compile(r" ?(?:[-—~～]{1,2}|至|到) ?")
CODED: Final = re.compile(r"[0-9A-Za-z)）-]$")
MOVED: Final = re.compile(r"(?:下跌|下降|上涨|下调|上调|提高|降低|增加|减少|[涨跌降])了?$")
LISTING: Final = re.compile(r"、|和|及|与|以及")


def waiting(text: str, start: int, end: int) -> Mark | None:
    """3 in 3—5名 and in 3、5名: kept without a unit until the next number is read."""
    gap = SEPARATOR.match(text, end) or LISTING.match(text, end)
    numeral = read(text, start) if gap else None
    if gap is None or numeral is None or numeral.end != end or numeral.bare:
        return None
    listed = LISTING.fullmatch(gap.group()) is not None
    second = read(text, gap.end()) if gap.end() < len(text) else None
    before = text[start - 1 : start]
    minus = before == "-" and not CODED.search(text, max(0, start - 2), start - 1)
    code = before == "第" or (before.isascii() and before.isalnum()) or before == "-"
    if second is None or (code and not minus):
        return None
    if listed and (numeral.chinese or second.chinese or before in "表图件条款项第（(./"):
        return None
    value, start = (-numeral.value, start - 1) if minus else (numeral.value, start)
    return Mark(start, start, end, value, numeral.step, Unit("", OPEN))


def joined(text: str, marks: list[Mark]) -> list[Mark]:
    """Ranges made one, and lists given the unit of their last; what still waits is left out."""
    kept: list[Mark] = []
    for mark in marks:
        last = kept[-1] if kept else None
        if last is not None and _is_range(text, last, mark):
            _join(text, last, mark)
        else:
            kept.append(mark)
    for low, high in zip(reversed(kept[:-1]), reversed(kept[1:]), strict=True):
        listed = LISTING.fullmatch(text, low.end, high.start)
        if low.unit.measure in (OPEN, "number") and high.unit.measure != OPEN and listed:
            low.value *= _scale(text, high) if low.step <= 1 else 1
            low.unit, low.comparison = high.unit, high.comparison
    return [mark for mark in kept if mark.unit.measure != OPEN]


def _is_range(text: str, low: Mark, high: Mark) -> bool:
    gap = SEPARATOR.fullmatch(text, low.end, high.start)
    if gap is None or high.unit.measure == OPEN:
        return False
    waits = low.unit.measure == OPEN
    if low.upper is not None or not (
        waits or low.unit.measure == high.unit.measure or low.unit.text == high.unit.text
    ):
        return False
    if (
        not waits
        and low.unit.measure != "share"
        and MOVED.search(text, max(0, low.start - 3), low.start)
    ):
        return False  # 下跌120元至860元
    if not waits and text[low.start - 1 : low.start] in ("从", "由") and "到" in gap.group():
        return False
    value = low.value * (_scale(text, high) if waits and low.step <= 1 else 1)
    return value < high.value


def _scale(text: str, mark: Mark) -> Decimal:
    """The 万 or 亿 that the number of a mark ends in."""
    numeral = read(text, mark.number)
    return Decimal(BIG.get(text[numeral.end - 1], 1)) if numeral else Decimal(1)


def _join(text: str, low: Mark, high: Mark) -> None:
    if low.unit.measure == OPEN and low.step <= 1:
        low.value *= _scale(text, high)
    low.upper, low.end, low.unit, low.step = high.value, high.end, high.unit, high.step
    low.comparison, low.weak = Comparison.RANGE, False
