"""Words for days and periods, seen from a report's own period."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass

from luodi.lib.periods import Period, Unit, containing

_NUMERIC = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?|Q([1-4]))?$")
_UNITS: dict[str, Unit] = {"年": "year", "季度": "quarter", "月": "month"}
_DAY = dt.timedelta(days=1)
EVER = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    since: dt.date
    until: dt.date


def span_of(word: str, now: Span) -> Span | None:
    """What `2022`, `2022-12`, `2022-12-22`, `2022Q4`, 本年, 本月, 上年, 上月末, 年初, 累计, 报告期, 上年同期
    mean.

    本年, 本季度 and 本月 end with the report's last day; 上年同期 is the report's period, a year before. None for what is not understood.
    """
    found = _NUMERIC.match(word)
    if found:
        return _numeric(*found.groups())
    if word in {"", "报告期"}:
        return now
    if word == "累计":
        return Span(EVER, now.until)
    if word == "年初":
        return Span(dt.date(now.until.year, 1, 1), dt.date(now.until.year, 1, 1))
    if word == "上年同期":
        return Span(_year_before(now.since), _year_before(now.until))
    relative = re.match(r"(本|今|上|去)(年|季度|月)(末)?$", word)
    if relative is None:
        return None
    current = containing(now.until, _UNITS[relative[2]])
    if relative[1] in "本今":
        return Span(current.start, now.until)
    last = _whole(containing(current.start - _DAY, _UNITS[relative[2]]))
    return Span(last.until, last.until) if relative[3] else last


def _numeric(year: str, month: str | None, day: str | None, quarter: str | None) -> Span | None:
    try:
        if day:
            only = dt.date(int(year), int(month or 1), int(day))
            return Span(only, only)
        if quarter:
            return _whole(containing(dt.date(int(year), int(quarter) * 3, 1), "quarter"))
        unit: Unit = "month" if month else "year"
        return _whole(containing(dt.date(int(year), int(month or 1), 1), unit))
    except (ValueError, OverflowError):
        return None


def _year_before(day: dt.date) -> dt.date:
    last = day.replace(day=1, year=max(day.year - 1, 1))
    return last.replace(day=min(day.day, monthrange(last.year, last.month)[1]))


def _whole(period: Period) -> Span:
    assert period.end is not None
    return Span(period.start, period.end - _DAY)


def label(span: Span) -> str:
    """As one says it: 2022年, 2022年第四季度, 2022年12月; a day by itself; else from and until."""
    if span.since == span.until:
        return f"{span.until.year}年{span.until.month}月{span.until.day}日"
    text = Period(span.since, span.until + _DAY).label()
    if " 至 " not in text:
        return text
    return "至".join(f"{one.year}年{one.month}月{one.day}日" for one in (span.since, span.until))
