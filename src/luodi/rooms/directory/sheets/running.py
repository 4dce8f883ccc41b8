"""Reads a workbook in batches, so that memory holds one batch whatever the file's length."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Protocol

from django.db import transaction
from django.utils.translation import get_language

from luodi.ground.audit.api import note
from luodi.lib.errors import UserError
from luodi.lib.excel import CellProblem, FileError, Row, Sheet, write_error_file
from luodi.lib.excel.cells import accepted, shown
from luodi.lib.excel.columns import Language
from luodi.lib.excel.reading import open_table
from luodi.lib.sentences import Sentence

BATCH = 2000
LISTED = 1000
Told = Callable[[int], None]  # is told after each batch how many rows are done


class Importer(Protocol):
    """What one kind of ledger adds: problems that need the database, and the writing."""

    sheet: Sheet

    @property
    def subject(self) -> tuple[str, object]:
        """The table, and the key, under which the trail notes that rows came in."""

    def check(self, batch: Sequence[Row]) -> list[Row]:
        """The rows with all their problems; prepares the writing of those that have none."""

    def write(self) -> None:
        """Writes what the last `check` prepared."""

    counts: Counts


@dataclass(slots=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Outcome:
    """Of a dry run or of an import. `problems` are the first thousand of `problem_count`."""

    rows: int = 0
    ok: int = 0
    bad: int = 0
    problem_count: int = 0
    unknown: list[str] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    def as_dict(self) -> dict[str, Any]:
        """For the report's page, in the language in force."""
        language = current_language()
        return {
            "rows": self.rows,
            "ok": self.ok,
            "bad": self.bad,
            "unknown": self.unknown,
            "created": self.counts.created,
            "updated": self.counts.updated,
            "unchanged": self.counts.unchanged,
            "more": self.problem_count - len(self.problems),
            "problems": [
                {
                    "row": one.row,
                    "column": one.column.title(language),
                    "value": one.value,
                    "problem": one.problem[language == "en"],
                    "accepted": one.accepted[language == "en"],
                }
                for one in self.problems
            ],
        }


def current_language() -> Language:
    return "en" if (get_language() or "").startswith("en") else "zh"


def quietly(rows: int) -> None:
    """Nobody watches."""


def run(
    importer: Importer,
    path: Path,
    *,
    dry_run: bool,
    told: Told = quietly,
    errors: IO[bytes] | None = None,
) -> Outcome:
    """Reads the whole file; writes too where `dry_run` is false and every row is good.

    `errors` takes the bad rows as a workbook. Raises UserError where the file cannot be read, or,
    when writing, at the first bad row: then nothing is written.
    """
    outcome = Outcome(counts=importer.counts)
    with path.open("rb") as stream, transaction.atomic():
        bad = _bad_rows(importer, _opened(importer, stream, outcome), outcome, dry_run, told)
        if errors is None:
            deque(bad, maxlen=0)
        else:
            write_error_file(importer.sheet, bad, errors, language=current_language())
        if not dry_run:
            note("import", *importer.subject, rows=outcome.rows, created=outcome.counts.created)
    outcome.ok = outcome.rows - outcome.bad
    return outcome


def _opened(importer: Importer, stream: IO[bytes], outcome: Outcome) -> Iterator[Row]:
    try:
        table = open_table(stream, importer.sheet)
    except FileError as wrong:
        raise UserError(wrong.sentence[current_language() == "en"], "file") from None
    outcome.unknown = list(table.header.unknown)
    return table.rows()


def _bad_rows(
    importer: Importer, rows: Iterator[Row], outcome: Outcome, dry_run: bool, told: Told
) -> Iterator[Row]:
    """Takes all rows, batch by batch, and gives those that have problems."""
    while batch := list(islice(rows, BATCH)):
        bad = [row for row in importer.check(batch) if row.problems]
        outcome.rows += len(batch)
        outcome.bad += len(bad)
        for row in bad:
            outcome.problem_count += len(row.problems)
            outcome.problems += row.problems[: max(LISTED - len(outcome.problems), 0)]
        if not dry_run:
            if bad:
                raise UserError(bad[0].problems[0].text(current_language()))
            importer.write()
        told(outcome.rows)
        yield from bad


class Problems:
    """Collects what is wrong with one row beyond its cells."""

    def __init__(self, sheet: Sheet, row: Row) -> None:
        self.row, self.columns = row, {column.key: column for column in sheet.columns}
        self.found: list[CellProblem] = []

    def add(self, key: str, zh: str, en: str, accept: Sentence | None = None) -> None:
        column = self.columns[key]
        self.found.append(
            CellProblem(
                self.row.number,
                column,
                shown(self.row.cells.get(key, "")),
                Sentence(zh, en),
                accept or accepted(column),
            )
        )

    def refuse(self, error: UserError, fields: Mapping[str, str], otherwise: str) -> None:
        """What a verb's check said, at the column of its field."""
        text = str(error)
        self.add(fields.get(error.field or "", otherwise), text, text, Sentence("", ""))

    def done(self) -> Row:
        row = self.row
        return Row(row.number, row.cells, row.values, (*row.problems, *self.found))
