"""Whether what a text says holds of what the ledger has, with the rounding of the text."""

from __future__ import annotations

import enum
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from luodi.ground.figures.definition import Figure
from luodi.lib.quantities import Comparison, Part, Quantity, named

NEAR: Final = Decimal("0.10")  # 约, 近: at most as far as this it holds
FAR: Final = Decimal("0.25")  # and beyond this it does not
TIGHT: Final = Decimal("0.05")  # a bound that is no round number says as much as this
MORE: Final = re.compile(r"[多余]|^上")
LESS: Final = re.compile(r"近|将近|接近|年近|几近")
COARSE: Final = Decimal("0.02")  # 3万 for 32,000 rounds well, but does not say enough


class Verdict(enum.StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NO_LEDGER = "no-ledger"
    UNSURE = "unsure"


def in_words_of(quantity: Quantity, figure: Figure, value: Decimal) -> Decimal:
    """The ledger's value in the unit of the text: 1,200,000 元 for 120 万元, 5 for 5,000 米."""
    unit = str(figure.unit).strip()
    scale = Decimal(1)
    while unit[:1] in ("万", "亿"):
        scale *= Decimal(10**4 if unit[0] == "万" else 10**8)
        unit = unit[1:]
    have, given = named(unit), named(quantity.unit)
    if unit in ("%", "％") and quantity.measure == "number":
        return value / 100
    factor = have.factor / given.factor if have and given and have.measure else Decimal(1)
    return value * scale * factor


def judge(quantity: Quantity, figure: Figure, value: Decimal) -> Verdict:
    """Compares what the text says with the ledger's value."""
    have, said = in_words_of(quantity, figure, value), quantity.value
    if quantity.part is Part.BY and quantity.falls:
        said = -said
    upper = quantity.upper
    if quantity.comparison is Comparison.ABOUT:
        return _about(have, said, upper, quantity.text)
    holds = {
        Comparison.AT_LEAST: have >= said,
        Comparison.MORE: have > said,
        Comparison.AT_MOST: have <= said,
        Comparison.LESS: have < said,
        Comparison.RANGE: upper is not None and said <= have <= upper,
    }.get(quantity.comparison)
    if holds is None:
        return _equal(have, said, quantity.step)
    if not holds:
        return Verdict.DIFFERS
    return _bound(have, quantity)


def _bound(have: Decimal, quantity: Quantity) -> Verdict:
    """Whether who knew the value would have written this bound, which holds: 超过30% of 36 %, but
    not 超过10%; and 超过31% was written of another value, of some 31 %. What a rule allows in a time
    (每月至少一次) may be passed by any number."""
    said = quantity.value
    if quantity.comparison is Comparison.RANGE or quantity.measure.count("/"):
        return Verdict.AGREES
    off, figures = abs(have - said), _figures(said)
    is_half = len(figures) == 2 and figures[1] == 5
    place = _place(said) * (5 if is_half else 1)
    if off <= TIGHT * abs(have) or (off < place and 0 < max(have, said) <= 2 * min(have, said)):
        return Verdict.AGREES
    exact = len(figures) > 1 and not is_half
    is_fact = quantity.comparison in (Comparison.MORE, Comparison.LESS)
    return Verdict.DIFFERS if exact and is_fact else Verdict.UNSURE


def _place(said: Decimal) -> Decimal:
    """The place of the last figure that is no nought: 100 of 1,200."""
    return Decimal(1).scaleb(said.normalize().adjusted() - len(_figures(said)) + 1)


def _figures(said: Decimal) -> tuple[int, ...]:
    """The figures of a number without the noughts at its end: 1 and 2 of 1,200."""
    return said.normalize().as_tuple().digits


def _equal(have: Decimal, said: Decimal, step: Decimal) -> Verdict:
    if have == said:
        return Verdict.AGREES
    step = max(step, Decimal("0.0000001"))
    rounded = (have / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    if rounded != said:
        return Verdict.DIFFERS
    if have == int(have) and step <= 1:  # 90 is not 90.4 people, but 49.34 is 49.336
        return Verdict.DIFFERS
    if step == 1:  # 30 % for 29.8 % may be meant, or mistaken
        return Verdict.UNSURE
    return Verdict.AGREES if abs(have - said) <= COARSE * abs(said) else Verdict.UNSURE


def _about(have: Decimal, said: Decimal, upper: Decimal | None, text: str) -> Verdict:
    """As precise as the number's own figures: 约98 is 97.5 to 98.5, 约90 is 85 to 95, 约100 a tenth.

    100多 and 上百 are a hundred and more, 近100 is a little under.
    """
    if upper is not None:
        return Verdict.AGREES if said <= have <= upper else Verdict.DIFFERS
    place, more, less = _place(said), bool(MORE.search(text)), bool(LESS.match(text))
    if more and not less:
        if have == said and text[0] != "上":
            return Verdict.UNSURE  # 90多 is more than 90
        return Verdict.AGREES if said <= have < said + place else Verdict.DIFFERS
    one_sided = less and not more
    reach, off = place if one_sided else place / 2, abs(have - said)
    if off <= min(reach, NEAR * abs(said)) and not (one_sided and have > said):
        return Verdict.AGREES
    return Verdict.UNSURE if off <= min(reach, FAR * abs(said)) else Verdict.DIFFERS
