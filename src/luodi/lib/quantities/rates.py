"""What a quantity is per: 每月至少一次, 每人600元, 每升下调0.35元, 每斤卖到35元."""

from __future__ import annotations

import re
from typing import Final

from luodi.lib.quantities.marks import Mark
from luodi.lib.quantities.model import Comparison, Part
from luodi.lib.quantities.numerals import read
from luodi.lib.quantities.tokens import Tokens
from luodi.lib.quantities.units import PER, Unit, find
from luodi.lib.quantities.words import BEFORE, COUNTED_OFTEN, EVERY_UNIT, FALLS

BOUNDED: Final = re.compile(r"至少|最少|不少于|不低于|最多|至多|不超过|不多于")
PRICED: Final = re.compile(r"每([^\d，。；、]{1,4}?)(?:能|可|只)?多?(?:卖到?|售|收|卖出)了?$")
PER_CHANGE: Final = re.compile(
    r"每([^\d，。；、]{1,4}?)电?(?:约|平均|再|可|能)?(下调|上调|降低|下降|下跌|提高|上涨|涨|跌|便宜|优惠|贵)了?$"
)


def often(text: str, tokens: Tokens, marks: list[Mark], every: list[re.Match[str]]) -> None:
    """每月至少一次, 每季度开展2次, 每天6课时, 每两周一次."""
    at = 0
    for match in every:
        while at < len(marks) and marks[at].number < match.end():
            at += 1
        if at == len(marks):
            return
        mark = marks[at]
        gap = text[match.end() : mark.start]
        if len(gap) > 12 or any(char in "，。；,;、：:\n" for char in gap):
            continue
        close = not gap.strip()
        often = mark.unit.text in ("次", "人次", "场次", "场", "期", "回", "遍", "节", "轮", "堂")
        if not (close or often or (mark.unit.counted and _only_done(tokens, match.end(), mark))):
            continue
        if (
            close
            and mark.unit.text not in COUNTED_OFTEN
            and mark.unit.measure in ("share", "number")
        ):
            continue
        name = match["unit"]
        name = EVERY_UNIT.get(name, name)
        count = read(match["n"], 0) if match["n"] and match["n"] != "半" else None
        many = (
            f"{count.value}"
            if count and count.value != 1
            else match["n"]
            if match["n"] == "半"
            else ""
        )
        mark.often = f"{many}{name}"
        if (bound := BOUNDED.search(gap)) and mark.comparison is Comparison.EQUAL:
            mark.comparison = BEFORE[bound.group()]
        mark.start, mark.weak = match.start(), False
        mark.unit = Unit(
            f"{mark.unit.text}/{mark.often}",
            f"{mark.unit.measure or mark.unit.text}/{mark.often}",
            counted=True,
        )


def _only_done(tokens: Tokens, start: int, mark: Mark) -> bool:
    """每年限报1项: nothing but verbs stands between."""
    first, last = tokens.at(start), tokens.at(mark.start - 1)
    return all(tokens.tags[at] in ("v", "d") for at in range(first, last + 1))


def per(text: str, mark: Mark) -> None:
    """每人600元: 元/人."""
    for length in (1, 2, 3, 4):
        begin = mark.start - length
        if begin < 1 or text[begin - 1] != PER[0] or mark.often:
            continue
        found = find(text, begin)
        if found and found[1] == mark.start and mark.unit.measure not in ("number", "share"):
            under = found[0]
            measure = f"{mark.unit.measure or mark.unit.text}/{under.measure or under.text}"
            factor = mark.unit.factor / under.factor
            mark.unit = Unit(f"{mark.unit.text}/{under.text}", measure, factor)
            mark.start, mark.weak = begin - 1, False
            return


def per_change(text: str, mark: Mark) -> None:
    """每升下调0.35元: 元/升."""
    begin = max(0, mark.start - 12)
    found = PER_CHANGE.search(text, begin, mark.start) or PRICED.search(text, begin, mark.start)
    under = find(text, found.start() + 1) if found and mark.unit.measure == "money" else None
    if found is None or under is None or under[1] != found.end(1):
        return
    measure = f"{mark.unit.measure}/{under[0].measure or under[0].text}"
    factor = mark.unit.factor / under[0].factor
    mark.unit = Unit(f"{mark.unit.text}/{under[0].text}", measure, factor)
    mark.start = found.start()
    if found.re is PER_CHANGE:
        mark.part, mark.comparison = Part.BY, Comparison.CHANGE
        mark.falls = found[2] in FALLS or found[2] in ("便宜", "优惠")
