"""Sentences for users in Chinese and English, and errors whose message is one."""

from __future__ import annotations

from typing import NamedTuple


class Sentence(NamedTuple):
    zh: str
    en: str


class SentenceError(ValueError):
    """Something is wrong with what was given. `zh` and `en` say what, to the one who gave it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en

    @property
    def sentence(self) -> Sentence:
        return Sentence(self.zh, self.en)
