"""Reports from draft to signature, and what is found when something was changed."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import BranchType, Stage
from luodi.rooms.registers import api as registers
from luodi.rooms.reports import api
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.sealing import embedded_seal, findings_in

SINCE = dt.date(2021, 3, 1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TEXT = """# 组织
有党员{figure: directory.members}，{figure: directory.members | 至少 3人}。
{for unit in enterprises}
| {unit.short} | {figure: directory.members} |
{end}
收到问题{figure: casework.received period=累计}。
"""


@pytest.fixture
def site(zone: Zone, settings: Any, tmp_path: Path) -> Iterator[Zone]:
    """A zone with three members and a problem that has a file."""
    settings.DATA_DIR, settings.EVIDENCE_DIR = tmp_path, tmp_path / "evidence"
    branch = directory.found_branch(
        actor=SYSTEM,
        parent=zone.enterprise,
        name="示例党支部",
        type=BranchType.BRANCH,
        founded_on=SINCE,
    )
    for number in range(3):
        person = directory.add_person(
            actor=SYSTEM, unit=zone.enterprise, name=f"示例{'赵钱孙'[number]}"
        )
        directory.start_membership(
            actor=SYSTEM, person=person, branch=branch, stage=Stage.FORMAL, since=SINCE
        )
    case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例问题")
    casework.attach(actor=SYSTEM, case=case, upload=SimpleUploadedFile("示例.pdf", PDF))
    return zone


def drafted(site: Zone, text: str = TEXT, title: str = "{unit}{year}年报告") -> Report:
    actor = site.actor("office")
    made = api.draft_report(
        actor=actor, template="annual", unit=site.zone, since=SINCE, until=scope.today()
    )
    return api.write_report(actor=actor, report=made, title=title, text=text)


def published(site: Zone, text: str = TEXT) -> Report:
    return api.publish_report(actor=site.actor("office"), report=drafted(site, text))


def as_file(report: Report, change: Any = None) -> io.BytesIO:
    sealed = copy.deepcopy(report.sealed)
    if change:
        change(sealed)
    return io.BytesIO(json.dumps(sealed).encode())


# --- the way of a report ----------------------------------------------------------------------


def test_a_report_is_signed_with_its_readings_and_their_rows(site: Zone) -> None:
    report = published(site)
    assert report.state == "published" and report.title.startswith("示例经济技术开发区")
    readings = report.sealed["readings"]
    assert readings[0]["facts"]["value"] == "3"
    assert {row["label"] for row in readings[0]["rows"]} == {"示例赵", "示例钱", "示例孙"}
    assert api.verify(as_file(report)).good
    [file] = report.sealed["files"]
    assert file["name"] == "示例.pdf" and file["row"].startswith("casework_case:")


def test_a_false_sentence_is_never_signed(site: Zone) -> None:
    draft = drafted(site, "全区党员{figure: directory.members | 超过 30人}。")
    with pytest.raises(UserError, match="超过30人"):
        api.publish_report(actor=site.actor("office"), report=draft)
    assert Report.objects.get().state == "draft"


def test_what_is_published_is_not_written_again(site: Zone) -> None:
    report, actor = published(site), site.actor("office")
    for verb in (
        lambda: api.write_report(actor=actor, report=report, title="另", text="另"),
        lambda: api.publish_report(actor=actor, report=report),
        lambda: api.drop_draft(actor=actor, report=report),
    ):
        with pytest.raises(UserError, match="已签发"):
            verb()
    gone = api.withdraw_report(actor=actor, report=report, reason="数字有误")
    assert gone.state == "withdrawn" and api.verify(as_file(gone)).good


def test_who_may_do_what(site: Zone) -> None:
    draft = drafted(site)
    for role in ("branch_secretary", "part_time_member", "liaison", "instructor", "auditor"):
        with pytest.raises(NotAllowed):
            api.publish_report(actor=site.actor(role), report=draft)
    with pytest.raises(NotAllowed):
        api.draft_report(
            actor=site.actor("instructor"),
            template="annual",
            unit=site.zone,
            since=SINCE,
            until=scope.today(),
        )
    with acting(site.actor("liaison")):
        assert not Report.objects.exists()


def test_two_writers_of_a_draft(site: Zone) -> None:
    draft, actor = drafted(site), site.actor("office")
    read = draft.version
    api.write_report(actor=actor, report=draft, title="甲", text="", version=read)
    with pytest.raises(Stale):
        api.write_report(actor=actor, report=draft, title="乙", text="", version=read)


def test_templates_have_versions(site: Zone) -> None:
    actor = site.actor("office")
    first = api.write_template(actor=actor, unit=site.zone, title="甲", text="一")
    second = api.write_template(
        actor=actor, unit=site.zone, title="乙", text="二", key=first.key, number=1
    )
    assert second.number == 2 and [one.title for one in api.templates()] == ["乙"]
    with pytest.raises(Stale):
        api.write_template(
            actor=actor, unit=site.zone, title="丙", text="三", key=first.key, number=1
        )


@pytest.mark.parametrize("key", ["annual", "party-building", "bulletin", "assessment"])
def test_shipped_templates_have_no_typed_number_and_no_error(site: Zone, key: str) -> None:
    pattern, day = api.pattern(key), scope.today()
    made = api.preview(
        actor=SYSTEM,
        unit=site.zone,
        title=pattern.title,
        text=pattern.text,
        since=day.replace(month=1, day=1),
        until=day,
    )
    # a zone without a leading group has no mean age; the demonstration's has
    assert [one for one in made.problems if "年龄" not in one.message] == []
    assert made.readings and "{" not in made.text


def test_a_typed_number_is_a_warning(site: Zone) -> None:
    made = api.preview(
        actor=SYSTEM,
        unit=site.zone,
        title="甲",
        text="开展活动\n现有党员90人，四大工程，第3次会议，2022年。",
        since=SINCE,
        until=SINCE,
    )
    [problem] = made.problems
    assert problem.warning and problem.line == 2 and "90人" in problem.message


# --- tampering --------------------------------------------------------------------------------


def _amount(sealed: Any) -> None:
    sealed["readings"][0]["rows"][1]["label"] = "别人"


def _row_gone(sealed: Any) -> None:
    sealed["readings"][0]["rows"].pop()
    sealed["readings"][0]["digests"].pop()


def _row_and_its_digest(sealed: Any) -> None:
    from luodi.rooms.reports import sealing

    one = sealed["readings"][0]
    one["rows"][0]["label"] = "别人"
    one["digests"][0] = sealing._row_digest(one["salt"], one["rows"][0])


def _value(sealed: Any) -> None:
    sealed["readings"][0]["facts"]["value"] = "4"


def _words(sealed: Any) -> None:
    sealed["document"]["parts"][1]["runs"][1][0] = "9人"


def _title(sealed: Any) -> None:
    sealed["document"]["title"] = "另一份"


def _file(sealed: Any) -> None:
    sealed["files"][0]["sha256"] = "0" * 64


def _manifest(sealed: Any) -> None:
    _words(sealed)
    from luodi.rooms.reports import sealing

    sealed["manifest"] = sealing.manifest_of(sealed)


@pytest.mark.parametrize(
    ("change", "parts", "which"),
    [
        (_amount, ["row"], "directory_person"),
        (_row_gone, ["rows"], "directory.members"),
        (_row_and_its_digest, ["rows"], "directory.members"),
        (_value, ["reading"], "directory.members"),
        (_words, ["part"], "2 "),
        (_title, ["head"], ""),
        (_file, ["files"], ""),
        (_manifest, ["signature"], ""),
    ],
)
def test_what_was_changed_is_named(site: Zone, change: Any, parts: list[str], which: str) -> None:
    verdict = api.verify(as_file(published(site), change))
    assert [one.part for one in verdict.findings] == parts
    assert which in verdict.findings[0].which and api.finding_text(verdict.findings[0])


def test_another_key_is_not_the_sites(site: Zone, settings: Any, tmp_path: Path) -> None:
    report = published(site)
    ours = api.public_of(api.signing_key())
    assert api.verify(as_file(report), ours).good
    settings.DATA_DIR = tmp_path / "elsewhere"
    theirs = api.public_of(api.signing_key())
    assert [one.part for one in api.verify(as_file(report), theirs).findings] == ["key"]


def test_the_key_is_kept_for_its_owner(site: Zone, settings: Any, tmp_path: Path) -> None:
    api.signing_key()
    path = tmp_path / "report_signing_key.pem"
    assert path.stat().st_mode & 0o777 == 0o600 and b"ENCRYPTED" in path.read_bytes()
    settings.SECRET_KEY = "another"
    with pytest.raises(UserError, match="LUODI_SECRET_KEY"):
        api.signing_key()


def test_a_row_changed_later_is_shown_by_the_comparison(site: Zone) -> None:
    report = published(site)
    assert not [one for one in api.compare_report(actor=SYSTEM, report=report) if one.moved]
    person = directory.Person.objects.get(name="示例钱")
    membership = directory.Membership.objects.known().get(person=person)
    directory.end_membership(actor=SYSTEM, membership=membership, on=dt.date(2022, 1, 1))
    moved = [one for one in api.compare_report(actor=SYSTEM, report=report) if one.moved]
    assert [(one.old, one.new) for one in moved[:1]] == [("3", "2")]
    assert [row.label for row in moved[0].removed] == ["示例钱"]


def test_the_comparison_opens_every_number_and_says_what_changed(site: Zone) -> None:
    backbone = registers.install(actor=SYSTEM, unit=site.zone, key="backbone")
    person = directory.Person.objects.get(name="示例钱")
    entry = registers.record_entry(
        actor=SYSTEM,
        register=backbone,
        unit=site.enterprise,
        values={"person": person.pk},
        since=SINCE,
    )
    share = "{figure: registers.backbone.member_share}"
    report = published(site, f"比例{share}，党支部{{figure: directory.branches}}。")
    membership = directory.Membership.objects.known().get(person=person)
    directory.end_membership(actor=SYSTEM, membership=membership, on=dt.date(2022, 1, 1))
    page = site.client("office").get(f"/reports/{report.pk}/compare/").content.decode()
    assert "100.0 → 0.0" in page and "计入分子 → 只计入分母" in page
    assert "没有变化的数据" in page and "党支部数：1个" in page
    assert all(f"/reports/{report.pk}/readings/{number}/" in page for number in (1, 2))
    page = site.client("office").get(f"/reports/{report.pk}/readings/1/").content.decode()
    assert "计入分子</td>" in page and f"/registers/entries/{entry.pk}/" in page


# --- files ------------------------------------------------------------------------------------


def test_word_and_pdf_files_carry_their_seal(site: Zone) -> None:
    made = api.official_document(actor=SYSTEM, report=published(site))
    for content, kind in ((made.docx(), "docx"), (made.pdf(), "pdf")):
        verdict = api.verify(io.BytesIO(content))
        assert (verdict.kind, verdict.findings) == (kind, [])
        assert "示例赵".encode() not in content


def test_a_word_changed_in_the_word_file_is_found(site: Zone) -> None:
    made = api.official_document(actor=SYSTEM, report=published(site))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made.docx())) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                assert "3人".encode() in content
                content = content.replace("有党员3人".encode(), "有党员9人".encode())
            new.writestr(name, content)
    changed.seek(0)
    findings = api.verify(changed).findings
    assert [one.part for one in findings] == ["shown", "added"]
    assert "有党员9人" in findings[1].which


def test_what_a_stranger_brings_is_read_within_limits(site: Zone) -> None:
    made = api.official_document(actor=SYSTEM, report=published(site))
    little = dataclasses.replace(api.STRANGER, parsed=10_000)
    assert [one.part for one in api.verify(io.BytesIO(made.docx()), "", little).findings] == [
        "size"
    ]
    at_once = dataclasses.replace(api.STRANGER, seconds=-1)
    assert [one.part for one in api.verify(io.BytesIO(made.pdf()), "", at_once).findings] == [
        "size"
    ]
    # signed by whoever brings it: not worth reading
    verdict = api.verify(io.BytesIO(made.pdf()), "00" * 32, at_once)
    assert [one.part for one in verdict.findings] == ["key"]


def test_a_pack_has_everything_and_tells_what_is_missing(site: Zone) -> None:
    report = published(site)
    with api.file_of(actor=site.actor("office"), report=report, form="pack") as stream:
        whole = stream.read()
    verdict = api.verify(io.BytesIO(whole))
    assert verdict.good and verdict.kind == "pack"
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = archive.namelist()
        assert sum(name.startswith("readings/") for name in names) == len(report.sealed["readings"])
        [proof] = [name for name in names if name.startswith("evidence/")]
        assert archive.read(proof) == PDF
    assert [one.part for one in repacked(whole, {proof: b"another"}).findings] == ["file"]
    assert [one.part for one in repacked(whole, {proof: None}).findings] == ["missing"]
    assert [one.part for one in repacked(whole, {"more.txt": b"x"}).findings] == ["stranger"]
    assert repacked(whole, {"evidence/": b""}, unmarked=True).good  # as Linux's zip packs it
    with pytest.raises(NotAllowed):
        api.file_of(actor=site.actor("part_time_member"), report=report, form="pack")


class Unmarked(zipfile.ZipInfo):
    """A name in UTF-8 without the flag that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(), self.flag_bits


