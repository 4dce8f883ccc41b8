"""From rows to a problem of the planner: what is off the map, without people or there twice is named and
left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import Unit, below, today
from luodi.lib.errors import UserError
from luodi.planning.geo import kilometres
from luodi.planning.reach import People, Places, ReachProblem, Siting
from luodi.planning.reach.network import Network, snap
from luodi.planning.reach.siting import Goal
from luodi.rooms.circle.models import Settlement, Site, Streets, Study
from luodi.rooms.circle.streets import network_of
from luodi.rooms.places.api import Room, Venue, openings_of

T = TypeVar("T", Settlement, Venue, Site)
DETOUR = (
    1.3  # rooms.md H, trap 1: the way along streets over the straight line, where there are none
)
GOALS_OF: dict[str, Goal] = {"cover": "cover", "median": "median", "centre": "centre"}
OFF = 2.0  # kilometres from the nearest street: not on this map
HALF_HOUR = dt.timedelta(minutes=30)
GROUPS = ("children", "adults", "elders")
# Which types of grounds (the survey's, `places.shipped`) a kind of facility means.
GROUNDS = {
    "pitch": ("football",),
    "court": ("basketball", "volleyball", "badminton", "table_tennis", "tennis", "gateball"),
    "trail": ("trail", "bicycle_trail", "hiking_trail"),
    "fitness": ("fitness",),
}


@dataclass
class Read:
    """The problem, the rows in its order, and what was left out, each with why."""

    problem: ReachProblem
    homes: list[Settlement]
    places: list[Venue]
    sites: list[Site]
    straight: bool
    left: list[tuple[str, str]] = field(default_factory=list)


def read_problem(study: Study) -> Read:
    """What a study is about. Raises UserError where nobody lives or nothing could be reached."""
    left: list[tuple[str, str]] = []
    homes = _homes(study.unit, left)
    places = _places(study, left)
    sites = _sites(study.unit) if study.count else []
    if not homes:
        raise UserError(_("还没有居民点：请先录入或导入村（社区）的位置和人口。"))
    if study.count and len(sites) < study.count:
        raise UserError(
            _("候选点只有%(found)s个，选不出%(count)s处。")
            % {"found": len(sites), "count": study.count}
        )
    if not places and not sites:
        raise UserError(_("没有这类设施的位置：请在场所里填写经纬度。"))
    kept = Streets.objects.filter(unit=study.unit).first()
    if kept:
        network = network_of(kept)
        homes = _on_map(network, study, homes, left)
        places = _on_map(network, study, places, left)
        sites = _on_map(network, study, sites, left)
        if not homes:
            raise UserError(_("居民点都不在路网范围内：请核对经纬度和路网文件。"))
    else:
        network = _straight([*homes], [*places, *sites])
    problem = ReachProblem(
        network=network,
        places=Places(
            names=tuple(one.name for one in places),
            kind=np.zeros(len(places), dtype=np.int64),
            lon=_lon(places),
            lat=_lat(places),
            capacity=np.ones(len(places)),
        ),
        people=People(
            lon=_lon(homes),
            lat=_lat(homes),
            area=np.arange(len(homes)),
            areas=tuple(one.name for one in homes),
            count=np.array([[getattr(one, g) for g in GROUPS] for one in homes], dtype=float),
            groups=tuple(str(Settlement._meta.get_field(g).verbose_name) for g in GROUPS),  # type: ignore[union-attr]
        ),
        kinds=(str(study.get_kind_display()),),
        limit_minutes=np.array([float(study.minutes)]),
        mode="walk" if study.mode == "walk" else "cycle",
        horizon_minutes=float(max(60, study.minutes)),
        siting=_siting(study, sites),
    )
    return Read(problem, homes, places, sites, kept is None, left)


def _siting(study: Study, sites: Sequence[Site]) -> Siting | None:
    if not study.count:
        return None
    return Siting(
        kind=0,
        goal=GOALS_OF[study.goal or "cover"],
        names=tuple(one.name for one in sites),
        lon=_lon(sites),
        lat=_lat(sites),
        cost=np.array([float(one.cost) for one in sites]),
        capacity=np.ones(len(sites)),
        count=study.count,
    )


def _homes(unit: Unit, left: list[tuple[str, str]]) -> list[Settlement]:
    start, end = below(unit.path)
    found = []
    for one in Settlement.objects.filter(_there(), path__gte=start, path__lt=end).order_by("name"):
        if one.children + one.adults + one.elders:
            found.append(one)
        else:
            left.append((one.name, _("没有人口")))
    return found


def _sites(unit: Unit) -> list[Site]:
    start, end = below(unit.path)
    return list(Site.objects.filter(_there(), path__gte=start, path__lt=end).order_by("name"))


def _there() -> Q:
    day = today()
    opened = Q(opened_on=None) | Q(opened_on__lte=day)
    return opened & (Q(closed_on=None) | Q(closed_on__gt=day))


def _places(study: Study, left: list[tuple[str, str]]) -> list[Venue]:
    """The venues of the kind, each once; with a clock, those that are open then."""
    start, end = below(study.unit.path)
    rooms = Room.objects.filter(_there(), path__gte=start, path__lt=end).select_related("venue")
    if study.kind == "culture":
        rooms = rooms.filter(Q(venue__kind="culture") | Q(kind="reading"))
    else:
        rooms = rooms.exclude(ground="")
    by_venue: dict[int, list[Room]] = {}
    for room in rooms.order_by("venue__name", "pk"):
        if study.kind in {"any", "culture"} or room.ground.startswith(GROUNDS[study.kind]):
            by_venue.setdefault(room.venue_id, []).append(room)
    found: list[Venue] = []
    seen: set[tuple[str, object, object]] = set()
    shut = _shut(study, by_venue)
    for pk, its in by_venue.items():
        venue = its[0].venue
        where = (venue.name, venue.longitude, venue.latitude)
        if venue.longitude is None or venue.latitude is None:
            left.append((venue.name, _("没有填经纬度")))
        elif where in seen:
            left.append((venue.name, _("录入了两次，只算一次")))
        elif pk in shut:
            left.append((venue.name, _("这个钟点不开放")))
        else:
            seen.add(where)
            found.append(venue)
    return found


def _shut(study: Study, by_venue: dict[int, list[Room]]) -> set[int]:
    """The venues of which nothing is open at the study's clock on the next working day."""
    if study.clock is None:
        return set()
    calendar, day = calendar_for(study.unit), today() + dt.timedelta(days=1)
    while not calendar.is_working_day(day):
        day += dt.timedelta(days=1)
    begin = timezone.make_aware(dt.datetime.combine(day, study.clock))
    openings = openings_of(by_venue, begin, begin + HALF_HOUR)
    return {
        pk
        for pk, rooms in by_venue.items()
        if not any(openings[pk].is_open(room, begin, begin + HALF_HOUR) for room in rooms)
    }


