"""Units in which tables give amounts: 万元 of a title, 亿 behind a number, % of a cell."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

SCALES: Final = {
    scale: Decimal(value)
    for scale, value in {
        "": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6,
        "千万": 10**7, "亿": 10**8, "十亿": 10**9, "万亿": 10**12,
    }.items()
}  # fmt: skip
MEASURE: Final = re.compile(r"(?:人民币)?((?:十|百|千)?(?:万|亿)*|十|百|千)([^\d\s]*)")
IN_BRACKETS: Final = re.compile(r"(.+?)\(([^()]*)\)$")


def factor(given: str, wanted: str) -> Decimal | None:
    """What an amount in `given` is multiplied by to be one in `wanted`; None where it cannot.

    A scale alone (1200万) is of the column's own kind.

    >>> factor("亿元", "万元"), factor("万", "万元"), factor("%", ""), factor("吨", "万元")
    (Decimal('10000'), Decimal('1'), Decimal('0.01'), None)
    """
    if given == wanted:
        return Decimal(1)
    if given == "%":
        return Decimal("0.01") if not wanted else None
    one, two = MEASURE.fullmatch(given), MEASURE.fullmatch(wanted)
    if not one or not two or one[1] not in SCALES or two[1] not in SCALES:
        return None
    if one[2] and one[2] != two[2]:
        return None
    return SCALES[one[1]] / SCALES[two[1]]


def titled(title: str) -> tuple[str, str]:
    """A title (NFKC, without blanks) as its name and the unit in brackets at its end.

    >>> titled("投资额(万元)"), titled("投资额")
    (('投资额', '万元'), ('投资额', ''))
    """
    found = IN_BRACKETS.fullmatch(title)
    if found is None:
        return title, ""
    return found[1], found[2].removeprefix("单位:")
