"""Problems from Excel: whole or not at all, once, and by the worker where they are many."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
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
from luodi.rooms.casework.importing import Problems
from luodi.rooms.casework.models import Case, Event, Responsibility

Captured = Callable[..., Any]
URL = "/imports/cases/"
GOOD = ("示例甲公司", "示例：缺水", "示例某", "生产经营")
OTHERS = [(GOOD[0], f"示例：第{n}处缺水", *GOOD[2:]) for n in range(32)]
BAD = ("无此公司", "示例", "示例某", "没有")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


def sheet(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate((("企业", "问题", "反映人", "类别"), *rows)):
            page.write_row(number, 0, row)
    return SimpleUploadedFile("问题.xlsx", stream.getvalue())


def send(client: Any, *rows: tuple[str, ...]) -> str:
    answer = client.post(URL, {"file": sheet(*rows)})
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
    left = iter(OTHERS)

    def written(count: int) -> int:
        actor = zone.actor("office")
        with acting(actor):
            problems = Problems(actor)
            rows = [
                Row(n, {}, {"reporter_phone": None, **dict(zip(KEYS, row, strict=True))}, ())
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
