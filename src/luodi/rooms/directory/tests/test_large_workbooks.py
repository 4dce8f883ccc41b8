"""A large workbook is read and written by the worker, once, as its owner, and a page says how far."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from luodi.ground.imports import running, staging, tasks, working
from luodi.ground.notices.api import Notice
from luodi.lib.codes import example_uscc
from luodi.lib.errors import NotAllowed
from luodi.rooms.directory.api import Enterprise

Captured = Callable[..., Any]


@pytest.fixture(autouse=True)
def large(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(working, "LARGE", 0)


def book(rows: int, code: str = "", district: str = "") -> SimpleUploadedFile:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["统一社会信用代码", "企业名称", "党建区"])
        for number in range(1, rows + 1):
            uscc = code or example_uscc(500 + number)
            page.write_row(number, 0, [uscc, f"示例{number}公司", district])
    return SimpleUploadedFile("企业.xlsx", stream.getvalue())


def job() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'imports.take_in'"
            " ORDER BY id DESC LIMIT 1"
        )
        found: dict[str, Any] = json.loads(cursor.fetchone()[0])
        return found


def send(client: Any, file: SimpleUploadedFile) -> str:
    answer = client.post(reverse("imports:upload", args=["enterprises"]), {"file": file})
    assert answer.status_code == 302
    return str(answer.url)


def test_from_the_upload_to_the_inbox(
    directory: Any, django_capture_on_commit_callbacks: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, before = directory.zone.client("office"), Enterprise.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        address = send(office, book(5, district=directory.zone.district.name))
    page = office.get(address)
    assert "正在试读" in page.content.decode() and page["Refresh"] == "2"

    seen: list[str] = []
    monkeypatch.setattr(running, "BATCH", 2)

    def watch(staged: staging.Staged, **done: Any) -> None:
        keep(staged, **done)
        seen.append(f"{done['rows']}/{done['of']}")

    keep = staging.Staged.progress
    monkeypatch.setattr(staging.Staged, "progress", watch)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.take_in(**job())
    assert seen == ["2/0", "4/0", "5/0"]
    page = office.get(address)
    assert "将新增5条" in page.content.decode() and "Refresh" not in page

    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(address).url == address
    assert "正在写入" in office.get(address).content.decode()
    assert office.post(address).url == address  # impatient: it is in hand
    assert Enterprise.objects.count() == before
    with django_capture_on_commit_callbacks(execute=True):
        tasks.take_in(**job())
    assert seen[-3:] == ["2/5", "4/5", "5/5"]
    assert Enterprise.objects.count() == before + 5
    texts = Notice.objects.filter(account=directory.zone.accounts["office"]).order_by("id")
    assert ["试读" in texts[0].text, "新增5条" in texts[1].text] == [True, True]
    assert office.get(address).url == reverse("directory:enterprises")
    assert office.get(address).status_code == 404  # said once, and nothing is left
    assert not list((settings.DATA_DIR / "imports").iterdir())


def test_a_job_that_runs_again_does_nothing_twice(
    directory: Any, django_capture_on_commit_callbacks: Captured
) -> None:
    office, before = directory.zone.client("office"), Enterprise.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        address = send(office, book(3, district=directory.zone.district.name))
        tasks.take_in(**job())
    with django_capture_on_commit_callbacks(execute=True):
        office.post(address)
    write = job()
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.take_in(**write)
    assert Enterprise.objects.count() == before + 3


def test_what_cannot_be_read_or_written_is_said(
    directory: Any, django_capture_on_commit_callbacks: Captured
) -> None:
    office, before = directory.zone.client("office"), Enterprise.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        address = send(office, SimpleUploadedFile("x.xlsx", b"no workbook"))
        tasks.take_in(**job())
    page = office.get(address)
    assert page.status_code == 422 and "重新上传" in page.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        address = send(office, book(2, code="91140000MA00000000"))
        tasks.take_in(**job())
    page = office.get(address).content.decode()
    assert "需要更正2行" in page and "确认写入" not in page
    with django_capture_on_commit_callbacks(execute=True):
        office.post(address)  # a page that was kept from before
        tasks.take_in(**job())
    page = office.get(address)
    assert page.status_code == 422 and Enterprise.objects.count() == before
    assert "没有写入" in Notice.objects.order_by("-id")[0].text


def test_only_the_owner_sees_it_and_a_closed_account_does_nothing(
    directory: Any, django_capture_on_commit_callbacks: Captured
) -> None:
    office, before = directory.zone.client("office"), Enterprise.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        address = send(office, book(2))
    assert directory.zone.client("instructor").get(address).status_code == 404
    account = directory.zone.accounts["office"]
    account.is_active = False
    account.save()
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(NotAllowed):  # other arguments than those that were signed
            tasks.take_in(**{**job(), "write": True})
        tasks.take_in(**job())
    assert Enterprise.objects.count() == before
