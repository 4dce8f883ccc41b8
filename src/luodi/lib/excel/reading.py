"""Reads ledgers row by row, whatever they look like, and says what is wrong with which cell.

Reading twice (a dry run, then the rows to write) costs a second and keeps nothing in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from luodi.lib.excel.apart import open_book_apart
from luodi.lib.excel.asking import Answers, Question, Unanswered
from luodi.lib.excel.cells import Cell, accepted, shown, value_of
from luodi.lib.excel.columns import CellProblem, Column, FileError, Sheet
from luodi.lib.excel.guard import DEFAULT_LIMITS, Limits
from luodi.lib.excel.layout import Layout, filled, in_measure, layouts, plain_title
from luodi.lib.sentences import Sentence, SentenceError

SUM: Final = re.compile(r"(总计|合计|小计|共计|累计|总合计)(\(.*\))?[:：]?.{0,6}")
NOTE: Final = re.compile(
    r"(注|备注|说明|填表说明|填报说明|填表人|填报人|制表人?|审核人?|审批人?|复核人?|经办人|"
    r"单位负责人|负责人|分管领导|联系人|联系电话|填报日期|填表日期)\d?[:：].*|注[释]?\d?[.、].*"
)
HIDDEN: Final = Question(
    "hidden_rows",
    Sentence("有隐藏（被筛选掉）的行，怎么办？", "Some rows are hidden (filtered out)."),
    (
        ("skip", Sentence("不读", "Leave them out")),
        ("read", Sentence("一起读入", "Read them too")),
    ),
    default="skip",
    kept=False,
)
LEFT_HIDDEN: Final = Sentence("隐藏的行。", "A hidden row.")
LEFT_SUM: Final = Sentence("合计行。", "A row of sums.")
LEFT_NOTE: Final = Sentence("说明或落款。", "A note.")
LEFT_HEADER: Final = Sentence("重复的表头。", "The header once more.")
LEFT_EMPTY: Final = Sentence("要读的列都空着。", "Empty in all columns that are read.")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty. `values` has every good cell by key (empty: None).

    where: the sheet, where several are read. left: why the row is none of the ledger's. asked:
    whether a cell of it waits for an answer.
    """

    number: int  # as Excel shows it
    cells: Mapping[str, Cell]  # as they are seen
    values: Mapping[str, object]
    problems: tuple[CellProblem, ...] = ()
    where: str = ""
    left: Sentence | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file with what was understood of it."""

    sheet: Sheet
    layouts: Sequence[Layout]
    answers: Answers

    @property
    def read(self) -> list[Layout]:
        return [one for one in self.layouts if one.why is None]

    def rows(self) -> Iterator[Row]:
        """The rows, good and bad and those that are left out, one after the other."""
        several = len(self.read) > 1
        for layout in self.read:
            yield from self._rows(layout, f"“{layout.name}”" if several else "")

    def _rows(self, layout: Layout, where: str) -> Iterator[Row]:
        columns = [(one, layout.places.get(one.key)) for one in self.sheet.columns]
        present = [(column, place) for column, place in columns if place is not None]
        absent = {column.key: None for column, place in columns if place is None}
        header = [plain_title(title) for title in layout.titles]
        for number, raw, cells in layout.page.filled_down():
            if number <= layout.last or not any(_there(cell) for cell in raw):
                continue
            cells += [""] * (len(header) - len(cells))
            left = self._left(layout, number, raw, header, present)
            if left is not None:
                yield Row(number, _cells(cells, present), {}, where=where, left=left)
                continue
            for place, unit in layout.measures.items():
                cells[place] = in_measure(cells[place], unit)
            if any(filled(column, cells[place]) for column, place in present):
                yield self._row(number, cells, present, absent, where)
            else:
                yield Row(number, {}, {}, where=where, left=LEFT_EMPTY)

    def _left(
        self,
        layout: Layout,
        number: int,
        raw: Sequence[Cell],
        header: Sequence[str],
        present: Sequence[tuple[Column, int]],
    ) -> Sentence | None:
        hidden = number in layout.page.marks.hidden
        if hidden and self.answers.choose(HIDDEN, f"{layout.name} {number}".strip()) == "skip":
            return LEFT_HIDDEN
        texts = [str(cell) for cell in raw if _there(cell)]
        first = "".join(unicodedata.normalize("NFKC", texts[0]).split())
        if SUM.fullmatch(first) and not _is_text_of(present, raw, texts):
            return LEFT_SUM
        if len(texts) <= 2 and NOTE.match(first):
            return LEFT_NOTE
        same = [a for a, b in zip(header, map(plain_title, raw), strict=False) if a and a == b]
        if len(same) >= 2 and len(same) >= len(texts) - 1:
            return LEFT_HEADER
        return None

    def _row(
        self,
        number: int,
        cells: Sequence[Cell],
        present: Sequence[tuple[Column, int]],
        absent: Mapping[str, None],
        where: str,
    ) -> Row:
        values: dict[str, object] = dict(absent)
        problems: list[CellProblem] = []
        asked = False
        for column, place in present:
            try:
                values[column.key] = value_of(column, cells[place], self.answers)
            except Unanswered:
                asked = True
            except SentenceError as error:
                problems.append(
                    CellProblem(
                        number, column, shown(cells[place]), error.sentence, accepted(column), where
                    )
                )
        raw = _cells(cells, present)
        return Row(number, raw, values, tuple(problems), where, None, asked)


def _cells(cells: Sequence[Cell], present: Sequence[tuple[Column, int]]) -> dict[str, Cell]:
    return {column.key: cells[place] for column, place in present if place < len(cells)}


def _there(cell: Cell) -> bool:
    return not (cell == "" or (isinstance(cell, str) and cell.isspace()))


def _is_text_of(
    present: Sequence[tuple[Column, int]], raw: Sequence[Cell], texts: Sequence[str]
) -> bool:
    """Whether a row that begins with 合计 has all that a row must have: then it is one."""
    needed = [place for column, place in present if column.required]
    return (
        bool(needed)
        and all(place < len(raw) and _there(raw[place]) for place in needed)
        and (len(texts) > len(needed) and not any(str(raw[place]) == texts[0] for place in needed))
    )


def open_table(
    fp: IO[bytes],
    sheet: Sheet,
    answers: Answers | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Guards a file, opens it and finds its tables. Raises FileError where there is none."""
    answers = answers or Answers()
    found = layouts(open_book_apart(fp, limits), sheet, answers)
    if not any(layout.places for layout in found):
        needed = [one for one in sheet.columns if one.required] or sheet.columns
        zh = "、".join(column.title_zh for column in needed)
        en = ", ".join(column.title_en for column in needed)
        raise FileError(
            f"没有找到表头，应有这些列：{zh}。请使用下载的模板，或把列名改成这样。",
            f"No header was found; it should have: {en}. Use the template, or name them so.",
        )
    return Table(sheet, found, answers)


def read(
    fp: IO[bytes],
    sheet: Sheet,
    answers: Answers | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Row]:
    """A ledger's own rows in a file that has all required columns. FileError where it has not."""
    table = open_table(fp, sheet, answers, limits=limits)
    for layout in table.read:
        if missing := layout.missing(sheet):
            raise FileError(*missing_columns(missing))
    return (row for row in table.rows() if row.left is None)


def missing_columns(missing: Sequence[Column]) -> Sentence:
    """That columns are not there, and what to do."""
    zh = "、".join(column.title_zh for column in missing)
    en = ", ".join(column.title_en for column in missing)
    return Sentence(
        f"表头缺少这些列：{zh}。请使用下载的模板，或把列名改成这样。",
        f"The header lacks these columns: {en}. Use the template, or name them so.",
    )
