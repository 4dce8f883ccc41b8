"""A text made even for reading, with the way back to the offsets of the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

WRAPPED = (
    15  # characters; a shorter line that just ends is a heading or a cell, not half a sentence
)
STOPS = frozenset("。！？；：!?;:”」』》.")
# Folding must keep one character for one: these are left for the punctuation rules.
KEPT = frozenset("，。；：？！（）、“”‘’《》〈〉【】〔〕—…～·℃㎡㎥ⅠⅡⅢⅣⅤ①②③④⑤⑥⑦⑧⑨½¼¾²³")
SAME = str.maketrans(
    {"−": "-", "–": "—", "﹣": "-", "〜": "～", "㎡": "㎡", "％": "%", "‘": "“", "’": "”"}
)
# 1 204, 1，204, １，２０４: what parts thousands becomes a comma.
THOUSANDS = re.compile(
    r"(?<![\d,，.])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d])|(?<![\d,，.])\d{1,3}(?:，\d{3})+(?!\d)"
)
PARTING = re.compile(r"[ \u00a0\u2009\u202f，]")
# From the first blank of a run only: from each, a page of blanks took seconds.
BREAK = re.compile(r"(?<![ \t\r\u3000])[ \t\r\u3000]*+\n\s*")
CHINESE = re.compile(r"[\u3400-\u9fff“《（(]")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text[i]` is the source's character at `origin[i]`."""

    text: str
    origin: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the source of `text[start:end]`."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(source: str) -> Folded:
    """Full-width digits, letters and signs become ASCII; a line break within a sentence goes."""
    even = "".join(
        map(_even, THOUSANDS.sub(lambda one: PARTING.sub(",", one[0]), source))
    ).translate(SAME)
    kept: list[str] = []
    origin: list[int] = []
    last, line = 0, 0
    for match in BREAK.finditer(even):
        piece = even[last : match.start()]
        kept.append(piece)
        origin.extend(range(last, match.start()))
        if not _goes_on(even, line, match):
            kept.append("\n")
            origin.append(match.start() + match.group().index("\n"))
        last = line = match.end()
    kept.append(even[last:])
    origin.extend(range(last, len(even)))
    return Folded("".join(kept), origin)


def _even(character: str) -> str:
    if character < "\x80" or "\u3400" <= character <= "\u9fff" or character in KEPT:
        return character
    if "\ud800" <= character <= "\udfff":
        return "?"
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _goes_on(text: str, line: int, gap: re.Match[str]) -> bool:
    """Whether a sentence goes on after a line break: a long line without a stop, then Chinese."""
    start, end = gap.span()
    if start - line < WRAPPED or end >= len(text) or text[start - 1] in STOPS:
        return False
    before, after = text[start - 1], text[end]
    if before.isascii() and before.isalnum():
        return bool(CHINESE.match(after))
    return bool(CHINESE.match(after)) or (after.isascii() and after.isdigit())
