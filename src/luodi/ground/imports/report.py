"""What a dry run tells: plain data for a page, REST and the command line, and a workbook of all."""

from __future__ import annotations

from typing import IO, Any, Final

from django.utils.translation import gettext as _

from luodi.ground.imports.importer import Line, current_language
from luodi.lib.excel import Answers, Column, Sheet, Table, Writer
from luodi.lib.excel.asking import Asked
from luodi.lib.excel.layout import shown_layout

LISTED: Final = 200
DETAILS: Final = Sheet(
    "试读明细",
    "Dry run",
    (
        Column("row", "行", "Row", width=10),
        Column("name", "名称", "Name", width=28),
        Column("state", "情况", "What", width=10),
        Column("column", "列", "Column", width=18),
        Column("before", "原来", "Before", width=28),
        Column("after", "改为", "After", width=28),
        Column("why", "说明", "Why", width=40),
    ),
)


class Details:
    """A workbook of what becomes of every row."""

    def __init__(self, fp: IO[bytes]) -> None:
        self.writer = Writer(DETAILS, fp, language=current_language())
        self.english = current_language() == "en"
        self.states = {
            "new": _("新增"),
            "changed": _("更改"),
            "same": _("没有变化"),
            "left": _("不写入"),
            "bad": _("需要更正"),
            "asked": _("等您回答"),
        }

    def add(self, state: str, shown: dict[str, str], line: Line) -> None:
        known = {**shown, "state": self.states[state]}
        if line.left:
            known["why"] = line.left[self.english]
        for one in line.changes:
            column = one.column.title(current_language())
            self.writer.add({**known, "column": column, "before": one.before, "after": one.after})
        for problem in line.problems:
            self.writer.add({**known, "why": problem.text(current_language())})
        if not line.changes and not line.problems:
            self.writer.add(known)

    def close(self) -> int:
        return self.writer.close()


def question_shown(asked: Asked, answers: Answers) -> dict[str, Any]:
    """A question with its options and the answer in force."""
    question, english = asked.question, current_language() == "en"
    return {
        "key": question.key,
        "text": question.text[english],
        "options": [{"value": value, "label": words[english]} for value, words in question.options],
        "answer": answers.of(question),
        "count": asked.count,
        "examples": asked.examples,
        "kept": question.kept,
    }


def sheets_shown(table: Table) -> list[dict[str, Any]]:
    """Every sheet of a file: read or why not, its header, and which column became which field."""
    english = current_language() == "en"
    found = []
    for layout in table.layouts:
        shown = shown_layout(layout, table.sheet)
        shown["why"] = layout.why[english] if layout.why else ""
        shown["missing"] = [names[english] for names in shown["missing"]]
        found.append(shown)
    return found
