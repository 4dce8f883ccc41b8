"""Errors whose message is a whole sentence, in Chinese and in English."""

from __future__ import annotations


class SentenceError(ValueError):
    """Something is wrong with what was given. `zh` and `en` say what, to the one who gave it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en
