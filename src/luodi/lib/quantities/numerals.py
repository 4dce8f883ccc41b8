"""Numbers as people write them: 1,200 · 3.5万 · 一千二百余 · 二十四 · 十几 · 数百 · 五六十 · 廿三."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

DIGITS: Final = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2, "弍": 2, "〇": 0,
}  # fmt: skip
TENS: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
BIG: Final = {"万": 10**4, "亿": 10**8, "兆": 10**12, "萬": 10**4, "億": 10**8}
TWENTIES: Final = {"廿": 20, "卅": 30}
VAGUE: Final = frozenset("几数")
LOOSE: Final = frozenset("余多来")
PREFIXED: Final = frozenset("瓦伏米克帕卡焦乏赫")  # 千瓦, 兆帕: 千 and 兆 belong to the unit
ELECTRIC: Final = PREFIXED - {"米"}  # after Chinese figures 三千米 is 3,000 m
LONGEST: Final = 20  # digits of a number; more is a code
ARABIC: Final = re.compile(r"\d+(?:,\d{3}(?!\d))*(?:\.\d+)?")
START: Final = re.compile(
    r"[0-9零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖两十百千拾佰仟万亿廿卅几数半俩仨]"
)
CHINESE: Final = frozenset(
    set(DIGITS) | set(TENS) | set(BIG) | set(TWENTIES) | VAGUE | {"半", "点"}
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at `text[start:end]`; `upper` for 十几, 数百, 五六十; `loose` for 余, 多, 几."""

    start: int
    end: int
    value: Decimal
    step: Decimal  # the place of the last figure given: 1.2万 is exact to 1000
    upper: Decimal | None = None
    loose: bool = False
    chinese: bool = False
    bare: bool = False  # 百, 千, 万 without a number before: only after 近, 上, 超
    digits: bool = False  # figures in a row: 二〇二二


def parse(text: str) -> Decimal | None:
    """The value of a text that is one number and nothing else; None if it is not."""
    found = read(text.strip(), 0) if text.strip() else None
    return found.value if found and found.end == len(text.strip()) else None


def read(text: str, start: int) -> Numeral | None:
    """The longest number that begins exactly at `start`."""
    if start >= len(text):
        return None
    if text[start].isascii():
        return _arabic(text, start)
    return _chinese(text, start)


def _arabic(text: str, start: int) -> Numeral | None:
    match = ARABIC.match(text, start)
    if match is None:
        return None
    total, step, loose, end = Decimal(0), Decimal(1), False, start
    last = 10**17
    while match is not None:
        if match.end() - match.start() > LONGEST + 8:
            return Numeral(start, match.end(), Decimal(0), Decimal(1)) if end == start else None
        figures = match.group().replace(",", "")
        scale, after, more = _scale(text, match.end())
        if end != start and (scale == 1 or scale >= last or text[match.start()] == "0"):
            break  # 3万 5人 are two numbers; 1亿2000万 is one
        step = Decimal(scale).scaleb(-len(figures.partition(".")[2]))
        total += Decimal(figures) * scale
        loose, end, last = loose or more, after, scale
        match = ARABIC.match(text, end) if scale > 1 and not loose else None
    return Numeral(start, end, total, step, loose=loose)


def _scale(text: str, end: int) -> tuple[int, int, bool]:
    """The 万 or 亿 after figures, where it ends, and whether a 余 or 多 stands with it."""
    scale, loose = 1, False
    if text[end : end + 1] == " " and text[end + 1 : end + 2] in BIG:  # 13 万亩
        end += 1
    if text[end : end + 1] in LOOSE and text[end + 1 : end + 2] in BIG.keys() | TENS.keys():
        loose, end = True, end + 1
    while (unit := text[end : end + 1]) and (size := BIG.get(unit) or TENS.get(unit)):
        if scale >= 10**12 or (unit in "千兆" and text[end + 1 : end + 2] in PREFIXED):
            break
        scale, end = scale * size, end + 1
    if text[end : end + 1] in LOOSE and text[end : end + 1]:
        loose, end = True, end + 1
    return scale, end, loose


def _chinese(text: str, start: int) -> Numeral | None:
    if text[start] == "半":
        return None
    reader = _Reader(text, start)
    return reader.number()


