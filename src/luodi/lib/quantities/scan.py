"""All quantities of a folded text, with the words that compare them, ranges, changes, frequencies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from luodi.lib.quantities import ranges, rates, reading
from luodi.lib.quantities.dates import Dated
from luodi.lib.quantities.marks import Mark
from luodi.lib.quantities.model import Comparison, Part
from luodi.lib.quantities.numerals import START
from luodi.lib.quantities.tokens import Tokens
from luodi.lib.quantities.words import (
    AFTER,
    BEFORE,
    BETWEEN,
    CHANGES,
    COMPARED,
    EVERY,
    FALLS,
    LONGEST_BEFORE,
    SHORT,
    STOPS,
    TOWARDS,
)  # fmt: skip

SPARED: Final = re.compile(r"(?:节|公|签|合|制|预|条|履|集|契|违|邀|附|最|靠|邻|亲|邻)$")
ITEMISED: Final = re.compile(
    r"[，,（(]?其中[：:]?((?:[一-鿿]{1,8}\d{1,6}[、，,和])+[一-鿿]{1,8}\d{1,6})(?=[。；;，,）)]|$)"
)
FAR: Final = re.compile(r"(至少|最少|不少于|不低于|不超过|最多|至多|起码|大约|大概)([一-鿿]{1,5})$")
OF_WHOLE: Final = re.compile(
    r"(不超过|不得超过|不应超过|不低于|不得低于|不少于|不得少于|不高于|不得高于|超过|不足|不到|低于)(?!了)[一-鿿]{2,12}的$"
)
MADE: Final = re.compile(
    r"(?:(?<!未)发生|新建|建成|建设|新增|增设|购置|采购|购买|配备|引进|新开|修建|改建|扩建|安装|设有|建有)了?$"
)
MADE_THINGS: Final = frozenset(
    ["座", "起", "所", "家", "台", "辆", "栋", "幢", "套", "处", "条", "架", "艘", "部"]
)
MINUTES: Final = {"minute": 1, "hour": 60, "day": 1440, "month": 43200, "year": 525600}
KINDRED: Final = {"share": "part", "number": "part"} | dict.fromkeys(MINUTES, "time")
LESSENED: Final = re.compile(
    r"(?:^|[，。；：,;:])[一-鿿]{0,2}(?:压减|削减|缩减|减少|缩短)[^，。；、,;\d]{2,12}$"
)
LASTING: Final = re.compile(r"(?:期限?|时长|年限|时间|寿命)(?:为|是|共|约|一般为)?$")
CLOSED: Final = frozenset(["", "，", "。", "；", ",", ";", "、", "\n"])
NAMED: Final = re.compile(r"[一-鿿]{2}$")
MANY: Final = frozenset(
    ["多样", "多样化", "多元", "多元化", "多功能", "多种", "多级", "多层", "多项", "多方"]
)
NET: Final = re.compile(r"净([增减])[一-鿿]{2,10}$")
CHANGE_END: Final = re.compile(
    "(" + "|".join(sorted(map(re.escape, CHANGES), key=len, reverse=True)) + ")(?:了|幅度)?$"
)
BACK: Final = re.compile(r"(?:从|由)[^，。；,;、]{0,16}$")
NEAR: Final = 30
MOST: Final = 50_000  # quantities of a text; a bound on work


def scan(text: str, tokens: Tokens, dated: Sequence[Dated]) -> list[Mark]:
    every = {match.start(): match for match in EVERY.finditer(text)}
    marks = _numbers(text, tokens, dated, every)
    for mark in marks:
        _compare(text, tokens, mark)
    marks = ranges.joined(text, marks)
    rates.often(text, tokens, marks, list(every.values()))
    for mark in marks:
        rates.per(text, mark)
    _changes(text, marks)
    return _apart(_strong(text, marks))


def _numbers(
    text: str, tokens: Tokens, dated: Sequence[Dated], every: dict[int, re.Match[str]]
) -> list[Mark]:
    skip = sorted(
        [(one.start, one.end) for one in dated] + [(at, m.end()) for at, m in every.items()]
    )
    marks: list[Mark] = []
    at, next_skip = 0, 0
    while len(marks) < MOST and (match := START.search(text, at)):
        at = match.start()
        while next_skip < len(skip) and skip[next_skip][1] <= at:
            next_skip += 1
        if next_skip < len(skip) and skip[next_skip][0] <= at:
            at = skip[next_skip][1]
            continue
        mark, at = reading.number(text, tokens, at)
        if mark is None and (ranged := ranges.waiting(text, match.start(), at)):
            mark = ranged
        if mark is not None:
            marks.append(mark)
    return _itemised(text, marks)


def _itemised(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """党组织128个，其中机关19、农村76、两新33: the numbers after have the unit of the first."""
    more: list[Mark] = []
    for mark in marks:
        found = ITEMISED.match(text, mark.end) if mark.unit.counted else None
        for one in re.finditer(r"\d+", found[1]) if found else ():
            assert found is not None
            start, end = found.start(1) + one.start(), found.start(1) + one.end()
            if not any(each.start < end and start < each.end for each in marks):
                more.append(Mark(start, start, end, Decimal(one[0]), Decimal(1), mark.unit))
    return sorted([*marks, *more], key=lambda one: one.start) if more else list(marks)


def _compare(text: str, tokens: Tokens, mark: Mark) -> None:
    sign = _sign_before(text, tokens, mark)
    after = AFTER.match(text, mark.end)
    if (
        after is not None
        and mark.unit.measure != ranges.OPEN
        and not _is_place(text, mark, after)
        and not (after.group() == "多" and tokens.words[tokens.at(mark.end)] in MANY)
    ):
        mark.end = after.end()
        kind = after.lastgroup
        meant = {
            "most": Comparison.AT_MOST,
            "least": Comparison.AT_LEAST,
            "about": Comparison.ABOUT,
        }
        if kind and (sign is None or sign is Comparison.ABOUT):
            sign = meant[kind] if kind != "about" or sign is None else sign
    if sign is not None:
        mark.comparison = sign


def _is_place(text: str, mark: Mark, after: re.Match[str]) -> bool:
    """内 after what is no time; 多 that begins 多家."""
    if after.group().strip() == "内":
        return mark.unit.measure not in (
            "day",
            "working_day",
            "hour",
            "minute",
            "month",
            "year",
            "week",
        )
    return after.group() == "余" and mark.unit.measure == "" and text[mark.end - 1] in "余多"


def _sign_before(text: str, tokens: Tokens, mark: Mark) -> Comparison | None:
    at = mark.start
    for _ in range(3):
        for length in range(min(LONGEST_BEFORE, at), 0, -1):
            word = text[at - length : at]
            if word in BEFORE and _stands(text, tokens, at - length, word, mark):
                mark.start = at - length
                return BEFORE[word]
        if at and text[at - 1] in BETWEEN:
            at -= 1
        else:
            break
    whole = OF_WHOLE.search(text, max(0, mark.start - 20), mark.start)
    if whole:  # 不超过总投资的30%
        mark.start = whole.start()
        return BEFORE[whole.group(1)]
    far = FAR.search(text, max(0, mark.start - 10), mark.start)
    if far and _only_verbs(tokens, far.end(1), mark.start):
        mark.start = far.start()
        return BEFORE[far.group(1)]
    return None


def _stands(text: str, tokens: Tokens, start: int, word: str, mark: Mark) -> bool:
    if len(word) > 1 or not "\u4e00" <= word <= "\u9fff":
        return True
    before = text[max(0, start - 1) : start]
    bare = text[mark.number] in "十百千万数几" or not text[mark.number].isdigit()
    if word in ("上", "过"):
        return (
            bare
            and text[mark.number] in "百千万亿十半"
            and before not in ("通", "经", "超", "以", "之", "跨", "越", "度")
        )
    if word == "破":
        plain = text[start + 1 : start + 2] != "了"
        return plain and before not in ("突", "打", "爆", "磨", "撕", "刺", "跌", "摔")
    return not SPARED.search(text, max(0, start - 1), start)


def _only_verbs(tokens: Tokens, start: int, end: int) -> bool:
    if end <= start:
        return True
    first, last = tokens.at(start), tokens.at(end - 1)
    return all(
        tokens.tags[at][:1] in "vdu" or tokens.words[at] in ("组织", "补助", "贷款")
        for at in range(first, last + 1)
    )


def _changes(text: str, marks: list[Mark]) -> None:
    for at, mark in enumerate(marks):
        before = text[max(0, mark.start - 8) : mark.start].rstrip()
        if (
            at
            and TOWARDS.search(text, max(0, mark.start - 12), mark.start)
            and _pairs(text, marks[at - 1], mark)
        ):
            first = marks[at - 1]
            first.part, mark.part = Part.FROM, Part.TO
            first.weak = mark.weak = False
            mark.falls = first.falls = _size(mark) < _size(first)
            for one in (first, mark):
                if one.comparison in (Comparison.EQUAL, Comparison.ABOUT):
                    one.comparison = Comparison.CHANGE
            continue
        _difference(text, mark, before)
        rates.per_change(text, mark)
        if at and mark.part is None and marks[at - 1].part is Part.BY:
            _together(text, marks[at - 1], mark)


def _together(text: str, first: Mark, second: Mark) -> None:
    """分别增长15.2%和18.6%, 减少3起、8人."""
    alike = first.unit == second.unit or (first.unit.counted and second.unit.counted)
    if text[first.end : second.start] in ("和", "、", "及", "以及", "与") and alike:
        second.part, second.falls, second.comparison = Part.BY, first.falls, first.comparison


def _size(mark: Mark) -> Decimal:
    """To compare 1小时50分 with 58分钟, and 三分之一 with 八成."""
    minutes = MINUTES.get(mark.unit.measure)
    if minutes:
        return mark.value * minutes
    return mark.value * (100 if mark.unit.measure == "number" and mark.value < 1 else 1)


def _pairs(text: str, first: Mark, second: Mark) -> bool:
    gap = text[first.end : second.start]
    per = first.unit.text.partition("/")[0] == second.unit.text  # 由每次96.4元下降到88.1元
    if len(gap) > 24 or first.part is not None:
        return False
    kindred = KINDRED.get(first.unit.measure, 0) == KINDRED.get(second.unit.measure, 1)
    if not kindred and first.unit.measure != second.unit.measure and not per:
        return False
    if first.unit.text != second.unit.text and not first.unit.measure:
        return False
    if any(char in STOPS for char in gap):
        return False
    return bool(BACK.search(text, max(0, first.start - 18), first.start))


def _difference(text: str, mark: Mark, before: str) -> None:
    """增长29.8%, 比上年减少1.2万人, 翻一番."""
    verb = CHANGE_END.search(before)
    if mark.unit.measure == "doublings":
        mark.part, mark.comparison = Part.BY, Comparison.CHANGE
        mark.start -= 1 if before.endswith("翻") else 2 if before.endswith("翻了") else 0
        return
    net = NET.search(text, max(0, mark.start - 14), mark.start) if mark.unit.counted else None
    if net is not None:
        mark.part, mark.falls = Part.BY, net[1] == "减"
        if mark.comparison in (Comparison.EQUAL, Comparison.ABOUT):
            mark.comparison = Comparison.CHANGE
        return
    if LESSENED.search(text, max(0, mark.start - 20), mark.start) and not mark.unit.counted:
        mark.part, mark.falls = Part.BY, True
        if mark.comparison in (Comparison.EQUAL, Comparison.ABOUT):
            mark.comparison = Comparison.CHANGE
        return
    if verb is None or before[: verb.start()].endswith("每"):
        return
    word = verb.group(1)
    relative = mark.unit.measure in ("share", "points", "times")
    clause = max(text.rfind(stop, max(0, mark.start - 60), mark.start) for stop in "。；;\n！？")
    compared = bool(COMPARED.search(text, clause + 1, mark.start))
    if (
        word in ("增幅",)
        or (word in SHORT and not compared and not (relative and (len(word) > 1 or word in "涨跌")))
        or (not relative and not compared and len(word) < 2)
    ):
        return
    if before[: verb.start()].endswith(("新", "不")):
        return
    mark.part, mark.falls = Part.BY, word in FALLS
    if mark.comparison in (Comparison.EQUAL, Comparison.ABOUT):
        mark.comparison = Comparison.CHANGE


def _strong(text: str, marks: list[Mark]) -> list[Mark]:
    """Leaves out 一个 and 一年, unless compared, limited, or counted beside others alike."""
    kept = []
    for at, mark in enumerate(marks):
        if mark.weak and mark.comparison is Comparison.EQUAL and mark.part is None:
            beside = marks[max(0, at - 1) : at] + marks[at + 1 : at + 2]
            if not any(_beside(text, mark, one) for one in beside) and not (
                _made(text, mark) or _placed(text, mark)
            ):
                continue
        kept.append(mark)
    return kept


def _apart(marks: list[Mark]) -> list[Mark]:
    """两圈每升下调三块二: what a mark took of the one before it is given back."""
    kept: list[Mark] = []
    for mark in marks:
        if kept and mark.start < kept[-1].end:
            mark.start = mark.number
            if mark.start < kept[-1].end:
                continue
        kept.append(mark)
    return kept


def _placed(text: str, mark: Mark) -> bool:
    """设检测站一处。 预备期为一年: a count after its noun, or how long something is said to last."""
    if mark.unit.measure in ("year", "month", "week"):
        return LASTING.search(text, max(0, mark.start - 8), mark.start) is not None
    if mark.unit.text not in MADE_THINGS or text[mark.end : mark.end + 1] not in CLOSED:
        return False
    return NAMED.search(text, max(0, mark.start - 2), mark.start) is not None


def _made(text: str, mark: Mark) -> bool:
    """新建一座污水处理站: a thing that was made or bought is counted, a 个 or 种 is an article."""
    return (
        mark.unit.text in MADE_THINGS
        and MADE.search(text, max(0, mark.start - 5), mark.start) is not None
    )


def _beside(text: str, one: Mark, other: Mark) -> bool:
    first, second = (one, other) if one.start < other.start else (other, one)
    gap = text[first.end : second.start]
    listed = "、" in gap or "和" in gap
    listed = listed or (one.unit.text not in ("个", "件") and ("，" in gap or "," in gap))
    return (
        not other.weak and one.unit.counted and one.unit.text == other.unit.text
        and len(gap) < NEAR and listed and not any(char in STOPS for char in gap)
    )  # fmt: skip
