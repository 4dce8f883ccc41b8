"""Slips of the hand that a workbook would otherwise pass over in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from python_calamine import CalamineSheet

from .core import BadData, Text

ALIKE = 0.6  # of 1: names that differ by a character or two
EARTH_KM = 6371.0088


def blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def merged(sheet: CalamineSheet) -> None:
    """Only the first cell of a merged range has a value; below the headers that loses the rest."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if bottom > 0:
            place = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
            raise BadData(
                Text(
                    f"{place} 是合并的单元格，请取消合并，每格都填上。",
                    f"{place} are merged cells: unmerge and fill each.",
                ),
                sheet=sheet.name,
                row=top + 1,
                column=letters(left),
            )


def headers(sheet: str, titles: Sequence[str], body: Sequence[tuple[int, Sequence[Any]]]) -> None:
    """A header given twice, or values below none."""
    for at, title in enumerate(titles):
        if title and title in titles[:at]:
            zh, en = "有两列同名，只能留一列。", "two columns have this name."
            raise BadData(Text(zh, en), sheet=sheet, row=1, column=title)
    width = max((len(r) for _, r in body), default=0)
    for at in range(width):
        if at >= len(titles) or not titles[at]:
            found = next((n for n, r in body if at < len(r) and not blank(r[at])), None)
            if found is not None:
                zh, en = "有内容，但这一列没有列名。", "has a value below no header."
                raise BadData(Text(zh, en), sheet=sheet, row=found, column=letters(at))


def misspelt_column(sheet: str, unknown: Sequence[str], absent: Sequence[Text]) -> None:
    for title in unknown:
        meant = _alike(title, absent)
        if meant is not None:
            zh, en = f"没有这一列，是不是“{meant.zh}”？", f"is unknown: “{meant.en}”?"
            raise BadData(Text(zh, en), sheet=sheet, row=1, column=title)


def misspelt_sheet(unknown: Sequence[str], absent: Sequence[Text]) -> None:
    for title in unknown:
        meant = _alike(title, absent)
        if meant is not None:
            zh, en = f"没有这张表，是不是“{meant.zh}”？", f"is unknown: “{meant.en}”?"
            raise BadData(Text(zh, en), sheet=title)


def _alike(title: str, absent: Sequence[Text]) -> Text | None:
    written = re.sub(r"\s*[(（\[].*$", "", title).strip().lower()
    alike = 0.5 if len(written) == 2 else ALIKE  # 面职 for 面积
    for text in absent:
        if get_close_matches(written, (text.zh, text.en.lower()), n=1, cutoff=alike):
            return text
    return None


def letters(column: int) -> str:
    """The spreadsheet's name of a column counted from 0: A, B, …, AA."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def misplaced(table: Any, lon: str, lat: str, far_km: float | None = None) -> None:
    """Places whose coordinates cannot be meant: exchanged, zero, or far from all the others.

    Exchanged: in the Arctic as they stand, in China the other way round. ``far_km``: from the
    middle (median) of the table's places. Raises :class:`BadData` at the cell.
    """
    x, y = table.array(lon), table.array(lat)
    for i in np.flatnonzero((x > 3) & (x < 54) & (y > 73)).tolist():
        zh, en = "经度和纬度填反了。", "longitude and latitude are exchanged."
        raise table.bad(i, lon, zh, en)
    for i in np.flatnonzero((x == 0) & (y == 0)).tolist():
        raise table.bad(i, lon, "经纬度都是 0，请填实际位置。", "both coordinates are 0.")
    if far_km is not None and len(x) > 2:
        km = kilometres(x, y, float(np.median(x)), float(np.median(y)))
        for i in np.flatnonzero(km > far_km).tolist():
            zh = f"离其他地点 {km[i]:,.0f} 公里，请核对经纬度。"
            raise table.bad(i, lon, zh, f"is {km[i]:,.0f} km from the other places.")


def kilometres(lon: ArrayLike, lat: ArrayLike, to_lon: float, to_lat: float) -> Any:
    """Great-circle distance (haversine), degrees in."""
    x, y, a, b = (np.radians(v) for v in (lon, lat, to_lon, to_lat))
    h = np.sin((y - b) / 2) ** 2 + np.cos(y) * np.cos(b) * np.sin((x - a) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(h))
