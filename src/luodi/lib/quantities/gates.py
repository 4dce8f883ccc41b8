"""What looks like a quantity and is none: names, ordinals, codes, the articles 一个 and 一批."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import Final

from luodi.lib.quantities.data import lines_of, words_of
from luodi.lib.quantities.numerals import CHINESE, Numeral
from luodi.lib.quantities.words import CODES

BACK: Final = 24  # characters on either side of a number that a rule looks at
SMALL: Final = frozenset("一二两三四五六七八九十百千万双半多")
# 三比三看, 一企一策, 半年一评估, 两学一做: figure, a word, figure, a word.
TWINS: Final = re.compile(
    r"[一二两三四五六七八九十百千万双多半][^\W\d_、，。一二两三四五六七八九十]{1,2}[一二两三四五六七八九十百千万双多][^\W\d_]"
)
QUOTED: Final = re.compile(r"[“\"《「『]([^”\"》」』\n。！？]{1,24})[”\"》」』]")
# What a quotation with figures names: “1名领导、1套方案”机制.
SCHEME: Final = re.compile(
    r"[^”\"》」』\n]{0,22}[”\"》」』](?:工作)?(?:机制|模式|法|体系|制度|行动|工程|计划|架构|格局)"
)
BESIDE: Final = re.compile(r"\d(?:[kMG]?[WVAth]+|[万亿]?千?[瓦伏安吨元米]+时?)/$")  # 50MW/100MWh
OFTEN: Final = re.compile(
    r"一[日天周月年][一二两三四五六七八九十][次回]|一家[一二三四五六七八九十]{1,2}口"
)
COUNTED_BOTH: Final = re.compile(r"[人户名家村镇组年][一两三四五六七八九十]个")
# What stands for a number in the patterns of `data/no_quantity.txt`.
SIGNS: Final = dict(
    zip(
        ["0n", "small", "n", "one", "nought", "bare", "zh1", "zh", "end"],
        map(chr, range(0xE100, 0xE109)),
        strict=True,
    )
)
KINDS: Final = {"n": "0n small n one nought bare zh1 zh", "zh": "one nought bare zh1 zh"}


@functools.cache
def rules() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    """Each rule of what is no quantity: an example, its pattern, and whether it looks at the unit."""
    found = []
    for line in lines_of("no_quantity"):
        example, _bar, pattern = line.partition(" | ")
        for name, sign in SIGNS.items():
            kinds = "".join(SIGNS[one] for one in KINDS.get(name, name).split())
            pattern = pattern.replace(f"<{name}>", f"[{kinds}]" if len(kinds) > 1 else sign)
        found.append((example, re.compile(pattern, re.DOTALL), SIGNS["end"] in pattern))
    return tuple(found)


def is_none(text: str, number: Numeral, end: int = 0) -> bool:
    """Whether a rule says that the number, or with `end` the number with its unit, is no quantity."""
    before = text[max(0, number.start - BACK) : number.start]
    if not end and BESIDE.search(before):
        return False
    after = (
        f"{text[number.end : end]}{SIGNS['end']}{text[end : end + BACK]}"
        if end
        else text[number.end : number.end + BACK]
    )
    window = f"{before}{SIGNS[_kind(text, number)]}{after}"
    return any(pattern.search(window) for _example, pattern, unit in rules() if unit is bool(end))


def _kind(text: str, number: Numeral) -> str:
    """Which sign stands for the number."""
    if number.chinese:
        if number.bare and not number.loose:
            return "bare"
        known = {0: "nought", 1: "one"}.get(int(number.value)) if number.value in (0, 1) else None
        return known or ("zh1" if number.end - number.start == 1 else "zh")
    if re.match(r"0\d", text[number.start : number.start + 2]):
        return "0n"
    return "small" if number.value < 100 and number.value == int(number.value) else "n"


@functools.cache
def _names() -> dict[str, list[tuple[int, str]]]:
    """For each two characters that a numeral begins in a name: where they stand in which name."""
    index: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in words_of("names"):
        for at, char in enumerate(name):
            if char in CHINESE:
                index[name[at : at + 2]].append((at, name))
    return index


def is_name(text: str, start: int) -> bool:
    """Whether a known name covers `start`."""
    return any(
        start >= at and text.startswith(name, start - at)
        for at, name in _names().get(text[start : start + 2], ())
    )


def is_quoted_name(text: str, number: Numeral) -> bool:
    """“四大工程”, “三个强化”, 《三年行动方案》: a short quotation that a Chinese numeral begins."""
    if not number.chinese and not SCHEME.match(text, number.end):
        return False
    opened = max(text.rfind(mark, max(0, number.start - 18), number.start) for mark in '“《「『"')
    if opened < 0:
        return False
    quoted = QUOTED.match(text, opened)
    longest = 16 if number.chinese else 26
    return bool(quoted and number.end < quoted.end() <= opened + longest)


def is_twin(text: str, number: Numeral) -> bool:
    """Whether the numeral is one of a pair in a set phrase: 三比三看, 一企一策."""
    if not number.chinese or number.end - number.start > 1 or text[number.start] not in SMALL:
        return False
    if OFTEN.match(text, max(0, number.start - 2)):  # 一日三次
        return False
    if _both_counted(text, number) or text[number.start - 1 : number.start] == "是":
        return False  # 六人一个宿舍, 二是两户企业
    if TWINS.match(text, number.start):
        return text[number.start - 1 : number.start] != "每"
    for back in (2, 3):
        begin = number.start - back
        if (
            begin >= 0
            and text[begin - 1 : begin] != "每"
            and (found := TWINS.match(text, begin))
            and found.end() > number.end
        ):
            return True
    return False


def _both_counted(text: str, number: Numeral) -> bool:
    """Whether a unit follows this numeral, and a numeral with 个 follows that."""
    return number.value > 1 and COUNTED_BOTH.match(text, number.end) is not None


def is_dialled(text: str, number: Numeral) -> bool:
    """A number without a unit after 电话, 编号, 拨打."""
    return bool(CODES.search(text[max(0, number.start - 12) : number.start]))
