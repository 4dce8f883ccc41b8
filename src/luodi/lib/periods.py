"""Half-open periods of days: when a dated fact is true, and the months, quarters and years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["month", "quarter", "year"]

# Years of any calendar of ours: a day outside them is a slip of the keyboard.
EARLIEST, LATEST = 1900, 2199

MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}


def in_reason(day: date) -> bool:
    """Whether a day, or an instant, is of a year that somebody can mean."""
    return EARLIEST <= day.year <= LATEST


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to, not including, `end` (None: no end is known)."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError("a period ends after it starts")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        return self.intersect(other) is not None

    def intersect(self, other: Period) -> Period | None:
        """The days that both have, None if there are none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends, default=None)
        return None if end is not None and end <= start else Period(start, end)

    def each(self, unit: Unit) -> Iterator[Period]:
        """Every whole month, quarter or year that has a day in the period, in order."""
        part = containing(self.start, unit)
        while self.end is None or part.start < self.end:
            yield part
            assert part.end is not None
            part = containing(part.end, unit)

    def label(self, language: Literal["zh", "en"] = "zh") -> str:
        """As one says it: 2022年, 2022年第四季度, 2022年12月, 2022-12-22 至 2023-01-05."""
        year, month = self.start.year, self.start.month
        quarter = (month + 2) // 3
        names = {
            "year": (f"{year}年", f"{year}"),
            "quarter": (f"{year}年第{'一二三四'[quarter - 1]}季度", f"Q{quarter} {year}"),
            "month": (f"{year}年{month}月", f"{year}-{month:02d}"),
        }
        unit = next((unit for unit in MONTHS if self == containing(self.start, unit)), None)
        if unit is not None:
            zh, en = names[unit]
        elif self.end is None:
            zh, en = f"{self.start} 起", f"from {self.start}"
        else:
            last = self.end - timedelta(days=1)
            zh, en = f"{self.start} 至 {last}", f"{self.start} to {last}"
        return zh if language == "zh" else en


def containing(day: date, unit: Unit) -> Period:
    """The whole month, quarter or year in which a day lies."""
    months = MONTHS[unit]
    first = day.year * 12 + (day.month - 1) // months * months
    return Period(_first_day(first), _first_day(first + months))


def _first_day(months: int) -> date:
    """The first day of a month, counted in months since the year 0."""
    return date(months // 12, months % 12 + 1, 1)
