"""What a quantity is about: the noun phrase after its measure word, or the one before."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from luodi.lib.quantities import noun_phrases
from luodi.lib.quantities.marks import Mark
from luodi.lib.quantities.model import Comparison, Part
from luodi.lib.quantities.subject_words import (
    ATTRIBUTE,
    CLOSE,
    DONE,
    EVENTS,
    FILLERS,
    HEADS,
    OPEN,
    STOPS,
    TRIMMED,
    VAGUE,
    WITHIN,
)
from luodi.lib.quantities.tokens import Tokens
from luodi.lib.quantities.words import CHANGES

CLAUSE: Final = re.compile(r"[，,。；;：\n](?=[^，,。；;：\n]*$)")
OF_WHOLE: Final = re.compile(r"(?:其中|约|仅|共|合计|各|分别)*占(?!比|地|用|有|领|道)")
BEYOND: Final = re.compile(r"高于|优于|低于|高出|领先|超出(?!比例|部分|率)")
BEYOND_IN_POINTS: Final = re.compile(r"(?:比(?!例|重|率|值)|较|欠|超额)")
CLOSED: Final = re.compile(r"^[^(（]{0,40}[)）]")
LISTED: Final = frozenset(["、", "和", "及", "以及", "与", "，", ","])
ITEMS: Final = re.compile(r"、|和|以及|及(?!以)|与")
ONLY_COMPARED: Final = re.compile(r"(?:(?:同比|环比|[比较][^，。；]{0,8})*)$")
# How long something takes is not about what was counted before.
EXTENT: Final = re.compile(r"(?:^|^这|全|总|条|座|段)[长宽高重深厚]$")
OF_THOSE: Final = re.compile(r"(?:[经由需须占]有?|有)$")
BOUNDS: Final = (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.MORE, Comparison.LESS)
BY_WAY: Final = frozenset("按以经据为占比较与同其由对在从自至到")  # 按可比价格计算
TOTAL: Final = re.compile(r"(合计|总计|共计|小计|其他|其它|其余)[：:]?$")
LASTS: Final = re.compile(r"(?:为期|历时|共计|计|共)$")
TIMES: Final = frozenset(["year", "month", "week", "day", "working_day", "hour", "minute"])
# No subject on their own, whatever the dictionary says.
EMPTY: Final = frozenset(
    [*"处项期站者场市区县年所将可应号位", "年产", "日产", "月产", "人均", "户均", "亩均", "村均"]
)


def about(text: str, tokens: Tokens, marks: Sequence[Mark], dated: frozenset[int]) -> None:
    """Fills in subject and action of every mark, in the order of the text."""
    for at, mark in enumerate(marks):
        last = marks[at - 1] if at else None
        floor = last.end if last else 0
        ceiling = marks[at + 1].start if at + 1 < len(marks) else len(text)
        _one(text, tokens, mark, floor, ceiling, _carried(text, marks, at), dated)
    for mark, following in itertools.pairwise(marks):
        described = text[following.end : following.end + 1] == "的" and not mark.unit.counted
        adjoins = following.start == mark.end and (not mark.subject or described)
        if adjoins or _described(text, mark, following):  # 五百元以上一千元以下罚款
            mark.subject = following.subject
    for at, mark in enumerate(marks):
        if not mark.subject and at and _alike_after_stop(text, marks[at - 1], mark):
            mark.subject = marks[at - 1].subject
        if not mark.subject and mark.unit.measure not in TIMES:
            mark.subject = _bracketed(text, marks, at) or _heading(text, mark)
    _respectively(text, marks)


def _alike_after_stop(text: str, last: Mark, mark: Mark) -> bool:
    """面积超过10公顷的，报省级；不足2公顷的: a bound that goes on after the semicolon."""
    between = text[last.end : mark.start]
    return (
        mark.comparison in BOUNDS
        and last.unit == mark.unit
        and between[-1:] in ("；", ";")
        and "。" not in between
        and "\n" not in between
    )


def _bracketed(text: str, marks: Sequence[Mark], at: int) -> str:
    """党员总数：256名（女73名；35岁以下61名）: within brackets what they were opened on goes on."""
    begin = max(0, marks[at].start - 80)
    opened = max(text.rfind(one, begin, marks[at].start) for one in "（(")
    closed = max(text.rfind(one, begin, marks[at].start) for one in "）)\n。")
    if opened <= closed:
        return ""
    return next((one.subject for one in reversed(marks[:at]) if one.end == opened), "")


def _heading(text: str, mark: Mark) -> str:
    """合计：125.6万元."""
    found = TOTAL.search(text, max(0, mark.start - 4), mark.start)
    return found[1] if found else ""


def _carried(text: str, marks: Sequence[Mark], at: int) -> Mark | None:
    """The quantity before in the same sentence; one that says only how long is passed over."""
    for back in range(at - 1, max(-1, at - 4), -1):
        if marks[back].sentence != marks[at].sentence:
            return None
        between = text[marks[back].end : marks[at].start]
        if _of_age(marks[at], marks[back]):
            continue
        if CLOSED.search(between):  # what was said in brackets is not gone on with
            continue
        if marks[back].subject or marks[back].unit.measure not in TIMES:
            return marks[back]
    return None


def _of_age(mark: Mark, before: Mark) -> bool:
    """7人，平均年龄46.3岁，其中45岁以下3人: who is counted was named before the ages."""
    bounded = mark.unit.measure == "age" and mark.comparison in BOUNDS and mark.part is None
    return before.unit.measure == "age" and (bounded or mark.unit.counted)


def _described(text: str, mark: Mark, following: Mark) -> bool:
    """新建一条1.8公里的管线: the second quantity describes what the first counts."""
    between = text[mark.end : following.start]
    return (
        mark.unit.counted
        and len(between) <= 3
        and not STOPS.intersection(between)
        and text[following.end : following.end + 1] == "的"
        and not following.unit.counted
    )


def _one(
    text: str,
    tokens: Tokens,
    mark: Mark,
    floor: int,
    ceiling: int,
    last: Mark | None,
    dated: frozenset[int],
) -> None:
    before, action, carries = noun_phrases.before(text, tokens, mark, floor, dated)
    after = noun_phrases.after(text, mark, ceiling)
    before = "" if before in EMPTY else before
    counted = mark.unit.counted or bool(mark.often)
    if mark.unit.measure in TIMES and text[mark.end - 1] == "内":  # 之日起15日内
        after, before = "", before if ATTRIBUTE.search(before) else ""
    near = bool(before) and _adjoins(tokens, mark, floor)
    if after and EXTENT.search(before) and text[mark.end] == "的":
        before = ""  # 全长4.3公里的示例大道
    if (
        after
        and mark.unit.measure in ("share", "number")
        and OF_THOSE.search(text, max(0, mark.start - 2), mark.start)
    ):
        before, near = "", False  # 经半数以上成员同意
    if text[mark.end : mark.end + 1] == "的" and near and ATTRIBUTE.search(before):
        after = ""  # 年接待能力15万人次的综合体
    if after and counted:
        after = _named_before(text, tokens, mark, floor, after, dated)
    if not before and mark.often:
        before = _within(text, mark)
    if _of_whole(text, mark) or (not mark.unit.counted and _beyond(text, mark)):
        before = ""
    if mark.part is Part.FROM and before:
        mark.subject, mark.action = before, action
    elif mark.part is Part.TO and last is not None:
        mark.subject, mark.action = last.subject, last.action
    elif counted and after:
        mark.subject, mark.action = after, action or (before if not near else "")
        if not action:
            mark.action = _verb_before(tokens, mark.start)
    elif before and (near or not after or (not counted and mark.part is not None)):
        mark.subject, mark.action = before, action
    elif after and mark.part is None:
        mark.subject, mark.action = after, action or _verb_before(tokens, mark.start)
    elif mark.unit.measure in TIMES and not mark.often and mark.part is None:
        lasts = LASTS.search(text, max(0, mark.start - 4), mark.start)
        told = noun_phrases.topic(text, tokens, mark.sentence, mark.start) if lasts else ""
        if not told and action and _is_named(action) and text.endswith(action, 0, mark.start):
            told = action  # 停水8小时, 缺课超过4学时
        mark.subject, mark.action = told, action
    elif counted and _is_named(action):
        mark.subject, mark.action = action, action
    elif last is not None:
        told = _clause_between(text, tokens, last, mark)
        mark.subject, mark.action = told or last.subject, action or last.action
    else:
        if carries[:1] in OPEN:
            carries = ""
        mark.subject, mark.action = before or after or carries, action
        if not mark.subject and not _is_named(action):
            mark.subject = noun_phrases.topic(text, tokens, mark.sentence, mark.start)
        known = action in VAGUE or action in DONE or action in FILLERS or len(action) < 2
        if not mark.subject and not known:
            mark.subject = action


def _clause_between(text: str, tokens: Tokens, last: Mark, mark: Mark) -> str:
    """最大日降水量 in 98.7毫米，最大日降水量出现在示例镇，达: a clause that holds no quantity itself."""
    commas = [at for at in range(last.end, mark.start) if text[at] in "，,"]
    if len(commas) < 2 or commas[-1] - commas[-2] < 6 or text[commas[-2] + 1] in BY_WAY:
        return ""
    if any(char.isdigit() for char in text[commas[-2] : commas[-1]]):
        return ""
    return noun_phrases.topic(text, tokens, commas[-2] + 1, commas[-1])


def _is_named(action: str) -> bool:
    """Whether what was done is all that says what is counted: 转正15名, 销号49个."""
    known = action in DONE or action in VAGUE or action in FILLERS or action in CHANGES
    return len(action) > 1 and not known


def _within(text: str, mark: Mark) -> str:
    """锻炼 in 每周至少锻炼三次."""
    inner = WITHIN.sub("", text[mark.start : mark.number])
    return inner if len(inner) > 1 and inner not in EVENTS else ""


def _of_whole(text: str, mark: Mark) -> bool:
    """占应到人数的92.3%: what stands directly before is the whole, not the part."""
    return OF_WHOLE.match(text, _clause(text, mark), mark.start) is not None


def _beyond(text: str, mark: Mark) -> bool:
    """高于全省平均水平4.2个百分点: what stands before is what it is compared with."""
    begin = _clause(text, mark)
    points = mark.unit.measure == "points" and BEYOND_IN_POINTS.match(text, begin)
    return bool(points or BEYOND.match(text, begin))


def _clause(text: str, mark: Mark) -> int:
    begin = max(0, mark.start - 40)
    found = CLAUSE.search(text, begin, mark.start)
    return found.end() if found else begin


def _named_before(
    text: str, tokens: Tokens, mark: Mark, floor: int, after: str, dated: frozenset[int]
) -> str:
    """认定为高新技术企业，2户企业: the two are what the clause before ends with."""
    end = mark.start - 1
    if (
        end < floor
        or text[end : end + 1] not in ("，", ",")
        or not text.endswith(after, floor, end)
    ):
        return after
    found, _verb = noun_phrases.phrase(text, tokens, tokens.at(end - 1), floor, dated, False)
    return found if found.endswith(after) else after


def _adjoins(tokens: Tokens, mark: Mark, floor: int) -> bool:
    """Whether a noun or a filler such as 达到 stands directly before."""
    at = tokens.at(mark.start - 1) if mark.start else -1
    if at < 0 or tokens.starts[at] < floor:
        return False
    word, tag = tokens.words[at], tokens.tags[at]
    return tag in HEADS or word in FILLERS or word in CLOSE


def _verb_before(tokens: Tokens, start: int) -> str:
    at = tokens.at(start - 1) if start else -1
    for _ in range(4):
        if at < 0 or tokens.words[at] in STOPS or tokens.words[at] in CLOSE:
            return ""
        if tokens.tags[at].startswith("v") and tokens.words[at] not in FILLERS:
            return tokens.words[at]
        at -= 1
    return ""


def _respectively(text: str, marks: Sequence[Mark]) -> None:
    """A、B分别为1和2: to each its own; so too after a comma: 旅客1人，收入2元，分别增长3%和4%."""
    at = 0
    while at < len(marks):
        end = at + 1
        while end < len(marks) and text[marks[end - 1].end : marks[end].start] in LISTED:
            end += 1
        group = marks[at:end]
        begin = _clause(text, marks[at])
        said = text[begin : marks[at].start].rfind("分别")
        if len(group) > 1 and said >= 0:
            left = text[begin : begin + said]
            names = _items(left, len(group)) or _counted_before(marks, at, len(group), left)
            for mark, name in zip(group, names, strict=False):
                mark.subject = name
        at = end


def _items(left: str, count: int) -> list[str]:
    """The things that a list names, each with what stands after the last: A、B的增速."""
    left = re.split(r"[比较](?!重|例)", left)[0]
    left, _, tail = left.rpartition("的") if "的" in left[-6:] else (left, "", "")
    names = [TRIMMED.sub("", one.strip()) for one in ITEMS.split(left)]
    names[0] = next(
        (names[0][2:] for verb in DONE if names[0].startswith(verb) and len(verb) == 2), names[0]
    )
    whole = all(
        len(one) > 1 and not one.startswith("第") and not one.endswith("级") for one in names
    )
    whole = whole and "占" not in names[-1]
    if len(names) != count or not whole:
        return []
    return [f"{one}的{tail}" if tail else one for one in names]


def _counted_before(marks: Sequence[Mark], at: int, count: int, left: str) -> list[str]:
    """The subjects of as many quantities before, where the clause itself names nothing."""
    before = marks[max(0, at - count) : at]
    alike = len(before) == count and all(
        one.sentence == marks[at].sentence and one.part is None and one.subject
        and one.comparison is not Comparison.CHANGE for one in before
    )  # fmt: skip
    return [one.subject for one in before] if alike and ONLY_COMPARED.match(left) else []
