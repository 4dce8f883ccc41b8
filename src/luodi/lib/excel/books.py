"""A file as sheets of cells, whatever it is: .xlsx, or .csv of UTF-8, UTF-16 or GB 18030."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import IO, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from luodi.lib.excel.cells import UNCALCULATED, Cell
from luodi.lib.excel.columns import FileError
from luodi.lib.excel.guard import DAMAGED, SAVE_AS, Limits, guard
from luodi.lib.excel.marks import Marks, cell_number, marks_of
from luodi.lib.zips import open_zip

PIECE: Final = 1024 * 1024
ENCODINGS: Final = ("utf-8-sig", "gb18030")
AS_TEXT: Final = re.compile(r'="(.*)"')  # how a .csv keeps 0012
NO_TABLE: Final = re.compile(r"[\x00-\x08\x0e-\x1f]|^\s*<|^%PDF")  # a program's file, a page
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(slots=True)
class Page:
    """One sheet. `rows` gives its rows from the first on; `merged` are ranges of (row, place)."""

    name: str
    hidden: bool
    raw: Callable[[], Iterator[list[Cell]]]
    marks: Marks = field(default_factory=Marks)
    merged: tuple[Range, ...] = ()

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """The rows as they are seen, with their numbers in Excel."""
        marks = self.marks
        shown, missing = marks.per_cent, marks.uncalculated
        for number, cells in enumerate(self.raw(), 1):
            if shown or missing:
                for place, cell in enumerate(cells):
                    at = cell_number(number, place)
                    if at in missing:
                        cells[place] = UNCALCULATED
                    elif at in shown and isinstance(cell, int | float):
                        cells[place] = f"{(Decimal(repr(cell)) * 100).normalize() + 0}%"
            yield number, cells

    def head(self, count: int) -> list[tuple[int, list[Cell]]]:
        """The first rows."""
        return list(islice(self.rows(), count))

    def filled_down(self) -> Iterator[tuple[int, list[Cell], list[Cell]]]:
        """The rows, and each with what a merged cell above says to it."""
        begins: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (top, left), (bottom, _right) in self.merged:
            if bottom > top:
                begins[top + 1].append((left, bottom + 1))
        open_: dict[int, tuple[int, Cell]] = {}  # place: until which row, what
        for number, cells in self.rows():
            full = cells
            if open_:
                open_ = {place: one for place, one in open_.items() if one[0] >= number}
                full = list(cells)
                for place, (_until, cell) in open_.items():
                    if place < len(full) and full[place] == "":
                        full[place] = cell
            for place, until in begins.get(number, ()):
                if place < len(cells):
                    open_[place] = (until, cells[place])
            yield number, cells, full


def open_book(fp: IO[bytes], limits: Limits) -> list[Page]:
    """The sheets of a file. Raises FileError for what is neither a workbook nor a table of text."""
    if not is_workbook(fp, limits):
        return [_text_page(fp, limits)]
    guard(fp, limits)
    try:
        with open_zip(fp) as archive:
            marks = marks_of(archive)
        fp.seek(0)
        book = CalamineWorkbook.from_filelike(fp)
        return [
            _page(book.get_sheet_by_name(one.name), one.visible, marks.get(one.name, Marks()))
            for one in book.sheets_metadata
        ]
    except CalamineError as error:
        raise FileError(*DAMAGED) from error


def is_workbook(fp: IO[bytes], limits: Limits) -> bool:
    """Whether a file is to be opened as a workbook, and not as a table of text."""
    size = fp.seek(0, 2)
    fp.seek(0)
    head = fp.read(8)
    fp.seek(0)
    return head.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or not 0 < size <= limits.packed


def _page(sheet: CalamineSheet, visible: SheetVisibleEnum, marks: Marks) -> Page:
    hidden = visible != SheetVisibleEnum.Visible
    merged = tuple(sheet.merged_cell_ranges or ())
    return Page(sheet.name, hidden, sheet.iter_rows, marks, merged)


def _text_page(fp: IO[bytes], limits: Limits) -> Page:
    encoding = _encoding(fp)
    fp.seek(0)
    first = fp.read(PIECE).decode(encoding, "ignore")
    if NO_TABLE.search(first):
        raise _no_table()
    line = next((line for line in first.splitlines() if line.strip()), "")
    separator = max(",\t;，", key=line.count)

    def rows() -> Iterator[list[Cell]]:
        fp.seek(0)
        text = io.TextIOWrapper(fp, encoding, newline="")
        try:
            for number, row in enumerate(csv.reader(text, delimiter=separator), 1):
                if number > limits.rows + 20 or number * len(row) > limits.cells:
                    raise FileError(
                        f"行数超过上限 {limits.rows}，请分成几个文件上传。",
                        f"More than {limits.rows} rows; split the file.",
                    )
                yield [_bare(cell) for cell in row]
        except csv.Error:
            raise _no_table() from None
        finally:
            text.detach()

    return Page("", hidden=False, raw=rows)


def _bare(cell: str) -> str:
    found = AS_TEXT.fullmatch(cell)
    return found[1] if found else cell


def _encoding(fp: IO[bytes]) -> str:
    fp.seek(0)
    if fp.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    for encoding in ENCODINGS:
        fp.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while piece := fp.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise _no_table()


def _no_table() -> FileError:
    return FileError(
        f"这不是 Excel 文件，也不是逗号分隔的文本（.csv）。{SAVE_AS[0]}",
        f"This is no Excel file and no .csv. {SAVE_AS[1]}",
    )
