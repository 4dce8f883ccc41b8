"""The pages of reports, and the same over REST."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM
from luodi.rooms.reports import anonymous, api
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.verifying import STRANGER


@pytest.fixture
def office(zone: Zone, settings: Any, tmp_path: Path) -> Client:
    settings.DATA_DIR = tmp_path
    return zone.client("office")


def draft(zone: Zone, text: str = "党员{figure: directory.members}。") -> Report:
    made = api.draft_report(
        actor=SYSTEM,
        template="annual",
        unit=zone.zone,
        since=dt.date(2022, 1, 1),
        until=scope.today(),
    )
    return api.write_report(actor=SYSTEM, report=made, title="示例报告", text=text)


def test_from_template_to_published_report(office: Client, zone: Zone) -> None:
    begun = {
        "template": "bulletin",
        "unit": zone.zone.pk,
        "since": "2022-12-01",
        "until": "2022-12-31",
    }
    answer = office.post("/reports/draft/", begun)
    report = Report.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/reports/{report.pk}/"
    page = office.get(answer["Location"]).content.decode()
    assert "2022年12月，全区收到问题" in page and "/figures/casework.received/" in page
    words = {
        "title": "示例通报",
        "text": "收到{figure: casework.received}。",
        "version": report.version,
    }
    assert office.post(f"/reports/{report.pk}/edit/", words).status_code == 302
    assert office.post(f"/reports/{report.pk}/publish/").status_code == 302
    page = office.get(f"/reports/{report.pk}/").content.decode()
    assert "已签发" in page and f"/reports/{report.pk}/readings/1/" in page
    for more in ("readings/1/", "compare/"):
        assert office.get(f"/reports/{report.pk}/{more}").status_code == 200


def test_a_false_sentence_stands_in_the_margin(office: Client, zone: Zone) -> None:
    report = draft(zone, "开头\n党员{figure: directory.members | 超过 30人}。")
    page = office.get(f"/reports/{report.pk}/").content.decode()
    assert "第2行" in page and "超过30人" in page and "不成立" in page
    answer = office.post(f"/reports/{report.pk}/publish/", follow=True)
    assert "不能签发" in answer.content.decode()
    assert Report.objects.get().state == "draft"


def test_the_preview_of_a_template(office: Client, zone: Zone) -> None:
    given = {
        "title": "{year}年",
        "text": "党员{figure: directory.members}，共90人。",
        "unit": zone.zone.pk,
        "since": "2022-01-01",
        "until": "2022-12-22",
    }
    page = office.post("/reports/preview/", given).content.decode()
    assert "2022年" in page and "0人" in page and "没有台账" in page and "<html" not in page
    page = office.post("/reports/templates/new/", given | {"preview": "1"}).content.decode()
    assert "没有台账" in page and "<html" in page and not api.templates()
    answer = office.post("/reports/templates/new/", given)
    [made] = api.templates()
    assert answer["Location"] == f"/reports/templates/{made.key}/"
    assert office.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("form", ["docx", "pdf", "article", "sealed", "pack"])
def test_files_of_a_report(office: Client, zone: Zone, form: str) -> None:
    report = draft(zone)
    if form in {"sealed", "pack"}:
        assert office.get(f"/reports/{report.pk}/file/{form}/").status_code == 302
    api.publish_report(actor=SYSTEM, report=report)
    answer = office.get(f"/reports/{report.pk}/file/{form}/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    if form == "article":
        return
    upload = SimpleUploadedFile("示例", content)
    page = office.post("/reports/verify/", {"file": upload}).content.decode()
    assert "完好" in page
    broken = SimpleUploadedFile("示例", content[: len(content) // 2])
    page = office.post("/reports/verify/", {"file": broken}).content.decode()
    assert "与签发时不一致" in page
    member = zone.client("part_time_member").get(f"/reports/{report.pk}/file/{form}/")
    assert member.status_code == (403 if form in {"sealed", "pack"} else 200)


def test_a_file_is_verified_without_an_account(office: Client, zone: Zone) -> None:
    report = api.publish_report(actor=SYSTEM, report=draft(zone))
    made = api.official_document(actor=SYSTEM, report=report).docx()
    stranger = Client()
    assert api.public_of(api.signing_key()) in stranger.get("/reports/key/").content.decode()
    answer = stranger.post("/reports/verify/", {"file": SimpleUploadedFile("示例", made)})
    page = answer.content.decode()
    assert answer.status_code == 200 and "完好" in page
    assert "示例支部" not in page and "/reports/templates/" not in page and 'id="nav"' not in page


def test_a_strangers_files_are_few_and_small(
    office: Client, zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = Client()

    def sent(content: bytes, address: str = "/reports/verify/") -> int:
        upload = {"file": SimpleUploadedFile("示例", content)}
        return int(stranger.post(address, upload).status_code)

    monkeypatch.setattr(anonymous, "MOST_MB", 0)
    assert sent(b"x") == sent(b"x", "/api/reports/verify") == 429
    monkeypatch.undo()
    for turn in range(anonymous.PER_ADDRESS):
        assert sent(b"x", ("/reports/verify/", "/api/reports/verify")[turn % 2]) == 200
    assert sent(b"x") == sent(b"x", "/api/reports/verify") == 429
    assert stranger.get("/reports/verify/").status_code == 200
    assert (
        office.post("/reports/verify/", {"file": SimpleUploadedFile("示例", b"x")}).status_code
        == 200
    )


def test_what_a_hostile_file_may_cost(zone: Zone) -> None:
    """A zip that unpacks to more than it may, and JSON that is longer than it may be."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", '{"manifest": {"files": {}}, "signature": {}}')
        archive.writestr("report.json", b"[" * 1000)
    limits = dataclasses.replace(STRANGER, unpacked=900, parsed=10_000)
    for stream, most in (
        (bomb, limits),
        (bomb, dataclasses.replace(STRANGER, unpacked=10_000, parsed=900)),
        (io.BytesIO(b"[" * 20_000), limits),
    ):
        stream.seek(0)
        verdict = api.verify(stream, limits=most)
        assert [one.part for one in verdict.findings] == ["size"] and not verdict.good


