"""A workbook's cells, read in a process that may be killed, and kept as lines of JSON on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from luodi.lib.excel.cells import Cell
from luodi.lib.excel.columns import FileError
from luodi.lib.excel.guard import Limits, guard
from luodi.lib.sandbox import MB, Busy, Cost, Overrun, Rows, openable, rows

COST: Final = Cost(seconds=300, computing=240, memory=3072 * MB, output=2048 * MB)


def sheet_of(fp: IO[bytes], titles: Sequence[str], limits: Limits) -> CalamineSheet:
    """The guarded workbook's sheet of one of these titles, or its first; FileError."""
    guard(fp, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(fp)
        names = workbook.sheet_names
        return workbook.get_sheet_by_name(next((n for n in names if n in titles), names[0]))
    except (CalamineError, IndexError) as error:
        raise FileError(
            "文件不完整或已损坏，请重新保存后再上传。",
            "The file is damaged or incomplete; save it again and upload that.",
        ) from error


def lines_of(fp: IO[bytes], titles: Sequence[str], limits: Limits) -> Lines:
    """The lines of that sheet. Raises FileError, as `sheet_of` and for what costs too much."""
    try:
        found = rows(cells_of, fp, list(titles), asdict(limits), cost=COST)
    except Overrun:
        raise FileError(
            "文件太复杂，没有读完。请只留下需要的数据，或分成几个文件上传。",
            "The file is too complicated to be read; keep the data only, or split it.",
        ) from None
    except Busy:
        raise FileError(
            "正在读取的文件较多，请稍后再试。",
            "Many files are being read; try again in a moment.",
        ) from None
    refused = next(iter(found))
    if refused:
        raise FileError(*refused)
    return Lines(found)


@openable
def cells_of(fp: IO[bytes], titles: list[str], limits: dict[str, int]) -> Iterator[Any]:
    """First the refusal, if there is one, in Chinese and English; then each row's cells as JSON."""
    try:
        sheet = sheet_of(fp, titles, Limits(**limits))
    except FileError as error:
        yield [error.zh, error.en]
        return
    yield None
    for row in sheet.iter_rows():
        yield [_told(cell) for cell in row]


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a sheet, as the reader would give them."""

    rows: Rows

    def iter_rows(self) -> Iterator[list[Cell]]:
        lines = iter(self.rows)
        next(lines)
        for line in lines:
            yield [_read(cell) for cell in line]


# JSON has texts, numbers and truths; what else a cell can hold is named by its kind.
KINDS: Final[dict[str, Callable[[str], Cell]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def _told(cell: Any) -> Any:
    if isinstance(cell, timedelta):
        return ["timedelta", cell.total_seconds()]
    if isinstance(cell, datetime | date | time):
        return [type(cell).__name__, cell.isoformat()]
    return cell


def _read(cell: Any) -> Cell:
    if not isinstance(cell, list):
        return cell  # type: ignore[no-any-return]
    kind, value = cell
    return timedelta(seconds=value) if kind == "timedelta" else KINDS[kind](value)
