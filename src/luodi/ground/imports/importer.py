"""What one kind of ledger adds to the machinery: its columns, what a row finds, how it is written.

A rich kind is a class (`Importer`); a plain one is declared from its fields and two functions
(`plain.Declared`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language

from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.lib.excel import Answers, CellProblem, Question, Row, Sheet
from luodi.lib.excel.cells import accepted, shown
from luodi.lib.excel.columns import Column, Language
from luodi.lib.excel.layout import UNREAD, column_answer
from luodi.lib.excel.writing import WORDS
from luodi.lib.sentences import Sentence

Text = str | Promise
NO_HINT: Final = Sentence("", "")
SAME: Final = "same"
SKIP: Final = "skip"


def current_language() -> Language:
    return "en" if (get_language() or "").startswith("en") else "zh"


class Change(NamedTuple):
    """What a row changes, as it is shown."""

    column: Column
    before: str
    after: str


@dataclass(slots=True)
class Line:
    """One row on its way: what it finds, what of that it changes, what is wrong, why it is left."""

    sheet: Sheet
    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    found: Any = None  # the record that is there; None where the row is new
    problems: list[CellProblem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    left: Sentence | None = None
    asked: bool = False
    more: bool = False  # changes something that is no column, such as what is to be reopened
    plan: Any = None  # what the kind keeps for writing

    @property
    def state(self) -> str:
        """bad, left, asked, new, changed or same; what is new or changed is written."""
        if self.problems:
            return "bad"
        if self.left:
            return "left"
        if self.asked:
            return "asked"
        if self.found is None:
            return "new"
        return "changed" if self.changes or self.more else "same"

    def column(self, key: str) -> Column:
        return next(one for one in self.sheet.columns if one.key == key)

    def problem(self, key: str, zh: str, en: str, accept: Sentence | None = None) -> None:
        """Says what is wrong with a cell, and what would do."""
        column = self.column(key)
        self.problems.append(
            CellProblem(
                self.row.number,
                column,
                shown(self.row.cells.get(key, "")),
                Sentence(zh, en),
                accepted(column) if accept is None else accept,
                self.row.where,
            )
        )

    def refuse(self, error: UserError, otherwise: str) -> None:
        """What a verb's check said, at the column of its field."""
        keys = {one.key for one in self.sheet.columns}
        field_ = error.field if error.field in keys else otherwise
        self.problem(field_ or otherwise, str(error), str(error), NO_HINT)

    def same_as(self, number: int, key: str) -> None:
        """That a row further up speaks of the same record."""
        self.problem(key, f"与第 {number} 行重复。", f"The same as in row {number}.", NO_HINT)

    def against(
        self,
        found: object,
        before: Mapping[str, object],
        *,
        hidden: Mapping[str, Callable[[str], str]] | None = None,
    ) -> None:
        """Compares with what is there, column by column; a blank cell changes nothing.

        `hidden`: how the values of columns are shown that may not be seen whole.
        """
        self.found = found
        for column in self.sheet.columns:
            new = self.values.get(column.key)
            if column.key not in before or new is None:
                continue
            old = before[column.key]
            if told(column, old) != told(column, new):
                mask = (hidden or {}).get(column.key, str)
                change = Change(column, mask(told(column, old)), mask(told(column, new)))
                self.changes.append(change)


def told(column: Column, value: object) -> str:
    """A value as a report shows it."""
    if value is None or value == "":
        return ""
    english = current_language() == "en"
    if isinstance(value, bool):
        return WORDS[current_language()][0 if value else 1]
    for choice in column.choices:
        if choice.value == value:
            return choice.en if english else choice.zh
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)).normalize() + 0:f}"
    return str(value)


