"""Problems from an Excel sheet: checked row by row first, then all of them or none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.apps.casework.fields import known_to
from luodi.apps.casework.models import Case, Category
from luodi.apps.casework.verbs.raising import raise_on_behalf
from luodi.apps.scope.api import Actor, UnitKind
from luodi.apps.scope.fields import units_of
from luodi.lib.errors import UserError
from luodi.lib.excel import CellProblem, Column, FileError, Kind, Report, Row, Sheet, check, read
from luodi.lib.excel.columns import Language
from luodi.lib.sentences import Sentence

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
COLUMNS = {column.key: column for column in SHEET.columns}


def language() -> Language:
    return "en" if (get_language() or "").startswith("en") else "zh"


class Importer:
    """Reads a sheet for an actor, who may enter problems of these enterprises only."""

    def __init__(self, actor: Actor) -> None:
        actor.require("imports.run")
        self.actor = actor
        units = units_of(actor, "cases.receive").filter(kind=UnitKind.ENTERPRISE)
        self.units = {unit.name: unit for unit in units}
        self.categories = {
            name: one
            for one in known_to(actor, Category.objects.all())
            for name in (one.name, one.name_en)
            if name
        }

    def verify(self, row: Row) -> Iterable[CellProblem]:
        """What the sheet alone cannot know: whether there is such an enterprise, such a category."""
        unit, category = row.values["unit"], row.values["category"]
        if unit not in self.units:
            problem = Sentence(
                "没有这家企业，或不归您管。", "No such enterprise, or not one of yours."
            )
            accepted = Sentence("请填写系统里的企业全称。", "Use the full name in the directory.")
            yield CellProblem(row.number, COLUMNS["unit"], str(unit), problem, accepted)
        if category and category not in self.categories:
            names = sorted({one.name for one in self.categories.values()})
            problem = Sentence("没有这个类别。", "No such category.")
            accepted = Sentence(f"可填：{'、'.join(names)}。", f"One of: {', '.join(names)}.")
            yield CellProblem(row.number, COLUMNS["category"], str(category), problem, accepted)

    def check(self, file: IO[bytes]) -> Report:
        """A dry run. Raises UserError for a file that cannot be read at all."""
        try:
            return check(file, SHEET, verify=self.verify)
        except FileError as problem:
            sentence = problem.en if language() == "en" else problem.zh
            raise UserError(sentence, "file") from problem

    @transaction.atomic
    def take(self, file: IO[bytes]) -> list[Case]:
        """Enters every row, each received by the actor. Raises UserError if one of them is bad."""
        report = self.check(file)
        if report.bad or not report.rows:
            raise UserError(
                _("没有导入：请先更正下面列出的各行。") if report.bad else _("表里没有内容。")
            )
        file.seek(0)
        return [self._enter(row) for row in read(file, SHEET, verify=self.verify)]

    def _enter(self, row: Row) -> Case:
        value = row.values
        return raise_on_behalf(
            actor=self.actor,
            unit=self.units[str(value["unit"])],
            text=str(value["text"]),
            reporter_name=str(value["reporter_name"]),
            reporter_phone=str(value["reporter_phone"] or ""),
            category=self.categories.get(str(value["category"] or "")),
            channel=Case.Channel.EXCEL,
        )