def test_the_public_key_is_shown(office: Client) -> None:
    page = office.get("/reports/key/").content.decode()
    assert api.public_of(api.signing_key()) in page


def test_over_rest(zone: Zone, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    rest = Rest(token_of(zone, "office"))
    begun = {
        "template": "bulletin",
        "unit_id": zone.zone.pk,
        "since": "2022-12-01",
        "until": "2022-12-31",
    }
    made = rest.post("/reports", begun).json()
    assert made["state"] == "draft"
    seen = rest.get(f"/reports/{made['id']}/document").json()
    assert seen["problems"] == [] and seen["parts"]
    words = {"title": "示例", "text": "示例", "head": {"number": "示例〔2022〕1号"}}
    assert rest.send("PATCH", f"/reports/{made['id']}", words).status_code == 200
    head = Report.objects.get().head
    assert head["number"] == "示例〔2022〕1号" and head["signer"] == zone.zone.name
    trail = zone.client("auditor").get("/audit/").content.decode()
    assert "填写发文字号：示例〔2022〕1号" in trail and "signed_on=" not in trail
    other = rest.post("/reports", begun).json()
    assert rest.send("DELETE", f"/reports/{other['id']}").status_code == 204
    published = rest.post(f"/reports/{made['id']}/publish", {}).json()
    assert published["state"] == "published" and published["key_id"]
    sealed = rest.get(f"/reports/{made['id']}/sealed")
    assert api.verify(io.BytesIO(b"".join(sealed.streaming_content))).good
    assert rest.get(f"/reports/{made['id']}/comparison").json()["moved"] == []
    assert rest.get("/reports/key").json()["key_id"] == published["key_id"]
    assert [one["id"] for one in rest.get("/reports").json()] == [made["id"]]


def test_a_period_of_no_year_is_refused(zone: Zone, settings: Any, tmp_path: Path) -> None:
    """The fault: the draft's page failed for good."""
    settings.DATA_DIR = tmp_path
    rest = Rest(token_of(zone, "office"))
    for since, until in (("2022-12-01", "9999-12-31"), ("0001-01-01", "2022-12-31")):
        begun = {"template": "bulletin", "unit_id": zone.zone.pk, "since": since, "until": until}
        refused = rest.post("/reports", begun)
        assert refused.status_code == 422 and refused.json()["field"]
    assert not Report.objects.exists()
