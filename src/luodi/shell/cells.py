"""What stands in a cell: on a page, in a file."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils import formats, timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

SHEET_ROWS = 1_000_000  # Excel's own limit is 1,048,576


def text_of(value: object) -> str | SafeString:
    """A value as a page shows it; dates as 2022-12-22, nothing as an empty text."""
    match value:
        case None:
            return ""
        case SafeString() | str():
            return value
        case bool():
            return _("是") if value else _("否")
        case dt.datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        case dt.date():
            return value.isoformat()
        case int() | float() | Decimal():
            return str(formats.localize(value))
        case list() | tuple() | set():
            return "、".join(str(text_of(one)) for one in value)
    return str(value)


def plain(value: object) -> object:
    """A value as a file holds it: no HTML, times in the site's zone."""
    if isinstance(value, SafeString):
        return " ".join(strip_tags(value).split())
    if isinstance(value, dt.datetime):
        return timezone.make_naive(value)
    if isinstance(value, dt.date | int | float | Decimal) and not isinstance(value, bool):
        return value
    return str(text_of(value))


def sheet_response(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]
) -> tuple[FileResponse, int]:
    """An Excel file of the rows, written row by row to the disk; and how many rows it holds."""
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    count = _write(stream, title, headings, rows)
    stream.seek(0)
    name = f"{title}-{timezone.localdate().isoformat()}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name), count


def _write(
    stream: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]
) -> int:
    # a text that looks like a formula or an address stays a text
    safe = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, safe)
    style = {name: book.add_format(how) for name, how in STYLES.items()}
    count, line, sheet = 0, 0, None
    for row in rows:
        if sheet is None or line > SHEET_ROWS:
            sheet, line = _sheet(book, headings, style["head"]), 1
        for column, value in enumerate(row):
            _cell(sheet, line, column, value, style)
        count, line = count + 1, line + 1
    if sheet is None:
        _sheet(book, headings, style["head"])
    book.set_properties({"title": title})
    book.close()
    return count


STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bg_color": "#F3EFE9", "bottom": 1},
    "date": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm"},
}


def _sheet(book: Any, headings: Sequence[str], style: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(headings) - 1), 18)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, style)
    return sheet


def _cell(sheet: Any, line: int, column: int, value: object, style: dict[str, Any]) -> None:
    if isinstance(value, dt.datetime):
        sheet.write_datetime(line, column, value, style["time"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, column, value, style["date"])
    elif isinstance(value, int | float | Decimal) and abs(value) < 10**15:
        sheet.write_number(line, column, value)
    elif value not in (None, ""):
        sheet.write_string(line, column, str(value)[:32_767])
