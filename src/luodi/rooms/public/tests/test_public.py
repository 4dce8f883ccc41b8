"""The public's pages: found without an account, nothing personal, large type kept, a minute old at most."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from tests.zone import Zone

from luodi.ground.records.api import create_record, resource_of
from luodi.ground.scope.api import SYSTEM, today
from luodi.lib.errors import UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.models import Case
from luodi.rooms.circle.models import Settlement
from luodi.rooms.places.api import OpeningHours, Room, Venue
from luodi.rooms.public.keeping import forget
from luodi.rooms.seasons import api as seasons


def made(model: Any, **values: Any) -> Any:
    resource = resource_of(model)
    assert resource is not None
    return create_record(actor=SYSTEM, resource=resource, values=resource.completed(values))


@pytest.fixture(autouse=True)
def fresh(db: None) -> None:
    forget()


@pytest.fixture
def season(zone: Zone) -> dict[str, Any]:
    year = today().year
    at = {"lon": "111.70", "lat": "37.20"}
    one = made(
        seasons.Season,
        name="示例演出季",
        unit=zone.county,
        starts_on=dt.date(year, 1, 1),
        ends_on=dt.date(year + 1, 12, 31),
        shows=10,
    )
    troupe = made(seasons.Troupe, name="示例剧团", unit=zone.county, **at)
    play = made(seasons.Play, troupe=troupe, name="示例戏", kind="晋剧")
    village = made(
        seasons.Village, name="示例村", township="示例镇", unit=zone.county, people=900, **at
    )
    return {"season": one, "troupe": troupe, "play": play, "village": village}


def plays(season: dict[str, Any], on: dt.date) -> Any:
    return seasons.add_performance(actor=SYSTEM, on=on, **season)


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_tonights_show_is_found(season: dict[str, Any]) -> None:
    plays(season, today())
    later = plays(season, today() + dt.timedelta(days=3))
    assert "示例戏" in page("/public/")
    assert "示例镇 示例村" in page("/public/events/?q=示例村")
    assert "没有找到" in page("/public/events/?q=别的村")
    assert 'role="alert"' in page("/public/events/?on=2022-13-01")
    seasons.cancel_performance(actor=SYSTEM, performance=later, reason="下雨")
    forget()
    shown = page("/public/events/")
    assert "取消：" in shown and "下雨" in shown
    calendar = Calendar.from_ical(Client().get("/public/events.ics").content)
    states = [str(event["STATUS"]) for event in calendar.walk("VEVENT")]
    assert sorted(states) == ["CANCELLED", "CONFIRMED"]
    news = ElementTree.fromstring(Client().get("/public/events.rss").content)  # noqa: S314 - our own
    assert len(news.findall("./channel/item")) == 2


def ground(zone: Zone, name: str, lon: str, open_to: str = "all") -> None:
    venue = made(
        Venue,
        name=name,
        kind="sports",
        unit=zone.zone,
        open_to=open_to,
        longitude=lon,
        latitude="37.2",
    )
    made(Room, name="场地", venue=venue, kind="pitch", ground="football_7")
    made(OpeningHours, venue=venue, weekdays=["6", "7"], opens=dt.time(9), closes=dt.time(17))


def test_the_nearest_ground_to_a_typed_place(zone: Zone) -> None:
    for name, lon in (("示例远球场", "111.9"), ("示例近球场", "111.71")):
        ground(zone, name, lon)
    ground(zone, "示例内部球场", "111.7", open_to="unit")
    made(Settlement, name="示例西村", unit=zone.zone, longitude="111.7", latitude="37.2", adults=10)
    shown = page("/public/places/?near=西村")
    assert shown.index("示例近球场") < shown.index("示例远球场") and "0.9 公里" in shown
    assert "示例内部球场" not in shown and "周六、周日 09:00—17:00" in shown
    assert "没有认出" in page("/public/places/?near=不知道的地方")


def test_a_broken_lamp_is_raised_and_followed(zone: Zone) -> None:
    assert "还没有开放" in page("/public/raise/")
    made_form = casework.intake_of(actor=zone.actor("office"), unit=zone.zone)
    forget()
    assert made_form.token in page("/public/raise/")
    with pytest.raises(UserError):
        casework.intake_of(actor=SYSTEM, unit=zone.district)
    receipt = casework.report_publicly(
        token=made_form.token, text="示例：球场的灯坏了", who="示例居民"
    )
    case = Case.objects.get(code=receipt.code)
    assert case.unit_id == zone.zone.pk and case.waiting_unit_id == zone.zone.pk
    assert casework.look_up(code=receipt.code, word=receipt.word)


def test_large_type_is_kept_by_one_cookie(zone: Zone) -> None:
    client = Client()
    assert 'class="public"' in client.get("/public/").content.decode()
    back = client.post("/public/type/", {"elder": "1", "next": "/public/events/"})
    assert back["Location"] == "/public/events/" and "elder" in client.cookies
    assert 'class="public large"' in client.get("/public/").content.decode()
    assert client.post("/public/type/", {"next": "//evil.example"})["Location"] == "/public/"
    assert 'class="public"' in client.get("/public/").content.decode()


def test_a_page_is_kept_for_a_minute_and_no_query(
    zone: Zone,
) -> None:
    page("/public/events/")
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/public/events/")
    assert "max-age=60" in answer["Cache-Control"]
    assert not [one for one in captured.captured_queries if "seasons_" in one["sql"]]
