"""The noun phrase that begins or ends at a place of a text, and the verb before it."""

from __future__ import annotations

import re
from typing import Final

from luodi.lib.quantities.marks import Mark
from luodi.lib.quantities.model import Part
from luodi.lib.quantities.subject_words import (
    ALONE,
    ATTRIBUTE,
    CLOSE,
    DONE,
    FILLERS,
    HEADS,
    LEARNED,
    LIMITS,
    NOUNS,
    OPEN,
    OPENING,
    SHARE,
    SHARED,
    STOPS,
    SUFFIXES,
    TRIMMED,
    VAGUE,
)
from luodi.lib.quantities.tokens import Tokens, cut
from luodi.lib.quantities.words import CHANGES, COMPARED

LONGEST: Final = 24
AHEAD: Final = 40  # characters that a noun phrase is looked for in
WITHIN_NAMES: Final = ("按期", "可", "日均", "月均", "户均", "在校", "再")
# What a share is of, or a multiple: 占总人口的, 是上届的.
WHOLE: Final = re.compile(
    r"(?:(?:仅|约|只|均|各|分别)*占(?!比)(?:(?!比重|比例|份额|占比)[^，,。；;、]){1,16}"
    r"|(?:是|为|相当于)[^，,。；;、]{1,14}的)$"
)
STOP: Final = re.compile(f"[{re.escape(''.join(STOPS))}]")
MILESTONES: Final = frozenset(["门槛", "大关", "关口", "关", "整", "水平"])  # 突破百亿元大关
ENDING_A_NAME: Final = frozenset(["全部", "均", "都", "已", "也", "年均", "各"])
AT_FIRST: Final = frozenset(["t", "m", "q", "mq", "d", "c", "r", "f"])
KINDS: Final = frozenset(
    ["上市", "挂牌", "规上", "落户", "入驻", "投产", "注册", "示范", "出口", "培育", "试点", "加工", "制造", "生产", "服务", "建筑", "运输", "施工", "物流"]
)  # fmt: skip
PAID: Final = frozenset("款资贷费税薪")  # 放款, 付款, 减税: as much a noun
NO_SUBJECT: Final = (
    "口径",
    "周",
    "原计划",
    "历史同期",
    "上年",
    "年初",
    "年末",
    "实际",
    "控制",
    "人民币",
    "最长",
    "最短",
    "最多",
)
OPENED: Final = {")": "(", "）": "（"}


def after(text: str, mark: Mark, ceiling: int) -> str:
    """The noun phrase that begins at the end of a mark."""
    begin = mark.end
    while text[begin : begin + 1] in (" ", "的") and begin < ceiling:
        begin += 1
    if begin >= min(ceiling, len(text)) or text[begin] in STOPS or text[begin] == "、":
        return ""
    # Cut anew without the number, so that 45名年轻干部 does not begin with a word 名年.
    close = STOP.search(text, begin, begin + AHEAD)
    text, ceiling = text[begin : close.end() if close else begin + AHEAD], ceiling - begin
    tokens = cut(text)
    at, end, head = 0, 0, 0
    while at < len(tokens.words) and tokens.starts[at] < ceiling and end < LONGEST:
        word, tag = tokens.words[at], tokens.tags[at]
        if word in ENDING_A_NAME:
            break
        if word in OPEN and (closed := _closing(text, tokens.starts[at])):
            end = head = closed
            at = tokens.at(closed - 1) + 1
        elif tag in NOUNS or (word in ("以上", "以下") and text[:end].endswith(LIMITS)):
            end = tokens.end(at)
            head = end if tag in HEADS else head
            at += 1
        elif _ends_a_verb(tokens, at):
            end = head = tokens.end(at)  # 健身 圈
            at += 1
        elif at == 0 and tag == "v" and len(word) > 1 and _alone(tokens, mark):
            end = head = tokens.end(at)  # 8小时睡眠
            at += 1
        elif _goes_on(tokens, at, mark):
            at += 1
            end = tokens.end(at - 1) if tag == "v" else end
        else:
            break
    found = _trim(text[:head])
    return "" if found in MILESTONES else found


def _ends_a_verb(tokens: Tokens, at: int) -> bool:
    """Whether a single character makes the verb before it a noun: 健身 圈, 民主 生活 会."""
    word = tokens.words[at]
    if not at or word not in SUFFIXES or tokens.tags[at] in NOUNS:
        return False
    return tokens.tags[at - 1][:1] == "v" or word in (
        "站",
        "室",
        "厅",
        "馆",
        "厂",
        "店",
        "员",
        "者",
    )


def _alone(tokens: Tokens, mark: Mark) -> bool:
    """Whether nothing follows the first word, and the unit measures what it can be."""
    ends = len(tokens.words) == 1 or tokens.words[1] in STOPS
    return ends and not mark.unit.counted and mark.part is None


