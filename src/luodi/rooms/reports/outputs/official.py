"""A report's files: Word, PDF, article, the sealed report, the evidence pack."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, Any

from luodi.ground.scope.api import Actor
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.outputs.article import article
from luodi.rooms.reports.outputs.pack import pack
from luodi.rooms.reports.outputs.pdf import pdf
from luodi.rooms.reports.outputs.word import word
from luodi.rooms.reports.sealing import Sealed, slip_of
from luodi.rooms.reports.verbs.reports import draft_of, sealed_bytes

# A file's form, and how its name ends.
FORMS = {"docx": "docx", "pdf": "pdf", "article": "html", "sealed": "json", "pack": "zip"}


@dataclass(frozen=True, slots=True)
class Output:
    """A document's JSON (`title`, `head`, `parts`) with its slip; a draft has none."""

    document: dict[str, Any]
    slip: Sealed | None = None

    def docx(self) -> bytes:
        return word(self.document, self.slip)

    def pdf(self) -> bytes:
        return pdf(self.document, self.slip)

    def article(self) -> bytes:
        return article(self.document).encode()


def output(*, actor: Actor, report: Report) -> Output:
    """What the files of a report are made of: what was signed, or a draft as it reads now. Requires
    `reports.view`."""
    actor.require("reports.view", report.unit.path)
    if not report.is_draft:
        return Output(report.sealed["document"], slip_of(report.sealed))
    document = draft_of(actor, report).document
    parts = [part.as_json() for part in document.parts]
    return Output({"title": document.title, "head": report.head, "parts": parts})


def file_of(*, actor: Actor, report: Report, form: str) -> IO[bytes]:
    """A file in one of the `FORMS`, made now, open at its beginning, to be closed by the caller.

    The sealed report and the pack have the names behind the numbers: they take `reports.publish`.
    """
    if form == "sealed":
        return io.BytesIO(sealed_bytes(actor=actor, report=report))
    made = output(actor=actor, report=report)
    if form == "pack":
        return pack(actor=actor, report=report, documents={"docx": made.docx, "pdf": made.pdf})
    return io.BytesIO({"docx": made.docx, "pdf": made.pdf, "article": made.article}[form]())