class Importer:
    """One kind of ledger for one actor. A subclass fills in what is its own.

    `which` names one of many (a register's number). `key`: the column by which a row says which
    record it means. `beside`: a template shown beside the upload, which gets the importer.
    """

    title: Text = ""
    sheet: Sheet
    subject: tuple[str, object]  # the table, and the key, under which the trail notes the import
    key: str = ""
    updates: Text = ""  # whom a row finds again
    beside: ClassVar[str] = ""
    back: str = "/"  # the address of the list

    def __init__(self, actor: Actor, which: str = "") -> None:
        """Raises NotAllowed for whoever may not, NotFound where there is no such."""
        self.actor, self.answers = actor, Answers()

    def begin(self) -> None:
        """Reads once what all rows need."""

    def prepare(self, rows: Sequence[Row]) -> None:
        """Reads at once what a batch of good rows needs."""

    def take(self, line: Line) -> None:
        """Finds what the row means; notes problems, changes, and why it is not to be written."""
        raise NotImplementedError

    def write(self, lines: Sequence[Line]) -> None:
        """Writes the lines of a batch that are new or changed."""
        raise NotImplementedError

    def name_of(self, line: Line) -> str:
        """What a report calls a row."""
        for column in self.sheet.columns:
            if column.required and column.key != self.key and line.row.cells.get(column.key):
                return shown(line.row.cells[column.key])
        return ""

    def check(self, batch: Sequence[Row]) -> list[Line]:
        """Every row of a batch with what becomes of it."""
        lines = [
            Line(
                self.sheet, row, dict(row.values), None, list(row.problems), [], row.left, row.asked
            )
            for row in batch
        ]
        good = [line for line in lines if line.state == "new"]
        self.prepare([line.row for line in good])
        for line in good:
            self.take(line)
        return lines

    def compare(
        self,
        line: Line,
        found: object,
        before: Mapping[str, object],
        hidden: Mapping[str, Callable[[str], str]] | None = None,
    ) -> None:
        """Compares a row with the record that it found; asks where it agrees in nothing else."""
        line.against(found, before, hidden=hidden)
        changed = {change.column.key for change in line.changes}
        filled = {key for key, value in line.values.items() if value is not None}
        if self.key and changed and changed >= filled & before.keys() - {self.key}:
            self.doubted(line)

    def ask(self, line: Line, question: Question) -> str:
        """The answer to a question that this row raises; empty, and the line waits, where open."""
        answer = self.answers.choose(question, f"{line.row.number} {self.name_of(line)}")
        line.asked = line.asked or not answer
        return answer

    def doubted(self, line: Line) -> None:
        """Asks what the column of the key holds; its answer says so for the whole file."""
        column = line.column(self.key)
        if column.required:
            answer = self.ask(line, _another(column))
            if answer == SKIP:
                line.left = Sentence("您选择跳过。", "You chose to leave it out.")
            return
        self.ask(line, own_serial(column))


def own_serial(column: Column) -> Question:
    """Whether a column of numbers is the system's or the office's own."""
    return Question(
        column_answer(column.title(current_language())),
        Sentence(
            f"“{column.title_zh}”列的号码找不到记录，或与找到的没有一处相同。它是什么号码？",
            f"What “{column.title_en}” names is not there, or agrees with these rows in nothing.",
        ),
        (
            (
                UNREAD,
                Sentence(
                    "是自己表里的序号：不读这一列，都作为新的登记",
                    "Our own serial numbers: ignore the column, all rows are new",
                ),
            ),
            (column.key, Sentence("就是系统的编号：更正这些记录", "The system's: correct them")),
        ),
    )


def _another(column: Column) -> Question:
    return Question(
        f"another:{column.key}",
        Sentence(
            f"按“{column.title_zh}”找到的记录与这些行没有一处相同，是同一个吗？",
            f"The records found by “{column.title_en}” agree with these rows in nothing else.",
        ),
        (
            (SAME, Sentence("是同一个：按表更新", "The same: update them")),
            (SKIP, Sentence("不是：跳过这些行", "Others: leave the rows out")),
        ),
        kept=False,
    )
