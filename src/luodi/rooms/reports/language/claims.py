"""What a sentence says of a value: over 30 %, from A down to B. What does not hold is an error."""

from __future__ import annotations

import operator
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from luodi.rooms.reports.language.numbers import SCALES, Style, Value, plain, rounded, written
from luodi.rooms.reports.language.tags import BEHIND, COMPARISONS, NUMBER

HOLDS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq}
SAID = {
    ">": "超过",
    ">=": "至少",
    "≥": "至少",
    "<": "不足",
    "<=": "不超过",
    "≤": "不超过",
    "=": "等于",
}
DOWN = ("下降", "减少", "降低", "降", "缩短")
UP = ("上升", "增长", "增加", "提高", "提升", "升", "扩大")
SAME = ("持平",)
DIRECTIONS = (*DOWN, *UP, *SAME)
_BOUND = re.compile(rf"({NUMBER})\s*(万|亿)?\s*(.*)$")


class ClaimError(ValueError):
    """A claim that does not hold, or cannot be judged; `str(error)` says what the record has."""


def bound_of(bound: str, unit: str) -> Decimal:
    """The number of a bound, in the figure's unit. Raises ClaimError for another unit."""
    found = _BOUND.match(bound.strip())
    if found is None:
        raise ClaimError(_("“%(bound)s”不是数，请写成“超过 30%%”的样子。") % {"bound": bound})
    if found[3] and found[3] != unit:
        raise ClaimError(
            _("“%(bound)s”的单位与指标的单位“%(unit)s”不同，不能比较。")
            % {"bound": bound, "unit": unit or "—"}
        )
    try:
        number = Decimal(found[1].replace(",", ""))
    except InvalidOperation as problem:  # a number longer than any
        raise ClaimError(_("“%(bound)s”不是数。") % {"bound": bound}) from problem
    return number * SCALES.get(found[2] or "", Decimal(1))


def holds(value: Value, comparison: str, bound: str, unit: str) -> bool:
    """Whether a value compares so. Raises ClaimError where it cannot be said."""
    if not isinstance(value, Decimal):
        raise ClaimError(_("这项指标没有数值，不能比较。"))
    return bool(HOLDS[COMPARISONS[comparison]](value, bound_of(bound, unit)))


def claim(comparison: str, bound: str, unit: str) -> str:
    """The claim in words, with the unit once: 超过30%, 50户以上."""
    found = _BOUND.match(bound.strip())
    tail = "" if found is None or found[3] else unit
    text = bound.replace(" ", "") + tail
    word = SAID.get(comparison, comparison)
    return f"{text}{word}" if word in BEHIND else f"{word}{text}"


def direction(before: Value, after: Value, wanted: str, counted: bool = False) -> str:
    """The word for a change (of what is `counted`: 增加, 减少); with a word wanted, that word.
    Raises ClaimError where it is untrue."""
    if not isinstance(before, Decimal) or not isinstance(after, Decimal):
        raise ClaimError(_("前后两个数据中有一个没有数值，不能说变化。"))
    kinds = SAME if after == before else UP if after > before else DOWN
    words = (
        {SAME: "持平", UP: "增加", DOWN: "减少"}
        if counted
        else {SAME: "持平", UP: "上升", DOWN: "下降"}
    )
    found = words[kinds]
    if wanted and wanted not in kinds:
        raise ClaimError(
            _("“%(word)s”与记录不符：从%(before)s到%(after)s是%(found)s。")
            % {"word": wanted, "before": plain(before), "after": plain(after), "found": found}
        )
    return wanted or found


def amount_of_change(before: Decimal, after: Decimal, unit: str, style: Style, way: str) -> str:
    """By how much: in per cent of what was (百分比), or the difference (差额, 百分点 of shares)."""
    if way == "百分比":
        if before == 0:
            raise ClaimError(_("原来的数是0，算不出百分比。"))
        places = 1 if style.places is None else style.places
        return written(rounded(abs(after - before) / abs(before) * 100, places), "%", style)
    return written(abs(after - before), "个百分点" if unit == "%" else unit, style)
