"""What a quantity is about: the noun phrase after its measure word, else the one before.

The phrase is for the reader; a check finds its figures by their own words (`ground.figures`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from luodi.lib.quantities.data import words_of
from luodi.lib.quantities.marks import Mark
from luodi.lib.quantities.model import Part
from luodi.lib.quantities.tokens import Tokens, cut
from luodi.lib.quantities.words import CHANGES, COMPARED

LONGEST: Final = 24
MOST: Final = 10_000  # quantities of a text that get one; a bound on work
AHEAD: Final = 40  # characters that a noun phrase is looked for in
STOPS: Final = frozenset("，,。；;：:！？!?|\n（）()【】")
STOP: Final = re.compile(f"[{re.escape(''.join(STOPS))}、]")
# Parts of speech that a noun phrase is made of, and those that it ends in.
NOUNS: Final = frozenset(
    [
        "n",
        "nr",
        "ns",
        "nt",
        "nz",
        "ng",
        "vn",
        "an",
        "b",
        "j",
        "l",
        "i",
        "s",
        "eng",
        "nrt",
        "nrfg",
        "a",
        "g",
        "k",
        "h",
        "vg",
        "z",
    ]
)
HEADS: Final = NOUNS - frozenset("bahz")
PASSED: Final = frozenset(["d", "p", "ul", "uj", "m", "t", "q", "c", "f", "uz", "ug", "mq", "r"])
FILLERS: Final = (
    words_of("fillers")
    | words_of("vague")
    | (frozenset(CHANGES) - frozenset(["增收", "节约", "增幅", "改善", "精简", "推迟", "扩大"]))
)
OPENING: Final = words_of("actions_opening")
DONE: Final = words_of("actions") | OPENING
# A single character that makes one noun of the verb before it: 充电桩, 接种点.
SUFFIXES: Final = frozenset(
    "桩点员者站村社期区岗店厂馆园线队户机车桥金费款卡证书课会源网器室厅生圈路率量数额值组所院部品物具件类型级式表单库屏灯"
)
ATTRIBUTE: Final = re.compile(
    r"(?:[率量额值距价速费]|数(?!字)|[密速长宽高厚深跨温湿浓强精]度|满意度|比[例重]|面积|时[间限长]|周期|工期|期限|收入|支出|成本|规模|能力|里程|年龄|指数|标准|水平|幅)$"
)
WHOLE: Final = re.compile(  # 占总人口的, 是上届的: what a share or a multiple is of
    r"(?:(?:其中|仅|约|只|均|各|分别|共)*占(?!比)(?:(?!比重|比例|份额|占比)[^，,。；;、]){1,16}"
    r"|(?:是|为|相当于)[^，,。；;、]{1,14}的)$"
)
TRIMMED: Final = re.compile(
    r"^(?:各类|各种|各|其他|其中|全部|有关|相关|等|的|和|及|以及|目前|全年|今年|主要|与|或|预计|力争|确保|现有|共|可|[全我本该][省市县区州镇乡村](?!级|性|各)"
    r"|新(?=签约|开工|批|引进|注册|投产|发展|成立|认定|入库|培育|增|建|改建))+"
    r"|(?:等|的|和|及|以及|分别|中|基本|全部|同时|年|同比|环比|最[高低长短多]|一般|控制|历时|为期|高达|之日起?)+$"
)
ITEMS: Final = re.compile(r"、|和|以及|及(?!以)|与")
CLAUSES: Final = re.compile(r"[，,。；;：\n]")
LISTED: Final = frozenset(["、", "和", "及", "以及", "与", "，", ","])
TIMES: Final = frozenset(["year", "month", "week", "day", "working_day", "hour", "minute"])
TOTAL: Final = re.compile(r"(合计|总计|共计|小计|其他|其余)[：:]?$")


def about(text: str, tokens: Tokens, marks: Sequence[Mark], dated: frozenset[int]) -> None:
    """Fills in the subject of every mark, in the order of the text."""
    for at, mark in enumerate(marks[:MOST]):
        last = marks[at - 1] if at else None
        ceiling = marks[at + 1].start if at + 1 < len(marks) else len(text)
        mark.subject = _one(text, tokens, mark, last, ceiling, dated)
        if not mark.subject and mark.unit.measure not in TIMES:
            mark.subject = _bracketed(text, marks, at)
    _respectively(text, marks)


def _one(
    text: str, tokens: Tokens, mark: Mark, last: Mark | None, ceiling: int, dated: frozenset[int]
) -> str:
    floor = max(last.end if last else 0, mark.sentence)
    same = last is not None and last.sentence == mark.sentence
    if mark.part is Part.TO and last is not None:
        return last.subject
    following = _after(text, mark, ceiling)
    if (mark.unit.counted or mark.often) and following:
        return following
    before, verb, near = _before(text, tokens, mark, floor, dated)
    if before and (near or not following or mark.part is not None):
        return before
    carried = last.subject if last is not None and same else ""
    named = verb if len(verb) > 1 and verb not in DONE and verb not in FILLERS else ""
    if mark.unit.measure in TIMES and not mark.often and mark.part is None:
        return named
    return (
        (following if mark.part is None else "")
        or (named if mark.unit.counted else "")
        or carried
        or before
        or named
    )


def _after(text: str, mark: Mark, ceiling: int) -> str:
    """The noun phrase that begins at the end of a mark; cut anew, without the number."""
    begin = mark.end
    while text[begin : begin + 1] in (" ", "的") and begin < ceiling:
        begin += 1
    stop = STOP.search(text, begin, min(ceiling, begin + AHEAD))
    tokens = cut(text[begin : stop.start() if stop else min(ceiling, begin + AHEAD)])
    end = head = 0
    for at, (word, tag) in enumerate(zip(tokens.words, tokens.tags, strict=True)):
        follows = tokens.words[at + 1] if at + 1 < len(tokens.words) else ""
        noun = tag in NOUNS or word in "“”《》" or (at and word in SUFFIXES)
        opens = at == 0 and (
            tag == "r" or (tag == "v" and (follows in SUFFIXES or _noun(tokens, 1)))
        )
        joins = word == "的" and at and tokens.tags[at - 1] not in HEADS
        joins = joins or (
            tag in ("v", "d") and bool(at) and follows in ("率", "量", "数", "人员", "费", "员")
        )
        if word in ("全部", "均", "都", "已") or not (noun or opens or joins) or end > LONGEST:
            break
        end = tokens.end(at)
        head = end if tag in HEADS or word in SUFFIXES or word in "”》" else head
    found = _trim(text[begin : begin + head])
    return "" if found in ("门槛", "大关", "关口", "整", "水平") else found


def _noun(tokens: Tokens, at: int) -> bool:
    return at < len(tokens.tags) and tokens.tags[at] in HEADS


def _before(
    text: str, tokens: Tokens, mark: Mark, floor: int, dated: frozenset[int]
) -> tuple[str, str, bool]:
    """The noun phrase before a mark in its clause, its verb, and whether it stands directly there."""
    end = mark.start
    if mark.unit.measure in ("share", "times", "number") and mark.part is not Part.BY:
        whole = WHOLE.search(text, max(floor, mark.start - 30), mark.start)
        end = whole.start() if whole else end
    at = tokens.at(end - 1) if end else -1
    if mark.part is Part.BY:
        compared = [
            one for one in range(max(0, at - 9), at + 1) if tokens.words[one] in ("比", "较")
        ]
        at = compared[-1] - 1 if compared and tokens.starts[compared[-1]] >= floor else at
    first = at
    while at >= 0 and tokens.starts[at] >= floor:
        word, tag = tokens.words[at], tokens.tags[at]
        if word in ")）":  # 生产总值(GDP)235亿元
            opened = max(
                text.rfind(one, max(floor, tokens.starts[at] - 24), tokens.starts[at])
                for one in "(（"
            )
            if opened > floor:
                first = at = tokens.at(opened) - 1
                continue
        if tag == "q" and word in SUFFIXES and at and tokens.tags[at - 1][:1] in "vn":
            break  # 充电 桩
        colon = word in "：:" and tokens.end(at) == mark.start
        filler = word in FILLERS and (tag not in HEADS or tag in ("vn", "j") or word in CHANGES)
        passed = (
            filler
            or tag in PASSED
            or word[0] == "每"
            or COMPARED.fullmatch(word)
            or not word.strip()
        )
        if word in STOPS and not colon:
            return "", "", False
        if not (colon or passed or tokens.starts[at] in dated):
            break
        at -= 1
    found, verb = _phrase(text, tokens, at, floor, dated)
    return found, verb, first - at < 3


def _phrase(
    text: str, tokens: Tokens, at: int, floor: int, dated: frozenset[int]
) -> tuple[str, str]:
    """The noun phrase that ends with token `at`, and the verb before it."""
    verb = ""
    if (
        at >= 0
        and tokens.tags[at] == "v"
        and tokens.starts[at] >= floor
        and tokens.words[at][-1] not in SUFFIXES
    ):
        verb, at = tokens.words[at], at - 1  # 转正15名: what was done is all there is
        if at < 0 or tokens.tags[at] not in HEADS:
            return "", verb
    if at < 0 or tokens.starts[at] < floor:
        return "", verb
    begin = end = tokens.end(at)
    measured = ATTRIBUTE.search(text, max(floor, end - 6), end) is not None
    while at >= 0 and tokens.starts[at] >= floor and end - begin < LONGEST:
        word, tag = tokens.words[at], tokens.tags[at]
        suffixed = begin < end and tokens.words[at + 1] in SUFFIXES
        first = at == 0 or tokens.starts[at - 1] < floor or tokens.tags[at - 1] not in HEADS
        acts = word in DONE and begin < end and not suffixed
        if tokens.starts[at] in dated or (
            acts and (word not in OPENING or (first and not measured))
        ):
            break
        noun = tag in NOUNS or word in "“”《》非" or (word in ("以上", "以下") and begin < end)
        noun = noun or (measured and word == "可")
        noun = noun or (
            tag in ("v", "q") and (begin == end or suffixed or (measured and word not in FILLERS))
        )
        if not noun and not (word in "的占" and at and tokens.tags[at - 1] in HEADS):
            break
        begin, at = (tokens.starts[at], at - 1) if noun else (begin, at - 1)
    if at >= 0 and tokens.tags[at].startswith("v") and tokens.words[at] not in FILLERS:
        verb = verb or tokens.words[at]
    return _trim(text[begin:end]), verb


def _trim(found: str) -> str:
    """Without the words at its ends that are no part of it; 全村 alone is 村."""
    found = found.strip()
    return TRIMMED.sub("", found) or (found[1:] if found[:1] in "全我本" else "")


def _bracketed(text: str, marks: Sequence[Mark], at: int) -> str:
    """党员总数：256名（女73名；35岁以下61名）: within brackets what they were opened on goes on."""
    begin = max(0, marks[at].start - 80)
    opened = max(text.rfind(one, begin, marks[at].start) for one in "（(")
    if opened > max(text.rfind(one, begin, marks[at].start) for one in "）)\n。"):
        return next(
            (one.subject for one in reversed(marks[max(0, at - 20) : at]) if one.end == opened), ""
        )
    found = TOTAL.search(text, max(0, marks[at].start - 4), marks[at].start)
    return found[1] if found else ""


def _respectively(text: str, marks: Sequence[Mark]) -> None:
    """A、B分别为1和2: to each its own; 旅客1人，收入2元，分别增长3%和4% goes on with those before."""
    at = 0
    while at < len(marks):
        end = at + 1
        while end < len(marks) and text[marks[end - 1].end : marks[end].start] in LISTED:
            end += 1
        group = marks[at:end]
        left, said, _rest = text[max(0, marks[at].start - 40) : marks[at].start].partition("分别")
        names = [TRIMMED.sub("", one.strip()) for one in ITEMS.split(CLAUSES.split(left)[-1])]
        before = marks[max(0, at - len(group)) : at]
        if (
            said
            and len(group) > 1
            and len(names) == len(group)
            and all(len(one) > 1 for one in names)
        ):
            for mark, name in zip(group, names, strict=True):
                mark.subject = name
        elif said and len(group) > 1 and len(before) == len(group):
            for mark, one in zip(group, before, strict=True):
                mark.subject = one.subject
        at = end
