"""Workbooks in and out: sheets described once, read with validation, written as templates and plans.

A cell becomes a value by :mod:`luodi.lib.excel`, as everywhere in the product. What stands here is
what a planner's workbook has beside a ledger's: several sheets that refer to each other, units in
headers, free numeric columns, limits, and slips of the hand that would pass over in silence.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import numpy as np
import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from luodi.lib import excel
from luodi.lib.excel.cells import shown, value_of
from luodi.lib.sentences import SentenceError

from .core import BadData, Floats, Ints, Lang, Text
from .geo import kilometres
from .measures import factor, is_unit, split_header

Kind = Literal["text", "number", "integer", "boolean", "date"]
KINDS = {
    "text": excel.Kind.TEXT,
    "number": excel.Kind.DECIMAL,
    "integer": excel.Kind.INTEGER,
    "boolean": excel.Kind.BOOLEAN,
    "date": excel.Kind.DATE,
}
ALIKE = 0.6  # of 1: names that differ by a character or two


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

    @property
    def cell(self) -> excel.Column:
        """Describe a cell of the column to the reader of cells."""
        kind = excel.Kind.CHOICE if self.choices else KINDS[self.kind]
        words = ((k, *(normalize("NFKC", w) for w in t)) for k, t in (self.choices or {}).items())
        choices = tuple(excel.Choice(*w) for w in words)
        return excel.Column(self.key, *self.title, kind, self.required, choices=choices)


def text(key: str, zh: str, en: str, default: Any = ..., **more: Any) -> Column:
    """Describe a column of text; with a ``default`` it may be left out."""
    required = default is ...
    return Column(key, Text(zh, en), "text", "", required, None if required else default, **more)


def number(
    key: str, zh: str, en: str, unit: str = "", default: Any = ..., low: float | None = 0,
    high: float | None = None, *, whole: bool = False, note: Text | None = None,
) -> Column:  # fmt: skip
    """Describe a column of numbers in ``unit``, from ``low`` to ``high``."""
    kind: Kind = "integer" if whole else "number"
    required, title = default is ..., Text(zh, en)
    given = None if required else default
    return Column(key, title, kind, unit, required, given, low, high, note=note)


def flag(key: str, zh: str, en: str, default: bool) -> Column:
    """Describe a column of yes and no."""
    return Column(key, Text(zh, en), "boolean", "", False, default)


def day(key: str, zh: str, en: str, required: bool = True) -> Column:
    """Describe a column of dates."""
    return Column(key, Text(zh, en), "date", "", required)


LON = number("lon", "经度", "longitude", "°", ..., -180, 180)
LAT = number("lat", "纬度", "latitude", "°", ..., -90, 90)


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``series`` allows further numeric columns with free headers (one per name), in
    one of ``series_units`` if the header says so, none below ``series_minimum``."""

    key: str
    title: Text
    columns: Sequence[Column]
    required: bool = True
    series: bool = False
    series_minimum: float | None = None
    series_units: tuple[str, ...] = ()
    note: Text | None = None


