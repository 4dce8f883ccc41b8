"""The article for a public account: its pictures, where they stand, and what the platform takes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.audit.models import Entry
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.registers import api as registers
from luodi.rooms.reports import api
from luodi.rooms.reports.exports import article as platform
from luodi.rooms.reports.exports.article import known_at
from luodi.rooms.reports.models import Report

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
TEXT = (
    "第一段。\n\n专利{figure: registers.patents.inventions}。\n\n党员{figure: directory.members}。"
)


@pytest.fixture
def report(zone: Zone, settings: Any, tmp_path: Path) -> Report:
    """A published report of a patent with two files of evidence, one of which only looks like a picture."""
    settings.DATA_DIR, settings.EVIDENCE_DIR = tmp_path, tmp_path / "evidence"
    patents = registers.install(actor=SYSTEM, unit=zone.zone, key="patents")
    entry = registers.record_entry(
        actor=SYSTEM,
        register=patents,
        unit=zone.enterprise,
        values={"title": "示例专利", "type": "invention"},
        since=dt.date(2022, 3, 1),
    )
    for name, content in (("示例照片.png", PNG), ("示例说明.txt", "示例".encode())):
        registers.attach(actor=SYSTEM, entry=entry, upload=SimpleUploadedFile(name, content))
    made = api.draft_report(
        actor=SYSTEM,
        template="annual",
        unit=zone.zone,
        since=dt.date(2022, 1, 1),
        until=scope.today(),
    )
    made = api.write_report(actor=SYSTEM, report=made, title="示例报告", text=TEXT)
    return api.publish_report(actor=SYSTEM, report=made)


def test_what_one_may_choose(report: Report) -> None:
    charts, [photo] = api.charts_of(report), api.evidence_of(report)
    assert [one.place for one in charts] == [0, 1] and "发明" in charts[0].label
    assert photo.label == "示例照片.png" and photo.size == len(PNG)


def test_pictures_stand_after_what_they_show(report: Report, zone: Zone) -> None:
    [photo] = api.evidence_of(report)
    stream = api.article_zip(
        actor=zone.actor("office"), report=report, charts=[1], evidence=[photo.place]
    )
    with zipfile.ZipFile(stream) as archive:
        html = archive.read("article.html").decode()
        names = set(archive.namelist())
        assert platform.UPLOAD in archive.read("README.txt").decode()
    evidence, chart = f"pictures/evidence-{photo.place + 1:02d}.png", "pictures/chart-02.png"
    assert {evidence, chart, "article.html", "README.txt"} == names
    assert html.index("第一段") < html.index("专利") < html.index(evidence)
    assert html.index(evidence) < html.index("党员") < html.index(chart)
    assert "<script" not in html and "class=" not in html
    assert Entry.objects.filter(action="report-article").count() == 1


def test_a_chart_is_a_picture_of_what_was_known(report: Report, zone: Zone) -> None:
    office = zone.actor("office")
    first = api.pictures_of(actor=office, report=report, charts=[0])
    entry = registers.Entry.objects.get()
    registers.withdraw_entry(actor=SYSTEM, entry=entry, reason="示例")
    [again] = api.pictures_of(actor=office, report=report, charts=[0])
    assert again.content.startswith(b"\x89PNG") and again == first[0]
    assert len(again.content) < platform.SENT_BYTES.most


def test_a_report_from_before_the_trail_has_charts_of_what_is_known_now(
    report: Report, zone: Zone
) -> None:
    assert known_at(report) == report.published_at
    report.published_at = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    assert known_at(report) is None
    [chart] = api.pictures_of(actor=zone.actor("office"), report=report, charts=[1])
    assert chart.content.startswith(b"\x89PNG")
    Report.objects.filter(pk=report.pk).update(published_at=report.published_at)
    page = zone.client("office").get(f"/reports/{report.pk}/article/?charts=1")
    assert "按现在的记录" in page.content.decode()


def test_who_may_and_what_is_refused(report: Report, zone: Zone, settings: Any) -> None:
    [photo] = api.evidence_of(report)
    member = zone.actor("branch_secretary")
    with pytest.raises(NotAllowed):
        api.pictures_of(actor=member, report=report, evidence=[photo.place])
    office = zone.actor("office")
    for wrong in (photo.place + 1, 99, -1):
        with pytest.raises(UserError):
            api.pictures_of(actor=office, report=report, evidence=[wrong])
    with pytest.raises(UserError):
        api.pictures_of(actor=office, report=report, charts=[99])
    for path in settings.EVIDENCE_DIR.rglob("*"):
        if path.is_file() and path.read_bytes() == PNG:
            path.chmod(0o600)
            path.write_bytes(b"<svg onload=alert(1)>")
    with pytest.raises(UserError, match="不是图片"):
        api.pictures_of(actor=office, report=report, evidence=[photo.place])


def test_the_limit_counts_no_pictures_but_all_tags(report: Report, zone: Zone) -> None:
    pictures = api.pictures_of(actor=zone.actor("office"), report=report, charts=[1])
    shown = api.article(report.sealed["document"], pictures, lambda one: one.data)
    assert "data:image/png;base64," in shown
    assert len(shown) > platform.CHARACTERS.most  # the data are not the platform's to count
    long = dict(report.sealed["document"])
    long["parts"] = [
        {"kind": "paragraph", "level": 0, "label": "", "runs": [["示" * 19_990, None]], "rows": []}
    ]
    with pytest.raises(UserError, match="公众号最多"):
        api.article(long)


def test_on_the_page_and_over_rest(report: Report, zone: Zone) -> None:
    office = zone.client("office")
    page = office.get(f"/reports/{report.pk}/article/").content.decode()
    assert "data-copy" in page and "示例照片.png" in page
    shown = office.get(f"/reports/{report.pk}/article/shown/", {"charts": ["1"]})
    assert "data:image/png" in shown.content.decode()
    assert "script" not in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert office.get(f"/reports/{report.pk}/article/", {"charts": ["77"]}).status_code == 422
    file = office.get(f"/reports/{report.pk}/article/", {"charts": ["1"], "format": "zip"})
    assert zipfile.is_zipfile(io.BytesIO(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
    rest = Rest(token_of(zone, "office"))
    offered = rest.get(f"/reports/{report.pk}/article").json()
    assert len(offered["charts"]) == 2 and len(offered["evidence"]) == 1
    answer = rest.post(f"/reports/{report.pk}/article", {"charts": [0]})
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))
