"""The circle: what is on the map is measured, what is not is named; a build is proposed with proof."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.zone import Zone

from luodi.ground.figures.api import read
from luodi.ground.records.api import create_record, resource_of
from luodi.ground.scope.api import SYSTEM, today
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.circle.manifest import SETTLEMENTS, SITES
from luodi.rooms.circle.models import Streets, Study
from luodi.rooms.circle.streets import keep_streets, network_of
from luodi.rooms.circle.verbs import ask_study, compute
from luodi.rooms.places.models import OpeningHours, Room, Venue

LAT, STEP = 37.2, 0.005  # degrees; about 443 metres on this parallel


def line(points: list[tuple[float, float]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"highway": "residential"},
        "geometry": {"type": "LineString", "coordinates": points},
    }


def geojson(*lines: list[tuple[float, float]]) -> bytes:
    features = [line(one) for one in lines]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


# one street with a crossing every STEP, and an island of streets somewhere else
STREET = [(111.7 + STEP * place, LAT) for place in range(13)]
ISLAND = [(112.5, 37.9), (112.501, 37.9)]


def made(resource: Any, **values: Any) -> Any:
    return create_record(actor=SYSTEM, resource=resource, values=resource.completed(values))


def home(zone: Zone, name: str, place: float, people: int = 100, lat: float = LAT) -> None:
    at = {"longitude": str(round(111.7 + STEP * place, 6)), "latitude": str(lat)}
    made(SETTLEMENTS, name=name, unit=zone.zone, adults=people, **at)


def ground(zone: Zone, name: str, place: float | None, kind: str = "football_7") -> Venue:
    at = (
        {}
        if place is None
        else {"longitude": str(round(111.7 + STEP * place, 6)), "latitude": str(LAT)}
    )
    venue = made(resource_of(Venue), name=name, kind="sports", unit=zone.zone, **at)
    made(resource_of(Room), name="场地", venue=venue, kind="pitch", ground=kind)
    return venue


def measured(zone: Zone, **asked: Any) -> Study:
    study = ask_study(actor=zone.actor("office"), unit=zone.zone, **{"kind": "any", **asked})
    compute(zone.actor("office"), study.pk)
    study.refresh_from_db()
    return study


@pytest.fixture
def street(zone: Zone) -> Streets:
    return keep_streets(
        actor=zone.actor("office"),
        unit=zone.zone,
        name="x.geojson",
        content=geojson(STREET, ISLAND),
    )


def test_minutes_along_the_street(zone: Zone, street: Streets) -> None:
    """4 km/h: 443 metres are 6.6 minutes; the island is left out and counted."""
    assert street.islands == 1 and network_of(street).lon.max() < 112
    home(zone, "近村", 1)
    home(zone, "远村", 9, people=300)
    ground(zone, "示例球场", 0)
    result = measured(zone).result
    near, far = result["homes"]
    step = 443.0 / (4000 / 60)
    assert near["before"] == pytest.approx(step, rel=0.02) and near["nearest"] == "示例球场"
    assert far["before"] == pytest.approx(9 * step, rel=0.02)
    assert result["groups"][-1][1] == 25.0 and not result["straight"]
    assert [gap[0] for gap in result["gaps"]] == ["远村"]
    found = read(actor=zone.actor("office"), key="circle.covered", unit=zone.zone, until=today())
    assert found.text == "25.0%" and found.count == 2


def test_where_to_build_is_the_best_of_all(zone: Zone, street: Streets) -> None:
    """Against every pair of candidates, tried one after the other."""
    peoples = {0: 50, 3: 220, 6: 90, 8: 400, 12: 130}
    for place, people in peoples.items():
        home(zone, f"村{place:02}", place, people)
    ground(zone, "示例球场", 0)
    for place in range(2, 13, 2):
        at = {"longitude": str(round(111.7 + STEP * place, 6)), "latitude": str(LAT)}
        made(SITES, name=f"点{place:02}", unit=zone.zone, cost="10", **at)
    study = measured(zone, count=2, kind="pitch")
    step = 443.0 / (4000 / 60)

    def covered(sites: tuple[int, ...]) -> int:
        return sum(
            people
            for place, people in peoples.items()
            if min(abs(place - one) for one in (0, *sites)) * step <= 15
        )

    best = max(covered((a, b)) for a in range(2, 13, 2) for b in range(2, 13, 2))
    chosen = tuple(int(name.removeprefix("点")) for name, *_rest in study.result["chosen"])
    assert covered(chosen) == best and study.result["proven"]
    assert study.result["groups"][-1][2] == pytest.approx(100 * best / 890, abs=0.1)
    assert study.result["cost"] == 20


def test_what_is_left_out_is_named(zone: Zone, street: Streets) -> None:
    home(zone, "甲村", 1)
    home(zone, "空村", 2, people=0)
    home(zone, "外村", 3, lat=38.2)
    ground(zone, "示例球场", 0)
    ground(zone, "没有位置", None)
    left = dict(measured(zone).result["left"])
    assert set(left) >= {"空村", "外村", "没有位置"}
    assert "没有人口" in left["空村"] and "路网" in left["外村"]


def test_at_seven_in_the_evening(zone: Zone, street: Streets) -> None:
    home(zone, "甲村", 1)
    venue = ground(zone, "早关球场", 0)
    ground(zone, "晚关球场", 6)
    made(
        resource_of(OpeningHours),
        venue=venue,
        weekdays=["1", "2", "3", "4", "5"],
        opens=dt.time(8),
        closes=dt.time(18),
    )
    assert measured(zone).result["homes"][0]["nearest"] == "早关球场"
    late = measured(zone, clock=dt.time(19)).result
    assert late["homes"][0]["nearest"] == "晚关球场"
    assert ["早关球场", "这个钟点不开放"] in late["left"]


def test_without_streets_it_says_so(zone: Zone) -> None:
    home(zone, "甲村", 1)
    ground(zone, "示例球场", 0)
    result = measured(zone).result
    assert result["straight"]
    assert result["homes"][0]["before"] == pytest.approx(1.3 * 443 / (4000 / 60), rel=0.02)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [({}, "还没有居民点"), ({"count": 3}, "候选点"), ({"kind": "culture"}, "没有这类设施")],
)
def test_what_cannot_be_measured_is_a_sentence(
    zone: Zone, asked: dict[str, Any], sentence: str
) -> None:
    if asked:
        home(zone, "甲村", 1)
    study = measured(zone, **asked)
    assert study.state == "failed" and sentence in study.says
    page = zone.client("office").get(f"/circle/studies/{study.pk}/").content.decode()
    assert sentence in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.txt", b"", "GeoJSON"),
        ("x.geojson", b"{", "x"),
        ("x.geojson", b"[]", "x"),
        ("x.geojson", b'{"features": [{"geometry": {"type": "LineString"}}]}', "已损坏"),
        ("x.geojson", geojson(), "没有可走的道路"),
    ],
)
def test_a_file_that_is_no_street(zone: Zone, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(UserError):
        keep_streets(actor=zone.actor("office"), unit=zone.zone, name=name, content=content)
    assert not Streets.objects.exists()


def test_pages_and_who_may(zone: Zone, street: Streets) -> None:
    home(zone, "甲村", 1)
    ground(zone, "示例球场", 0)
    client = zone.client("office")
    sent = client.post(
        "/circle/streets/",
        {"unit": zone.zone.name, "file": SimpleUploadedFile("y.geojson", geojson(STREET))},
    )
    assert sent.status_code == 302 and Streets.objects.get().islands == 0
    study = measured(zone)
    page = client.get(f"/circle/studies/{study.pk}/").content.decode()
    assert "<svg" in page and "甲村" in page
    shown = client.get(f"/circle/studies/{study.pk}/map/")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert client.get(f"/circle/studies/{study.pk}/?format=xlsx").status_code == 200
    with pytest.raises(NotAllowed):
        ask_study(actor=zone.actor("liaison"), unit=zone.zone, kind="any")
    assert np.isfinite(study.result["homes"][0]["before"])
