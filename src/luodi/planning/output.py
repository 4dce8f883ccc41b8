"""Templates and plans as workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from .core import Lang, Text
from .tables import Sheet


@dataclass(frozen=True)
class OutSheet:
    """One sheet to write. ``notes`` are comments at the headers. A heading is a Text or as it is.

    Whole numbers of type int are written without decimals.
    """

    title: Text
    headers: Sequence[Text | str]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()
    number_format: str = "#,##0.00"


def say(said: Text | str, lang: Lang) -> str:
    return said.say(lang) if isinstance(said, Text) else said


def write_workbook(path: str | Path, sheets: Sequence[OutSheet], lang: Lang = "zh") -> None:
    """Write sheets with a fixed, filterable header row, row by row (iterators stay small)."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        style = {"bold": True, "bg_color": "#E8F0EC", "bottom": 1, "text_wrap": True}
        head = book.add_format(style)
        formats = {f: book.add_format({"num_format": f}) for f in {s.number_format for s in sheets}}
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.title.say(lang)[:31])
            page.freeze_panes(1, 0)
            for c, header in enumerate(say(h, lang) for h in sheet.headers):
                page.set_column(c, c, min(40, max(10, 2 * len(header))))
                page.write_string(0, c, header, head)
                if c < len(sheet.notes) and sheet.notes[c]:
                    page.write_comment(0, c, sheet.notes[c])
            last = 0
            for last, row in enumerate(sheet.rows, start=1):
                for c, value in enumerate(row):
                    _write(page, last, c, value, formats[sheet.number_format], day, wrapped, lang)
            page.autofilter(0, 0, max(last, 1), max(len(sheet.headers) - 1, 0))


def _write(
    page: Any, row: int, c: int, value: Any, number: Any, day: Any, wrapped: Any, lang: Lang
) -> None:
    if value is None:
        return
    if isinstance(value, bool | np.bool_):
        page.write_string(row, c, Text("是" if value else "否", "yes" if value else "no").say(lang))
    elif isinstance(value, int | np.integer):
        page.write_number(row, c, int(value))
    elif isinstance(value, float | np.floating):
        page.write_number(row, c, float(value), number)
    elif isinstance(value, dt.datetime | dt.date):
        page.write_datetime(row, c, value, day)
    else:
        said = say(value, lang) if isinstance(value, Text) else str(value)
        page.write_string(row, c, said, wrapped if "\n" in said else None)


def write_template(
    path: str | Path,
    sheets: Sequence[Sheet],
    examples: Mapping[str, Iterable[Sequence[Any]]],
    lang: Lang = "zh",
    series: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write a workbook to fill: a sheet that explains every column, then each with examples.

    ``examples`` maps sheet keys to rows in column order (then the ``series`` columns, whose
    headers ``series`` gives per sheet key).
    """
    pages = [_explanation(sheets, lang)]
    for sheet in sheets:
        headers = [c.header(lang) for c in sheet.columns] + list((series or {}).get(sheet.key, ()))
        notes = [c.note.say(lang) if c.note else "" for c in sheet.columns]
        pages.append(OutSheet(sheet.title, headers, examples.get(sheet.key, ()), notes, "General"))
    write_workbook(path, pages, lang)


def _explanation(sheets: Sequence[Sheet], lang: Lang) -> OutSheet:
    headers = (
        Text("工作表", "Sheet"), Text("列", "Column"), Text("单位", "Unit"),
        Text("必填", "Required"), Text("说明", "Note"),
    )  # fmt: skip
    rows: list[Sequence[Any]] = []
    for sheet in sheets:
        if sheet.note:
            rows.append([sheet.title, "", "", "", sheet.note])
        for c in sheet.columns:
            note = c.note.say(lang) if c.note else ""
            if c.choices:
                note += " / ".join(t.say(lang) for t in c.choices.values())
            rows.append([sheet.title, c.title, c.unit, c.required, note])
    return OutSheet(Text("说明", "Notes"), headers, rows)
