"""Problems from an Excel sheet: checked row by row first, then all of them or none."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from luodi.ground.imports.api import Importer, Line
from luodi.ground.imports.names import units_named
from luodi.ground.scope.api import Actor, UnitKind
from luodi.ground.scope.fields import units_of
from luodi.lib.errors import UserError
from luodi.lib.excel import Column, Kind, Row, Sheet
from luodi.lib.sentences import Sentence
from luodi.lib.text import spelled
from luodi.rooms.casework.models import Case, Category
from luodi.rooms.casework.standing import known_to
from luodi.rooms.casework.verbs.raising import Report, begin_all, reported_to

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


def _mark(unit: int, text: str) -> bytes:
    """Stands for a unit's problem: sixteen bytes, however long the text."""
    return hashlib.blake2b(f"{unit}\n{text}".encode(), digest_size=16).digest()


class Problems(Importer):
    """Checks and writes batches of problems for one actor, who may receive those of these
    enterprises only and is each one's first receiver.

    A problem that stands open already, or further up in the file, is not raised again, so that the
    same file twice is the same problems once.
    """

    title = gettext_lazy("问题")
    updates = gettext_lazy(
        "一行一个新问题，由您受理。同一家企业还没有办结的同样的问题不会再登记一遍。"
    )
    subject = ("casework_case", "")

    def __init__(self, actor: Actor, which: str = "", at: dt.datetime | None = None) -> None:
        super().__init__(actor)
        actor.require("imports.run")
        self.at, self.sheet, self.back = at or timezone.now(), SHEET, reverse("cases:problems")
        self.known: set[bytes] = set()
        self.seen: dict[bytes, int] = {}

    def begin(self) -> None:
        units = units_of(self.actor, "cases.receive").filter(kind=UnitKind.ENTERPRISE)
        self.units = units_named(units)
        self.categories = {
            spelled(name): one
            for one in known_to(self.actor, Category.objects.all())
            for name in (one.name, one.name_en)
            if name
        }

    def prepare(self, rows: Sequence[Row]) -> None:
        """Marks the open problems that rows of the batch may speak of."""
        named = {str(row.values["unit"]) for row in rows}
        units = {unit.pk for name in named for unit in self.units.named(name)}
        texts = {str(row.values["text"]).strip() for row in rows}
        found = Case.objects.open().filter(unit_id__in=units, text__in=texts)
        self.known |= {_mark(pk, text) for pk, text in found.values_list("unit_id", "text")}

    def take(self, line: Line) -> None:
        values = line.values
        unit = self.units.find(
            line, "unit", "没有这家企业，或不归您管。", "No such enterprise, or not one of yours."
        )
        category = self.categories.get(spelled(str(values["category"] or "")))
        if values["category"] and category is None:
            names = sorted({one.name for one in self.categories.values()})
            accepted = Sentence(f"可填：{'、'.join(names)}。", f"One of: {', '.join(names)}.")
            line.problem("category", "没有这个类别。", "No such category.", accepted)
        if unit is None or line.problems:
            return
        try:
            line.plan = reported_to(
                actor=self.actor,
                unit=unit,
                text=str(values["text"]),
                reporter_name=str(values["reporter_name"]),
                reporter_phone=str(values["reporter_phone"] or ""),
                category=category,
                channel=Case.Channel.EXCEL,
            )
        except UserError as error:
            line.refuse(error, "text")
        else:
            self._once(line, line.plan)

    def _once(self, line: Line, report: Report) -> None:
        mark = _mark(report.unit.pk, report.text)
        first = self.seen.setdefault(mark, line.row.number)
        if mark in self.known:
            line.left = Sentence("同样的问题正在办理。", "The same problem is open already.")
        elif first != line.row.number:
            line.left = Sentence(f"与第 {first} 行相同。", f"The same as row {first}.")

    def write(self, lines: Sequence[Line]) -> None:
        begin_all(self.actor, [line.plan for line in lines], self.at, received=True)
