"""What is found in a text: a quantity, how it compares, and the time it speaks of."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from decimal import Decimal


class Comparison(enum.StrEnum):
    """How the text sets the value: `=` when nothing is said, `~` for 约, 近, 余, 多, 左右."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    ABOUT = "~"
    RANGE = "range"
    CHANGE = "change"


class Part(enum.StrEnum):
    """Which part of a change a quantity is."""

    FROM = "from"  # 从52.27岁: what it was
    TO = "to"  # 下降到49.34岁: what it is
    BY = "by"  # 增长29.8%: the difference


@dataclass(frozen=True, slots=True)
class When:
    """The time that a sentence speaks of, as written.

    `since` and `until` are days, both included, where the text names them in full; `word` is a
    relative word (今年, 目前, 累计) that only means something with a day of reference.
    """

    text: str
    since: dt.date | None = None
    until: dt.date | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a text: `text == source[start:end]`.

    `value` is the whole number (1.2亿 is 120,000,000), `upper` the other end of a range;
    `unit` is as written, without 万 and 亿, full-width forms folded; `measure` is its normal form,
    the same for km and 公里, "" for a count of things. A number per something has `unit` 元/度.
    `places` are the decimal places of the number in its own scale: 1.2亿 is exact to
    10 ** (8 - 1), which is `step`.
    """

    text: str
    start: int
    end: int
    value: Decimal
    unit: str
    comparison: Comparison
    subject: str
    upper: Decimal | None = None
    measure: str = ""
    step: Decimal = Decimal(1)
    part: Part | None = None
    falls: bool = False  # a change downwards: 下降, 减少
    when: When | None = None
