"""The pages: the board, the pictures, the files, and what happens at a second click."""

from __future__ import annotations

import html
import io
import re
import uuid
import xml.etree.ElementTree as ET

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.programmes import DUE, SINCE, measure_of, target_of
from tests.zone import Zone

from luodi.ground.scope.api import today
from luodi.rooms.casework.api import Case
from luodi.rooms.programmes import api
from luodi.rooms.programmes.models import Indicator, Observation, Pledge


def queries(zone: Zone, address: str) -> int:
    client = zone.client("office")
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_board_shows_reading_light_due_day_and_gap(zone: Zone) -> None:
    target_of(zone)
    page = zone.client("office").get("/programmes/").content.decode()
    for expected in (
        "产业链党建区数不低于5个",
        "2个",
        "未达到",
        "还差3个",
        "2022-12-31",
        "转为问题",
    ):
        assert expected in page, expected
    assert "/figures/directory.districts/?unit=" in page


def test_the_count_of_a_light_opens_its_targets(zone: Zone) -> None:
    missed, met = target_of(zone), target_of(zone, value="1")
    client = zone.client("office")
    address = f"/programmes/?unit={zone.zone.pk}&at={today()}&light=missed"
    assert html.escape(address) in client.get("/programmes/").content.decode()
    page = client.get(address).content.decode()
    shown = {
        target.pk: re.search(
            rf'<tr role="row"( hidden)?>\s*<td role="cell"\s+class="p-title"><a href="/programmes/targets/{target.pk}/"',
            page,
        )
        for target in (missed, met)
    }
    found = {pk: match is not None and not match.group(1) for pk, match in shown.items()}
    assert found == {missed.pk: True, met.pk: False}


def test_a_measure_without_targets_costs_no_query(zone: Zone) -> None:
    target_of(zone)
    before = {name: queries(zone, f"/programmes/{name}") for name in ("", "roadmap/", "workplan/")}
    for number in range(5):
        measure_of(zone, text=f"示例举措{number}", owner=zone.accounts["instructor"])
    assert {name: queries(zone, f"/programmes/{name}") for name in before} == before


def test_two_clicks_go_to_one_case(zone: Zone) -> None:
    target = target_of(zone)
    client = zone.client("office")
    places = [
        client.post(f"/programmes/targets/{target.pk}/case/", {"_once": key}).headers["Location"]
        for key in (uuid.uuid4(), uuid.uuid4())
    ]
    case = Case.objects.get()
    assert places == [f"/cases/{case.code}/"] * 2
    assert case.code in client.get("/programmes/").content.decode()


@pytest.mark.parametrize("name", ["roadmap", "workplan"])
def test_page_picture_and_file_say_the_same(zone: Zone, name: str) -> None:
    target_of(zone)
    client = zone.client("office")
    for kind in ("svg", "svg-phone"):
        answer = client.get(f"/programmes/{name}/?format={kind}")
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        picture = ET.fromstring(answer.content)  # noqa: S314 - our own
        words = " ".join(part.text or "" for part in picture.iter())
        assert ("产业链党建区数不低于5个" if name == "roadmap" else "示例举措") in words
        assert not [part for part in picture.iter() if "style" in part.attrib]
    file = b"".join(client.get(f"/programmes/{name}/?format=xlsx").streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.values)
    assert len(rows) == 2 and rows[1][:2] == ("示例工程", "示例举措")


def test_a_picture_survives_any_text(zone: Zone) -> None:
    measure_of(zone, text="<script>&\x0b\ud7ff" + "长" * 300)
    answer = zone.client("office").get("/programmes/workplan/?format=svg")
    assert ET.fromstring(answer.content) is not None  # noqa: S314 - our own
    assert b"<script>" not in answer.content


def test_the_forms_carry_out_the_verbs(zone: Zone) -> None:
    client = zone.client("office")

    def post(address: str, **data: object) -> str:
        answer = client.post(address, data)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer.headers["Location"])

    days = {"since": SINCE, "until": DUE}
    place = post("/programmes/new/", unit=zone.zone.name, name="示例工程", position=1, **days)
    measure = {"text": "示例举措", "owner_unit": zone.zone.name, "since": SINCE, "due_on": DUE}
    post(f"{place}measures/new/", position=1, **measure)
    [line] = api.chapters_of(actor=zone.actor("office"), unit=zone.zone, at=DUE)[0].lines
    promised = {"figure": "directory.districts", "comparison": ">=", "value": "2", "due_on": DUE}
    post(f"/programmes/measures/{line.measure.pk}/targets/new/", since=SINCE, **promised)
    pledge = Pledge.objects.get()
    post(
        f"/programmes/targets/{pledge.target_id}/change/",
        **{**promised, "value": "3", "on": DUE, "reason": "示例"},
    )
    page = client.get(f"/programmes/targets/{pledge.target_id}/").content.decode()
    assert "不低于2个" in page and "不低于3个" in page
    refused = client.post(
        f"/programmes/measures/{line.measure.pk}/targets/new/",
        {**promised, "since": SINCE, "value": "很多"},
    )
    assert refused.status_code == 422 and "很多" in refused.content.decode()


def test_a_statement_is_entered_with_its_document_and_corrected(zone: Zone) -> None:
    client = zone.client("office")
    made = {"key": "example", "kind": "growth", "name": "示例增速", "definition": "示例口径"}
    place = client.post("/programmes/indicators/new/", {**made, "places": 1}).headers["Location"]
    source = {"organisation": "示例统计局", "document": "示例公报"}
    entered = {"unit": zone.zone.name, "since": SINCE, "until": DUE, "base": "100", **source}
    missing = client.post(f"{place}observe/", {**entered, "current": "130", "document": ""})
    assert missing.status_code == 422
    file = SimpleUploadedFile("示例公报.txt", "示例".encode())
    good = {**entered, "current": "130", "file": file}
    where = client.post(f"{place}observe/", good).headers["Location"]
    page = client.get(where).content.decode()
    assert "30.0%" in page and "示例公报.txt" in page
    asked = f"?unit={zone.zone.pk}&since={SINCE}&until={DUE}"
    reading = client.get(f"/figures/programmes.example/{asked}").content.decode()
    assert "30.0%" in reading and "示例公报.txt" in reading
    client.post(f"{where}correct/", {**source, "base": "100", "current": "150"})
    assert Indicator.objects.count() == 1 and Observation.objects.count() == 2
    page = client.get(f"/programmes/observations/{Observation.objects.known().get().pk}/")
    assert "50.0%" in page.content.decode() and "30.0%" in page.content.decode()
    assert client.get(f"{where}correct/").status_code == 404
