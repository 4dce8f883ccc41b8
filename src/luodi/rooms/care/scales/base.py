"""What a scale is: items with options that score, parts that sum, bands that conclude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Option:
    score: int
    words: Words


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is looked at; `part` names what it is summed in."""

    key: str
    label: Words
    part: str
    options: tuple[Option, ...]

    @property
    def most(self) -> int:
        return max(one.score for one in self.options)

    @property
    def least(self) -> int:
        return min(one.score for one in self.options)

    def words_of(self, score: int) -> Words:
        return next((one.words for one in self.options if one.score == score), "")


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from `least` to `most`, both included, and what they mean."""

    key: str
    least: int
    most: int
    words: Words


@dataclass(frozen=True, slots=True)
class Result:
    """A score with its parts and its band; `adjusted` says by what the band moved, and why."""

    score: int
    parts: Mapping[str, int]
    band: str
    words: Words
    before: str = ""
    adjusted: tuple[str, ...] = ()


class Missing(Exception):
    """Items that nobody has scored yet, or with a score that the item has not."""

    def __init__(self, items: Sequence[str]) -> None:
        super().__init__(", ".join(items))
        self.items = tuple(items)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale with its edition and source. `optional`: an aid that decides nothing by itself."""

    key: str
    name: Words
    edition: str
    source: Words
    parts: Mapping[str, Words]
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    optional: bool = True
    current: bool = True
    note: Words = ""
    alarm: int = 0  # an item with so many points is urgent, whatever the sum
    urgent: Words = ""

    @property
    def most(self) -> int:
        return sum(one.most for one in self.items)

    def missing(self, answers: Mapping[str, int]) -> list[str]:
        """The keys of items without a score that they have."""
        return [
            one.key
            for one in self.items
            if answers.get(one.key) not in {option.score for option in one.options}
        ]

    def band(self, score: int) -> Band:
        return next(one for one in self.bands if one.least <= score <= one.most)

    def result(self, answers: Mapping[str, int]) -> Result:
        """The sum, by parts, and its band. Raises Missing unless every item has a score of its own.

        One item at the alarm raises the lowest band by one (NEWS2: 3 in one parameter).
        """
        if missing := self.missing(answers):
            raise Missing(missing)
        parts = {
            part: sum(answers[one.key] for one in self.items if one.part == part)
            for part in self.parts
        }
        score = sum(parts.values())
        found = self.band(score)
        if self.alarm and found is self.bands[0] and self.alarm in answers.values():
            return Result(score, parts, self.bands[1].key, self.urgent, found.key, ("alarm",))
        return Result(score, parts, found.key, found.words, found.key)


def graded(*words: Words) -> tuple[Option, ...]:
    """Options from the best, which scores most, down to 0."""
    return tuple(Option(len(words) - 1 - place, one) for place, one in enumerate(words))
