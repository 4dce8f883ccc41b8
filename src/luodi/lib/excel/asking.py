"""What a file leaves open: asked where two readings are possible, once a file, never by the cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from luodi.lib.sentences import Sentence, SentenceError

EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Question:
    """Something with several readings, or that is somebody's to decide.

    `options` are values with what they mean. With a `default` it is only said and may be changed;
    without one nothing is written before it is answered. The answer to what is `kept` is a habit of
    that kind of file and holds for the next one.
    """

    key: str
    text: Sentence
    options: tuple[tuple[str, Sentence], ...]
    default: str = ""
    kept: bool = True


class Unanswered(SentenceError):
    """A value waits for an answer."""


@dataclass(slots=True)
class Asked:
    question: Question
    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Answers:
    """The answers that are given, and every question that came up, with how often and where."""

    given: Mapping[str, str] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)

    def of(self, question: Question) -> str:
        """The answer in force; empty where there is none."""
        given = self.given.get(question.key, "")
        known = any(given == value for value, _words in question.options)
        return given if known else question.default

    def choose(self, question: Question, example: str = "") -> str:
        """Notes that the question came up; the answer in force, empty where it is open."""
        asked = self.asked.setdefault(question.key, Asked(question))
        asked.count += 1
        if example and len(asked.examples) < EXAMPLES and example not in asked.examples:
            asked.examples.append(example)
        return self.of(question)

    def need(self, question: Question, example: str = "") -> str:
        """The same; raises Unanswered where it is open."""
        if answer := self.choose(question, example):
            return answer
        raise Unanswered(*question.text)

    @property
    def open(self) -> list[Asked]:
        """What must be answered before anything is written."""
        return [one for one in self.asked.values() if not self.of(one.question)]
