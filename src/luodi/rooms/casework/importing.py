"""Problems from an Excel sheet: checked row by row first, then all of them or none."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.utils import timezone

from luodi.ground.scope.api import Actor, UnitKind
from luodi.ground.scope.fields import units_of
from luodi.lib.errors import UserError
from luodi.lib.excel import Column, Kind, Row, Sheet
from luodi.lib.sentences import Sentence
from luodi.rooms.casework.models import Case, Category
from luodi.rooms.casework.standing import known_to
from luodi.rooms.casework.verbs.raising import Report, begin_all, reported_to
from luodi.rooms.directory.api import running

KIND = "cases"  # of a staged workbook
SHEET = Sheet(
    "问题",
    "Problems",
    (
        Column("unit", "企业", "Enterprise", required=True, width=28, example="示例甲公司"),
        Column(
            "text", "问题", "Problem", required=True, width=60, example="示例：夜班用电负荷不够"
        ),
        Column("reporter_name", "反映人", "Reporter", required=True, example="示例赵"),
        Column("reporter_phone", "联系电话", "Telephone", kind=Kind.CODE, example="13800000000"),
        Column("category", "类别", "Category", example="生产经营"),
    ),
)
FIELDS = {column.key: column.key for column in SHEET.columns}


def _mark(unit: int, text: str) -> bytes:
    """Stands for a unit's problem: sixteen bytes, however long the text."""
    return hashlib.blake2b(f"{unit}\n{text}".encode(), digest_size=16).digest()


class Problems:
    """Checks and writes batches of problems for one actor, who may receive those of these
    enterprises only and is each one's first receiver.

    A problem that stands open already, or further up in the file, is not raised again: its row
    counts as unchanged, so that the same file twice is the same problems once.
    """

    def __init__(self, actor: Actor, at: dt.datetime | None = None) -> None:
        actor.require("imports.run")
        self.actor, self.at, self.sheet = actor, at or timezone.now(), SHEET
        self.subject = ("casework_case", "")
        self.counts, self.reports = running.Counts(), list[Report]()
        self.known: set[bytes] = set()
        units = units_of(actor, "cases.receive").filter(kind=UnitKind.ENTERPRISE)
        self.units = {unit.name: unit for unit in units}
        self.categories = {
            name: one
            for one in known_to(actor, Category.objects.all())
            for name in (one.name, one.name_en)
            if name
        }

    def check(self, batch: Sequence[Row]) -> list[Row]:
        self.reports = []
        self.known |= self._open(batch)
        return [self._row(row) for row in batch]

    def _open(self, batch: Sequence[Row]) -> set[bytes]:
        """Marks of the open problems that rows of the batch may speak of."""
        asked = [row.values for row in batch if not row.problems]
        units = {unit.pk for v in asked if (unit := self.units.get(str(v["unit"])))}
        texts = {str(values["text"]).strip() for values in asked}
        found = Case.objects.open().filter(unit_id__in=units, text__in=texts)
        return {_mark(pk, text) for pk, text in found.values_list("unit_id", "text")}

    def _row(self, row: Row) -> Row:
        if row.problems:
            return row
        problems, values = running.Problems(self.sheet, row), row.values
        unit, category = self.units.get(str(values["unit"])), values["category"]
        if unit is None:
            problems.add(
                "unit", "没有这家企业，或不归您管。", "No such enterprise, or not one of yours.",
                Sentence("请填写系统里的企业全称。", "Use the full name in the directory."),
            )  # fmt: skip
        if category and category not in self.categories:
            names = sorted({one.name for one in self.categories.values()})
            accepted = Sentence(f"可填：{'、'.join(names)}。", f"One of: {', '.join(names)}.")
            problems.add("category", "没有这个类别。", "No such category.", accepted)
        if unit is not None and not problems.found:
            try:
                report = reported_to(
                    actor=self.actor,
                    unit=unit,
                    text=str(values["text"]),
                    reporter_name=str(values["reporter_name"]),
                    reporter_phone=str(values["reporter_phone"] or ""),
                    category=self.categories.get(str(category or "")),
                    channel=Case.Channel.EXCEL,
                )
            except UserError as error:
                problems.refuse(error, FIELDS, "text")
            else:
                self._take(report)
        return problems.done()

    def _take(self, report: Report) -> None:
        mark = _mark(report.unit.pk, report.text)
        if mark in self.known:
            self.counts.unchanged += 1
            return
        self.known.add(mark)
        self.reports.append(report)
        self.counts.created += 1

    def write(self) -> None:
        begin_all(self.actor, self.reports, self.at, received=True)