class _Reader:
    """Reads one number in Chinese figures, section by section (four places each)."""

    def __init__(self, text: str, start: int) -> None:
        self.text, self.start, self.at = text, start, start
        self.loose = False
        self.span: Decimal | None = None  # what to add at most: 十几 +9, 五六十 +10
        self.floor = 0  # 几十: at least one
        self.smallest = 1

    def number(self) -> Numeral | None:
        if (row := self._figures()) is not None:
            return row
        total, last, bare = Decimal(0), 10**16, False
        while self.at < len(self.text):
            before = self.at
            if before > self.start and self._char() in ("零", "〇"):
                self.at += self._char(1) in DIGITS or self._char(1) in TENS
            section, found, plain = self._section()
            big = 1
            if self._char() in LOOSE and self._char(1) in BIG and found:
                self.loose, self.at = True, self.at + 1
            while self._char() in BIG and big < 10**12 and (found or before == self.start):
                big *= BIG[self._char()]
                self.at += 1
            if not found and big == 1:
                self.at = before
                break
            if not found:
                section, bare = Decimal(1), True
            bare = bare or (before == self.start and plain)
            if big >= last:
                self.at = before
                break
            if self.span is not None:
                self.span *= big
            tail = found and section < 10 and big == 1 and 10**4 <= last < 10**16
            if tail and self.text[before] not in "零〇":
                section *= last // 10  # 三万五
            total, last = total + section * big, big
            self.smallest = big
            if big == 1 or self.loose or self.span is not None:
                break
        return self._done(total, bare) if self.at > self.start else None

    def _done(self, total: Decimal, bare: bool) -> Numeral:
        tens = self.text[self.at - 1] in TENS or self.text[self.at - 1] in BIG
        if self._char() in LOOSE and self._char() and tens and not (bare and self._char() == "来"):
            self.loose, self.at = True, self.at + 1
        if self._char() == "点" and self._char(1) in DIGITS and self.span is None:
            total, step = self._decimals(total)
        else:
            step = Decimal(self.smallest)
        upper = None if self.span is None else total + self.span
        loose = self.loose or upper is not None
        return Numeral(self.start, self.at, total, step, upper, loose, True, bare)

    def _decimals(self, total: Decimal) -> tuple[Decimal, Decimal]:
        figures = ""
        self.at += 1
        while self._char() in DIGITS and len(figures) < LONGEST:
            figures += str(DIGITS[self._char()])
            self.at += 1
        value = total + Decimal(f"0.{figures}")
        scale = 1
        while self._char() in BIG and scale < 10**12:
            scale *= BIG[self._char()]
            self.at += 1
        return value * scale, Decimal(scale).scaleb(-len(figures))

    def _section(self) -> tuple[Decimal, bool, bool]:
        """A number below 10,000, whether there is one, and whether it is a bare 百 or 千."""
        total, last, found, bare = 0, 10**4, False, False
        while True:
            char = self._char()
            if char in ("零", "〇") and found:
                if self._char(1) not in DIGITS and self._char(1) not in TENS:
                    break
                self.at += 1
                last = min(last, 1000)
                zero = True
                char = self._char()
            else:
                zero = False
            if char in TWENTIES and last > 10:
                total, last, found = total + TWENTIES[char], 10, True
                self.at += 1
                continue
            if char in VAGUE and char:
                vague = self._vague(total, last, found)
                if vague is None:
                    break
                return Decimal(vague), True, False
            digit = DIGITS.get(char)
            if digit is None:
                ten = None if self._is_unit(0) else TENS.get(char)
                if ten is None or ten >= last or (found and not zero and ten != 10):
                    break
                if ten > 10:
                    bare = True
                total, last, found = total + ten, ten, True
                self.at += 1
                continue
            step = self._digit(digit, last, zero, found)
            if step is None:
                break
            amount, last = step
            total, found = total + amount, True
            if last == 1:
                break
        return Decimal(total), found, bare

    def _digit(self, digit: int, last: int, zero: bool, found: bool) -> tuple[int, int] | None:
        """What a figure adds with its 十, 百 or 千, and that; None where it cannot stand here."""
        if digit == 0 and found:
            return None
        follows = self._char(1)
        second = DIGITS.get(follows)
        if second == digit + 1 and digit and self.span is None:  # 五六十, 三四个
            ten = TENS.get(self._char(2), 1)
            if ten < last and not (ten == 1 and self._char(2) in DIGITS):
                self.at += 3 if ten > 1 else 2
                self.span = Decimal(ten)
                return digit * ten, 1
        ten = 1 if self._is_unit(1) else TENS.get(follows, 1)
        if ten >= last and ten > 1:
            return None
        if ten == 1 and second is not None:
            return None
        self.at += 2 if ten > 1 else 1
        if ten == 1 and last >= 100 and last < 10**4 and found and not zero:
            return digit * last // 10, 1  # 一百二
        return digit * ten, ten

    def _vague(self, total: int, last: int, found: bool) -> int | None:
        """几十, 数百, 十几, 几百: the least it can be; the span is kept."""
        follows = self._char(1)
        if found:  # 十几, 二十几, 一百几十
            if self._char() != "几":
                return None
            if last == 10:
                self.at, self.span = self.at + 1, Decimal(9)
                return total
            return None
        ten = TENS.get(follows)
        if ten is not None:
            self.at, self.span = self.at + 2, Decimal(8 * ten)
            return ten
        if follows in BIG:
            self.at, self.span = self.at + 1, Decimal(8)
            return 1
        return None

    def _figures(self) -> Numeral | None:
        """二〇二二: figures in a row, three or more, or with a 〇."""
        end = self.start
        while end < len(self.text) and self.text[end] in DIGITS and end - self.start <= LONGEST:
            end += 1
        row = self.text[self.start : end]
        if len(row) < 2 or len(row) > LONGEST or (len(row) < 3 and "〇" not in row[1:]):
            return None
        if end < len(self.text) and self.text[end] in TENS:
            return None
        value = Decimal("".join(str(DIGITS[char]) for char in row))
        return Numeral(self.start, end, value, Decimal(1), chinese=True, digits=True)

    def _is_unit(self, ahead: int) -> bool:
        """千瓦 in 三千万千瓦: the last 千 belongs to the unit."""
        return self._char(ahead) == "千" and self._char(ahead + 1) in ELECTRIC

    def _char(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.text[at] if at < len(self.text) else ""
