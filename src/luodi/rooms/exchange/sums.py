"""Which sums over enterprises may be shown: never one from which a rival's number could be found.

A sum is published when at least K enterprises stand behind it, none with more than SHARE of it, not even
of what is left for one of them who takes its own part away. It must tell no more beside the sums that
were published before: of each two, what changed between them must itself be the change of K
enterprises, none with more than SHARE. Where it would, the month stays empty; and it comes DELAY
months late. Parameters after 禁止垄断协议规定 (市场监管总局令第65号, 2023) on sensitive information, whose
text names no numbers: they are this product's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

K = 5
SHARE = Decimal("0.70")
DELAY = 3  # months
Parts = Mapping[int, Decimal]


def may_show(parts: Parts, before: Sequence[Parts] = ()) -> bool:
    """Whether the sum of parts (by enterprise) may be published beside those published before."""
    return is_broad(parts.values()) and all(tells_nothing(parts, one) for one in before)


def is_broad(amounts: Iterable[Decimal]) -> bool:
    """Whether at least K have a part, and none dominates: of the whole, or of what the second largest
    sees when it takes its own part away."""
    sizes = sorted((abs(one) for one in amounts if one), reverse=True)
    if len(sizes) < K:
        return False
    total, first, second = sum(sizes, Decimal(0)), sizes[0], sizes[1]
    return first <= SHARE * total and first <= SHARE * (total - second)


def tells_nothing(now: Parts, before: Parts) -> bool:
    """Whether the difference of two sums gives nothing away: nobody changed, or many did."""
    changes = [now.get(one, Decimal(0)) - before.get(one, Decimal(0)) for one in {*now, *before}]
    return not any(changes) or is_broad(changes)
