"""Reads a ledger from .xlsx, row by row, and reports what is wrong with which cell.

Reading twice (a dry run, then the rows to write) costs a second and keeps nothing in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Final, Protocol

from luodi.lib.excel import apart
from luodi.lib.excel.cells import Cell, accepted, shown, value_of
from luodi.lib.excel.columns import CellProblem, Column, FileError, Sheet
from luodi.lib.excel.guard import DEFAULT_LIMITS, Limits
from luodi.lib.sentences import SentenceError

HEADER_WITHIN: Final = 20  # rows
REPORTED: Final = 1000  # problems that a report keeps one by one
# Columns that an error file adds; a corrected error file may be read again as it is.
ROW_TITLES: Final = ("原行号", "Row")
PROBLEM_TITLES: Final = ("哪里不对", "What is wrong")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty. `values` has every good cell by key (empty: None)."""

    number: int  # as Excel shows it
    cells: Mapping[str, Cell]  # as the file has them
    values: Mapping[str, object]
    problems: tuple[CellProblem, ...]


# Finds more problems in a row whose cells are good: duplicates, unknown units, ...
Verify = Callable[[Row], Iterable[CellProblem]]


@dataclass(slots=True)
class Report:
    """The outcome of a dry run. `problems` holds the first thousand of `problem_count`."""

    rows: int = 0
    ok: int = 0
    bad: int = 0
    problem_count: int = 0
    problems: list[CellProblem] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()
    missing_columns: tuple[Column, ...] = ()  # optional ones


@dataclass(frozen=True, slots=True)
class Header:
    row: int
    places: Mapping[str, int]  # key of a column to its place
    unknown: tuple[str, ...]


def check(
    fp: IO[bytes], sheet: Sheet, *, limits: Limits = DEFAULT_LIMITS, verify: Verify | None = None
) -> Report:
    """A dry run over the whole file. FileError if it cannot be read at all."""
    table = open_here(fp, sheet, limits=limits)
    header = table.header
    report = Report(
        unknown_columns=header.unknown,
        missing_columns=tuple(c for c in sheet.columns if c.key not in header.places),
    )
    for row in table.rows(verify):
        report.rows += 1
        if row.problems:
            report.bad += 1
            report.problem_count += len(row.problems)
            report.problems += row.problems[: max(REPORTED - len(report.problems), 0)]
        else:
            report.ok += 1
    return report


def read(
    fp: IO[bytes], sheet: Sheet, *, limits: Limits = DEFAULT_LIMITS, verify: Verify | None = None
) -> Iterator[Row]:
    """The rows of the file, good and bad, one after the other. FileError as for `check`."""
    return open_here(fp, sheet, limits=limits).rows(verify)


class Lines(Protocol):
    """The lines of cells of a sheet, as often as one asks."""

    def iter_rows(self) -> Iterator[list[Cell]]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """An opened sheet whose header has been found."""

    sheet: Sheet
    header: Header
    source: Lines

    def rows(self, verify: Verify | None = None) -> Iterator[Row]:
        columns = [(c, self.header.places.get(c.key)) for c in self.sheet.columns]
        present = [(column, place) for column, place in columns if place is not None]
        absent = {column.key: None for column, place in columns if place is None}
        for number, cells in _numbered(self.source):
            if number > self.header.row and any(_filled(cells[place]) for _, place in present):
                row = _row(number, cells, present, absent)
                if verify is not None and not row.problems:
                    row = Row(row.number, row.cells, row.values, tuple(verify(row)))
                yield row


def open_table(fp: IO[bytes], sheet: Sheet, *, limits: Limits = DEFAULT_LIMITS) -> Table:
    """Opens a file that somebody uploaded, in a process that may be killed; FileError as below."""
    source = apart.lines_of(fp, (sheet.title("zh"), sheet.title("en")), limits)
    return Table(sheet, _find_header(source, sheet), source)


def open_here(fp: IO[bytes], sheet: Sheet, *, limits: Limits = DEFAULT_LIMITS) -> Table:
    """Guards the file, opens it and finds the header; FileError if one of these fails."""
    source = apart.sheet_of(fp, (sheet.title("zh"), sheet.title("en")), limits)
    return Table(sheet, _find_header(source, sheet), source)


def _find_header(source: Lines, sheet: Sheet) -> Header:
    """The row among the first twenty in which most titles are found."""
    best = Header(0, {}, ())
    for number, cells in islice(_numbered(source), HEADER_WITHIN):
        header = _header(number, cells, sheet)
        if len(header.places) > len(best.places):
            best = header
    missing = [c for c in sheet.columns if c.required and c.key not in best.places]
    if missing or not best.places:
        zh = "、".join(column.title_zh for column in missing or sheet.columns)
        en = ", ".join(column.title_en for column in missing or sheet.columns)
        raise FileError(
            f"表头缺少这些列：{zh}。请使用下载的模板，或把列名改成这样。",
            f"The header lacks these columns: {en}. Use the template, or name them so.",
        )
    return best


def _header(number: int, cells: Sequence[Cell], sheet: Sheet) -> Header:
    known = {
        _plain_title(title): column.key
        for column in sheet.columns
        for title in (column.title_en, column.title_zh)
    }
    ours = {_plain_title(title) for title in (*ROW_TITLES, *PROBLEM_TITLES)} - known.keys()
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(cells):
        title = _plain_title(cell)
        key = known.get(title)
        if key is not None and key in places:
            raise FileError(
                f"表头中“{shown(cell)}”出现了两次，请删去一列。",
                f"The header has “{shown(cell)}” twice; delete one of the columns.",
            )
        if key is not None:
            places[key] = place
        elif title and title not in ours:
            unknown.append(shown(cell))
    return Header(number, places, tuple(unknown))


def _plain_title(cell: Cell) -> str:
    """A title without spaces, marks of required columns and notes in brackets at its end."""
    text = re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", str(cell))).lower()
    return re.sub(r"\((必填|选填|required|optional)\)$", "", text)


def _numbered(source: Lines) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with their numbers in Excel."""
    return enumerate(source.iter_rows(), 1)


def _filled(cell: Cell) -> bool:
    return not (cell == "" or (isinstance(cell, str) and cell.isspace()))


def _row(
    number: int,
    cells: Sequence[Cell],
    present: Sequence[tuple[Column, int]],
    absent: Mapping[str, None],
) -> Row:
    values: dict[str, object] = dict(absent)
    problems: list[CellProblem] = []
    for column, place in present:
        try:
            values[column.key] = value_of(column, cells[place])
        except SentenceError as error:
            cell = shown(cells[place])
            problems.append(CellProblem(number, column, cell, error.sentence, accepted(column)))
    raw = {column.key: cells[place] for column, place in present}
    return Row(number, raw, values, tuple(problems))
