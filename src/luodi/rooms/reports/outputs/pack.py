"""An assessment's evidence pack: one zip with the report, its readings' rows, and their evidence.

`report.json` is the sealed report, `manifest.json` the signed list of all files in the pack.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from luodi.ground.audit import api as audit
from luodi.ground.evidence.api import location_of
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.lib.excel import Column, Kind, Sheet, export
from luodi.rooms.reports.keys import signing_key
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.outputs.official import output
from luodi.rooms.reports.sealing import canonical, pack_manifest
from luodi.rooms.reports.verbs.reports import sealed_bytes
from luodi.rooms.reports.verifying import LIST_NAME, SEALED_NAME

COLUMNS = (
    Column("key", "记录", "Record", Kind.CODE, width=28),
    Column("label", "名称", "Name", width=40),
    Column("amount", "数量", "Amount", Kind.DECIMAL),
    Column("side", "计入分子（本期）", "In the numerator (current)", Kind.BOOLEAN),
    Column("on", "日期", "Date", Kind.DATE),
    Column("word", "文字", "Word"),
)
README = """这是一份可核验的考核材料。 A pack of evidence that can be verified.

report.docx, report.pdf  报告 the report
readings/                每个数字的全部记录 the rows of every figure
evidence/                记录的佐证材料 the evidence files of the rows
report.json              签发时封存的内容 the report as it was sealed
manifest.json            签名清单：各文件的校验值 the signed list of all files

核验 to verify:  luodi report verify <zip>
"""


def pack(*, actor: Actor, report: Report) -> IO[bytes]:
    """The zip of a published report, open at its beginning, to be closed by the caller.

    It has the names behind the numbers, so it takes `reports.publish`; the trail says that it left.
    """
    actor.require("reports.publish", report.unit.path)
    if report.is_draft:
        raise UserError(_("草稿还没有签发，不能打包。"))
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    digests: dict[str, str] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents(actor, report):
            digests[name] = _add(archive, name, content)
        listed = pack_manifest(digests, signing_key())
        archive.writestr(LIST_NAME, canonical(listed))
    audit.note("report-pack", "reports_report", report.pk, report.unit.path, files=len(digests))
    stream.seek(0)
    return stream


def _add(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> str:
    if isinstance(content, Path):
        archive.write(content, name)
        with content.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    archive.writestr(name, content)
    return hashlib.sha256(content).hexdigest()


def _contents(actor: Actor, report: Report) -> Iterator[tuple[str, bytes | Path]]:
    made, sealed = output(actor=actor, report=report), report.sealed
    yield "README.txt", README.encode()
    yield SEALED_NAME, sealed_bytes(report)
    yield "report.docx", made.docx()
    yield "report.pdf", made.pdf()
    for number, reading in enumerate(sealed["readings"], start=1):
        facts = reading["facts"]
        name = _safe(f"{number:02d} {facts['names']['zh-hans']} {facts['question']['unit_name']}")
        yield f"readings/{name}.xlsx", rows_sheet(reading["rows"])
    seen = set()
    for file in sealed["files"]:
        name = f"evidence/{_safe(file['row'])}/{_safe(file['name'])}"
        path = location_of(file["sha256"])
        name = (
            name
            if name not in seen
            else f"evidence/{_safe(file['row'])}/{file['sha256'][:8]}-{_safe(file['name'])}"
        )
        seen.add(name)
        if path.is_file():
            yield name, path


def _safe(name: str) -> str:
    """A name that every system takes as a file's."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", name).strip(". ")[:120] or "_"


def rows_sheet(rows: list[dict[str, Any]]) -> bytes:
    """The rows of one reading as an Excel file."""
    sheet = Sheet("记录", "Rows", COLUMNS)
    with tempfile.TemporaryFile() as stream:
        export(sheet, (_cells(row) for row in rows), stream)
        stream.seek(0)
        return stream.read()


def _cells(row: dict[str, Any]) -> dict[str, object]:
    on = dt.date.fromisoformat(row["on"]) if row["on"] else None
    return {**row, "on": on}
