"""A report's files: Word, PDF, article, the sealed report, the evidence pack."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from luodi.ground.audit import api as audit
from luodi.ground.evidence.api import File
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.lib.excel import Column, Kind, Sheet, export
from luodi.rooms.reports.exports.article import article
from luodi.rooms.reports.exports.typeset import pdf
from luodi.rooms.reports.exports.word import word
from luodi.rooms.reports.keys import signing_key
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.sealing import Sealed, canonical, embedded_seal, pack_manifest
from luodi.rooms.reports.verbs.reports import draft_of, sealed_bytes
from luodi.rooms.reports.verifying import LIST_NAME, SEALED_NAME

# A file's form, and how its name ends.
FORMS = {"docx": "docx", "pdf": "pdf", "article": "html", "sealed": "json", "pack": "zip"}


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A document's JSON (`title`, `head`, `parts`) with its seal; a draft has none."""

    document: dict[str, Any]
    seal: Sealed | None = None

    def docx(self) -> bytes:
        return word(self.document, self.seal)

    def pdf(self) -> bytes:
        return pdf(self.document, self.seal)

    def article(self) -> bytes:
        return article(self.document).encode()


def official_document(*, actor: Actor, report: Report) -> OfficialDocument:
    """What the files of a report are made of: what was signed, or a draft as it reads now. Requires
    `reports.view`."""
    actor.require("reports.view", report.unit.path)
    if not report.is_draft:
        return OfficialDocument(report.sealed["document"], embedded_seal(report.sealed))
    document = draft_of(actor, report)
    parts = [part.as_json() for part in document.parts]
    return OfficialDocument({"title": document.title, "head": report.head, "parts": parts})


def file_of(*, actor: Actor, report: Report, form: str) -> IO[bytes]:
    """A file in one of the `FORMS`, made now, open at its beginning, to be closed by the caller.

    The sealed report and the pack have the names behind the numbers: they take `reports.publish`.
    """
    if form == "sealed":
        return io.BytesIO(sealed_bytes(actor=actor, report=report))
    if form == "pack":
        return pack(actor=actor, report=report)
    made = official_document(actor=actor, report=report)
    return io.BytesIO({"docx": made.docx, "pdf": made.pdf, "article": made.article}[form]())


# --- the evidence pack ----------------------------------------------------------------------------

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
readings/                每个数据的全部来源记录 the rows of every figure
evidence/                记录的佐证材料 the evidence files of the rows
report.json              签发时封存的内容 the report as it was sealed
manifest.json            签名清单：各文件的校验值 the signed list of all files

核验 to verify:  luodi report verify <zip>
"""


def pack(*, actor: Actor, report: Report) -> IO[bytes]:
    """An assessment's evidence pack: one zip with the report, its readings' rows, and their evidence,
    open at its beginning. `report.json` is the sealed report, `manifest.json` the signed list of all
    files in the pack.

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
    made, sealed = official_document(actor=actor, report=report), report.sealed
    yield "README.txt", README.encode()
    yield SEALED_NAME, sealed_bytes(actor=actor, report=report)
    yield "report.docx", made.docx()
    yield "report.pdf", made.pdf()
    for number, reading in enumerate(sealed["readings"], start=1):
        facts = reading["facts"]
        name = _safe(f"{number:02d} {facts['names']['zh-hans']} {facts['question']['unit_name']}")
        yield f"readings/{name}.xlsx", rows_sheet(reading["rows"])
    seen = set()
    for file in sealed["files"]:
        row, name = _safe(file["row"]), _safe(file["name"])
        if (row, name) in seen:
            name = f"{file['sha256'][:8]}-{name}"
        seen.add((row, name))
        path = File(sha256=file["sha256"]).location
        if path.is_file():
            yield f"evidence/{row}/{name}", path


def _safe(name: str) -> str:
    """A name that every system takes as a file's."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", name).strip(". ")[:120] or "_"


def rows_sheet(rows: list[dict[str, Any]]) -> bytes:
    """The rows of one reading as an Excel file."""
    cells = ({**row, "on": dt.date.fromisoformat(row["on"]) if row["on"] else None} for row in rows)
    with tempfile.TemporaryFile() as stream:
        export(Sheet("记录", "Rows", COLUMNS), cells, stream)
        stream.seek(0)
        return stream.read()
