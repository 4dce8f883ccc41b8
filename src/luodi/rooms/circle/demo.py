"""The county's circle: invented villages, streets and grounds; the page says "within 15 minutes"."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from luodi.ground.records.api import create_record, resource_of
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, today
from luodi.planning.reach.example import streets
from luodi.rooms.circle.manifest import SETTLEMENTS, SITES
from luodi.rooms.circle.models import Streets, Study
from luodi.rooms.circle.streets import mainland, packed
from luodi.rooms.circle.verbs import compute
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.places.api import Room, Venue

READINGS = {"fitness.circle": Asked("circle.minutes", of=UnitKind.COUNTY)}
OPENED_ON, MEASURED_ON = dt.date(2021, 6, 1), dt.date(2022, 11, 10)
SEED = 20221222
# name, east and north in the box of the streets (0 to 1), people by age
VILLAGES: tuple[tuple[str, float, float, tuple[int, int, int]], ...] = (
    ("示例城关社区", 0.50, 0.50, (1240, 5310, 1460)),
    ("示例东关社区", 0.62, 0.47, (860, 3720, 990)),
    ("示例西河村", 0.31, 0.52, (210, 790, 430)),
    ("示例南坪村", 0.46, 0.27, (180, 640, 390)),
    ("示例北岭村", 0.57, 0.76, (120, 410, 330)),
    ("示例石桥村", 0.79, 0.36, (160, 520, 300)),
    ("示例柳沟村", 0.20, 0.78, (90, 260, 240)),
    ("示例枣林村", 0.78, 0.66, (140, 470, 310)),
    ("示例下庄村", 0.24, 0.24, (130, 380, 290)),
    ("示例上庄村", 0.68, 0.18, (100, 310, 250)),
)
# of these only the first two have a football pitch; everybody has equipment near
PITCHES = {"示例城关社区": "football_7", "示例石桥村": "football_5"}
SITE_OFFSETS = ((0.02, -0.02), (-0.03, 0.02))


def build(zone: Zone) -> None:
    """Villages, streets, grounds and two studies: how far it is, and where three more pitches would go."""
    county = zone.county
    network, islands = mainland(streets(np.random.default_rng(SEED), 26))
    Streets.objects.create(
        unit=county,
        path=county.path,
        source="示例路网（按固定种子生成，不代表任何真实地方）",
        nodes=len(network.lon),
        streets=len(network.tail) // 2,
        islands=islands,
        packed=packed(network),
        read_at=noon(MEASURED_ON),
    )
    for place, (name, east, north, people) in enumerate(VILLAGES):
        lon, lat = _degrees(east, north)
        ages = dict(zip(("children", "adults", "elders"), people, strict=True))
        _made(SETTLEMENTS, name=name, unit=county, longitude=lon, latitude=lat, **ages)
        _ground(county, name, *_degrees(east + 0.002, north + 0.002))
        for number, (right, up) in enumerate(SITE_OFFSETS, start=1):
            lon, lat = _degrees(east + right, north + up)
            _made(
                SITES,
                name=f"{name}候选点{number}",
                unit=county,
                longitude=lon,
                latitude=lat,
                cost=str(18 + (place * 7 + number * 5) % 23),
            )
    _measured(county, MEASURED_ON, kind="any")
    _measured(county, today(), kind="pitch", count=3)


def _ground(county: Unit, village: str, lon: str, lat: str) -> None:
    venue = _made(
        resource_of(Venue),
        name=f"{village}健身广场",
        kind="sports",
        unit=county,
        open_to="all",
        longitude=lon,
        latitude=lat,
        opened_on=OPENED_ON,
    )
    ground = PITCHES.get(village, "fitness_path")
    kind = "pitch" if village in PITCHES else "park"
    _made(
        resource_of(Room),
        name="健身场地",
        venue=venue,
        kind=kind,
        ground=ground,
        area="600",
        opened_on=OPENED_ON,
    )


def _measured(county: Unit, day: dt.date, **asked: Any) -> None:
    study = Study.objects.create(unit=county, path=county.path, asked_at=noon(day), **asked)
    compute(SYSTEM, study.pk)


def _degrees(east: float, north: float) -> tuple[str, str]:
    """The example's box of about 8 km × 8 km, at an invented place."""
    return f"{111.70 + 0.09 * east:.6f}", f"{37.20 + 0.072 * north:.6f}"


def _made(resource: Any, **values: Any) -> Any:
    return create_record(actor=SYSTEM, resource=resource, values=resource.completed(values))