@dataclass
class Table:
    """A sheet that was read: one list per column key, and the free ``series`` columns as arrays."""

    sheet: Sheet
    name: str
    values: dict[str, list[Any]]
    row_numbers: list[int]
    headers: dict[str, str] = field(default_factory=dict)
    series: dict[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row_numbers)

    def __getitem__(self, key: str) -> list[Any]:
        return self.values[key]

    def array(self, key: str) -> Floats:
        return np.array(self.values[key], dtype=float)

    def rows(self) -> list[dict[str, Any]]:
        return [
            dict(zip(self.values, row, strict=True))
            for row in zip(*self.values.values(), strict=True)
        ]

    def bad(self, index: int, key: str, zh: str, en: str) -> BadData:
        """Make an error at the cell of data row ``index`` (0-based) and column ``key``."""
        row, column = self.row_numbers[index], self.headers.get(key, key)
        return BadData(zh, en, sheet=self.name, row=row, column=column)

    def only(self) -> dict[str, Any]:
        """Give the one row of a sheet of settings; :class:`BadData` if there is none or another.

        An optional sheet that is not there gives the defaults.
        """
        if not len(self) and not self.sheet.required:
            return {c.key: c.default for c in self.sheet.columns}
        if len(self) != 1:
            raise BadData("应有一行。", "needs one row.", sheet=self.name)
        return self.rows()[0]

    def no_pair_twice(self, first: str, second: str) -> None:
        """Refuse two rows that say something of the same pair: which would hold?"""
        seen: set[tuple[Any, Any]] = set()
        for i, pair in enumerate(zip(self.values[first], self.values[second], strict=True)):
            if pair in seen:
                zh, en = f"“{pair[0]}”和“{pair[1]}”已在上面写过。", "this pair is listed above."
                raise self.bad(i, second, zh, en)
            seen.add(pair)

    def positions(self, key: str, names: Sequence[str]) -> Ints:
        """Give each cell's place in ``names``; :class:`BadData` at the first unknown name."""
        place = {name: i for i, name in enumerate(names)}
        for i, value in enumerate(self.values[key]):
            if value not in place:
                zh, en = f"“{value}”没有定义。", f"“{value}” is not defined."
                raise self.bad(i, key, zh, en)
        return np.array([place[value] for value in self.values[key]], dtype=np.intp)

    def check_places(self, lon: str, lat: str, far_km: float | None = None) -> None:
        """Refuse coordinates that cannot be meant: exchanged, zero, or far from all the others.

        Exchanged: in the Arctic as they stand, in China the other way round. ``far_km``: from the
        middle (median) of the places.
        """
        x, y = self.array(lon), self.array(lat)
        for i in np.flatnonzero((x > 3) & (x < 54) & (y > 73)).tolist():
            zh, en = "经度和纬度填反了。", "longitude and latitude are exchanged."
            raise self.bad(i, lon, zh, en)
        for i in np.flatnonzero((x == 0) & (y == 0)).tolist():
            raise self.bad(i, lon, "经纬度都是 0，请填实际位置。", "both coordinates are 0.")
        if far_km is not None and len(x) > 2:
            km = kilometres(x, y, float(np.median(x)), float(np.median(y)))
            for i in np.flatnonzero(km > far_km).tolist():
                zh = f"离其他地点 {km[i]:,.0f} 公里，请核对经纬度。"
                raise self.bad(i, lon, zh, f"is {km[i]:,.0f} km from the other places.")


def read_workbook(path: str | Path, sheets: Sequence[Sheet]) -> dict[str, Table]:
    """Read the described sheets. An absent optional sheet gives an empty table.

    Raises :class:`BadData` with sheet, row and column.
    """
    try:
        _refuse_failed_formulas(path)
        return _read_sheets(CalamineWorkbook.from_path(str(path)), sheets)
    except (CalamineError, OSError) as error:  # a broken file may open, and fail at a later sheet
        zh, en = f"无法读取文件“{path}”。", f"The file “{path}” cannot be read."
        raise BadData(zh, en) from error


_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>(.*?)</c>', re.DOTALL)


def _refuse_failed_formulas(path: str | Path) -> None:
    """Refuse cells that a reader would take for empty: errors, and formulas never computed."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as book:
            for title, part in _sheet_parts(book):
                for column, row, attributes, inside in _CELL.findall(book.read(part)):
                    value = re.search(rb"<v>(.*?)</v>", inside, re.DOTALL)
                    if b't="e"' in attributes:
                        said = value[1].decode() if value else "#N/A"
                        zh, en = f"公式出错（{said}）。", f"the formula failed ({said})."
                    elif b"<f" in inside and not (value and value[1]) and b"str" not in attributes:
                        zh = "公式还没有算出结果，请用 Excel 打开、保存一次。"
                        en = "the formula was never computed: open and save the file in Excel."
                    else:
                        continue
                    raise BadData(zh, en, sheet=title, row=int(row), column=column.decode())
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise CalamineError(str(error)) from error


def _sheet_parts(book: zipfile.ZipFile) -> list[tuple[str, str]]:
    """List the titles of an .xlsx file's sheets and where they stand in it; nothing for others."""
    if "xl/workbook.xml" not in book.namelist():
        return []
    text = book.read("xl/workbook.xml").decode()
    links = book.read("xl/_rels/workbook.xml.rels").decode()
    target = {}
    for link in re.findall(r"<Relationship [^>]*>", links):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', link))
        target[parts["Id"]] = parts["Target"].removeprefix("/xl/")
    found = []
    for sheet in re.findall(r"<sheet [^>]*>", text):
        parts = dict(re.findall(r'([\w:]+)="([^"]*)"', sheet))
        found.append((parts["name"], f"xl/{target[parts['r:id']]}"))
    return found


