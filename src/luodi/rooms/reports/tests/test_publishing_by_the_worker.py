"""A report of many rows is published by the worker, once, as who asked for it."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.zone import Zone

from luodi.ground.figures import api as figures
from luodi.ground.notices.api import Notice
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Actor
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.reports import api, tasks
from luodi.rooms.reports.language import Document
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.verbs import publishing
from luodi.rooms.reports.verbs.publishing import carry_out_publishing, order_of


@pytest.fixture(autouse=True)
def many(zone: Zone, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(publishing, "ROWS_AT_ONCE", -1)


def draft(zone: Zone, text: str = "党员{figure: directory.members}。") -> Report:
    made = api.draft_report(
        actor=SYSTEM,
        template="annual",
        unit=zone.zone,
        since=dt.date(2022, 1, 1),
        until=scope.today(),
    )
    return api.write_report(actor=SYSTEM, report=made, title="示例报告", text=text)


def jobs() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'reports.publish'")
        return [json.loads(row[0]) for row in cursor.fetchall()]


def carried_out(report: Report) -> bool:
    """Whether the worker published it, by the last job."""
    return carry_out_publishing(report.pk, jobs()[-1]["order"])


def test_a_job_in_another_s_name_publishes_nothing(zone: Zone) -> None:
    """The attack: who may write a report of the own unit puts another's name there, and a job."""
    report = draft(zone)
    api.ask_to_publish(actor=zone.actor("office"), report=report)
    asked = jobs()[-1]
    api.call_off(actor=zone.actor("office"), report=report)
    Report.objects.update(
        state="publishing",
        published_by=zone.accounts["secretary"],
        asked_at=dt.datetime.now(dt.UTC),
    )
    report.refresh_from_db()
    for job in (
        {"report_id": report.pk, "order": order_of(report), "proof": ""},
        {**asked, "order": order_of(report)},
    ):
        with pytest.raises(NotAllowed):
            tasks.publish(**job)
    tasks.publish(**asked)  # signed, but for what somebody else asked then
    assert not Report.objects.get().packed
    Report.objects.update(
        published_by=zone.accounts["office"], asked_at=asked["order"][1], text="假"
    )
    tasks.publish(**asked)
    assert not Report.objects.get().packed


def test_from_the_page_to_the_worker_and_back(zone: Zone) -> None:
    office, report = zone.client("office"), draft(zone)
    page = office.post(f"/reports/{report.pk}/publish/", follow=True)
    assert "正在签发" in page.content.decode() and page["Refresh"] == "2"
    assert [one["report_id"] for one in jobs()] == [report.pk]
    assert office.get(f"/reports/{report.pk}/edit/").status_code == 302
    with pytest.raises(UserError):
        api.write_report(actor=SYSTEM, report=report, title="示例", text="示例")
    assert office.get(f"/reports/{report.pk}/file/sealed/").status_code == 302  # not yet
    assert carried_out(report)
    done = Report.objects.get()
    assert done.state == "published" and done.published_by == zone.accounts["office"]
    assert api.verify(io.BytesIO(api.sealed_bytes(actor=SYSTEM, report=done))).good
    assert "已签发" in Notice.objects.get(account=zone.accounts["office"]).text
    page = office.get(f"/reports/{report.pk}/")
    assert "已签发" in page.content.decode() and "Refresh" not in page


def test_how_far_it_is_is_shown_meanwhile(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    office = zone.client("office")
    report = draft(zone, "{figure: directory.members}，{figure: directory.branches}。")
    page = office.post(f"/reports/{report.pk}/publish/", follow=True).content.decode()
    assert "在等后台任务程序着手" in page and "<progress" not in page
    heard, freeze = [], figures.freeze

    def frozen(reading: figures.Reading) -> figures.Frozen:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
        page = office.get(f"/reports/{report.pk}/").content.decode()
        heard.append(re.search("已读出.个数据，共.个", page)[0])  # type: ignore[index]
        return freeze(reading)

    monkeypatch.setattr(figures, "freeze", frozen)
    assert carried_out(report)
    assert heard == ["已读出0个数据，共2个", "已读出1个数据，共2个"]


def test_a_job_that_runs_twice_publishes_once(zone: Zone) -> None:
    report = draft(zone)
    api.ask_to_publish(actor=zone.actor("office"), report=report)
    with pytest.raises(UserError):
        api.ask_to_publish(actor=zone.actor("office"), report=report)
    assert carried_out(report)
    sealed = bytes(Report.objects.get().packed)
    assert not carried_out(report)
    assert bytes(Report.objects.get().packed) == sealed and Notice.objects.count() == 1


@pytest.mark.parametrize("lost", ["account", "roles"])
def test_who_may_no_longer_publish_does_not(zone: Zone, lost: str) -> None:
    report = draft(zone)
    api.ask_to_publish(actor=zone.actor("office"), report=report)
    if lost == "account":
        scope.set_active(actor=SYSTEM, account=zone.accounts["office"], active=False)
    else:
        zone.accounts["office"].roles.all().delete()
    assert carried_out(report)
    again = Report.objects.get()
    assert again.state == "draft" and again.trouble and not again.packed
    page = zone.client("secretary").get(f"/reports/{report.pk}/").content.decode()
    assert again.trouble in page


def test_called_off_it_is_a_draft_and_the_job_finds_nothing(zone: Zone) -> None:
    report = draft(zone)
    office = zone.client("office")
    office.post(f"/reports/{report.pk}/publish/")
    office.post(f"/reports/{report.pk}/call-off/")
    assert Report.objects.get().state == "draft" and not carried_out(report)


def test_what_is_false_is_refused_at_once(zone: Zone) -> None:
    report = draft(zone, "党员{figure: directory.members | 超过 30人}。")
    with pytest.raises(UserError, match="不能签发"):
        api.ask_to_publish(actor=zone.actor("office"), report=report)
    assert Report.objects.get().state == "draft" and not jobs()


def test_a_report_is_rendered_once(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read to refuse what is false is what is signed."""
    rendered, draft_of = [], publishing.draft_of

    def counted(actor: Actor, report: Report) -> Document:
        rendered.append(report.pk)
        return draft_of(actor, report)

    monkeypatch.setattr(publishing, "draft_of", counted)
    monkeypatch.setattr(publishing, "ROWS_AT_ONCE", 10)
    report = api.ask_to_publish(actor=zone.actor("office"), report=draft(zone))
    assert report.state == "published" and rendered == [report.pk]
