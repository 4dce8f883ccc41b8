"""What looks like a quantity and is none: names, ordinals, codes, the articles 一个 and 一批."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import Final

from luodi.lib.quantities.data import words_of
from luodi.lib.quantities.numerals import CHINESE, Numeral
from luodi.lib.quantities.words import CODES

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
ORDINAL_AFTER: Final = re.compile(
    r"届|中全会|次全会|次党代会|次代表大会|次会议|次全国|号(?![召人])|版(?!面)|期工程|期项目|年级|楼|栋(?=\d|单元|[东西南北]|房|号)|单元|室|路|弄|环|等奖|等功|级甲等|级医院|级响应|级公路|级建造师|级职称|级资质|级标准|类县|类区|把手|大精神|大报告|大以来|大召开|院|师|团"
)
ORDINAL_BEFORE: Final = re.compile(
    r"(?:第|第\s|No\.?|NO\.?|№|序号|编号|初|(?<![每两一二三四五六七八九十\d个隔])(?:周|星期|礼拜)|届|阶段)$"
)
PLANS: Final = re.compile(
    r"年(?:行动|规划|计划|攻坚|倍增|滚动|制(?!造))|[日天](?:攻坚|行动)|分钟(?:跑|快递)"
)
ADDRESS: Final = re.compile(r"[A-Za-z0-9@._:/\\#=&?%~+\-]+")
BESIDE: Final = re.compile(r"\d(?:[kMG]?[WVAth]+|[万亿]?千?[瓦伏安吨元米]+时?)/$")  # 50MW/100MWh
OFTEN: Final = re.compile(
    r"一[日天周月年][一二两三四五六七八九十][次回]|一家[一二三四五六七八九十]{1,2}口"
)
COUNTED_BOTH: Final = re.compile(r"[人户名家村镇组年][一两三四五六七八九十]个")
DOTTED: Final = re.compile(r"\d\.$")  # the last of 3.2.1
LATIN_BEFORE: Final = re.compile(r"(?:[A-Za-z_@#/][\-.]?|[A-Z]\d{1,5}\+)$")


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


def is_ordinal(text: str, number: Numeral) -> bool:
    before = text[max(0, number.start - 3) : number.start]
    if ORDINAL_BEFORE.search(before):
        return True
    # 2路 and 5室 could be counted, but are an ordinal far more often
    return ORDINAL_AFTER.match(text, number.end) is not None


def is_code(text: str, number: Numeral) -> bool:
    """A number within an address, a model, a document's number, a telephone number, a ratio."""
    before, after = (
        text[max(0, number.start - 24) : number.start],
        text[number.end : number.end + 1],
    )
    if BESIDE.search(before):
        return False
    if text[number.start] == "0" and text[number.start + 1 : number.start + 2].isdigit():
        return True
    if before.endswith("×") and not before[-2:-1].isdigit():  # 15.6米×14.2米
        before = ""
    if before and (
        DOTTED.search(before) or LATIN_BEFORE.search(before) or before[-1] in "〔[【×*$"
    ):
        return True
    if (after and after in "〕]】@_×*") or text[number.end : number.end + 2] == "年〕":
        return True
    if after == ":" and text[number.end + 1 : number.end + 2].isdigit():
        return True
    if before.endswith(":") and before[-2:-1].isdigit():
        return True
    if before.endswith("-") and before[-2:-1].isdigit() and _dashes(before):
        return True
    return "@" in before + text[number.end : number.end + 24] and _in_address(text, number)


def _dashes(before: str) -> bool:
    """0358-5550123, 2022-01-15: a dash before that belongs to a code with leading zero or two dashes."""
    run = re.search(r"[\d\-]+$", before)
    return bool(run and (run.group().startswith("0") or run.group().count("-") > 1))


def _in_address(text: str, number: Numeral) -> bool:
    start = max(0, number.start - 40)
    return any(
        "@" in match.group() and start + match.start() <= number.start < start + match.end()
        for match in ADDRESS.finditer(text[start : number.end + 40])
    )


def is_dialled(text: str, number: Numeral) -> bool:
    """A number without a unit after 电话, 编号, 拨打."""
    return bool(CODES.search(text[max(0, number.start - 12) : number.start]))
