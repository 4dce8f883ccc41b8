"""A book of meetings from Excel: a wrong row is named, nothing is lost, nothing comes twice."""

from __future__ import annotations

import io

import openpyxl
from django.test import Client

from luodi.ground.scope.api import acting
from luodi.rooms.gatherings.api import Gathering, State
from luodi.rooms.gatherings.tests.conftest import Company

TITLES = ["单位", "类型", "主题", "开始时间", "结束时间", "地点", "议程", "应到人数", "实到人数"]


def book(company: Company, *, wrong: str = "") -> io.BytesIO:
    made, out = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.append(TITLES)
    for month in range(1, 9):
        started = wrong if month == 6 and wrong else f"2021-{month:02d}-15 15:00"
        came = 4 + month % 3
        sheet.append(
            [
                company.unit.name,
                "主题党日",
                f"{month}月主题党日",
                started,
                None,
                "活动室",
                "",
                6,
                came,
            ]
        )
    made.save(out)
    out.seek(0)
    out.name = "会议记录本.xlsx"
    return out


def dry_run(client: Client, file: io.BytesIO) -> str:
    answer = client.post("/imports/gatherings_gathering/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return str(answer["Location"])


def test_a_wrong_row_7_is_named_and_the_others_come_once(company: Company) -> None:
    client = company.zone.client("branch_secretary")
    report = dry_run(client, book(company, wrong="2021年2月31日"))
    page = client.get(report).content.decode()
    assert "7" in page and "2月31日" in page
    client.post(report)
    with acting(company.secretary):
        assert Gathering.objects.count() in {0, 7}
    report = dry_run(client, book(company))
    assert client.post(report).status_code == 302
    with acting(company.secretary):
        rows = Gathering.objects.counted().order_by("starts_at")
        assert [(one.expected, one.attending) for one in rows][:3] == [(6, 5), (6, 6), (6, 4)]
        assert rows.count() == 8 and {one.state for one in rows} == {State.HELD}
        assert rows[0].entered_late is not None
    again = dry_run(client, book(company))
    client.post(again)
    with acting(company.secretary):
        assert Gathering.objects.count() == 8
