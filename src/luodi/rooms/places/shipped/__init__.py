"""What is shipped as data: the types of sports grounds, each with its source and how sure it is."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Ground:
    """A type of sports ground as the yearly survey counts it.

    `sheet`: the survey's form that asks for it. `code`: the type's code as printed there; "" where
    nobody has checked it against the printed form. `counts`: what makes a place one of this type.
    """

    key: str
    name: str
    name_en: str
    sheet: str
    code: str = ""
    counts: str = ""

    @property
    def label(self) -> str | Promise:
        """Its name in the reader's language."""
        return _in_language(self.name, self.name_en)


def _word(chinese: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else chinese


_in_language = lazy(_word, str)


def _read() -> tuple[str, dict[str, Ground]]:
    text = files(__package__).joinpath("grounds.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    sheets: dict[str, str] = data["sheets"]
    found = {
        key: Ground(key, **{**one, "sheet": sheets[one["sheet"]]})
        for key, one in data["grounds"].items()
    }
    return str(data["source"]), found


@dataclass(frozen=True, slots=True)
class Closing:
    """How many days before a closed spell it is announced, for which kinds of venue, by which rule."""

    days: int
    kinds: tuple[str, ...]
    source: str
    certainty: str


def _closing() -> Closing:
    text = files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    one = tomllib.loads(text)["closing"]
    return Closing(one["days"], tuple(one["kinds"]), one["source"], one["certainty"])


SOURCE, GROUNDS = _read()
CLOSING = _closing()
