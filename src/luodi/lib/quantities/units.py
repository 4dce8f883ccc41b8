"""Units as people write them after a number: 元/度, 个工作日, km², 微克/立方米, 人次."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from luodi.lib.quantities.data import lines_of

LONGEST: Final = 12
PER: Final = ("每", "/", "／")
UNDER: Final = {"月": "month", "周": "week", "季": "quarter", "d": "day", "a": "year"}
# A unit after "per" that stands for one thing: 元/人, 元/件.
FREQUENT: Final = re.compile(r"[≥≤><]|[不超大小少至最]|\d")  # 2月龄每分钟≥50次
MANY: Final = re.compile(r"\d{0,3}[百千万]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written; `measure` is its dimension ("" for counted things), `factor` its size."""

    text: str
    measure: str
    factor: Decimal = Decimal(1)
    counted: bool = False


@functools.cache
def table() -> dict[str, Unit]:
    """Every spelling with its unit."""
    known: dict[str, Unit] = {}
    for words in lines_of("classifiers"):
        known.update(
            {word: Unit(word.removeprefix("号"), "", counted=True) for word in words.split()}
        )
    for line in lines_of("units"):
        measure, factor, spellings = line.split(" : ")
        for word in spellings.split():
            text = word.removeprefix("个") if measure == "points" else word
            known[word] = Unit(text, measure, Decimal(factor))
    return known


@functools.cache
def alike() -> dict[str, int]:
    """Measure words that count the same kind of thing share a number: 户 and 家, 项 and 个."""
    return {word: at for at, words in enumerate(lines_of("classifiers")) for word in words.split()}


def find(text: str, start: int) -> tuple[Unit, int] | None:
    """The longest unit at `start`, with what it is per, and where it ends."""
    base = _one(text, start)
    if base is None:
        return None
    unit, end = base
    if text[end : end + 1] in ("（", "(") and unit.counted:
        inner = _one(text, end + 1)
        if inner and inner[0].counted and text[inner[1] : inner[1] + 1] in ("）", ")"):
            unit, end = Unit(text[start : inner[1] + 1], "", counted=True), inner[1] + 1  # 册（件）
            base = unit, end
    for sign in PER:
        if text.startswith(sign, end):
            under, many = _one(text, end + len(sign), under=True), ""
            if under is None and sign == "/" and (found := MANY.match(text, end + 1)):
                many, under = found[0], _one(text, found.end(), under=True)  # 108部/百人, /10万人
            if under is not None and not (sign == "每" and FREQUENT.match(text, under[1])):
                per, after = under
                joined = f"{unit.measure or unit.text}/{many}{per.measure or per.text}"
                name = f"{unit.text}/{many}{per.text}"
                return Unit(name, joined, unit.factor / per.factor), after
    return base


def named(text: str) -> Unit | None:
    """The unit that a text is, and nothing more: of a ledger's "亿度/年" only "度/年"."""
    found = find(text, 0)
    return found[0] if found and found[1] == len(text) else None


def _one(text: str, start: int, *, under: bool = False) -> tuple[Unit, int] | None:
    known = table()
    for end in range(min(len(text), start + LONGEST), start, -1):
        unit = known.get(text[start:end])
        if unit is None and under and text[start:end] in UNDER:
            unit = Unit(text[start:end], UNDER[text[start:end]])
        if unit is not None and not _cut(text, end):
            return unit, end
    return None


def _cut(text: str, end: int) -> bool:
    """Whether a Latin unit would end in the middle of a word: m in "model"."""
    before, after = text[end - 1], text[end : end + 1]
    return before.isascii() and before.isalpha() and after.isascii() and after.isalnum()
