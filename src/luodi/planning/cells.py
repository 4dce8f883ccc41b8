"""One cell of a workbook as a value: what a tired hand may write for it, and what not."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .tables import Column, Table

_YES = {"是", "yes", "y", "true", "1", "√"}
_NO = {"否", "no", "n", "false", "0", ""}
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?"
)


def parse_cell(table: Table, column: Column, i: int, cell: Any) -> Any:
    """The value of data row ``i`` (0-based). Raises :class:`BadData` with its place."""
    if isinstance(cell, str):
        cell = cell.strip()
    if cell in ("", None):
        if column.required:
            raise table.bad(i, column.key, "不能为空。", "must not be empty.")
        return column.default
    if column.choices is not None:
        return _choice(table, column, i, cell)
    if column.kind in ("number", "integer"):
        return _number(table, column, i, cell)
    if column.kind == "boolean":
        return _boolean(table, column, i, cell)
    if column.kind == "date":
        return _date(table, column, i, cell)
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def plain(cell: Any) -> str:
    """Full-width digits, letters and signs as ASCII (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _choice(table: Table, column: Column, i: int, cell: Any) -> str:
    choices = column.choices or {}
    for key, text in choices.items():
        if plain(cell).lower() in (key.lower(), plain(text.zh).lower(), plain(text.en).lower()):
            return key
    zh, en = "、".join(t.zh for t in choices.values()), ", ".join(t.en for t in choices.values())
    raise table.bad(i, column.key, f"“{cell}”不是可选值：{zh}。", f"“{cell}” is none of: {en}.")


def _boolean(table: Table, column: Column, i: int, cell: Any) -> bool:
    word = plain(int(cell) if isinstance(cell, float) else cell).lower()
    if word not in _YES | _NO:
        raise table.bad(i, column.key, f"“{cell}”应为“是”或“否”。", f"“{cell}” is not yes or no.")
    return word in _YES


def _number(table: Table, column: Column, i: int, cell: Any) -> float | int:
    value = _float(table, column, i, cell)
    if not np.isfinite(value):
        raise table.bad(i, column.key, "不是有限的数。", "is not a finite number.")
    if column.minimum is not None and value < column.minimum:
        low = f"{column.minimum:g}"
        raise table.bad(i, column.key, f"{value:g} 小于 {low}。", f"{value:g} is below {low}.")
    if column.maximum is not None and value > column.maximum:
        high = f"{column.maximum:g}"
        zh, en = f"{value:g} 大于 {high}", f"{value:g} is above {high}"
        if column.maximum == 1:
            zh, en = f"{zh}（35% 写作 0.35）", f"{en} (35% is written 0.35)"
        elif column.unit:
            zh, en = f"{zh}（单位 {column.unit}）", f"{en} (in {column.unit})"
        raise table.bad(i, column.key, f"{zh}。", f"{en}.")
    if column.kind == "integer":
        if not value.is_integer():
            raise table.bad(
                i, column.key, f"{value:g} 不是整数。", f"{value:g} is no whole number."
            )
        return int(value)
    return value


def _float(table: Table, column: Column, i: int, cell: Any) -> float:
    if isinstance(cell, str):
        cell = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain(cell))  # 12,000
    try:
        if isinstance(cell, bool):
            raise ValueError(cell)
        return float(cell)
    except (TypeError, ValueError):
        zh, en = f"“{cell}”不是数字", f"“{cell}” is no number"
        if re.search(r"\d\s*(万|千|亿|%|[a-zA-Z\u4e00-\u9fff])", str(cell)):
            unit = f"，按列名的单位（{column.unit}）" if column.unit else ""
            zh, en = f"{zh}；只填数字{unit}，例如 35% 写 0.35、3 万写 30000", f"{en}: digits only"
        raise table.bad(i, column.key, f"{zh}。", f"{en}.") from None


def _date(table: Table, column: Column, i: int, cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    found = _DATE.fullmatch(plain(cell))
    try:
        if found is None:
            raise ValueError(cell)
        return dt.date(*map(int, found.groups()))
    except ValueError:
        raise table.bad(
            i,
            column.key,
            f"“{cell}”不是日期（如 2026-05-01）。",
            f"“{cell}” is no date (2026-05-01).",
        ) from None