def _on_map(network: Network, study: Study, rows: list[T], left: list[tuple[str, str]]) -> list[T]:
    """Those within OFF kilometres of a street."""
    if not rows:
        return rows
    at = snap(network, "walk" if study.mode == "walk" else "cycle", _lon(rows), _lat(rows))
    for one, metres in zip(rows, at.metres, strict=True):
        if metres > OFF * 1000:
            left.append((one.name, _("离最近的路超过%(km)s公里，不在路网范围内") % {"km": OFF}))
    return [one for one, metres in zip(rows, at.metres, strict=True) if metres <= OFF * 1000]


def _straight(homes: Sequence[Settlement], others: Sequence[Venue | Site]) -> Network:
    """Every home beside every place: 1.3 times the straight line."""
    lon, lat = _lon([*homes, *others]), _lat([*homes, *others])
    n, m = len(homes), len(others)
    start = np.repeat(np.arange(n), m)
    end = np.tile(np.arange(n, n + m), n)
    metres = DETOUR * 1000 * kilometres(lon[start], lat[start], lon[end], lat[end])
    return Network.from_edges(lon, lat, start, end, metres=metres)


def _lon(rows: Sequence[Settlement | Venue | Site]) -> np.ndarray:
    return np.array([float(one.longitude or 0) for one in rows])


def _lat(rows: Sequence[Settlement | Venue | Site]) -> np.ndarray:
    return np.array([float(one.latitude or 0) for one in rows])
