"""The places: the centre of the page with its rooms; the county's pitches and trail; bookings until today.

The page gives the centre's investment and the number of its rooms, and of another county (汾阳市) the
pitches and the trail; names, equipment and bookings are invented (示例).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from luodi.ground.records.api import create_record, resource_of
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting
from luodi.rooms.directory.demo import Asked, Zone
from luodi.rooms.places import api
from luodi.rooms.places.api import Clash, Repeat, Room, Rule, Venue, Wish
from luodi.rooms.places.models import Closure, Item, OpeningHours

OPENED_ON = dt.date(2021, 7, 1)
ROOMS: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("示例大报告厅", "hall", 200, ("screen", "sound", "stage")),
    ("示例党员活动室", "activity", 40, ("screen", "sound")),
    ("示例第一会议室", "meeting", 20, ("screen", "video")),
    ("示例第二会议室", "meeting", 12, ("board",)),
    ("示例培训教室", "class", 60, ("screen", "board")),
    ("示例阅览室", "reading", 30, ()),
    ("示例企业接待室", "reception", 10, ("screen",)),
    ("示例文体活动室", "activity", 50, ("sound",)),
)
READINGS = {
    "centre.investment": Asked("places.investment", parameters={"kind": "centre"}),
    "centre.rooms": Asked("places.function_rooms", parameters={"kind": "centre"}),
    "fitness.pitches": Asked(
        "places.pitches_built", dt.date(2022, 12, 31), dt.date(2022, 1, 1), of=UnitKind.COUNTY
    ),
    "fitness.trail": Asked(
        "places.trails_built", dt.date(2022, 12, 31), dt.date(2022, 1, 1), of=UnitKind.COUNTY
    ),
}


def _made(model: Any, **values: Any) -> Any:
    resource = resource_of(model)
    assert resource is not None
    return create_record(actor=SYSTEM, resource=resource, values=resource.completed(values))


def build(zone: Zone) -> None:
    """Builds the venues and books them."""
    centre, rooms = _centre(zone.zone)
    _grounds(zone.county)
    _bookings(zone, centre, rooms)


def _centre(unit: Unit) -> tuple[Venue, dict[str, Room]]:
    venue = _made(
        Venue,
        name="党群活动服务中心",
        kind="centre",
        unit=unit,
        address="示例路1号",
        keeper="office",
        step_free=True,
        investment="120",
        longitude="111.181200",
        latitude="36.982400",
        opened_on=OPENED_ON,
    )
    rooms = {}
    for place, (name, kind, seats, equipment) in enumerate(ROOMS):
        rooms[name] = _made(
            Room,
            name=name,
            venue=venue,
            kind=kind,
            seats=seats,
            wheelchair_seats=2 if seats >= 40 else None,
            equipment=list(equipment),
            step_free=place != 7,
            needs_approval=kind == "hall",
            setup_minutes=30 if kind == "hall" else 0,
            opened_on=OPENED_ON,
        )
    hall = rooms["示例大报告厅"]
    for side in ("东半厅", "西半厅"):
        _made(
            Room,
            name=f"示例大报告厅{side}",
            venue=venue,
            kind="hall",
            part_of=hall,
            seats=90,
            equipment=["screen"],
            step_free=True,
            opened_on=OPENED_ON,
        )
    _made(Item, name="示例移动投影仪", venue=venue, kind="projector", note="办公室柜子")
    _made(Item, name="示例便携音箱", venue=venue, kind="sound", note="一楼库房")
    _made(
        OpeningHours,
        venue=venue,
        weekdays=["1", "2", "3", "4", "5"],
        opens=dt.time(8),
        closes=dt.time(20),
    )
    _made(OpeningHours, venue=venue, weekdays=["6", "7"], opens=dt.time(9), closes=dt.time(17))
    return venue, rooms


def _grounds(county: Unit) -> None:
    """The two pitches and the trail that the page has of 汾阳市."""
    venue = _made(
        Venue,
        name="示例全民健身场地",
        kind="sports",
        unit=county,
        address="汾阳市的项目：见报道，供展示县级数据",
        open_to="all",
        step_free=True,
        opened_on=dt.date(2022, 5, 1),
    )
    for name, ground, area in (
        ("示例一号足球场", "football_7", 3250),
        ("示例二号足球场", "football_5", 1050),
    ):
        _made(
            Room,
            name=name,
            venue=venue,
            kind="pitch",
            ground=ground,
            area=str(area),
            equipment=["light"],
            opened_on=dt.date(2022, 6, 1),
        )
    for name, length in (("示例滨河步道", "3.2"), ("示例公园步道", "1.8")):
        _made(
            Room,
            name=name,
            venue=venue,
            kind="trail",
            ground="trail",
            length=length,
            bookable=False,
            step_free=True,
            opened_on=dt.date(2022, 8, 1),
        )
    _made(
        OpeningHours,
        venue=venue,
        weekdays=["1", "2", "3", "4", "5", "6", "7"],
        opens=dt.time(6),
        closes=dt.time(22),
    )


def _bookings(zone: Zone, venue: Venue, rooms: dict[str, Room]) -> None:
    """Something in every state, around today: a series with a gap, a request, who waits, a refusal."""
    now = timezone.now()
    today = timezone.localdate()
    since = today - dt.timedelta(days=28)
    office = scope.actor_for(zone.accounts["office"])
    liaison = scope.actor_for(zone.accounts["liaison3"])
    company = zone.enterprises["示例压铸公司"].unit
    small, first = rooms["示例第二会议室"], rooms["示例第一会议室"]
    with acting(office):
        series = api.book_series(
            actor=office,
            wish=Wish(
                zone.zone,
                [first],
                "党工委例会（示例）",
                people=15,
                rule=Rule(
                    Repeat.WEEKLY, 1, ["1"], today + dt.timedelta(days=60), skip_holidays=True
                ),
            ),
            on=since - dt.timedelta(days=since.weekday()),
            starts=dt.time(9),
            ends=dt.time(11),
            clash=Clash.SKIP,
            at=now - dt.timedelta(days=40),
        )
        coming = series.occurrences.filter(starts_at__gt=now, state="held")
        api.skip_date(actor=office, occurrence=coming[1], why="外出学习（示例）", at=now)
        days = _days(today, 5)
        _once(
            office, [rooms["示例培训教室"]], days[0], (9, 12), "企业用工政策讲座（示例）", zone.zone
        )
        _once(office, [rooms["示例党员活动室"]], days[1], (14, 16), "主题党日（示例）", zone.zone)
        _once(office, [small], days[2], (9, 11), "项目对接会（示例）", zone.zone)
        Closure.objects.create(
            venue=venue,
            room=rooms["示例文体活动室"],
            starts_at=_at(days[3], 8),
            ends_at=_at(days[3], 20),
            reason="灯具检修（示例）",
        )
    with acting(liaison):
        _once(
            liaison,
            [rooms["示例大报告厅"]],
            days[4],
            (14, 17),
            "员工大会（示例）",
            company,
            people=150,
        )
        _once(liaison, [small], days[2], (10, 12), "班组交流（示例）", company, wait=True)
        _once(liaison, [first], days[1], (15, 17), "客户来访（示例）", company, people=8)
        refused = _once(
            liaison, [rooms["示例大报告厅"]], days[3], (9, 17), "展销活动（示例）", company
        )
    with acting(office):
        api.refuse(actor=office, booking=refused, why="大厅不作商业展销（示例）", at=now)
        api.note_booking(actor=office, booking=series, text="投影遥控器在抽屉里（示例）")


def _once(
    actor: Any,
    rooms: list[Room],
    day: dt.date,
    hours: tuple[int, int],
    title: str,
    unit: Unit,
    *,
    people: int | None = None,
    wait: bool = False,
) -> Any:
    return api.book_rooms(
        actor=actor,
        rooms=rooms,
        starts_at=_at(day, hours[0]),
        ends_at=_at(day, hours[1]),
        title=title,
        unit=unit,
        people=people,
        wait=wait,
        at=timezone.now(),
    )


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), timezone.get_current_timezone())


def _days(today: dt.date, count: int) -> list[dt.date]:
    """The next weekdays."""
    found: list[dt.date] = []
    day = today
    while len(found) < count:
        day += dt.timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found
