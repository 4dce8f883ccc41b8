"""What a ledger looks like as a sheet: its columns, and the problems of cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

from luodi.lib.sentences import Sentence, SentenceError

Language = Literal["zh", "en"]

NO_HELP: Final = Sentence("", "")

# The sheets that a template has beside the one to fill in.
CHOICE_SHEET: Final = {"zh": "选项", "en": "Choices"}
HELP_SHEET: Final = {"zh": "填写说明", "en": "How to fill in"}
EXAMPLE_SHEET: Final = {"zh": "示例", "en": "Example"}

# What Excel takes as a sheet's name ("History" is its own).
NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
NAME_LENGTH: Final = 29  # it takes 31
TAKEN: Final = {
    "history",
    *(
        one.casefold()
        for names in (CHOICE_SHEET, HELP_SHEET, EXAMPLE_SHEET)
        for one in names.values()
    ),
}


class FileError(SentenceError):
    """The file as a whole cannot be taken; `zh` and `en` say why and what to do."""


class Kind(StrEnum):
    TEXT = "text"
    CODE = "code"  # a number that is a name: identity, phone, credit code; never a quantity
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class Choice(NamedTuple):
    """One of the values of a choice column; a cell may hold any of the three."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` names the value in a row; titles are what a header may say.

    parse: looks at the value of a filled cell (str, int, Decimal, date, datetime or bool, by
    kind), gives what is to be kept, and raises SentenceError if it is wrong.
    """

    key: str
    title_zh: str
    title_en: str
    kind: Kind = Kind.TEXT
    required: bool = False
    parse: Callable[[Any], object] | None = None
    help: Sentence = NO_HELP
    example: object = None
    width: int = 16  # characters
    choices: tuple[Choice, ...] = ()
    synonyms: tuple[str, ...] = ()  # other titles that a header may give it
    measure: str = ""  # of a number: the unit in which it is kept (万元, %)

    def title(self, language: Language) -> str:
        return self.title_zh if language == "zh" else self.title_en


@dataclass(frozen=True, slots=True)
class Sheet:
    title_zh: str
    title_en: str
    columns: tuple[Column, ...]

    def title(self, language: Language) -> str:
        """The name of the sheet in the workbook, of what Excel takes as one."""
        title = self.title_zh if language == "zh" else self.title_en
        name = NOT_IN_NAMES.sub(" ", title)[:NAME_LENGTH].strip() or "1"
        return f"{name} 1" if name.casefold() in TAKEN else name


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell: its row as Excel numbers it, what it holds, what would do.

    `where` names the sheet or the file where there are several.
    """

    row: int
    column: Column
    value: str
    problem: Sentence
    accepted: Sentence
    where: str = ""

    def text(self, language: Language) -> str:
        if language == "zh":
            row = f"{self.where}第 {self.row} 行"
            return f"{row}“{self.column.title_zh}”：{self.problem.zh}{self.accepted.zh}"
        problem = " ".join(filter(None, (self.problem.en, self.accepted.en)))
        row = f"{self.where}, row" if self.where else "Row"
        return f"{row} {self.row}, “{self.column.title_en}”: {problem}"
