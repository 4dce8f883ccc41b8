"""What a quantity is about: the noun phrase after its measure word, or the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from luodi.lib.quantities.marks import Mark
from luodi.lib.quantities.model import Part
from luodi.lib.quantities.tokens import Tokens, cut
from luodi.lib.quantities.words import CHANGES, COMPARED

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
HEADS: Final = frozenset(
    [
        "n",
        "nr",
        "ns",
        "nt",
        "nz",
        "ng",
        "vn",
        "an",
        "j",
        "l",
        "eng",
        "nrt",
        "k",
        "s",
        "i",
        "g",
        "nrfg",
        "vg",
    ]
)
STOPS: Final = frozenset("，,。；;：:！？!?\n（）()【】")
OPEN, CLOSE = '“《「『"', '”》」』"'
# Words between a subject and its number that are no part of the subject.
FILLERS: Final = frozenset(
    ["达", "达到", "为", "是", "有", "到", "至", "占", "共有", "约占", "共", "总计", "合计", "共计", "累计", "分别", "均", "已", "已经", "仅", "只", "约", "近", "了", "的", "从", "由", "以", "不", "在", "可", "可达", "现有", "现", "已有", "将", "应", "分别为", "突破", "超过", "仅为", "约为", "控制", "保持", "稳定", "维持", "实现", "完成", "比", "上年", "去年", "同期", "同比", "环比", "较", "上月", "上年同期", "年初", "再", "又", "也", "净", "平均", "达成", "高达", "多", "达标", "末", "年", "月", "底", "按", "至少", "不", "得", "应当", "须", "年满", "满", "一", "增至", "降至", "升至", "压缩", "调整", "缩短", "约有", "不足", "低于", "高于", "得", "到了", "有了", "首次", "拥有", "之", "中", "一共", "当年", "同", "与", "相比", "昨日", "十年", "前", "个", "名", "年末", "累计已", "就", "则", "需", "需要", "要", "能", "能够", "一直", "都", "新", "给予", "长", "宽", "高"]
) | frozenset(CHANGES) - frozenset(["增收", "节约", "增幅", "改善", "精简", "提前", "推迟", "扩大"])  # fmt: skip
LIMITS: Final = ("规模", "限额", "国家级", "省级", "市级", "县级", "科级", "县处级", "周岁", "岁")
ALONE: Final = frozenset(["人", "次", "人次", "户次", "人员", "户", "个人"])
LONGEST: Final = 24
WITHIN: Final = re.compile(
    r"每(?:隔)?(?:半|[0-9两一二三四五六七八九十]{1,2})?个?(?:工作日|季度|星期|学期|学年|年度|小时|分钟|年|月|周|日|天|季|晚|旬)|至少|最少|不少于|不超过|最多|至多|起码|不低于"
)
VAGUE: Final = frozenset(
    [
        "力争",
        "预计",
        "保证",
        "处",
        "做到",
        "确保",
        "计划",
        "需要",
        "经过",
        "历时",
        "奋战",
        "保持",
        "坚持",
        "要求",
        "争取",
        "用",
        "按",
        "可",
        "应当",
    ]
)
EVENTS: Final = frozenset(
    ["开展", "召开", "组织", "举办", "进行", "举行", "讲", "开", "安排", "做", "固定"]
)
AHEAD: Final = 40  # characters that a noun phrase is looked for in
# Verbs that a counted noun may begin with: 参训学员, 驻村干部.
TRIMMED: Final = re.compile(
    r"^(?:各类|各种|各|其他|其中|全部|有关|相关|等|的|和|及|以及|目前|全年|今年|新|主要|一般|多家|与|或|现有|现|共)+|(?:等|的|和|及|以及|分别|中|基本|全部|同时|年|之日起|之日)+$"
)


def about(text: str, tokens: Tokens, marks: Sequence[Mark], dated: frozenset[int]) -> None:
    """Fills in subject and action of every mark, in the order of the text."""
    for at, mark in enumerate(marks):
        last = marks[at - 1] if at else None
        floor = last.end if last else 0
        ceiling = marks[at + 1].start if at + 1 < len(marks) else len(text)
        carried = last if last and last.sentence == mark.sentence else None
        _one(text, tokens, mark, floor, ceiling, carried, dated)


def _one(
    text: str,
    tokens: Tokens,
    mark: Mark,
    floor: int,
    ceiling: int,
    last: Mark | None,
    dated: frozenset[int],
) -> None:
    before, action, carries = _before(text, tokens, mark.start, floor, dated)
    after = _after(text, tokens, mark, ceiling)
    counted = mark.unit.counted or bool(mark.often)
    near = bool(before) and _adjoins(tokens, mark, floor)
    if after and counted:
        after = _named_before(text, tokens, mark, floor, after, dated)
    if not before and mark.often:
        before = _within(text, mark)
    if _denominated(text, mark) or (mark.unit.measure == "points" and _beyond(text, mark)):
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
    elif last is not None:
        mark.subject, mark.action = last.subject, action or last.action
    else:
        mark.subject, mark.action = before or after or carries, action
        if not mark.subject and action not in VAGUE:
            mark.subject = action


def _within(text: str, mark: Mark) -> str:
    """锻炼 in 每周至少锻炼三次."""
    inner = WITHIN.sub("", text[mark.start : mark.number])
    return inner if len(inner) > 1 and inner not in EVENTS else ""


def _denominated(text: str, mark: Mark) -> bool:
    """占应到人数的92.3%: what stands directly before is the whole, not the part."""
    clause = _clause(text, mark)
    return text[mark.start - 1 : mark.start] == "的" and "占" in text[clause : mark.start][:2]


def _beyond(text: str, mark: Mark) -> bool:
    """高于全省平均水平4.2个百分点: what stands before is what it is compared with."""
    return text.startswith(
        ("高于", "低于", "高出", "超出", "领先", "比", "较"), _clause(text, mark)
    )


def _clause(text: str, mark: Mark) -> int:
    begin = max(0, mark.start - 30)
    return max(text.rfind(stop, begin, mark.start) for stop in "，,。；;：\n") + 1


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
    phrase, _verb = _phrase(text, tokens, tokens.at(end - 1), floor, dated)
    return phrase if phrase.endswith(after) else after


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


def _after(text: str, tokens: Tokens, mark: Mark, ceiling: int) -> str:
    """The noun phrase that begins at the end of a mark."""
    begin = mark.end
    while text[begin : begin + 1] in (" ", "的") and begin < ceiling:
        begin += 1
    if begin >= len(text) or text[begin] in STOPS or text[begin] == "、":
        return ""
    # Cut anew without the number, so that 45名年轻干部 does not begin with a word 名年.
    text, ceiling, begin = text[begin : begin + AHEAD], ceiling - begin, 0
    tokens = cut(text)
    at, end, head = 0, 0, 0
    first = True
    while at < len(tokens.words) and tokens.starts[at] < ceiling and end < LONGEST:
        word, tag = tokens.words[at], tokens.tags[at]
        if word in OPEN and (closed := _closing(text, tokens.starts[at])):
            end = head = closed
            at = tokens.at(closed - 1) + 1
        elif tag in NOUNS or (word in ("以上", "以下") and text[begin:end].endswith(LIMITS)):
            end = tokens.end(at)
            head = end if tag in HEADS else head
            at += 1
        elif (
            (word == "的" and not first)
            or (tag == "r" and first)
            or (first and tag == "v" and mark.unit.text not in ALONE and _noun(tokens, at + 1))
            or (
                tag in ("v", "d")
                and not first
                and _noun(tokens, at + 1)
                and tokens.words[at + 1] in ("率", "量", "数", "人员", "企业", "费")
            )
        ):
            at += 1
        else:
            break
        first = False
    return _trim(text[begin:head])


def _noun(tokens: Tokens, at: int) -> bool:
    return at < len(tokens.words) and tokens.tags[at] in HEADS


def _closing(text: str, opened: int) -> int:
    """Where a quotation of at most 16 characters that opens there has ended; 0 if it is longer."""
    for at in range(opened + 1, min(len(text), opened + 18)):
        if text[at] in CLOSE:
            return at + 1
    return 0


def _before(
    text: str, tokens: Tokens, start: int, floor: int, dated: frozenset[int]
) -> tuple[str, str, str]:
    """The noun phrase before a mark in its clause, its verb, and one of the clause before that."""
    at = tokens.at(start - 1) if start else -1
    if at >= 0 and tokens.end(at) > start:  # a word that goes on into the mark: 翻了一番
        at -= 1
    at = _skip_fillers(tokens, at, floor, dated)
    if at < 0 or tokens.starts[at] < floor:
        return "", "", ""
    if tokens.words[at] in STOPS:
        if tokens.words[at] not in "，,":
            return "", "", ""
        inner = _skip_fillers(tokens, at - 1, floor, dated)
        phrase, _ = _phrase(text, tokens, inner, floor, dated)
        return "", "", phrase
    phrase, verb = _phrase(text, tokens, at, floor, dated)
    return phrase, verb, ""


def _skip_fillers(tokens: Tokens, at: int, floor: int, dated: frozenset[int]) -> int:
    while at >= 0 and tokens.starts[at] >= floor:
        word, tag = tokens.words[at], tokens.tags[at]
        if word in STOPS or word in CLOSE:
            return at
        verb_noun = tag == "vn" and word in FILLERS
        if (
            (
                word in FILLERS
                and not (
                    tag in HEADS
                    and not verb_noun
                    and word not in CHANGES
                    and word not in ("上年", "年初", "年末")
                )
            )
            or (
                word.startswith("每")
                or tag in ("d", "p", "ul", "uj", "m", "t", "q", "c", "f", "uz", "ug", "mq")
                or tokens.starts[at] in dated
            )
            or COMPARED.fullmatch(word)
            or not word.strip()
        ):
            at -= 1
        else:
            return at
    return at


def _phrase(
    text: str, tokens: Tokens, at: int, floor: int, dated: frozenset[int]
) -> tuple[str, str]:
    """The noun phrase that ends with token `at`, and the verb before it."""
    if at < 0 or tokens.starts[at] < floor:
        return "", ""
    end, begin, verb = tokens.end(at), tokens.end(at), ""
    if tokens.tags[at] == "v":  # 转正15名: what was done is all there is
        nominal = at > 0 and tokens.tags[at - 1] in HEADS and tokens.starts[at - 1] >= floor
        begin, verb, at = tokens.starts[at], tokens.words[at], at - 1
        if not nominal:
            return "", verb
        end = tokens.end(at)
        begin = end
    while at >= 0 and tokens.starts[at] >= floor and end - begin < LONGEST:
        word, tag = tokens.words[at], tokens.tags[at]
        if tokens.starts[at] in dated:
            break
        if word in CLOSE and (opened := _opening(text, tokens.starts[at])) >= floor:
            begin, at = opened, tokens.at(opened) - 1
        elif tag in NOUNS or word in ("以上", "以下", "非"):
            begin, at = tokens.starts[at], at - 1
        elif (word == "的" and at > 0 and tokens.tags[at - 1] in HEADS) or (
            word == "占" and begin < end
        ):
            at -= 1
        elif word in ("率", "量", "数", "额") or (
            tag == "v"
            and text.startswith(("率", "量", "数", "额", "面积", "人数", "总"), tokens.end(at))
            and word not in ("实现", "完成", "达到")
        ):
            begin, at = tokens.starts[at], at - 1
        else:
            if tag == "r" and at > 0 and tokens.tags[at - 1].startswith("v"):
                word, tag = tokens.words[at - 1], tokens.tags[at - 1]
            if tag.startswith("v") and word not in FILLERS:
                verb = verb or word
            break
    return _trim(text[begin:end]), verb


def _opening(text: str, closed: int) -> int:
    for at in range(closed - 1, max(-1, closed - 18), -1):
        if text[at] in OPEN:
            return at
    return -1


def _trim(phrase: str) -> str:
    return TRIMMED.sub("", phrase.strip())
