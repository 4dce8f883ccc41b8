"""Excel in and out: sheets described once, read with validation, written as templates and plans."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xlsxwriter
from numpy.typing import NDArray
from python_calamine import CalamineError, CalamineWorkbook

from . import slips
from .cells import parse_cell
from .core import BadData, Lang, Text

Kind = Literal["text", "number", "integer", "boolean", "date"]
_UNIT = re.compile(r"\s*[(（\[].*$")


@dataclass(frozen=True)
class Column:
    """One column. The header is ``title (unit)``; either language is understood when reading."""

    key: str
    title: Text
    kind: Kind = "text"
    unit: str = ""
    required: bool = True
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, Text] | None = None
    unique: bool = False
    note: Text | None = None

    def header(self, lang: Lang) -> str:
        return f"{self.title.say(lang)} ({self.unit})" if self.unit else self.title.say(lang)


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``series`` allows further numeric columns with free headers (one per name), none
    below ``series_minimum``."""

    key: str
    title: Text
    columns: Sequence[Column]
    required: bool = True
    series: bool = False
    series_minimum: float | None = None
    note: Text | None = None


@dataclass
class Table:
    """A sheet that was read: one list per column key, and the free ``series`` columns as arrays."""

    sheet: Sheet
    name: str
    values: dict[str, list[Any]]
    row_numbers: list[int]
    headers: dict[str, str] = field(default_factory=dict)
    series: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row_numbers)

    def __getitem__(self, key: str) -> list[Any]:
        return self.values[key]

    def array(self, key: str) -> NDArray[np.float64]:
        return np.array(self.values[key], dtype=float)

    def rows(self) -> list[dict[str, Any]]:
        keys = list(self.values)
        return [
            dict(zip(keys, row, strict=True)) for row in zip(*self.values.values(), strict=True)
        ]

    def bad(self, index: int, key: str, zh: str, en: str) -> BadData:
        """An error at the cell of data row ``index`` (0-based) and column ``key``."""
        return BadData(
            Text(zh, en),
            sheet=self.name,
            row=self.row_numbers[index],
            column=self.headers.get(key, key),
        )

    def only(self) -> dict[str, Any]:
        """The one row of a sheet of settings; :class:`BadData` if there is none or another."""
        if len(self) != 1:
            raise BadData(Text("应有一行。", "needs one row."), sheet=self.name)
        return self.rows()[0]

    def no_pair_twice(self, first: str, second: str) -> None:
        """:class:`BadData` where two rows say something of the same pair: which would hold?"""
        seen: set[tuple[Any, Any]] = set()
        for i, pair in enumerate(zip(self.values[first], self.values[second], strict=True)):
            if pair in seen:
                zh, en = f"“{pair[0]}”和“{pair[1]}”已在上面写过。", "this pair is listed above."
                raise self.bad(i, second, zh, en)
            seen.add(pair)

    def positions(self, key: str, names: Sequence[str]) -> NDArray[np.intp]:
        """Each cell as its place in ``names``; :class:`BadData` at the first unknown name."""
        place = {name: i for i, name in enumerate(names)}
        values = self.values[key]
        try:
            return np.fromiter(map(place.__getitem__, values), dtype=np.intp, count=len(values))
        except KeyError:
            i = next(i for i, value in enumerate(values) if value not in place)
        raise self.bad(i, key, f"“{values[i]}”没有定义。", f"“{values[i]}” is not defined.")


