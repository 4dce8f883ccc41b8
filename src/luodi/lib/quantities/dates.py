"""Days, months, years and hours of the day in a text: when something is, never how much."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from luodi.lib.quantities.model import When
from luodi.lib.quantities.numerals import parse

N: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
YEAR: Final = r"(?:(?:1[0-9]|20|21)\d\d|[一二][〇零一二三四五六七八九]{3})"
TO: Final = r"(?:[-—~～至到]{1,2})"
INSIDE: Final = r"(?![内以之前后]{1,2}(?:[完办答回提])|以内|之内|内|以上|以下)"
DATE: Final = re.compile(
    rf"(?P<range>{YEAR}年?{TO}{YEAR}年度?)"
    rf"|(?P<full>(?P<year>{YEAR})[-./](?P<m1>\d{{1,2}})[-./](?P<d1>\d{{1,2}}))(?!\d)"
    rf"|(?P<cn>(?:(?P<cy>{YEAR})年度?的?)?(?:(?P<cm>{N})月(?!龄)(?:份|(?P<cd>{N})[日号])?)"
    rf"(?:{TO}(?:{N}月份?(?:{N}[日号])?|{N}[日号]))?(?:底|末|初|中旬|上旬|下旬)?)"
    rf"|(?P<months>(?:(?P<my>{YEAR})年)?(?P<a>{N}){TO}(?P<b>{N})月(?!龄)(?:份|{N}[日号])?)"
    rf"|(?P<days>{N}[日号]?{TO}{N}[日号]{INSIDE})"
    rf"|(?P<y>{YEAR})(?:年度|年(?!以上|多|来))"
    rf"|(?P<short>(?<![\d.])\d\d年(?:{N}月|[初末底]))"
    rf"|(?P<decade>(?:{N}世纪)(?:{N}年代)?|(?:\d0|[二三四五六七八九]十)年代)"
    rf"|(?P<clock>(?:(?:[上下]午|凌晨|清晨|早上?|中午|晚上?|今晚|夜间|傍晚)?{N}[时点](?!段|间|滴|钟头)(?!钟以上)(?:半|整|{N}分|许|左右|钟)?|\d{{1,2}}[:]\d\d(?:[:]\d\d)?)"
    rf"(?:{TO}(?:次日)?(?:{N}[时点](?:{N}分|半)?|\d{{1,2}}[:]\d\d))?)"
    rf"|(?P<day>(?<![\d.个第])(?:\d{{1,2}}|[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九])[日号]{INSIDE}(?!历|楼|线|院|门|机|令|文|地块|期|照明))"
    rf"|(?P<plan>[“\"]?十[一二三四五]五[”\"]?(?:时期|期间|规划)?)"
)  # fmt: skip
WORDS: Final = re.compile(
    "截至目前|截止目前|到目前为止|目前|现在|现有|现(?=拥有|共|已|辖|设|持有|存)|当前|累计|今年以来|今年|本年度?|年内|去年|上年|前年|明年|本月|上月|当月|"
    "本季度|上半年|下半年|[一二三四]季度|第[一二三四]季度|前[二三两]季度|全年|近年来|近[两三五十]年|年末|年底"
)
# 2.16:1, 1比8: one side of a ratio that counts as a quantity is 1.
RATIO: Final = re.compile(
    r"(?:(?P<one>\d+(?:\.\d+)?)[:∶：比](?P<of>1)|(?P<lone>1)[:∶：比](?P<many>\d+(?:\.\d+)?))(?![\d:∶：比.]\d?)"
)
RATED: Final = re.compile(
    r"(?:比(?![分赛较上去])|比例|比率|比值)[^，,。；;0-9]{0,8}(?:\d+(?:\.\d+)?[:∶：]1[一-鿿]{0,3})?$"
)
BOUND: Final = re.compile(
    r"(?:少于|超过|低于|至少|最长|最多|最短|不足|不满|未满|为期|长达|提前|期满)$"
)
BEGIN: Final = re.compile(r"[0-9一二三四五六七八九十廿〇上下凌清早中晚今夜傍“\"]")


@dataclass(frozen=True, slots=True)
class Dated:
    start: int
    end: int
    when: When


def dates(text: str) -> Iterator[Dated]:
    """Every date and hour of the day, in order, without overlap."""
    for match in DATE.finditer(text):
        start, end = match.span()
        if (
            start
            and text[start - 1].isascii()
            and (text[start - 1].isalnum() or text[start - 1] in "./-")
        ):
            continue
        if match.group("day") and BOUND.search(text, max(0, start - 3), start):
            continue
        if match.group("clock") and not _is_clock(text, match):
            continue
        if match.group("plan") and "“" not in match.group() and text[end - 1] == "五":
            continue
        since, until = _period(match)
        yield Dated(start, end, When(match.group(), since, until))


def words(text: str) -> Iterator[Dated]:
    """Words of time that need a day of reference: 今年, 目前, 累计."""
    for match in WORDS.finditer(text):
        yield Dated(match.start(), match.end(), When(match.group(), word=match.group()))


def _is_clock(text: str, match: re.Match[str]) -> bool:
    """三点 can be three points; 7:3 can be a score or a ratio."""
    found = match.group("clock")
    hour = re.search(r"\d{1,2}|[一二三四五六七八九十]{1,3}", found)
    value = parse(hour.group()) if hour else None
    if value is None or value > 24:
        return False
    if ":" in found:
        if RATIO.match(text, match.start()) and RATED.search(
            text, max(0, match.start() - 20), match.start()
        ):
            return False  # 师生比1:15
        after = text[match.end() : match.end() + 1]
        return (
            after not in (":", ".")
            and not after.isdigit()
            and text[match.start() - 1 : match.start()] != ":"
        )
    return (
        "时" in found
        or found[0] not in "0123456789一二三四五六七八九十"
        or found[-1] in "半整钟许分"
        or text[match.end() : match.end() + 1] in ("前", "后", "起")
    )


def _period(match: re.Match[str]) -> tuple[dt.date | None, dt.date | None]:
    """First and last day, where the year is named."""
    parts = match.groupdict()
    year = _number(parts["year"] or parts["cy"] or parts["my"] or parts["y"])
    if parts["range"]:
        years = [_number(one) for one in re.findall(YEAR, parts["range"])]
        return _day(years[0], 1, 1), _day(years[-1], 12, 31)
    if year is None:
        return None, None
    first = _number(parts["m1"] or parts["cm"] or parts["a"])
    last = _number(parts["b"]) or first
    day = _number(parts["d1"] or parts["cd"])
    if day is not None:
        return _day(year, first, day), _day(year, first, day)
    if first is None:
        return _day(year, 1, 1), _day(year, 12, 31)
    if last is None or not 1 <= last <= 12:
        return None, None
    return _day(year, first, 1), _day(year, last, calendar.monthrange(year, last)[1])


def _number(text: str | None) -> int | None:
    value = parse(text) if text else None
    return int(value) if value is not None else None


def _day(year: int | None, month: int | None, day: int) -> dt.date | None:
    try:
        return dt.date(year or 0, month or 0, day)
    except ValueError:
        return None
