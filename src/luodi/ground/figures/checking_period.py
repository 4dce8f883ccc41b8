"""The days that a sentence speaks of, seen from the day that a text is checked for."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

from luodi.lib.quantities import When, parse

Days = tuple[dt.date | None, dt.date]
MONTHS: Final = re.compile(
    r"(?:(?P<from>[\d一二三四五六七八九十]{1,3})月?[-—~～至到]{1,2})?(?P<to>[\d一二三四五六七八九十]{1,3})月份?(?:底|末|中旬|上旬|下旬|初)?$"
)
QUARTERS: Final = {"一季度": 1, "二季度": 2, "三季度": 3, "四季度": 4}
FIRST_QUARTERS: Final = {"前二季度": 2, "前两季度": 2, "前三季度": 3}
YEARS: Final = {"去年": -1, "上年": -1, "前年": -2, "明年": 1}


def period(when: When, at: dt.date) -> Days | None:
    """First day (None: from the beginning) and last day, not after `at` in its own year; None where
    it has not come yet. What names no time (目前, 累计, 上午9时) is up to `at`."""
    since, until = _named(when, at)
    if since is not None and since > at:
        return None
    return since, min(until, at) if until.year == at.year else until


def _named(when: When, at: dt.date) -> Days:
    if when.until is not None:
        return when.since, when.until
    if when.since is not None:  # 2021年以来
        return when.since, at
    word = when.word.removeprefix("第")
    if word.startswith(("今年", "本年", "年内", "全年")):
        return dt.date(at.year, 1, 1), at
    if word in YEARS:
        return _months(at.year + YEARS[word], 1, 12)
    if word in ("本月", "当月"):
        return _months(at.year, at.month, at.month)
    if word == "上月":
        last = at.replace(day=1) - dt.timedelta(days=1)
        return _months(last.year, last.month, last.month)
    if word in ("上半年", "下半年"):
        return _months(at.year, 1, 6) if word == "上半年" else _months(at.year, 7, 12)
    if word == "本季度":
        first = (at.month - 1) // 3 * 3 + 1
        return _months(at.year, first, first + 2)
    if word in QUARTERS:
        return _months(at.year, QUARTERS[word] * 3 - 2, QUARTERS[word] * 3)
    if word in FIRST_QUARTERS:
        return _months(at.year, 1, FIRST_QUARTERS[word] * 3)
    return _without_year(when.text, at) or (None, at)


def _without_year(text: str, at: dt.date) -> Days | None:
    """11月, 1—10月: of this year where they have come, else of the last."""
    found = MONTHS.fullmatch(text)
    if found is None:
        return None
    last = parse(found["to"])
    first = parse(found["from"]) if found["from"] else last
    if first is None or last is None or not 1 <= first <= last <= 12:
        return None
    year = at.year if first <= at.month else at.year - 1
    return _months(year, int(first), int(last))


def _months(year: int, first: int, last: int) -> Days:
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
