"""A number with its unit and the words that compare it, before it is known what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from luodi.lib.quantities.model import Comparison, Part
from luodi.lib.quantities.units import Unit

BARE = Unit("", "number")


@dataclass(slots=True)
class Mark:
    """`text[start:end]` with the comparing words; the number itself begins at `number`."""

    start: int
    number: int
    end: int
    value: Decimal
    step: Decimal
    unit: Unit
    comparison: Comparison = Comparison.EQUAL
    upper: Decimal | None = None
    weak: bool = False  # 一个, 一年: an article rather than a count, unless something tells
    part: Part | None = None
    falls: bool = False
    often: str = ""  # 月 in 每月至少一次
    subject: str = ""
    sentence: int = 0  # where its sentence begins
