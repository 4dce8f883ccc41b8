"""One cell: from what Excel holds to a value of the column's kind, or a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from luodi.lib.excel.columns import Column, Kind
from luodi.lib.sentences import Sentence, SentenceError

Cell = str | int | float | bool | date | datetime | time | timedelta

EXACT: Final = 10**15  # Excel keeps fifteen digits of a number
NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
DATE: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})"
    r"|\.([0-9]{1,2})\.([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
)
DATETIME: Final = re.compile(r"(.*?[0-9日])[ T]*(?:([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?")
YES_NO: Final = {
    "是": True, "有": True, "yes": True, "y": True, "true": True, "1": True, "√": True,
    "否": False, "无": False, "no": False, "n": False, "false": False, "0": False, "×": False,
}  # fmt: skip

ACCEPTED: Final = {
    Kind.TEXT: Sentence("可填文字。", "Any text."),
    Kind.CODE: Sentence("请以文本格式填写。", "Enter it as text."),
    Kind.INTEGER: Sentence("可填整数，如 1200。", "A whole number, such as 1200."),
    Kind.DECIMAL: Sentence("可填数字，如 1200.5。", "A number, such as 1200.5."),
    Kind.DATE: Sentence(
        "可填 2022-12-22、2022年12月22日、2022.12.22 或 20221222。",
        "2022-12-22, 2022年12月22日, 2022.12.22 or 20221222.",
    ),
    Kind.DATETIME: Sentence("可填 2022-12-22 09:30。", "2022-12-22 09:30."),
    Kind.BOOLEAN: Sentence("可填“是”或“否”。", "Yes or no."),
}


def accepted(column: Column) -> Sentence:
    """What a cell of the column may hold."""
    if column.kind is not Kind.CHOICE:
        return ACCEPTED[column.kind]
    zh = "、".join(choice.zh for choice in column.choices[:20])
    en = ", ".join(choice.en for choice in column.choices[:20])
    more = len(column.choices) > 20
    return Sentence(f"可填：{zh}{'等' if more else ''}。", f"One of: {en}{', …' if more else ''}.")


def value_of(column: Column, cell: Cell) -> object:
    """The cell as a value of the column's kind, None if empty; SentenceError if it cannot be."""
    if cell == "" or (isinstance(cell, str) and not cell.strip()):
        if column.required:
            raise SentenceError("此列必填。", "This column is required.")
        return None
    value = _choice(column, cell) if column.kind is Kind.CHOICE else READERS[column.kind](cell)
    return value if column.parse is None else column.parse(value)


def shown(cell: Cell) -> str:
    """The cell as its owner knows it, at most 60 characters of it."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        cell = int(cell)
    if isinstance(cell, datetime) and cell.time() == time(0):
        cell = cell.date()
    text = str(cell)
    return text if len(text) <= 60 else text[:59] + "…"


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        if abs(cell) >= EXACT:
            raise SentenceError(
                "长号码存成了数字，Excel 只保留 15 位，其余已丢失；请将单元格设为文本再填。",
                "A long number was kept as a quantity: Excel holds 15 digits, the rest is lost. "
                "Format the cell as text and enter it again.",
            )
        return str(int(cell)) if float(cell).is_integer() else repr(cell)
    return cell.strip() if isinstance(cell, str) else shown(cell)


def _plain(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", _text(cell)).strip()


def _decimal(cell: Cell) -> Decimal:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    text = _plain(cell)
    if not NUMBER.fullmatch(text):
        raise SentenceError("不是数字。", "This is not a number.")
    return Decimal(text.replace(",", ""))


def _integer(cell: Cell) -> int:
    number = _decimal(cell)
    if number != number.to_integral_value():
        raise SentenceError("不是整数。", "This is not a whole number.")
    return int(number)


def _date(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _plain(cell)
    match = DATE.fullmatch(text.split(" 0:00")[0].split(" 00:00")[0])
    if match is None:
        raise _not_a_date(cell, text)
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        raise SentenceError("没有这一天。", "There is no such day.") from None


def _not_a_date(cell: Cell, text: str) -> SentenceError:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return SentenceError(
            "这是数字而不是日期；请将单元格设为日期格式或改写。",
            "This is a number, not a date; format the cell as a date or write it out.",
        )
    if re.fullmatch(r"[0-9]{4}\D[0-9]{1,2}\D?", text):
        return SentenceError("日期缺少“日”。", "The day is missing.")
    if re.fullmatch(r"[0-9]{1,2}\D[0-9]{1,2}\D[0-9]{2,4}\D?", text):
        return SentenceError(
            "无法确定哪个是年、哪个是月、哪个是日。",
            "Which part is the year, the month, the day is uncertain.",
        )
    return SentenceError("不是日期。", "This is not a date.")


def _datetime(cell: Cell) -> datetime:
    """A naive local moment: Excel knows no zone."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, str):
        match = DATETIME.fullmatch(_plain(cell))
        if match is not None and match[2]:
            try:
                clock = time(int(match[2]), int(match[3]), int(match[4] or 0))
            except ValueError:
                raise SentenceError("没有这一时刻。", "There is no such time.") from None
            return datetime.combine(_date(match[1]), clock)
    return datetime.combine(_date(cell), time(0))


def _boolean(cell: Cell) -> bool:
    found = YES_NO.get(_plain(cell).lower())
    if found is None:
        raise SentenceError("应为“是”或“否”。", "This should be yes or no.")
    return found


def _code(cell: Cell) -> str:
    return "".join(_plain(cell).split())


def _choice(column: Column, cell: Cell) -> str:
    text = _plain(cell).lower()
    for choice in column.choices:
        if text in (choice.value.lower(), choice.zh.lower(), choice.en.lower()):
            return choice.value
    raise SentenceError("不在可选范围内。", "This is not one of the choices.")


READERS: Final[dict[Kind, Callable[[Cell], object]]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.BOOLEAN: _boolean,
}
