"""Tables of a document, read as what they say: each number with its row, its column and its unit.

A table is lines with tabs. Each of its numbers becomes a line of its own (信发铝业党员36人), with the way
back to where the number stands, so that prose and tables are checked by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from luodi.ground.figures.checking_words import ROW, Vocabulary
from luodi.lib.quantities import named

WIDEST: Final = 100  # cells of a row
LONGEST: Final = 60  # characters of what a row or a column is called
NUMBER: Final = re.compile(r"\s*([-−﹣]?\d[\d,，]*(?:\.\d+)?)\s*([^\d\s,，.（）()~～—-]{0,8})\s*")
YEAR: Final = re.compile(r"(?:19|20)\d\d年?$")
UNIT: Final = re.compile(r"[（(]([^（）()]{1,8})[）)]")
CAPTION: Final = re.compile(r"(?:计量)?单位[：:][ 　]*([一-鿿%％/]{1,8})")
UNITS: Final = ("单位", "计量单位")  # a column that says the unit of its row
NUMBERED: Final = re.compile(r"(?:序号|编号|行次|No\.?)$", re.IGNORECASE)
PLAIN: Final = re.compile(
    r"(?:数值|数量|实际|完成数|完成情况|指标值|数据|结果|现状|本期|指标|项目|名称|内容|数)$"
)
TOTAL: Final = re.compile(r"(?:合计|总计|全部|共计)$")


@dataclass(frozen=True, slots=True)
class Flat:
    """`text[i]` is the source's character at `origin[i]`; -1 for what was put beside a number."""

    text: str
    origin: list[int]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where in the source; None where the number is of a heading."""
        places = [one for one in self.origin[start:end] if one >= 0]
        return (places[0], places[-1] + 1) if places else None


def flat(source: str, words: Vocabulary) -> Flat:
    """The text with its tables written out, a line for each number."""
    pieces: list[str] = []
    origin: list[int] = []
    table: list[tuple[int, str]] = []
    before: list[str] = []
    at = 0
    for line in [*source.splitlines(keepends=True), ""]:
        if "\t" in line:
            table.append((at, line))
        else:
            for text, places in _lines(table, before, words):
                pieces.append(text)
                origin += places
            before = [line] if table else [*before[-1:], line]
            table = []
            pieces.append(line)
            origin += range(at, at + len(line))
        at += len(line)
    return Flat("".join(pieces), origin)


def _lines(
    table: list[tuple[int, str]], before: list[str], words: Vocabulary
) -> Iterator[tuple[str, list[int]]]:
    """Each number of a table as a line, with where its characters stand."""
    caption = "".join([*before, *(line for _at, line in table[:1])])
    general = found[1] if (found := CAPTION.search(caption)) else ""
    heads: list[str] = []
    heading = False
    for at, line in table:
        row = line.rstrip("\r\n").split("\t", WIDEST + 1)
        if len(row) > WIDEST:
            continue
        numbers = [NUMBER.fullmatch(cell) for cell in row]
        if not any(n and not YEAR.match(n[0].strip()) for n in numbers):
            joined = heading and len(heads) == len(row)
            heads = [(a + b)[:LONGEST] for a, b in zip(heads, row, strict=True)] if joined else row
            heads = [f"{one}年" if one.strip().isdigit() else one for one in heads]
            heading = True
            continue
        heading = False
        plain = [
            cell.strip()
            for place, (cell, number) in enumerate(zip(row, numbers, strict=True))
            if not number and _head(heads, place) not in UNITS
        ]
        label = "".join(plain)[:LONGEST]
        unit = next(
            (cell.strip() for place, cell in enumerate(row) if _head(heads, place) in UNITS), ""
        )
        begin = at
        for place, (cell, number) in enumerate(zip(row, numbers, strict=True)):
            head = _head(heads, place)
            if number and not NUMBERED.search(head):
                yield _line(label, head, number, begin, (unit, general), words)
            begin += len(cell) + 1


def _head(heads: list[str], place: int) -> str:
    return heads[place].strip()[:LONGEST] if place < len(heads) else ""


def _line(
    label: str,
    head: str,
    number: re.Match[str],
    begin: int,
    units: tuple[str, str],
    words: Vocabulary,
) -> tuple[str, list[int]]:
    bracketed = next((one[1] for one in UNIT.finditer(f"{head}{label}") if _is_unit(one[1])), "")
    name = UNIT.sub(
        lambda one: "" if _is_unit(one[1]) else one[0], f"{label}，{PLAIN.sub('', head)}"
    )
    name = TOTAL.sub("全区", name.split("，", 1)[0]) + name.split("，", 1)[1]
    unit = number[2] or bracketed or units[0] or _counted(name, words) or units[1]
    if unit in ("%", "％") and not number[2] and "." in number[1] and number[1].startswith("0"):
        unit = ""  # a share may be kept as 0.36
    start, end = begin + number.start(1), begin + number.end(1)
    digits = number[1].replace("−", "-")
    name = ROW + name
    text = f"{name}{digits}{unit}。\n"
    places = [-1] * len(name) + list(range(start, end)) + [-1] * (len(unit) + 2)
    if number[2]:
        places[len(name) + end - start : -2] = range(begin + number.start(2), begin + number.end(2))
    return text, places


def _is_unit(text: str) -> bool:
    return named(text.lstrip("万亿千百")) is not None


def _counted(name: str, words: Vocabulary) -> str:
    """The unit of the one figure that is named so, where it counts things."""
    said = frozenset(
        one for token in words.cut(name, 0, len(name)) if token.word for one in token.word.content
    )
    units = {entry.unit for entry in words.entries if entry.content == said}
    unit = units.pop() if len(units) == 1 else ""
    known = named(unit) if unit else None
    return unit if known and known.counted else ""
