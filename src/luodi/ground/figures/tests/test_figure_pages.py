"""The board, the page of a reading, the tags; over REST and on the command line."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from urllib.parse import quote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import RequestFactory
from tests.casework_pages import handled, queries, raised
from tests.expect import PDF
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.audit.api import Entry
from luodi.ground.figures.api import read
from luodi.ground.figures.tests.conftest import now
from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.rooms.casework import api as casework
from luodi.rooms.directory.api import Person

Member = Callable[..., Person]


def shown(zone: Zone, role: str, address: str, status: int = 200) -> str:
    answer = zone.client(role).get(address)
    assert answer.status_code == status, address
    return str(answer.content.decode())


def test_a_reading_says_what_and_of_what(zone: Zone) -> None:
    case = handled(zone)
    upload = SimpleUploadedFile("示例证明.pdf", PDF)
    casework.attach(actor=SYSTEM, case=case, upload=upload)
    page = shown(zone, "office", "/figures/casework.received/")
    assert '<div class="value">1个</div>' in page
    assert f"/cases/{case.code}/" in page and "示例证明.pdf" in page
    assert "按反映时间计" in page and "党工委书记" in page
    [digest] = [read(actor=SYSTEM, key="casework.received", unit=zone.zone, until=today()).digest]
    assert digest in page


def test_who_may_not_open_the_rows_is_told(zone: Zone, member: Member) -> None:
    member(1)
    assert "示例党员1" in shown(zone, "office", "/figures/directory.members/")
    page = shown(zone, "liaison", "/figures/directory.members/")
    assert "示例党员1" not in page and "看不到其中是哪些人" in page
    sheet = zone.client("liaison").get("/figures/directory.members/?format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.getvalue())).active.values)
    assert not any("示例党员1" in str(row) for row in rows)
    assert shown(zone, "part_time_member", "/figures/directory.members/").count("请先选一个") == 1
    for unit in (zone.zone.pk, zone.elsewhere.pk, 10**15, "哪里"):
        assert "您无权查看" in shown(
            zone, "liaison", f"/figures/directory.members/?unit={unit}", 422
        )
    assert shown(zone, "office", "/figures/directory.nonsense/", 404)


def test_nonsense_in_the_address_is_answered(zone: Zone) -> None:
    for rest in (
        "until=gestern",
        "known_at=x",
        "since=2022-99-01",
        "p-category=17777777",
        "page=x",
    ):
        status = 200 if rest == "page=x" else 422
        unit = quote(f"{zone.zone.name} #{zone.zone.pk}")
        shown(zone, "office", f"/figures/casework.solved/?unit={unit}&{rest}", status)


def test_the_past_is_read_from_the_page(zone: Zone, member: Member) -> None:
    member(1)
    before = now()
    member(2)
    address = f"/figures/directory.members/?known_at={quote(before.isoformat())}"
    page = shown(zone, "office", address)
    assert '<div class="value">1人</div>' in page and "录入情况回溯" in page
    assert '<div class="value">2人</div>' in shown(zone, "office", "/figures/directory.members/")
    gone = shown(zone, "office", "/figures/directory.members/?known_at=1999-01-01T00:00", 422)
    assert "还没有开始记录" in gone


def test_a_year_is_drawn_as_a_fragment_or_in_the_page(zone: Zone, member: Member) -> None:
    member(1, today() - dt.timedelta(days=100))
    whole = shown(zone, "office", "/figures/directory.members/?trend=1")
    assert whole.count("<circle") == 12 and "<h1>" in whole
    answer = zone.client("office").get(
        "/figures/directory.members/?trend=1",
        headers={"HX-Request": "true", "HX-Target": "trend"},
    )
    part = answer.content.decode()
    assert part.count("<circle") == 12 and "<h1>" not in part
    assert "/figures/directory.members/?unit=" in part


def test_all_rows_leave_as_a_file_and_the_trail_knows(zone: Zone, member: Member) -> None:
    for number in range(3):
        member(number)
    answer = zone.client("office").get("/figures/directory.members/?format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert [row[1] for row in rows[-3:]] == [f"示例党员{number}" for number in range(3)]
    entry = Entry.objects.filter(action="export").latest("id")
    assert entry.subject_id == "directory.members" and entry.changes["rows"] == [None, 3]


def test_the_board_finds_and_opens(zone: Zone, member: Member) -> None:
    member(1)
    page = shown(zone, "office", "/figures/?q=党员")
    assert "党员人数" in page and "解决问题数" not in page and ">1人</a>" in page
    assert "没有找到" in shown(zone, "office", "/figures/?q=qwertz")
    assert shown(zone, "part_time_member", "/figures/").count("1人</a>") == 0
    shown(zone, "office", "/figures/?unit=哪里")


def test_pages_take_the_same_queries_however_much_there_is(zone: Zone, member: Member) -> None:
    member(1)
    raised(zone)
    addresses = ("/figures/", "/figures/directory.members/", "/figures/casework.received/")
    client = zone.client("office")
    few = [queries(client, one) for one in addresses]
    for number in range(2, 8):
        member(number)
        raised(zone)
    assert [queries(client, one) for one in addresses] == few
    assert few[1] < 20


def test_tags_link_numbers(zone: Zone, member: Member) -> None:
    member(1)
    request = RequestFactory().get("/")
    request.actor = zone.actor("office")  # type: ignore[attr-defined]
    names = {"request": request, "unit": zone.enterprise, "zone": zone.zone, "day": today()}

    def written(text: str) -> str:
        return Template("{% load figures %}" + text).render(Context(names))

    with acting(request.actor):  # type: ignore[attr-defined]
        read_there = written('{% figure "directory.members" unit=unit until=day %}')
        assert ">1人</a>" in read_there and f"unit={zone.enterprise.pk}" in read_there
        link = written('{% figure_link "casework.solved" 24 unit=unit until=day own="1" %}')
        assert "p-own=1" in link and ">24</a>" in link
    request.actor = zone.actor("liaison")  # type: ignore[attr-defined]
    with acting(request.actor):  # type: ignore[attr-defined]
        assert "—" in written('{% figure "directory.members" unit=zone until=day %}')


def test_over_rest(zone: Zone, member: Member) -> None:
    for number in range(3):
        member(number)
    office = Rest(token_of(zone, "office"))
    listed = office.get(f"/figures?q={quote('党员人数')}").json()["items"]
    assert listed[0]["key"] == "directory.members" and listed[0]["unit"] == "人"
    address = f"/figures/directory.members?unit={zone.zone.pk}&until={today()}&per_page=2&page=2"
    found = office.get(address).json()
    assert (found["value"], found["count"], len(found["rows"])) == ("3", 3, 1)
    assert found["rows"][0]["label"] == "示例党员2" and len(found["digest"]) == 64
    months = office.get(f"/figures/directory.members/trend?unit={zone.zone.pk}").json()["items"]
    assert len(months) == 12 and months[-1] == {"on": today().isoformat(), "value": "3"}
    liaison = Rest(token_of(zone, "liaison"))
    assert liaison.get(address).status_code == 403
    own = liaison.get(f"/figures/directory.members?unit={zone.enterprise.pk}").json()
    assert (own["value"], own["rows"], own["may_open"]) == ("3", [], False)
    assert office.get("/figures/directory.members?unit=999999").status_code == 404
    assert office.get(f"/figures/directory.members?unit={zone.zone.pk}&p-x=1").status_code == 422


def test_on_the_command_line(
    zone: Zone, member: Member, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    tmp_path,
) -> None:  # fmt: skip
    from luodi.cli import figures as command
    from luodi.cli import parser

    monkeypatch.setattr(command, "ready", lambda: None)
    member(1)

    def ran(*words: str) -> str:
        options = parser().parse_args(["figure", *words])
        assert options.run(options) == 0
        return capsys.readouterr().out

    assert "directory.members" in ran("list", "党员")
    assert "示例党员1" in ran("read", "directory.members")
    file = tmp_path / "rows.xlsx"
    whole = json.loads(ran("read", "directory.members", "--json", "--as", "office").strip())
    assert whole["value"] == "1" and whole["figure"]["key"] == "directory.members"
    assert "1 条 rows" in ran("read", "directory.members", "--xlsx", str(file))
    assert file.read_bytes()[:2] == b"PK"
