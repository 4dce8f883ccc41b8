"""A workbook's sheets, read in a process that may be killed, and kept as lines of JSON on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import IO, Any, Final

from luodi.lib.excel.books import Page, is_workbook, open_book
from luodi.lib.excel.cells import Cell
from luodi.lib.excel.columns import FileError
from luodi.lib.excel.guard import Limits
from luodi.lib.excel.marks import Marks
from luodi.lib.sandbox import MB, Busy, Cost, Overrun, Rows, openable, rows

COST: Final = Cost(seconds=300, computing=240, memory=3072 * MB, output=2048 * MB)


def open_book_apart(fp: IO[bytes], limits: Limits) -> list[Page]:
    """As `open_book`; a workbook is opened in the sandbox. Raises FileError for what costs too much.

    A table of text is read here: no library of others opens it, and its reader has bounds.
    """
    if not is_workbook(fp, limits):
        return open_book(fp, limits)
    try:
        found = rows(told_book, fp, asdict(limits), cost=COST)
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
    refused, pages = next(iter(found))
    if refused:
        raise FileError(*refused)
    return [
        Page(
            name,
            hidden,
            partial(_cells_of, found, place),
            Marks(*(set(one) for one in marks)),
            tuple(((top, left), (bottom, right)) for (top, left), (bottom, right) in merged),
        )
        for place, (name, hidden, marks, merged) in enumerate(pages)
    ]


@openable
def told_book(fp: IO[bytes], limits: dict[str, int]) -> Iterator[Any]:
    """First the refusal in Chinese and English, if there is one, and the sheets; then each sheet's
    rows, with the sheet's place in front."""
    try:
        pages = open_book(fp, Limits(**limits))
    except FileError as error:
        yield [[error.zh, error.en], []]
        return
    yield [
        None,
        [
            [
                page.name,
                page.hidden,
                [
                    sorted(one)
                    for one in (page.marks.hidden, page.marks.per_cent, page.marks.uncalculated)
                ],
                page.merged,
            ]
            for page in pages
        ],
    ]
    for place, page in enumerate(pages):
        for cells in page.raw():
            yield [place, [_told(cell) for cell in cells]]


def _cells_of(found: Rows, place: int) -> Iterator[list[Cell]]:
    lines = iter(found)
    next(lines)
    for at, cells in lines:
        if at == place:
            yield [_read(cell) for cell in cells]
        elif at > place:
            return


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
