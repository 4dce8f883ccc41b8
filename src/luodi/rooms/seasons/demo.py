"""72 performances in 2022, and the season of this year; villages, troupes and plays are invented (示例).

The page says 72 of 汾阳市, another county: they stand with the county of the demonstration, marked.
"""

from __future__ import annotations

import datetime as dt
from math import cos, sin

from luodi.ground.scope.api import SYSTEM, UnitKind, acting, today
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.seasons import api
from luodi.rooms.seasons.models import Performance, Plan, Play, Quiet, Season, Troupe, Village, Wish

READINGS = {
    "culture.performances": Asked(
        "seasons.performances",
        dt.date(2022, 12, 31),
        dt.date(2022, 1, 1),
        of=UnitKind.COUNTY,
    )
}
TOWNSHIPS, VILLAGES, SHOWS = 6, 6, 72
PLAYS = (
    ("示例地方剧团", 34, 2, (("打金枝", "晋剧"), ("算粮", "晋剧"), ("空城计", "晋剧"))),
    ("示例青年剧团", 26, 2, (("三关点帅", "晋剧"), ("小宴", "折子戏"))),
    ("示例文艺小分队", 12, 1, (("移风易俗小品专场", "小品"), ("地秧歌专场", "歌舞"))),
)
DAY = dt.timedelta(days=1)


def build(zone: Zone) -> None:
    """The county's villages and troupes; a season of the page's year, and one of this year."""
    with acting(SYSTEM):
        villages, troupes = _places(zone)
        past = Season.objects.create(
            unit=zone.county,
            name="2022年送戏下乡（示例）",
            starts_on=dt.date(2022, 3, 1),
            ends_on=dt.date(2022, 11, 30),
            shows=SHOWS,
            source="报道：72场送戏下乡；村、剧团和日期为示例",
        )
        for place in range(SHOWS):
            village = villages[place % len(villages)]
            Performance.objects.create(
                season=past,
                village=village,
                troupe=troupes[place % 3],
                play=troupes[place % 3].play_set.first(),
                on=past.starts_on + DAY * (place * 3 + place // 36),
                state=Performance.State.HELD,
                audience=80 + village.people // 9,
            )
    _this_year(zone, villages, troupes)


def _places(zone: Zone) -> tuple[list[Village], list[Troupe]]:
    villages = [
        Village.objects.create(
            unit=zone.county,
            name=f"示例{'东西南北上下'[place]}村",
            township=f"示例{'一二三四五六'[town]}乡",
            people=420 + (town * 7 + place * 13) % 19 * 90,
            lon=round(111.2 + 0.11 * cos(town * 1.05) + 0.025 * cos(place * 1.05 + town), 5),
            lat=round(36.97 + 0.09 * sin(town * 1.05) + 0.02 * sin(place * 1.05 + town), 5),
            stage_holds=(0, 20, 40)[(town + place) % 3],
        )
        for town in range(TOWNSHIPS)
        for place in range(VILLAGES)
    ]
    troupes = []
    for number, (name, size, most, plays) in enumerate(PLAYS):
        troupe = Troupe.objects.create(
            unit=zone.county,
            name=name,
            size=size,
            most_a_day=most,
            lon=round(111.17 + 0.05 * number, 5),
            lat=round(36.96 + 0.03 * number, 5),
            rests=[str(number)],
        )
        for title, kind in plays:
            Play.objects.create(troupe=troupe, name=title, kind=kind)
        troupes.append(troupe)
    return villages, troupes


def _this_year(zone: Zone, villages: list[Village], troupes: list[Troupe]) -> None:
    """A season under way: some held, one cancelled and made up for, wishes, quiet times."""
    begin = today() - DAY * 40
    with acting(SYSTEM) as system:
        season = Season.objects.create(
            unit=zone.county,
            name=f"{begin.year}年送戏下乡（示例）",
            starts_on=begin,
            ends_on=begin + DAY * 140,
            shows=len(villages),
            spacing=14,
        )
        for why, since, days in (("harvest", 70, 10), ("exams", 95, 5)):
            Quiet.objects.create(
                unit=zone.county,
                why=why,
                since=begin + DAY * since,
                until=begin + DAY * (since + days),
            )
        for place in range(0, 30, 4):
            Wish.objects.create(
                village=villages[place],
                occasion=("庙会", "集市")[place % 8 // 4],
                since=begin + DAY * (44 + place),
                until=begin + DAY * (46 + place),
                play=troupes[place % 3].play_set.first(),
            )
        made = []
        for place, village in enumerate(villages):
            troupe = troupes[place % 3]
            on = begin + DAY * (place * 2 + 1)
            if 70 <= place * 2 + 1 <= 80:
                on += DAY * 12
            made.append(
                Performance.objects.create(
                    season=season,
                    village=village,
                    troupe=troupe,
                    on=on,
                    state=Performance.State.HELD if on < today() else Performance.State.PLANNED,
                    audience=60 + village.people // 8 if on < today() else None,
                )
            )
        Plan.objects.create(
            season=season,
            state=Plan.State.PUBLISHED,
            number=1,
            asked_at=noon(begin - DAY * 20),
            published_at=noon(begin - DAY * 18),
            ended_at=noon(begin - DAY * 20),
            summary={"shows": len(made), "says": "示例：手工排定。"},
            lines=[
                {
                    "village": one.village_id,
                    "troupe": one.troupe_id,
                    "on": one.on.isoformat(),
                    "order": 1,
                    "km": 0,
                    "wish": "",
                }
                for one in made
            ],
        )
        last = made[-1]
        last.refresh_from_db()
        api.cancel_performance(
            actor=system,
            performance=last,
            reason="村里有丧事（示例）",
            instead_on=season.ends_on - DAY * 2,
        )
