"""One cell: from what Excel holds to a value of the column's kind, or a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from luodi.lib.excel.asking import Answers, Question
from luodi.lib.excel.columns import Column, Kind
from luodi.lib.excel.measures import factor
from luodi.lib.sentences import Sentence, SentenceError

Cell = str | int | float | bool | date | datetime | time | timedelta

EXACT: Final = 10**15  # Excel keeps fifteen digits of a number
AMOUNT: Final = re.compile(
    r"(?P<money>¥?)(?P<number>[-+]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)"
    r"(?:\.[0-9]+)?)\s*(?P<measure>[^\d\s.,()]{0,8})"
)
POWER: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
DASHES: Final = str.maketrans(dict.fromkeys("—–―‒－−", "-"))
HANZI: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
DATE: Final = re.compile(
    r"([0-9]{4})(?:[-/.,、年]([0-9]{1,2})(?:[-/.,、月]([0-9]{1,2})[日号]?|月)?|([0-9]{2})([0-9]{2}))"
)
SHORT_DATE: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{1,2})")
AFTER_A_DAY: Final = re.compile(
    r"[ T]?0?0:00(?::00)?(?:\.0+)?$|\s*\(?(?:星期|周)[一二三四五六日天]\)?$"
)
DATETIME: Final = re.compile(r"(.*?[0-9日号])[ T]*(?:([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?")
FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000  # 1927 to 2119, as Excel counts days
SERIAL_ZERO: Final = date(1899, 12, 30)
# How a table says that it has nothing to say.
NOTHING: Final = frozenset(
    {"/", "\\", "-", "--", "---", "——", "无", "暂无", "空", "不详", "n/a", "na", "null", "none"}
)
YES_NO: Final = {
    **dict.fromkeys(
        ("是", "有", "对", "已", "yes", "y", "true", "1", "√", "✓", "✔", "☑", "✅"), True
    ),
    **dict.fromkeys(
        ("否", "无", "错", "未", "没有", "no", "n", "false", "0", "×", "x", "✗", "✘", "☒", "❌"),
        False,
    ),
}
UNCALCULATED: Final = "（公式没有结果）"
PERCENT: Final = "%"

ORDER: Final = Question(
    "date_order",
    Sentence(
        "有的日期分不清年、月、日的次序，应怎么读？", "The order of these dates is uncertain."
    ),
    (
        ("ymd", Sentence("年-月-日", "Year, month, day")),
        ("mdy", Sentence("月-日-年", "Month, day, year")),
        ("dmy", Sentence("日-月-年", "Day, month, year")),
    ),
)
MONTH: Final = Question(
    "month_only",
    Sentence("有的日期只写到月，按哪一天？", "Some dates give only the month; which day is meant?"),
    (
        ("first", Sentence("当月1日", "The first of the month")),
        ("last", Sentence("当月最后一天", "The last of the month")),
    ),
    default="first",
)
SHARE: Final = (
    ("whole", Sentence("0.28 就是 28%（乘以100）", "0.28 is 28 % (times 100)")),
    ("same", Sentence("0.28 就是 0.28%（照原样）", "0.28 is 0.28 % (as it is)")),
)


def share_question(column: Column) -> Question:
    """How small numbers of a column of per cent are to be read."""
    return Question(
        f"percent:{column.key}",
        Sentence(
            f"“{column.title_zh}”的数都不大于1，是百分之几？",
            f"No number of “{column.title_en}” is above 1; how many per cent are they?",
        ),
        SHARE,
    )


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


def value_of(column: Column, cell: Cell, answers: Answers) -> object:
    """The cell as a value of the column's kind, None if empty; SentenceError if it cannot be.

    Unanswered where it has two readings and `answers` has not the one that is meant.
    """
    if cell == UNCALCULATED:
        raise SentenceError(
            "公式没有计算结果；请用 Excel 或 WPS 打开、保存后再上传，或直接填写数值。",
            "The formula has no result; open and save the file in Excel, or enter the value.",
        )
    if is_nothing(column, cell):
        if column.required:
            raise SentenceError("此列必填。", "This column is required.")
        return None
    value = READERS[column.kind](cell, column, answers)
    return value if column.parse is None else column.parse(value)


def is_nothing(column: Column, cell: Cell) -> bool:
    """Whether the cell is empty, or says that there is nothing: a dash, 无."""
    if not isinstance(cell, str):
        return False
    text = _plain(cell).translate(DASHES).lower()
    if not text:
        return True
    if text not in NOTHING or (column.kind is Kind.BOOLEAN and text in YES_NO):
        return False
    return not any(text in (one.value, one.zh, one.en.lower()) for one in column.choices)


def shown(cell: Cell) -> str:
    """The cell as its owner knows it, at most 60 characters of it."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        cell = int(cell)
    if isinstance(cell, datetime) and cell.time() == time(0):
        cell = cell.date()
    text = str(cell)
    return text if len(text) <= 60 else text[:59] + "…"


def _text(cell: Cell, column: Column, answers: Answers) -> str:
    return _written(cell)


