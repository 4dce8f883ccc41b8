"""Which figure answers for a statement of the founding page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from luodi.ground.scope.api import UnitKind

PAGE_ON = dt.date(2022, 12, 22)
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure a fact of the page is, and what it is asked for, up to a day; of the zone, where not
    of the county."""

    key: str
    until: dt.date = PAGE_ON
    since: dt.date | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    of: UnitKind = UnitKind.ZONE


def noon(day: dt.date, hour: int = 10) -> dt.datetime:
    """An hour of a day in China."""
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)