def _read_sheets(book: CalamineWorkbook, sheets: Sequence[Sheet]) -> dict[str, Table]:
    found = {name.strip().lower(): name for name in book.sheet_names}
    tables: dict[str, Table] = {}
    taken = set()
    for sheet in sheets:
        name = next((found[n.lower()] for n in (*sheet.title, sheet.key) if n.lower() in found), "")
        if not name and sheet.required:
            zh, en = f"缺少工作表“{sheet.title.zh}”。", f"The sheet “{sheet.title.en}” is missing."
            raise BadData(zh, en)
        taken.add(name)
        cells: Sequence[Sequence[Any]] = []
        if name:
            page = book.get_sheet_by_name(name)
            cells = page.to_python(skip_empty_area=False)
            for (top, left), (bottom, right) in page.merged_cell_ranges or []:
                if bottom > 0:  # only the first cell of a merged range has a value
                    place = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
                    zh = f"{place} 是合并的单元格，请取消合并，每格都填上。"
                    en = f"{place} are merged cells: unmerge and fill each."
                    raise BadData(zh, en, sheet=name, row=top + 1, column=letters(left))
        tables[sheet.key] = parse_table(sheet, name or sheet.title.zh, cells)
    absent = [s.title for s in sheets if not tables[s.key].headers]
    for title in book.sheet_names:
        if title not in taken and (meant := _alike(title, absent)):
            zh, en = f"没有这张表，是不是“{meant.zh}”？", f"is unknown: “{meant.en}”?"
            raise BadData(zh, en, sheet=title)
    return tables


def parse_table(sheet: Sheet, name: str, cells: Sequence[Sequence[Any]]) -> Table:
    """Turn rows of cells (headers first) into a validated :class:`Table`."""
    headers = [str(h).strip() for h in cells[0]] if cells else []
    # a title may itself have brackets, so the whole header counts before the one without its unit
    plain = {split_header(h)[0].lower(): i for i, h in enumerate(headers) if h}
    plain |= {h.lower(): i for i, h in enumerate(headers) if h}
    body = [(n, r) for n, r in enumerate(cells[1:], start=2) if not all(map(_blank, r))]
    _check_headers(name, headers, body)
    table = Table(sheet, name, {}, [n for n, _ in body])
    used, absent = set(), []

    def raw(at: int) -> list[Any]:
        return [row[at] if at < len(row) else "" for _, row in body]

    for column in sheet.columns:
        titles = (*column.title, column.key)
        at = next((plain[t.lower()] for t in titles if t.lower() in plain), None)
        if at is None:
            if column.required and (cells or sheet.required):
                zh, en = f"缺少“{column.title.zh}”列。", f"Column “{column.title.en}” is missing."
                raise BadData(zh, en, sheet=name)
            table.values[column.key] = [column.default] * len(body)
            absent.append(column.title)
            continue
        used.add(at)
        table.headers[column.key] = headers[at]
        table.values[column.key] = _parse_column(
            table, column, raw(at), _scale(name, column, headers[at])
        )
    for at, header in enumerate(headers):
        if not header or at in used:
            continue
        if meant := _alike(header, absent):
            zh, en = f"没有这一列，是不是“{meant.zh}”？", f"is unknown: “{meant.en}”?"
            raise BadData(zh, en, sheet=name, row=1, column=header)
        if sheet.series:
            title, by = _series_unit(sheet, name, header)
            number = Column(title, Text(title, title), "number", minimum=sheet.series_minimum)
            table.headers[title] = header
            table.series[title] = np.array(_parse_column(table, number, raw(at), by), dtype=float)
    return table


def _check_headers(
    sheet: str, titles: Sequence[str], body: Sequence[tuple[int, Sequence[Any]]]
) -> None:
    """Refuse a header given twice, and values below none."""
    for at, title in enumerate(titles):
        if title and title in titles[:at]:
            zh, en = "有两列同名，只能留一列。", "two columns have this name."
            raise BadData(zh, en, sheet=sheet, row=1, column=title)
    for at in range(max((len(r) for _, r in body), default=0)):
        if at >= len(titles) or not titles[at]:
            found = next((n for n, r in body if at < len(r) and not _blank(r[at])), None)
            if found is not None:
                zh, en = "有内容，但这一列没有列名。", "has a value below no header."
                raise BadData(zh, en, sheet=sheet, row=found, column=letters(at))


