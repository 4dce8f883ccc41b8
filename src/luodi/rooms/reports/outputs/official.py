"""A report as the tree that its files are made of: what was signed, or a draft as it reads now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from luodi.ground.scope.api import Actor
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.outputs.pdf import pdf
from luodi.rooms.reports.outputs.word import word
from luodi.rooms.reports.sealing import Sealed, slip_of
from luodi.rooms.reports.verbs.reports import draft_of


@dataclass(frozen=True, slots=True)
class Output:
    """A document's JSON (`title`, `head`, `parts`) with its slip; a draft has none."""

    document: dict[str, Any]
    slip: Sealed | None = None

    def docx(self) -> bytes:
        return word(self.document, self.slip)

    def pdf(self) -> bytes:
        return pdf(self.document, self.slip)


def output(*, actor: Actor, report: Report) -> Output:
    """What the files of a report are made of. Requires `reports.view`."""
    actor.require("reports.view", report.unit.path)
    if not report.is_draft:
        return Output(report.sealed["document"], slip_of(report.sealed))
    document = draft_of(actor, report).document
    parts = [part.as_json() for part in document.parts]
    return Output({"title": document.title, "head": report.head, "parts": parts})
