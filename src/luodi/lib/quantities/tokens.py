"""The words of a text with their parts of speech, by offset."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import rjieba

from luodi.lib.quantities.data import lines_of, words_of

# A long run without a break would be one sentence to the cutter; it is cut in pieces of this size.
PIECE = 20_000
NOMINAL = frozenset("长手员者率量师费金岗室站机额数会")  # what names end in
TAGS = {word: line.split()[0] for line in lines_of("tags") for word in line.split()[1:]}
CUTS = {
    given: [(word, tag) for word, _slash, tag in (one.partition("/") for one in meant.split())]
    for given, meant in (line.split(" = ") for line in lines_of("cuts"))
} | {
    f"{end}{verb}": [(end, "n"), (verb, "v")] for end in "率口数量额值费" for verb in "达超为近约仅"
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token `i` is `words[i]` at `starts[i]` with the part of speech `tags[i]`."""

    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def at(self, offset: int) -> int:
        """The index of the token that holds an offset."""
        return bisect.bisect_right(self.starts, offset) - 1

    def begins(self, offset: int) -> bool:
        """Whether a token begins there (or the text ends)."""
        at = self.at(offset)
        return (
            at < 0 or self.starts[at] == offset or offset >= self.starts[-1] + len(self.words[-1])
        )

    def end(self, at: int) -> int:
        return self.starts[at] + len(self.words[at])


def cut(text: str) -> Tokens:
    """The words of a folded text; their lengths add up to it."""
    tokens, at = Tokens(), 0
    for piece in _pieces(text):
        for word, tag in _mended(rjieba.tag(piece, True)):
            tokens.words.append(word)
            tokens.tags.append(TAGS.get(word) or _nominal(word, tag))
            tokens.starts.append(at)
            at += len(word)
    return tokens


def _mended(words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """平均 分为 is 平均分 为; 占 比 is 占比."""
    before: tuple[str, str] | None = None
    for word, tag in words:
        pair = CUTS.get(f"{before[0]} {word}") if before else None
        if before and not pair:
            yield before
        split = word[:2] in ("现有", "共有") and len(word) > 2  # 现有企业
        found = (
            pair
            or CUTS.get(word)
            or ([(word[:2], "v"), (word[2:], "n")] if split else [(word, tag)])
        )
        yield from found[:-1]
        before = found[-1]
    if before:
        yield before


def _nominal(word: str, tag: str) -> str:
    """组长 and 选手 are verbs to the dictionary."""
    if tag == "v" and len(word) > 1 and word[-1] in NOMINAL and word not in words_of("verbal"):
        return "n"
    return tag


def _pieces(text: str) -> list[str]:
    pieces, start = [], 0
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            stop = max(text.rfind(mark, start, end) for mark in "。\n，, ")
            end = stop + 1 if stop > start else end
        pieces.append(text[start:end])
        start = end
    return pieces