def read_workbook(path: str | Path, sheets: Sequence[Sheet]) -> dict[str, Table]:
    """Read the described sheets. An absent optional sheet gives an empty table.

    Raises :class:`BadData` with sheet, row and column.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        return _read_sheets(book, sheets)
    except (CalamineError, OSError) as error:  # a broken file may open, and fail at a later sheet
        raise BadData(
            Text(f"无法读取文件“{path}”。", f"The file “{path}” cannot be read.")
        ) from error


def _read_sheets(book: CalamineWorkbook, sheets: Sequence[Sheet]) -> dict[str, Table]:
    found = {name.strip().lower(): name for name in book.sheet_names}
    tables: dict[str, Table] = {}
    taken = set()
    for sheet in sheets:
        names = (sheet.title.zh.lower(), sheet.title.en.lower(), sheet.key.lower())
        name = next((found[n] for n in names if n in found), None)
        if name is None and sheet.required:
            raise BadData(
                Text(f"缺少工作表“{sheet.title.zh}”。", f"The sheet “{sheet.title.en}” is missing.")
            )
        taken.add(name)
        cells = (
            [] if name is None else book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        )
        if name is not None:
            slips.merged(book.get_sheet_by_name(name))
        tables[sheet.key] = parse_table(sheet, name or sheet.title.zh, cells)
    absent = [s.title for s in sheets if not tables[s.key].headers]
    slips.misspelt_sheet([n for n in book.sheet_names if n not in taken], absent)
    return tables


def parse_table(sheet: Sheet, name: str, cells: Sequence[Sequence[Any]]) -> Table:
    """Turn rows of cells (headers first) into a validated :class:`Table`."""
    headers = [str(h).strip() for h in cells[0]] if cells else []
    # a title may itself have brackets, so the whole header counts before the one without its unit
    plain = {_UNIT.sub("", h).strip().lower(): i for i, h in enumerate(headers) if h}
    plain |= {h.lower(): i for i, h in enumerate(headers) if h}
    body = [(n, r) for n, r in enumerate(cells[1:], start=2) if not all(map(slips.blank, r))]
    slips.headers(name, headers, body)
    table = Table(sheet, name, {}, [n for n, _ in body])
    used, absent = set(), []
    for column in sheet.columns:
        titles = (column.title.zh.lower(), column.title.en.lower(), column.key.lower())
        at = next((plain[t] for t in titles if t in plain), None)
        if at is None:
            if column.required and (cells or sheet.required):
                raise BadData(
                    Text(f"缺少“{column.title.zh}”列。", f"Column “{column.title.en}” is missing."),
                    sheet=name,
                )
            table.values[column.key] = [column.default] * len(body)
            absent.append(column.title)
            continue
        used.add(at)
        table.headers[column.key] = headers[at]
        raw = [row[at] if at < len(row) else "" for _, row in body]
        table.values[column.key] = _parse_column(table, column, raw)
    if headers:
        slips.misspelt_column(name, [h for i, h in enumerate(headers) if i not in used], absent)
    if sheet.series:
        for at, header in enumerate(headers):
            if header and at not in used:
                least = sheet.series_minimum
                number = Column(header, Text(header, header), "number", minimum=least)
                table.headers[header] = header
                raw = [row[at] if at < len(row) else "" for _, row in body]
                table.series[header] = np.array(_parse_column(table, number, raw), dtype=float)
    return table


def _parse_column(table: Table, column: Column, raw: list[Any]) -> list[Any]:
    values = [parse_cell(table, column, i, cell) for i, cell in enumerate(raw)]
    if column.unique:
        seen: set[Any] = set()
        for i, value in enumerate(values):
            if value in seen:
                raise table.bad(i, column.key, f"“{value}”重复。", f"“{value}” appears twice.")
            seen.add(value)
    return values


@dataclass(frozen=True)
class OutSheet:
    """One sheet to write: headers and rows; ``notes`` appear above nothing, as header comments."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()
    number_format: str = "#,##0.00"


def write_workbook(path: str | Path, sheets: Sequence[OutSheet]) -> None:
    """Write sheets with a fixed, filterable header row, row by row (iterators stay small)."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#E8F0EC", "bottom": 1, "text_wrap": True}
        )
        number = {s.number_format: book.add_format({"num_format": s.number_format}) for s in sheets}
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.title[:31]), sheet, head, number, day)


def _write_sheet(page: Any, sheet: OutSheet, head: Any, number: dict[str, Any], day: Any) -> None:
    page.freeze_panes(1, 0)
    for c, header in enumerate(sheet.headers):
        page.set_column(c, c, min(40, max(10, 2 * len(header))))
        page.write_string(0, c, header, head)
        if c < len(sheet.notes) and sheet.notes[c]:
            page.write_comment(0, c, sheet.notes[c])
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for c, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, bool):
                page.write_string(last, c, "是" if value else "否")
            elif isinstance(value, int | np.integer):
                page.write_number(last, c, int(value))
            elif isinstance(value, float | np.floating):
                page.write_number(last, c, float(value), number[sheet.number_format])
            elif isinstance(value, dt.datetime | dt.date):
                page.write_datetime(last, c, value, day)
            else:
                page.write_string(last, c, str(value))
    page.autofilter(0, 0, max(last, 1), max(len(sheet.headers) - 1, 0))


def write_template(
    path: str | Path,
    sheets: Sequence[Sheet],
    examples: Mapping[str, Iterable[Sequence[Any]]],
    lang: Lang = "zh",
    series: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """A workbook ready to fill: a sheet that explains every column, then each sheet with examples.

    ``examples`` maps sheet keys to rows in column order (then the ``series`` columns, whose
    headers ``series`` gives per sheet key).
    """
    pages = [_explanation(sheets, lang)]
    for sheet in sheets:
        headers = [c.header(lang) for c in sheet.columns]
        headers += list((series or {}).get(sheet.key, ()))
        notes = [c.note.say(lang) if c.note else "" for c in sheet.columns]
        rows = examples.get(sheet.key, ())
        pages.append(OutSheet(sheet.title.say(lang), headers, rows, notes, "General"))
    write_workbook(path, pages)


def _explanation(sheets: Sequence[Sheet], lang: Lang) -> OutSheet:
    zh = lang == "zh"
    headers = (
        ["工作表", "列", "单位", "必填", "说明"]
        if zh
        else ["Sheet", "Column", "Unit", "Required", "Note"]
    )
    rows: list[Sequence[Any]] = []
    for sheet in sheets:
        if sheet.note:
            rows.append([sheet.title.say(lang), "", "", "", sheet.note.say(lang)])
        for c in sheet.columns:
            note = c.note.say(lang) if c.note else ""
            if c.choices:
                note += " / ".join(t.say(lang) for t in c.choices.values())
            need = Text("是", "yes") if c.required else Text("否", "no")
            row = [sheet.title.say(lang), c.title.say(lang), c.unit, need.say(lang), note]
            rows.append(row)
    return OutSheet("说明" if zh else "Notes", headers, rows)