def _scale(sheet: str, column: Column, header: str) -> float:
    """Give what a value is to be multiplied by, from the unit in the header (none: as wanted)."""
    unit = split_header(header)[1]
    if not unit or header.lower() in (t.lower() for t in column.title):
        return 1.0
    wanted = column.unit or ("1" if column.kind == "number" and column.maximum == 1 else "")
    if not wanted:
        return 1.0  # a remark in brackets
    by = factor(unit, wanted)
    if by is None:
        zh = f"单位“{unit}”不能换算成 {wanted}，请按 {wanted} 填写并改列名。"
        en = f"the unit “{unit}” cannot be turned into {wanted}: give {wanted}."
        raise BadData(zh, en, sheet=sheet, row=1, column=header)
    return by


def _series_unit(sheet: Sheet, name: str, header: str) -> tuple[str, float]:
    """Give the name of a free column without its unit, and the factor to the unit wanted."""
    title, unit = split_header(header)
    if not sheet.series_units or not unit or not is_unit(unit):
        return header, 1.0
    for wanted in sheet.series_units:
        by = factor(unit, wanted)
        if by is not None:
            return title, by
    wanted = "、".join(sheet.series_units)
    zh, en = f"单位“{unit}”不能换算成 {wanted}。", f"the unit “{unit}” is none of {wanted}."
    raise BadData(zh, en, sheet=name, row=1, column=header)


def _parse_column(table: Table, column: Column, raw: list[Any], by: float = 1.0) -> list[Any]:
    as_cell = column.cell
    values = [_parse_cell(table, column, as_cell, i, cell, by) for i, cell in enumerate(raw)]
    if column.unique:
        seen: set[Any] = set()
        for i, value in enumerate(values):
            if value in seen:
                raise table.bad(i, column.key, f"“{value}”重复。", f"“{value}” appears twice.")
            seen.add(value)
    return values


def _parse_cell(
    table: Table, column: Column, as_cell: excel.Column, i: int, cell: Any, by: float
) -> Any:
    """Give the value of data row ``i`` (0-based). Raises :class:`BadData` with its place."""
    if _blank(cell):
        if column.required:
            raise table.bad(i, column.key, "不能为空。", "must not be empty.")
        return column.default
    number = column.kind in ("number", "integer")
    if number and isinstance(cell, float):  # nearly all cells of a workbook: as they are
        value: Any = cell
    else:
        try:
            if number and isinstance(cell, bool):
                raise SentenceError("不是数字。", "is no number.")
            value = value_of(as_cell, cell)
        except SentenceError as error:
            zh, en = f"“{shown(cell)}”{error.zh}", f"“{shown(cell)}”: {error.en}"
            if number:
                unit = f"，按单位 {column.unit}" if column.unit else ""
                zh, en = f"{zh}只填数字{unit}，例如 35% 写 0.35。", f"{en} Digits only."
            elif column.choices:
                zh += f"可填：{'、'.join(t.zh for t in column.choices.values())}。"
                en += f" One of: {', '.join(t.en for t in column.choices.values())}."
            raise table.bad(i, column.key, zh, en) from None
    if not number:
        return value
    return _within(table, column, i, float(value) * by)


def _within(table: Table, column: Column, i: int, value: float) -> float | int:
    """Keep a number to the limits of its column, and whole if it is to be."""
    zh = en = ""
    if not np.isfinite(value):
        zh, en = "不是有限的数。", "is not a finite number."
    elif column.minimum is not None and value < column.minimum:
        zh, en = f"{value:g} 小于 {column.minimum:g}。", f"{value:g} is below {column.minimum:g}."
    elif column.maximum is not None and value > column.maximum:
        hint = f"（单位 {column.unit}）" if column.unit else ""
        hint = "（35% 写作 0.35）" if column.maximum == 1 else hint
        zh, en = f"{value:g} 大于 {column.maximum:g}{hint}。", f"{value:g} is above the limit."
    elif column.kind == "integer" and not value.is_integer():
        zh, en = f"{value:g} 不是整数。", f"{value:g} is no whole number."
    if zh:
        raise table.bad(i, column.key, zh, en)
    return int(value) if column.kind == "integer" else value


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _alike(title: str, absent: Sequence[Text]) -> Text | None:
    """Find the missing title that a slip of the hand made of."""
    written = split_header(title)[0].lower()
    alike = 0.5 if len(written) == 2 else ALIKE  # 面职 for 面积
    for text in absent:
        if get_close_matches(written, (text.zh, text.en.lower()), n=1, cutoff=alike):
            return text
    return None


def letters(column: int) -> str:
    """Name a column counted from 0 as a spreadsheet does: A, B, …, AA."""
    return xlsxwriter.utility.xl_col_to_name(column)  # type: ignore[no-any-return]