def _goes_on(tokens: Tokens, at: int, mark: Mark) -> bool:
    """Whether a token that is no noun stands within the phrase: 各 at its beginning, 在建 项目, 困难 的 老人."""
    word, tag = tokens.words[at], tokens.tags[at]
    follows = tokens.words[at + 1] if at + 1 < len(tokens.words) else ""
    noun = bool(follows) and tokens.tags[at + 1] in HEADS
    if word in ("是", "为"):
        return False
    if word == "的":
        return at > 0 and tokens.tags[at - 1] not in HEADS
    if at == 0:
        suffix = follows in SUFFIXES and tag == "v"
        return (
            tag == "r"
            or word in ("亿元", "万元")
            or (
                tag == "v"
                and mark.unit.counted
                and mark.unit.text not in ALONE
                and (noun or suffix)
            )
        )
    if tag not in ("v", "d"):
        return False
    last = at + 2 >= len(tokens.words) or tokens.words[at + 2] in STOPS
    return (noun or follows in SUFFIXES) and (
        follows in ("率", "量", "数", "人员", "费", "员", "者", "站", "点")
        or (follows == "企业" and last and word in KINDS)
    )


def _closing(text: str, opened: int) -> int:
    """Where a quotation of at most 16 characters that opens there has ended; 0 if it is longer."""
    for at in range(opened + 1, min(len(text), opened + 18)):
        if text[at] in CLOSE:
            return at + 1
    return 0


def before(
    text: str, tokens: Tokens, mark: Mark, floor: int, dated: frozenset[int]
) -> tuple[str, str, str]:
    """The noun phrase before a mark in its clause, its verb, and one of the clause before that."""
    at = tokens.at(mark.start - 1) if mark.start else -1
    if at >= 0 and tokens.end(at) > mark.start:  # a word that goes on into the mark: 翻了一番
        at -= 1
    if mark.part is Part.BY:
        at = _compared(tokens, at, floor)
    elif mark.unit.measure in ("share", "times", "number"):
        whole_of = WHOLE.search(text, max(floor, mark.start - 30), mark.start)
        if whole_of is not None:
            at = tokens.at(whole_of.start() - 1) if whole_of.start() else -1
    at = _skip_fillers(text, tokens, at, floor, dated)
    if at < 0 or tokens.starts[at] < floor:
        return "", "", ""
    whole = mark.part is Part.BY and not mark.unit.counted
    if tokens.words[at] in ("：", ":", "|") and not text[tokens.end(at) : mark.start].strip():
        at = _skip_fillers(text, tokens, at - 1, floor, dated)  # 党员总数：90人
        if at < 0 or tokens.starts[at] < floor or tokens.words[at] in STOPS:
            return "", "", ""
    if tokens.words[at] in STOPS:
        if tokens.words[at] not in "，,":
            return "", "", ""
        inner = _skip_fillers(text, tokens, at - 1, floor, dated)
        return "", "", phrase(text, tokens, inner, floor, dated, whole)[0]
    return *phrase(text, tokens, at, floor, dated, whole), ""


def _compared(tokens: Tokens, at: int, floor: int) -> int:
    """The token before 比 and what is compared with: 平均年龄 in 平均年龄比换届前下降."""
    here = at
    for _ in range(10):
        if here < 0 or tokens.starts[here] < floor or tokens.words[here] in STOPS:
            break
        if tokens.words[here] in ("比", "较"):
            return here - 1
        here -= 1
    return at


def _skip_fillers(text: str, tokens: Tokens, at: int, floor: int, dated: frozenset[int]) -> int:
    while at >= 0 and tokens.starts[at] >= floor:
        word, tag = tokens.words[at], tokens.tags[at]
        if word in OPENED:
            opened = text.rfind(OPENED[word], max(floor, tokens.starts[at] - 24), tokens.starts[at])
            if opened < 0:
                return at
            at = tokens.at(opened) - 1
        elif word in STOPS or word in CLOSE:
            return at
        elif _is_filler(word, tag) or tokens.starts[at] in dated:
            if tag == "q" and word in SUFFIXES and at and tokens.tags[at - 1][:1] in "vn":
                return at  # 充电 桩
            at -= 1
        else:
            return at
    return at


def _is_filler(word: str, tag: str) -> bool:
    if word in FILLERS and (
        tag not in HEADS or tag in ("vn", "j", "nz") or word in CHANGES or word in NO_SUBJECT
    ):
        return True
    return (
        (tag == "v" and word in VAGUE)
        or word.startswith("每")
        or tag in ("d", "p", "ul", "uj", "m", "t", "q", "c", "f", "uz", "ug", "mq")
        or COMPARED.fullmatch(word) is not None
        or not word.strip()
    )