def _written(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        if abs(cell) >= EXACT:
            raise _rounded()
        return str(int(cell)) if float(cell).is_integer() else repr(cell)
    return visible(cell).strip() if isinstance(cell, str) else shown(cell)


def _rounded() -> SentenceError:
    return SentenceError(
        "长号码存成了数字，Excel 只保留 15 位，其余已丢失；请将单元格设为文本再填。",
        "A long number was kept as a quantity: Excel holds 15 digits, the rest is lost. "
        "Format the cell as text and enter it again.",
    )


def visible(text: str) -> str:
    """The text without what has no width: a name with it looks like another."""
    if text.isascii():
        return text
    return "".join(one for one in text if unicodedata.category(one) != "Cf")


def _plain(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", _written(cell)).strip()


def _decimal(cell: Cell, column: Column, answers: Answers) -> Decimal:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        number, measure = Decimal(repr(cell)), ""
    else:
        found = AMOUNT.fullmatch(_plain(cell))
        if found is None:
            raise SentenceError("不是数字。", "This is not a number.")
        number = Decimal(re.sub("[, ]", "", found["number"]))
        measure = found["measure"] or ("元" if found["money"] else "")
        if found["money"] and measure != column.measure:
            raise SentenceError("写着“¥”，而这一列不是以元计的。", "This column is not in yuan.")
    if measure:
        scale = factor(measure, column.measure)
        if scale is None:
            raise SentenceError("不是数字，或计量单位不对。", "No number, or in another unit.")
        return (number * scale).normalize() + 0
    if column.measure == PERCENT and 0 < abs(number) <= 1:
        question = share_question(column)
        if question.key in answers.asked and answers.need(question, shown(cell)) == "whole":
            return (number * 100).normalize() + 0
    return number


def _integer(cell: Cell, column: Column, answers: Answers) -> int:
    number = _decimal(cell, column, answers)
    if number != number.to_integral_value():
        raise SentenceError("不是整数。", "This is not a whole number.")
    return int(number)


def _date(cell: Cell, column: Column, answers: Answers) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and not cell.is_integer():  # 2022.1 may have been 2022.10
        if not FIRST_SERIAL <= cell <= LAST_SERIAL:
            raise _not_a_date(cell, "")
        cell = int(cell)
    text = AFTER_A_DAY.sub("", _plain(cell).translate(DASHES)).strip()
    if text.isdigit() and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
        return SERIAL_ZERO + timedelta(days=int(text))
    text = _in_digits(text)
    match = DATE.fullmatch(text)
    if match is None:
        return _short_date(cell, text, answers)
    year, month, *days = (int(part) for part in match.groups() if part)
    if days:
        return _day(year, month, days[0])
    first = _day(year, month, 1)
    if answers.choose(MONTH, text) == "first":
        return first
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _in_digits(text: str) -> str:
    """二〇二六年三月十二日 as 2026年3月12日."""
    if not re.search("[〇零一二三四五六七八九十]", text):
        return text
    text = re.sub("(?<=[一二三])十(?=[一二三四五六七八九])", "", text)
    text = re.sub("(?<=[一二三])十", "0", text)
    text = re.sub("十(?=[一二三四五六七八九])", "1", text)
    return text.replace("十", "10").translate(HANZI)


def _short_date(cell: Cell, text: str, answers: Answers) -> date:
    """A date whose first part is no year: 3/22/2022 has one reading, 26.3.12 has two."""
    match = SHORT_DATE.fullmatch(text)
    if match is None:
        raise _not_a_date(cell, text)
    one, two, three = int(match[1]), int(match[3]), int(match[4])
    century = 0 if len(match[4]) == 4 else 2000
    parts = {"ymd": (2000 + one, two, three)} if century else {}
    if len(match[4]) > 1:
        parts |= {"mdy": (century + three, one, two), "dmy": (century + three, two, one)}
    possible = {order: day for order, of in parts.items() if (day := _day_or_none(*of))}
    if len(set(possible.values())) > 1:
        order = answers.need(ORDER, text)
        if order in possible:
            return possible[order]
    elif possible:
        return next(iter(possible.values()))
    raise SentenceError("没有这一天。", "There is no such day.")


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date:
    found = _day_or_none(year, month, day)
    if found is None:
        raise SentenceError("没有这一天。", "There is no such day.")
    return found


def _not_a_date(cell: Cell, text: str) -> SentenceError:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return SentenceError(
            "这是数字而不是日期；请将单元格设为日期格式或改写。",
            "This is a number, not a date; format the cell as a date or write it out.",
        )
    if re.fullmatch(r"[0-9]{1,2}[月/.-][0-9]{1,2}日?", text):
        return SentenceError("日期缺少“年”。", "The year is missing.")
    return SentenceError("不是日期。", "This is not a date.")


def _datetime(cell: Cell, column: Column, answers: Answers) -> datetime:
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
            return datetime.combine(_date(match[1], column, answers), clock)
    return datetime.combine(_date(cell, column, answers), time(0))


def _boolean(cell: Cell, column: Column, answers: Answers) -> bool:
    found = YES_NO.get(_plain(cell).lower().removesuffix("\ufe0f"))
    if found is None:
        raise SentenceError("应为“是”或“否”。", "This should be yes or no.")
    return found


def _code(cell: Cell, column: Column, answers: Answers) -> str:
    text = "".join(_plain(cell).split())
    if POWER.fullmatch(text):  # what a .csv keeps of a long number
        raise _rounded()
    return text


def _choice(cell: Cell, column: Column, answers: Answers) -> str:
    text = _plain(cell).lower()
    for choice in column.choices:
        if text in (choice.value.lower(), choice.zh.lower(), choice.en.lower()):
            return choice.value
    raise SentenceError("不在可选范围内。", "This is not one of the choices.")


READERS: Final[dict[Kind, Callable[[Cell, Column, Answers], object]]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
}
