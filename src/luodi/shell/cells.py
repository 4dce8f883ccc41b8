"""What stands in a cell: on a page, in a file."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO

from django.http import FileResponse
from django.utils import formats, timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.lib.excel import Column, FileError, Sheet, export
from luodi.lib.excel.columns import Language

WIDTH = 16


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
            return _("、").join(str(text_of(one)) for one in value)
    return str(value)


def plain(value: object) -> object:
    """A value as a file holds it: without HTML; numbers and times stay what they are."""
    if isinstance(value, SafeString):
        return " ".join(strip_tags(value).split())
    if isinstance(value, dt.date | int | float | Decimal):
        return value
    return str(text_of(value))


def sheet_response(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    widths: Sequence[int] = (),
    about: Sequence[str] = (),
) -> tuple[FileResponse, int]:
    """An Excel file of the rows, written row by row to the disk; and how many rows it holds.

    `widths`: of the columns, in characters; `about`: whose rows these are, and which. Raises UserError where there are more rows than a sheet holds.
    """
    keys = [str(place) for place in range(len(headings))]
    sheet = Sheet(
        title,
        title,
        tuple(
            Column(key, text, text, width=width)
            for key, text, width in zip(keys, headings, widths or [WIDTH] * len(keys), strict=True)
        ),
    )
    language: Language = "en" if get_language() == "en" else "zh"
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    try:
        count = export(
            sheet,
            (dict(zip(keys, row, strict=True)) for row in rows),
            stream,
            language=language,
            about=about,
        )
    except FileError as problem:
        raise UserError(problem.zh if language == "zh" else problem.en) from None
    stream.seek(0)
    name = f"{title}-{timezone.localdate().isoformat()}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name), count
