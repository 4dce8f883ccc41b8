"""Files: kept whole, believed only when content and suffix agree, shown to whom the row is shown."""

from __future__ import annotations

import io
import os
import zipfile

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.zone import Zone

from luodi.ground.evidence import api as evidence
from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import NotFound, UserError

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def attach(zone: Zone, name: str, content: bytes) -> evidence.File:
    return evidence.attach(
        actor=SYSTEM,
        unit=zone.enterprise,
        upload=SimpleUploadedFile(name, content),
        subject="example",
        subject_id=7,
    )


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("线路照片.png", PNG, "image/png"),
        ("报告.PDF", PDF, "application/pdf"),
        ("说明.txt", "电力线路受阻".encode(), "text/plain"),
        ("材料.zip", zipped(a=b"x"), "application/zip"),
    ],
)
def test_a_file_is_kept_and_found(zone: Zone, name: str, content: bytes, kind: str) -> None:
    file = attach(zone, name, content)
    assert (file.content_type, file.size) == (kind, len(content))
    assert file.location.read_bytes() == content
    assert evidence.files_of({"example": [7, 8], "other": []}) == {("example", 7): [file]}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("照片.png", PDF, "不符"),
        ("报告.pdf", b"MZ\x90\x00", "不符"),
        ("程序.exe", b"MZ\x90\x00", "不接收"),
        ("页面.html", b"<script>alert(1)</script>", "不接收"),
        ("图.svg", b"<svg/>", "不接收"),
        ("空.txt", b"", "空"),
        ("坏.xlsx", b"PK\x03\x04 truncated", "损坏"),
        ("炸弹.zip", zipped(a=b"\x00" * (20 * 1024 * 1024)), "过大"),
        ("没有后缀", PDF, "不接收"),
    ],
)
def test_a_file_that_is_not_taken_is_told_why(
    zone: Zone, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(UserError, match=says) as refused:
        attach(zone, name, content)
    assert refused.value.field == "file"
    assert not evidence.File.objects.exists()


def test_a_large_file_is_refused(zone: Zone, settings: LazySettings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 10
    with pytest.raises(UserError, match="MB"):
        attach(zone, "报告.pdf", PDF)


def test_a_folder_in_the_name_is_dropped(zone: Zone) -> None:
    assert attach(zone, "../../etc/报告.pdf", PDF).name == "报告.pdf"


def test_only_who_sees_the_row_gets_the_bytes(zone: Zone) -> None:
    address = f"/evidence/files/{attach(zone, '报告.pdf', PDF).pk}/"
    answer = zone.client("liaison").get(address)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert zone.client("department_officer").get(address).status_code == 404
    assert zone.client("auditor").get(address).status_code == 404
    assert zone.client(None).get(address).status_code == 302


def test_bytes_without_a_row_are_swept_later(zone: Zone) -> None:
    kept, lost = attach(zone, "a.txt", b"kept"), attach(zone, "b.txt", b"lost")
    evidence.File.objects.filter(pk=lost.pk).delete()
    for file in (kept, lost):
        os.utime(file.location, (0, 0))
    evidence.sweep()
    assert kept.location.exists() and not lost.location.exists()


def test_sweeping_many_costs_what_sweeping_one_costs(zone: Zone) -> None:
    def queries(count: int) -> int:
        for number in range(count):
            os.utime(attach(zone, f"{number}.txt", f"{count} {number}".encode()).location, (0, 0))
        with CaptureQueriesContext(connection) as seen:
            evidence.sweep()
        return len(seen)

    assert (queries(1), queries(12)) == (1, 1)


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret_key", "A" * 64, "0" * 63, ""])
def test_a_row_leads_to_no_other_file(zone: Zone, path: str) -> None:
    """The attack: a hash that is a path; a folder joined with `/etc/passwd` is `/etc/passwd`."""
    with pytest.raises(NotFound):
        evidence.location_of(path)
    file = attach(zone, "说明.txt", b"x")
    with pytest.raises(IntegrityError), transaction.atomic():
        evidence.File.objects.filter(pk=file.pk).update(sha256=path)