def phrase(
    text: str, tokens: Tokens, at: int, floor: int, dated: frozenset[int], whole: bool
) -> tuple[str, str]:
    """The noun phrase that ends with token `at`, and the verb before it.

    `whole` leaves a verb at the end with its noun: 碳排放 in 碳排放减少四成.
    """
    if at < 0 or tokens.starts[at] < floor:
        return "", ""
    end, verb = tokens.end(at), ""
    if (
        tokens.tags[at] == "v"
        and tokens.words[at][-1] not in PAID
        and not (at and tokens.words[at] in SUFFIXES and tokens.tags[at - 1][0] in "vn")
    ):  # 转正15名: what was done is all there is
        nominal = at > 0 and tokens.tags[at - 1] in HEADS and tokens.starts[at - 1] >= floor
        if not nominal or not whole or tokens.words[at] in DONE:
            verb, at = tokens.words[at], at - 1
            if not nominal:
                return "", verb
            end = tokens.end(at)
    begin = end
    measured = ATTRIBUTE.search(text, max(floor, end - 6), end) is not None
    while at >= 0 and tokens.starts[at] >= floor and end - begin < LONGEST:
        word, tag = tokens.words[at], tokens.tags[at]
        if tokens.starts[at] in dated:
            break
        if word in CLOSE and (opened := _opening(text, tokens.starts[at])) >= floor:
            begin, at = opened, tokens.at(opened) - 1
        elif _is_action(tokens, at, begin < end, measured, floor):
            verb = verb or word
            break
        elif _belongs(text, tokens, at, begin, end, measured):
            begin, at = tokens.starts[at], at - 1
        elif (word == "的" and at > 0 and tokens.tags[at - 1] in HEADS) or (
            word == "占" and begin < end
        ):
            at -= 1
        else:
            if tag == "r" and at > 0 and tokens.tags[at - 1].startswith("v"):
                word, tag = tokens.words[at - 1], tokens.tags[at - 1]
            if tag.startswith("v") and word not in FILLERS:
                verb = verb or word
            break
    return _of_part(_trim(text[begin:end])), verb


def _is_action(tokens: Tokens, at: int, has_head: bool, measured: bool, floor: int) -> bool:
    """Whether a word is what was done, and no part of the name of what it was done to."""
    word = tokens.words[at]
    if word not in DONE or not has_head or tokens.words[at + 1] in SUFFIXES:
        return False
    if word not in OPENING:
        return True
    first = at == 0 or tokens.starts[at - 1] < floor or tokens.tags[at - 1] not in HEADS
    return first and not measured


def _belongs(text: str, tokens: Tokens, at: int, begin: int, end: int, measured: bool) -> bool:
    """Whether a word belongs to the noun phrase that has been read from `begin` to `end`."""
    word, tag = tokens.words[at], tokens.tags[at]
    if tag in NOUNS or word in ("以上", "以下", "非", *LEARNED):
        return True
    if word in SUFFIXES and tag in ("q", "v", "zg") and at and tokens.tags[at - 1][:1] in "vnl":
        return True
    if begin == end:
        return tag == "v"
    if word == "及":
        return text.startswith(("以上", "以下"), begin)
    if word in ("万元", "亿元"):
        return True
    if tag == "v" and begin == tokens.starts[at + 1] and tokens.words[at + 1] in SUFFIXES:
        return True
    return measured and (word in WITHIN_NAMES or (tag == "v" and word not in FILLERS))


def topic(text: str, tokens: Tokens, start: int, end: int) -> str:
    """The noun phrase that a clause begins with: 外贸进出口 in 外贸进出口由降转升."""
    at = tokens.at(start)
    at += tokens.starts[at] < start
    last = tokens.at(end - 1) + 1
    while at < last and (tokens.tags[at] in AT_FIRST or tokens.words[at] in OPEN):
        at += 1
    begin = head = tokens.starts[at] if at < last else end
    while at < last and tokens.tags[at] in NOUNS and tokens.end(at) - begin < LONGEST:
        head = tokens.end(at) if tokens.tags[at] in HEADS else head
        at += 1
    if at < last and tokens.words[at] == "的" and head == tokens.starts[at]:
        return topic(text, tokens, tokens.end(at), end) if tokens.end(at) < end else ""
    found = _trim(text[begin:head])
    return found if len(found) > 1 else ""


def _of_part(found: str) -> str:
    """女党员 of 女党员占党员总数, but 投入占收入的比重 whole."""
    share = SHARE.search(found)
    return found[: share.start()] if share and not found.endswith(SHARED) else found


def _opening(text: str, closed: int) -> int:
    for at in range(closed - 1, max(-1, closed - 18), -1):
        if text[at] in OPEN:
            return at
    return -1


def _trim(found: str) -> str:
    """Without the words at its ends that are no part of it; 全村 alone is 村."""
    found = found.strip()
    return TRIMMED.sub("", found) or (found[1:] if found[:1] in "全我本" else "")
