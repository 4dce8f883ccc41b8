"""Quantities in Chinese prose: what is counted or measured, how much, and how it compares.

    extract("班子成员平均年龄从52.27岁下降到49.34岁")

`extract` never raises, takes time in proportion to the text, and gives offsets into exactly the
text it was given.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from decimal import Decimal

from luodi.lib.quantities import dates, subjects
from luodi.lib.quantities.folding import Folded, fold
from luodi.lib.quantities.marks import Mark
from luodi.lib.quantities.model import Comparison, Part, Quantity, When
from luodi.lib.quantities.numerals import START, parse
from luodi.lib.quantities.scan import scan
from luodi.lib.quantities.tokens import cut
from luodi.lib.quantities.units import named

__all__ = [
    "Analysis",
    "Comparison",
    "Part",
    "Quantity",
    "When",
    "analyse",
    "as_json",
    "extract",
    "named",
    "number",
    "parse",
]

ENDS = frozenset("。！？!?；;\n")
SINCE = ("以来", "至今", "起至今")
BEGAN_BEFORE = re.compile(r"[于自]$")
BEGAN_AFTER = re.compile(r"(?:以来|起|正式|挂牌|成立|建立|设立|组建|获批|批准|创建|创办|投产)")
# Two hundred numbers on a line with hardly a character between them are no prose.
_FIGURE = START.pattern
DENSE = re.compile(rf"(?<!{_FIGURE})(?:{_FIGURE}{{1,12}}+[^{_FIGURE[1:-1]}\n]{{1,2}}+){{200,}}+")
OPEN_WORDS = frozenset(["累计", "全年", "年末", "年底", "共"])


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text with its quantities: `text` is folded, `spans[i]` is where quantity `i` stands in it,
    `times` are where days, months and words of time stand."""

    text: str
    quantities: list[Quantity]
    spans: list[tuple[int, int]]
    times: list[dates.Dated]


def extract(source: str) -> list[Quantity]:
    """Every quantity of a text, in order; dates, ordinals, names and codes are none."""
    return analyse(source).quantities


def analyse(source: str) -> Analysis:
    """Every quantity of a text with the folded text around it."""
    folded = fold(source)
    text = DENSE.sub(lambda run: " " * len(run.group()), folded.text)
    if not text.strip():
        return Analysis(text, [], [], [])
    tokens = cut(text)
    times = sorted([*dates.dates(text), *dates.words(text)], key=lambda one: (one.start, -one.end))
    marks = scan(text, tokens, times)
    stops = [at for at, character in enumerate(text) if character in ENDS]
    for mark in marks:
        before = bisect.bisect_left(stops, mark.start)
        mark.sentence = stops[before - 1] + 1 if before else 0
    covered = frozenset(
        at for one in times if one.end - one.start < 30 for at in range(one.start, one.end)
    )
    subjects.about(text, tokens, marks, covered)
    starts = [one.start for one in times]
    found = [_quantity(source, folded, mark, _when(text, mark, times, starts)) for mark in marks]
    spans = [(mark.start, mark.end) for mark in marks]
    return Analysis(text, found, spans, times)


def as_json(one: Quantity) -> dict[str, object]:
    """A quantity as programs get it: offsets into the source, whole numbers where they are whole."""
    return {
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "value": number(one.value),
        "upper": None if one.upper is None else number(one.upper),
        "unit": one.unit,
        "comparison": one.comparison.value,
        "subject": one.subject,
    }


def number(value: Decimal) -> int | float:
    """A JSON number: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def _when(text: str, mark: Mark, times: list[dates.Dated], starts: list[int]) -> When | None:
    """The last time named before the mark in its sentence; 累计 and 全年 give way to a date."""
    at = bisect.bisect_left(starts, mark.start) - 1
    word: When | None = None
    while at >= 0 and starts[at] >= mark.sentence:
        found = times[at].when
        if found.since and text.startswith(SINCE, times[at].end):
            return When(f"{found.text}以来", found.since, word=found.text)
        if found.word not in OPEN_WORDS and not _is_beginning(text, times[at], mark):
            return found
        word, at = word or (found if found.word else None), at - 1
    return word


def _is_beginning(text: str, time: dates.Dated, mark: Mark) -> bool:
    """成立于2020年12月，现有: when something began, not when it is spoken of."""
    began = BEGAN_BEFORE.search(text, max(0, time.start - 6), time.start)
    since = BEGAN_AFTER.match(text, time.end)
    between = text[time.end : mark.start]
    return bool(since) or (bool(began) and ("，" in between or "," in between))


def _quantity(source: str, folded: Folded, mark: Mark, when: When | None) -> Quantity:
    start, end = folded.span(mark.start, mark.end)
    return Quantity(
        text=source[start:end],
        start=start,
        end=end,
        value=_plain(mark.value),
        unit=mark.unit.text,
        comparison=mark.comparison,
        subject=mark.subject,
        upper=None if mark.upper is None else _plain(mark.upper),
        measure=mark.unit.measure,
        step=mark.step,
        part=mark.part,
        falls=mark.falls,
        when=when,
    )


def _plain(value: Decimal) -> Decimal:
    """Without an exponent: 1.2E+8 is 120000000."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()
