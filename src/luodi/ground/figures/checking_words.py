"""The closed vocabulary of a check: the words of the figures, of the bodies, and those beside them.

A clause is cut into words of the vocabulary so that as few characters as possible stay over; what
stays over is not known, and a clause with something unknown is never marked.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

import rjieba

from luodi.ground.figures.definition import Figure
from luodi.ground.figures.phrases import Phrase
from luodi.ground.scope.api import Unit

QUANTITY, TIME = "\ue000", "\ue001"  # stand in the text where a quantity or a time stands
ROW = "\ue002"  # begins what a row of a table says
# What a name ends in without meaning more: 党员人数 is 党员.
TAIL: Final = re.compile(r"(?:总人数|人数|户数|家数|个数|件数|项数|总数|数量|总量|数)$")
NUMBERED: Final = re.compile(r"[一二两三四五六七八九十\d]+[大级个项]|\d+年|今年|去年")
DROPPED: Final = frozenset("的或和与及把被成为中名个（）、")
UNKNOWN: Final = 1000  # what a character outside the vocabulary costs, beside 1 for a word


@dataclass(frozen=True, slots=True)
class Word:
    """`content`: what it says of the thing counted; `keeps`: it may stand beside any figure."""

    content: tuple[str, ...] = ()
    keeps: bool = False
    ours: bool = False  # a general word for the zone
    other: bool = False  # somebody else
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    word: Word | None  # None: not known


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure under one of its names; `content` are the words that say which it is."""

    figure: Figure
    content: frozenset[str]
    unit: str
    phrase: Phrase | None = None

    @property
    def parameters(self) -> Mapping[str, str]:
        return self.phrase.parameters if self.phrase else {}

    @property
    def identity(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.figure.key, tuple(sorted(self.parameters.items()))


@dataclass(slots=True)
class Vocabulary:
    """Every known word; `entries` are the figures by their names."""

    words: dict[str, Word] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    lengths: dict[str, list[int]] = field(default_factory=dict)  # of the words, by their first

    def index(self) -> None:
        """Notes the lengths of the words, the longest first."""
        for word in sorted(self.words, key=len, reverse=True):
            lengths = self.lengths.setdefault(word[0], [])
            if len(word) not in lengths[-1:]:
                lengths.append(len(word))

    def longest(self, text: str, start: int) -> str:
        """The longest word that begins there, or nothing."""
        for length in self.lengths.get(text[start : start + 1], ()):
            if text[start : start + length] in self.words:
                return text[start : start + length]
        return ""

    def cut(self, text: str, start: int, end: int) -> list[Token]:
        """The words of `text[start:end]`, with the fewest characters outside the vocabulary."""
        best: list[tuple[int, int]] = [(0, start)]  # the cost up to here, and where the word began
        for at in range(start, end):
            best.append((best[-1][0] + UNKNOWN, at))
        for at in range(start, end):
            cost = best[at - start][0]
            if cost + UNKNOWN < best[at + 1 - start][0]:
                best[at + 1 - start] = cost + UNKNOWN, at
            for length in self.lengths.get(text[at], ()):
                fits = at + length <= end and cost + 1 < best[at + length - start][0]
                if fits and text[at : at + length] in self.words:
                    best[at + length - start] = cost + 1, at
        tokens: list[Token] = []
        while end > start:
            begin = best[end - start][1]
            piece = text[begin:end]
            word = self.words.get(piece)
            if word is None and tokens and tokens[-1].word is None:
                piece = piece + tokens.pop().text
            tokens.append(Token(piece, begin, word))
            end = begin
        return tokens[::-1]


def vocabulary(
    figures: Iterable[Figure], phrases: Iterable[Phrase], bodies: Mapping[str, Unit]
) -> Vocabulary:
    """The words of these figures and bodies with those of `checking_words.txt`."""
    known = {one.key: one for one in figures}
    names: list[tuple[Figure, str, Phrase | None]] = [
        (one, name, None) for one in known.values() for name in _names(one)
    ]
    names += [(known[p.key], word, p) for p in phrases if p.key in known for word in p.words]
    made = Vocabulary()
    for _figure, name, _phrase in names:
        made.words.update((piece, Word((piece,))) for piece in _pieces(name))
    plain, keeps, same, ours, others = _lists()
    for line in same:
        word, *means = line.split()
        made.words.update((one, Word((one,))) for one in means)
        made.words[word] = Word(tuple(means))
    for word in " ".join(keeps).split():
        made.words[word] = Word(made.words[word].content if word in made.words else (), keeps=True)
    for word in [*" ".join(plain).split(), *' 　、“”‘’"（）()：:《》-—', TIME, ROW]:
        made.words[word] = Word()
    made.words.update((word, Word(ours=True)) for word in " ".join(ours).split())
    made.words.update((word, Word(other=True)) for word in " ".join(others).split())
    made.words.update((name, Word(unit=unit)) for name, unit in bodies.items())
    for word in (near for one in phrases for near in one.near):
        made.words.setdefault(word, Word())
    made.index()
    for figure, name, phrase in names:
        text = _core(name)
        content = frozenset(
            word for one in made.cut(text, 0, len(text)) for word in (one.word or Word()).content
        )
        if content:
            made.entries.append(Entry(figure, content, str(figure.unit).strip(), phrase))
    return made


def _names(figure: Figure) -> list[str]:
    return [str(figure.name), *(one for one in figure.synonyms if not one.isascii())]


def _core(name: str) -> str:
    bare = NUMBERED.sub("", name.strip("“”"))
    return TAIL.sub("", bare) or bare or name


@functools.lru_cache(maxsize=20_000)
def _pieces(name: str) -> tuple[str, ...]:
    """The dictionary's words of a name; a single character belongs to the word beside it."""
    pieces: list[str] = []
    joins = False
    for word in rjieba.cut(_core(name), False):
        if word in DROPPED or not word.isalnum():
            joins = False
        elif joins and (len(word) == 1 or len(pieces[-1]) == 1) and pieces[-1] != "拟":
            pieces[-1] += word
        else:
            pieces.append(word)
            joins = True
    return tuple(pieces)


@functools.cache
def _lists() -> tuple[list[str], ...]:
    text = resources.files(__package__).joinpath("data", "checking_words.txt").read_text("utf-8")
    parts = re.split(r"^# \w+:.*$", text, flags=re.MULTILINE)[1:]
    return tuple([line for line in part.splitlines() if line] for part in parts)