def repacked(
    whole: bytes, changes: dict[str, bytes | None], *, unmarked: bool = False
) -> api.Verdict:
    """The verdict on the pack with changes; `unmarked`: names in UTF-8 that do not say so."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(changed, "w") as new:
        content = {name: old.read(name) for name in old.namelist()} | changes
        for name, one in content.items():
            if one is not None:
                new.writestr(Unmarked(name) if unmarked else name, one)
    changed.seek(0)
    return api.verify(changed)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"{}",
        b"[]",
        b"PK\3\4",
        b"%PDF-1.4",
        b"null",
        b'{"format":"luodi-report/1"}',
        b"[" * 100_000,
    ],
)
def test_other_files_are_none_of_ours(content: bytes) -> None:
    verdict = api.verify(io.BytesIO(content))
    assert not verdict.good and verdict.findings[0].part == "format"


def test_a_slip_tells_nothing_of_rows(site: Zone) -> None:
    slip = embedded_seal(published(site).sealed)
    assert findings_in(slip) == [] and "示例赵" not in json.dumps(slip, ensure_ascii=False)


def test_an_article_is_what_the_platform_takes(site: Zone) -> None:
    made = api.article(api.official_document(actor=SYSTEM, report=published(site)).document)
    for forbidden in ("<script", "class=", "<style", "href=", "id="):
        assert forbidden not in made
    assert "有党员3人" in made
    long = {"title": "甲", "head": dict.fromkeys(api.HEAD, ""), "parts": [_long()]}
    with pytest.raises(UserError, match="公众号"):
        api.article(long)


def _long() -> dict[str, Any]:
    return {
        "kind": "paragraph",
        "level": 0,
        "label": "",
        "runs": [["字" * 20_000, None]],
        "rows": [],
    }
