"""How a value is written: Arabic or Chinese numerals, 万 and 亿, decimal places, dates, units."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零一二三四五六七八九"
PLACES_OF_TEN = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
PLACES = re.compile(r"([0-9])\s*位(?:小数)?$")
SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
WORDS = {"中文", "万", "亿", "无单位", "年月"}
NOTHING = "（无数据）"

Value = Decimal | dt.date | str | bool | None


@dataclass(frozen=True, slots=True)
class Style:
    """How a number is wanted; `places` None leaves the figure's own."""

    chinese: bool = False
    scale: str = ""
    places: int | None = None
    bare: bool = False  # without its unit
    month: bool = False  # a date without its day


def style_of(options: Sequence[str]) -> tuple[Style, list[str]]:
    """The style that options ask for, and the options that are about something else."""
    places, rest = None, []
    for one in options:
        found = PLACES.match(one)
        if found:
            places = int(found[1])
        elif one not in WORDS and one != "阿拉伯":
            rest.append(one)
    scale = next((one for one in options if one in SCALES), "")
    return (Style("中文" in options, scale, places, "无单位" in options, "年月" in options), rest)


def written(value: Value, unit: str, style: Style = Style()) -> str:
    """A value in words: `90人`, `九十人`, `1.2亿元`, `百分之三十`, `2020年12月`."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return _date(value, style)
    if isinstance(value, str):
        return value
    number = value / SCALES.get(style.scale, Decimal(1))
    if style.places is not None:
        number = rounded(number, style.places)
    elif style.scale:
        number = number.normalize()
    unit = "" if style.bare else unit
    text = plain(number)
    if not style.chinese:
        return f"{text}{style.scale}{unit}"
    said = chinese(text)
    return f"百分之{said}" if unit == "%" else f"{said}{style.scale}{unit}"


def rounded(number: Decimal, places: int) -> Decimal:
    """Rounded half up to decimal places."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """Without an exponent."""
    return f"{number:f}"


def chinese(text: str) -> str:
    """A decimal number in Chinese numerals: `1008` is 一千零八, `49.34` is 四十九点三四."""
    sign = "负" if text.startswith("-") else ""
    whole, _, fraction = text.removeprefix("-").partition(".")
    said = _whole(int(whole or "0"))
    said = said[1:] if said.startswith("一十") else said
    tail = "点" + "".join(DIGITS[int(one)] for one in fraction) if fraction else ""
    return f"{sign}{said}{tail}"


def _whole(number: int) -> str:
    for place, name in PLACES_OF_TEN:
        if number >= place:
            high, low = divmod(number, place)
            gap = DIGITS[0] if low < place // 10 else ""
            return _whole(high) + name + (gap + _whole(low) if low else "")
    return DIGITS[number]


def _date(day: dt.date, style: Style) -> str:
    if not style.chinese:
        text = f"{day.year}年{day.month}月"
        return text if style.month else f"{text}{day.day}日"
    year = "".join("〇一二三四五六七八九"[int(one)] for one in str(day.year))
    text = f"{year}年{chinese(str(day.month))}月"
    return text if style.month else f"{text}{chinese(str(day.day))}日"
