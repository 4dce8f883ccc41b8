"""Problems from Excel: whole or not at all, once, and by the worker where they are many."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from tests.zone import Zone

from luodi.ground.imports import staging, working
from luodi.ground.imports.tasks import take_in
from luodi.ground.scope.api import acting
from luodi.lib.errors import NotFound
from luodi.lib.excel import Row
from luodi.rooms.casework.api import statistics
from luodi.rooms.casework.importing import SHEET, Problems
from luodi.rooms.casework.models import Case, Event, Responsibility

Captured = Callable[..., Any]
URL = "/imports/cases/"
GOOD = ("示例甲公司", "示例：缺水", "示例某", "生产经营")
OTHERS = [(GOOD[0], f"示例：第{n}处缺水", *GOOD[2:]) for n in range(32)]
BAD = ("无此公司", "示例", "示例某", "没有")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


TITLES = ("企业", "问题", "反映人", "类别")


def sheet(*rows: tuple[object, ...], titles: tuple[str, ...] = TITLES) -> SimpleUploadedFile:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate((titles, *rows)):
            page.write_row(number, 0, row)
    return SimpleUploadedFile("问题.xlsx", stream.getvalue())


def send(client: Any, *rows: tuple[object, ...], titles: tuple[str, ...] = TITLES) -> str:
    answer = client.post(URL, {"file": sheet(*rows, titles=titles)})
    assert answer.status_code == 302
    return str(answer.url)


def jobs() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'imports.take_in' ORDER BY id"
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_a_sheet_is_taken_whole_or_not_at_all(
    zone: Zone, django_capture_on_commit_callbacks: Captured
) -> None:
    office = zone.client("office")
    address = send(office, GOOD, BAD, (*GOOD[:1], "长" * 10_001, *GOOD[2:]))
    page = office.get(address).content.decode()
    assert "需要更正2行" in page and "没有这家企业" in page and "可填：" in page
    assert "最多 10000 字" in page and "确认写入" not in page
    wrong = load_workbook(io.BytesIO(b"".join(office.get(f"{address}errors/").streaming_content)))
    assert [row[0].value for row in list(wrong.active.rows)[1:]] == [3, 4]
    for number in (2, 3):  # corrected, it is taken as it is
        for place, value in enumerate((GOOD[0], "示例：改好了", "示例某"), 3):
            wrong.active.cell(number, place).value = value
        wrong.active.cell(number, 7).value = ""
    corrected = io.BytesIO()
    wrong.save(corrected)
    refused = office.post(address)
    assert refused.status_code == 422 and Case.objects.count() == 0
    again = office.post(URL, {"file": SimpleUploadedFile("改.xlsx", corrected.getvalue())})
    page = office.get(address).content.decode()
    assert again.url == address and "将新增2条" in page  # the good row, and two of the same
    assert office.get(f"{address}errors/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(address).url == "/cases/problems/"
    assert list(Case.objects.values_list("channel", "state")) == [("excel", "handling")] * 2
    assert office.post(address).status_code == 404 and Case.objects.count() == 2
    assert not list((settings.DATA_DIR / "imports").iterdir())

    lie = SimpleUploadedFile("问题.xlsx", b"not a sheet")
    assert office.post(URL, {"file": lie}).status_code == 422
    assert office.get(f"{URL}template/").status_code == 200
    assert zone.client("liaison").get(URL).status_code == 403
    assert zone.client("liaison").get(address).status_code == 403


def test_two_who_write_the_same_file_write_it_once(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, actor = zone.client("office"), zone.actor("office")
    digest = send(office, GOOD).rstrip("/").rpartition("/")[2]
    staged = staging.staged(actor.account_id, "cases", digest)
    with monkeypatch.context() as patch, acting(actor):
        patch.setattr(Problems, "write", lambda self, lines: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            working.write(actor=actor, staged=staged)  # what fails leaves the file
    with acting(actor):
        assert working.write(actor=actor, staged=staged)
        with pytest.raises(NotFound):
            working.write(actor=actor, staged=staged)
    assert Case.objects.count() == 1


def test_many_are_left_to_the_worker_and_two_workers_write_them_once(
    zone: Zone, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Captured
) -> None:
    monkeypatch.setattr(working, "LARGE", 0)
    office = zone.client("office")
    with django_capture_on_commit_callbacks(execute=True):
        address = send(office, *OTHERS[:5])
    assert "正在试读" in office.get(address).content.decode() and Case.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        take_in(**jobs()[-1])
    assert "将新增5条" in office.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(address).url == address
    assert office.post(address).url == address and len(jobs()) == 2  # impatient: it is in hand
    with django_capture_on_commit_callbacks():  # committed, but the files are still there
        take_in(**jobs()[-1])
    with django_capture_on_commit_callbacks(execute=True):
        take_in(**jobs()[-1])
    assert Case.objects.count() == 5


def test_many_cost_as_many_statements_as_few(zone: Zone) -> None:
    left, nothing = iter(OTHERS), dict.fromkeys(column.key for column in SHEET.columns)

    def written(count: int) -> int:
        actor = zone.actor("office")
        with acting(actor):
            problems = Problems(actor)
            rows = [
                Row(n, {}, {**nothing, **dict(zip(KEYS, row, strict=True))})
                for n, row in enumerate(islice(left, count))
            ]
            problems.begin()
            lines = problems.check(rows)
            assert not any(line.problems for line in lines)
            with CaptureQueriesContext(connection) as asked:
                problems.write(lines)
        return len(asked)

    written(1)  # the calendar is read once
    assert written(1) == written(30)
    with acting(zone.actor("office")):
        assert Case.objects.count() == 32 and len(set(Case.objects.values_list("code"))) == 32
        assert Event.objects.count() == 64 and Responsibility.objects.count() == 32


KEYS = ("unit", "text", "reporter_name", "category")


def test_the_same_file_twice_is_the_same_problems_once(zone: Zone) -> None:
    office, other = zone.client("office"), (GOOD[0], "示例：停电", "示例某", "")
    office.post(send(office, GOOD, GOOD))
    assert Case.objects.count() == 1  # twice in one file
    again = send(office, GOOD, other)
    assert "将新增1条，更新0条，0条没有变化，1行不写入" in office.get(again).content.decode()
    office.post(again)
    assert sorted(Case.objects.values_list("text", flat=True)) == ["示例：停电", "示例：缺水"]
    over = {
        "closed_at": timezone.now(),
        "waits_on": "",
        "waiting_unit": None,
        "waiting_account": None,
    }
    Case.objects.filter(text="示例：停电").update(**over)
    office.post(send(office, other))  # what was settled may come again
    assert Case.objects.filter(text="示例：停电").count() == 2


HISTORY = ("序号", *TITLES, "反映时间", "责任单位", "完成时限", "办理状态", "办结时间", "办理结果")


def old(
    text: str, raised: str, state: str, ended: str = "", result: str = ""
) -> tuple[object, ...]:
    unit = "示例县供电公司"
    return (1, GOOD[0], f"示例：{text}", "示例赵", "", raised, unit, "", state, ended, result)


def test_a_history_is_brought_along_and_counted_where_one_says_so(zone: Zone) -> None:
    office = zone.client("office")
    rows = [
        old("老问题", "2025-03-01", "已办结", "2025.3.18", "已换线路"),
        old("没办成", "20250301", "已终止", "2025年3月20日"),
        old("还在办", "2025-06-01", "办理中"),
    ]
    address = send(office, *rows, titles=HISTORY)
    page = office.get(address).content.decode()
    assert "计不计入统计" in page and "确认写入" not in page
    assert "不认识的列（未读取）：序号、完成时限" in page
    office.post(f"{address}answers/", {"history": "history"})
    assert office.post(address).status_code == 302
    cases = {one.text[3:]: one for one in Case.objects.all()}
    solved, closed, still = cases["老问题"], cases["没办成"], cases["还在办"]
    assert [one.state for one in (solved, closed, still)] == ["confirmed", "closed", "handling"]
    assert (solved.outcome, solved.confirmed_how, solved.channel) == ("solved", "record", "history")
    assert [f"{timezone.localtime(one):%F}" for one in (solved.raised_at, solved.closed_at)] == [
        "2025-03-01", "2025-03-18",
    ]  # fmt: skip
    assert solved.code.startswith("WT2025-") and still.closed_at is None
    told = solved.events.order_by("version").last()
    assert told.note == "已换线路\n责任单位：示例县供电公司。"
    history = office.get(f"/cases/{solved.code}/").content.decode()
    assert "历史台账" in history and "依历史台账登记结果" in history
    count = partial(statistics, actor=zone.actor("office"), unit=zone.zone)
    year = count(since=dt.date(2025, 1, 1), until=dt.date(2025, 12, 31))
    assert {one.key: one.value for one in year.figures}["solved"] == 1
    again = send(office, *rows, titles=HISTORY)
    assert office.get(again).content.decode().count("同样的") == 3
    archived = send(office, old("更老的", "2025-01-01", "办结", "2025-01-09"), titles=HISTORY)
    office.post(f"{archived}answers/", {"history": "archive"})
    office.post(archived)
    assert Case.objects.filter(channel="archive").count() == 1
    year = count(since=dt.date(2025, 1, 1), until=dt.date(2025, 12, 31))
    assert {one.key: one.value for one in year.figures}["solved"] == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (old("甲", "2025-03-01", "已办结"), "要有办结时间"),
        (old("甲", "2025-03-01", "办理中", "2025-03-02"), "状态却是未办结"),
        (old("甲", "", "已办结", "2025-03-02"), "要有反映时间"),
        (old("甲", "2025-03-05", "已办结", "2025-03-02"), "前后不对"),
        (old("甲", "2999-03-05", "办理中"), "还没有到"),
        (old("甲", "2025-03-05", "悬而未决"), "不认识这种状态"),
    ],
)
def test_a_history_that_cannot_be_is_refused(
    zone: Zone, row: tuple[object, ...], said: str
) -> None:
    office = zone.client("office")
    assert said in office.get(send(office, row, titles=HISTORY)).content.decode()
