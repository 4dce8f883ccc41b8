"""A kind of record that is declared once comes from a ledger and goes into one."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client
from tests.zone import Zone

from luodi.ground.scope.api import acting
from luodi.rooms.places.models import Room, Venue


def workbook(*rows: list[object]) -> io.BytesIO:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    out.seek(0)
    out.name = "场所.xlsx"
    return out


def sent(client: Client, kind: str, file: io.BytesIO) -> str:
    """Uploads a file and gives the address of its dry run."""
    answer = client.post(f"/imports/{kind}/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return str(answer["Location"])


def test_there_and_back(zone: Zone) -> None:
    client = zone.client("office")
    assert "从 Excel 导入" in client.get("/places/venues/").content.decode()
    table = Venue._meta.db_table
    report = sent(
        client,
        table,
        workbook(["名称", "类型", "单位"], ["示例中心", "党群服务中心", zone.zone.name]),
    )
    assert "示例中心" in client.get(report).content.decode()
    assert client.post(report).status_code == 302
    with acting(zone.actor("office")):
        assert Venue.objects.get().unit == zone.zone
    # a change is shown from what to what; a room names its venue
    again = sent(
        client, table, workbook(["名称", "类型", "单位"], ["示例中心", "培训场所", zone.zone.name])
    )
    page = client.get(again).content.decode()
    assert "党群服务中心" in page and "培训场所" in page
    rooms = sent(
        client,
        Room._meta.db_table,
        workbook(
            ["名称", "场所", "用途", "座位", "设备"],
            ["示例一号", "示例中心", "会议室", 20, "大屏、白板"],
        ),
    )
    client.post(rooms)
    with acting(zone.actor("office")):
        room = Room.objects.get()
    assert (room.seats, sorted(room.equipment)) == (20, ["board", "screen"])


@pytest.mark.parametrize("role", ["liaison", "auditor"])
def test_who_may_not_write_brings_nothing(zone: Zone, role: str) -> None:
    answer = zone.client(role).get(f"/imports/{Venue._meta.db_table}/")
    assert answer.status_code == 403
