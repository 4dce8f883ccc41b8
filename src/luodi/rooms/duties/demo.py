"""Duties of the demonstration: the shipped ones from 2022 on, and one of the zone's own (示例).

The page says that the zone holds warning education at least once a month and integrity talks at
least once a quarter; the gatherings' part of the demonstration holds them. What that part leaves out
is held here, so that the years are mostly green, with something in every state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from luodi.ground.scope.api import SYSTEM, Unit, today
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.duties import api
from luodi.rooms.duties.api import SHIPPED
from luodi.rooms.gatherings.api import Gathering, State, kind_of

SINCE, UNTIL = dt.date(2022, 1, 1), dt.date(2022, 12, 31)
READINGS = {
    "integrity.warning_education": Asked("duties.warning_education", UNTIL, SINCE),
    "integrity.talks": Asked("duties.integrity_talk", UNTIL, SINCE),
}


def build(zone: Zone) -> None:
    """Takes over the shipped duties and lays out what the branches hold once a year."""
    for key in SHIPPED:
        api.install(actor=SYSTEM, unit=zone.zone, key=key, since=SINCE)
    Gathering.objects.bulk_create(
        _held(unit, kind, day) for unit, kind, day in _yearly(zone) if day < today()
    )
    _own(zone)


def _yearly(zone: Zone) -> Iterator[tuple[Unit, str, dt.date]]:
    """Talks in November, the appraisal in December; one branch forgot its talks of 2023."""
    for year in range(SINCE.year, today().year + 1):
        for place, branch in enumerate(zone.branches.values()):
            if (place, year) != (2, 2023):
                yield branch.unit, "heart_to_heart", dt.date(year, 11, 21 + place)
            yield branch.unit, "appraisal", dt.date(year, 12, 20 + place)


def _own(zone: Zone) -> None:
    """Visits of districts to their enterprises, asked since this year: done, missed, excused, due."""
    year = today().year
    duty = api.add_duty(
        actor=SYSTEM,
        unit=zone.zone,
        name="走访链上企业（示例）",
        name_en="Visits to the chain's enterprises (example)",
        every="quarter",
        kinds=["district"],
        gatherings=["visit"],
        since=dt.date(year, 1, 1),
        regulation="示例：开发区党工委年度工作要点",
        remind=10,
        at=noon(dt.date(year, 1, 1), 0),
    )
    districts = list(zone.districts.values())
    Gathering.objects.bulk_create(
        _held(unit, "visit", day)
        for unit in districts[:2]
        for month in (1, 4, 7, 10)
        if (day := dt.date(year, month, 11)) < today().replace(day=1)
    )
    first = dt.date(year, 1, 10)
    if first < today():
        why = "党建区指导员空缺，一季度由办公室代管（示例）"
        api.excuse(actor=SYSTEM, duty=duty, unit=districts[2], on=first, reason=why)


def _held(unit: Unit, kind: str, day: dt.date) -> Gathering:
    """A gathering as a book of former days has it: with numbers, without a list of people."""
    of, starts_at = kind_of(kind), noon(day, 15)
    ends_at = starts_at + dt.timedelta(minutes=of.minutes)
    return Gathering(
        unit=unit,
        kind=kind,
        title=f"{of.name}（示例）",
        starts_at=starts_at,
        ends_at=ends_at,
        state=State.HELD,
        told_expected=5,
        told_came=5,
        entered_at=ends_at,
        recorded_at=ends_at,
        changed_at=starts_at,
    )
