"""Duties of the demonstration: the shipped ones from 2022 on, and one of the zone's own (示例).

The page says that the zone holds warning education at least once a month and integrity talks at
least once a quarter: invented days make it so. Gatherings that another room's part has made already
are not made again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from luodi.ground.scope.api import SYSTEM, Unit, today
from luodi.rooms.directory.api import Branch
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.duties import api
from luodi.rooms.duties.api import SHIPPED, Duty
from luodi.rooms.gatherings import api as gatherings
from luodi.rooms.gatherings.api import Gathering

SINCE, UNTIL = dt.date(2022, 1, 1), dt.date(2022, 12, 31)
READINGS = {
    "integrity.warning_education": Asked("duties.warning_education", UNTIL, SINCE),
    "integrity.talks": Asked("duties.integrity_talk", UNTIL, SINCE),
}


def build(zone: Zone) -> None:
    """Takes over the shipped duties, holds what the page says, and what this year asks for."""
    duties = {
        key: api.install(actor=SYSTEM, unit=zone.zone, key=key, since=SINCE) for key in SHIPPED
    }
    for month in range(1, 13):
        hold(zone.zone, "warning_education", dt.date(2022, month, 6 + month % 9))
    for month in (2, 5, 8, 11):
        hold(zone.zone, "integrity_talk", dt.date(2022, month, 17))
    this_year(zone, duties)


def this_year(zone: Zone, duties: dict[str, Duty]) -> None:
    """Something in every state: most is done, one month was missed, one is excused, the present open."""
    year = today().year
    if year <= UNTIL.year:
        return
    own = api.add_duty(
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
        at=noon(dt.date(year, 1, 1)),
    )
    for district in list(zone.districts.values())[:2]:
        for day in _past(dt.date(year, month, 11) for month in (1, 4, 7)):
            hold(district, "visit", day)
    months = [dt.date(year, month, 8) for month in range(1, 13)]
    for day in _past(months):
        hold(zone.zone, "warning_education", day)
    for place, branch in enumerate(zone.branches.values()):
        for day in _past(months):
            if day.month % 6 != place:  # each misses two months, another one each
                hold(branch.unit, "theme_day", day + dt.timedelta(days=place))
        for month in (2, 5, 8):
            for day in _past([dt.date(year, month, 20)]):
                hold(branch.unit, "members_meeting", day)
    _excused(duties["theme_day"], list(zone.branches.values()), year)
    _excused(own, [list(zone.districts.values())[2]], year)


def _excused(duty: Duty, owners: list[Branch] | list[Unit], year: int) -> None:
    """The first who owes it in the year's second month need not."""
    owner = owners[2 % len(owners)]
    unit = owner.unit if isinstance(owner, Branch) else owner
    day = dt.date(year, 2, 10)
    if day < today():
        api.excuse(
            actor=SYSTEM, duty=duty, unit=unit, on=day, reason="停产检修，人员集中休假（示例）"
        )


def _past(days: Iterator[dt.date] | list[dt.date]) -> Iterator[dt.date]:
    """Those before this month: the present is left to be done."""
    return (day for day in days if day < today().replace(day=1))


def hold(unit: Unit, kind: str, day: dt.date) -> None:
    """Holds a gathering on a day with all who are expected, unless the unit held one in that month."""
    after = (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    known = Gathering.objects.filter(unit=unit).of_kinds([kind])
    if known.between(day.replace(day=1), after - dt.timedelta(days=1)).exists():
        return
    row = gatherings.plan_gathering(
        actor=SYSTEM,
        unit=unit,
        kind=kind,
        starts_at=noon(day, 15),
        tell=False,
        at=noon(day, 9),
    )
    gatherings.record_attendance(actor=SYSTEM, gathering=row, at=noon(day, 18))
