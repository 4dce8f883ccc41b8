"""Reads an upload in batches, so that memory holds one batch whatever the file's length."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from luodi.ground.audit.api import note
from luodi.ground.imports.importer import Importer, Line, current_language
from luodi.ground.imports.report import LISTED, Details, question_shown, sheets_shown
from luodi.lib.errors import UserError
from luodi.lib.excel import Answers, ErrorFile, FileError, Row, Table, open_table
from luodi.lib.excel.layout import signature
from luodi.lib.excel.reading import missing_columns

BATCH = 2000
Told = Callable[[int], None]  # is told after each batch how many rows are done
Recall = Callable[[str], Mapping[str, str]]  # what was answered of files with these titles
Place = tuple[int, str, int]  # which file of the upload, which sheet, which row


@dataclass(frozen=True, slots=True)
class Part:
    """A file of an upload: the first, or a corrected error file, which stands for rows before."""

    path: Path
    replaces: frozenset[Place] = frozenset()


@dataclass(slots=True)
class Outcome:
    """Of a dry run or of an import. What is listed is the first of each, `counts` count all."""

    counts: Counter[str] = field(default_factory=Counter)
    problem_count: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)
    fresh: list[dict[str, str]] = field(default_factory=list)
    bad: list[Place] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    sheets: list[dict[str, Any]] = field(default_factory=list)
    missing: str = ""
    titles: str = ""
    seal: str = ""  # over all that would be written, as it was shown

    @property
    def rows(self) -> int:
        return self.counts.total()

    @property
    def open(self) -> bool:
        """Whether something must be answered first."""
        return any(not one["answer"] for one in self.questions)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong and nothing open."""
        return not (self.counts["bad"] or self.counts["asked"] or self.open or self.missing)

    @property
    def ready(self) -> bool:
        """Whether it can be written, and there is something to write."""
        return self.whole and bool(self.counts["new"] or self.counts["changed"])

    def as_dict(self) -> dict[str, Any]:
        """For the report, in the language in which it was made."""
        counts = {
            key: self.counts[key] for key in ("new", "changed", "same", "left", "bad", "asked")
        }
        return {
            **counts,
            "rows": self.rows,
            "ready": self.ready,
            "open": self.open,
            "missing": self.missing,
            "problem_count": self.problem_count,
            "problems": self.problems,
            "changes": self.changes,
            "left_rows": self.left,
            "fresh": self.fresh,
            "questions": self.questions,
            "sheets": self.sheets,
            "titles": self.titles,
            "seal": self.seal,
        }


def quietly(rows: int) -> None:
    """Nobody watches."""


def nothing(titles: str) -> Mapping[str, str]:
    """Nothing is remembered."""
    return {}


class _Undo(Exception):
    """Ends a dry run: whatever it tried is undone."""


def run(
    importer: Importer,
    parts: Sequence[Part],
    answers: Mapping[str, str] | None = None,
    *,
    write: bool,
    told: Told = quietly,
    recall: Recall = nothing,
    errors: IO[bytes] | None = None,
    details: IO[bytes] | None = None,
    origin: str = "",
) -> Outcome:
    """Reads the whole upload; writes too where `write` is true and every row is good.

    `answers` None: nobody was asked yet, and `recall` says what is known of such files. `errors`
    takes the bad rows as a workbook, `details` what becomes of every row. Raises UserError where
    a file cannot be read, or, when writing, at the first bad row: then nothing is written.
    """
    outcome = Outcome()
    with ExitStack() as files:
        try:
            tables = _opened(importer, parts, answers, recall, files)
            with transaction.atomic():
                _run(importer, parts, tables, outcome, write, told, errors, details, origin)
                if not write:
                    raise _Undo
        except FileError as wrong:
            raise UserError(wrong.sentence[current_language() == "en"], "file") from None
        except _Undo:
            pass
    return outcome


def _opened(
    importer: Importer,
    parts: Sequence[Part],
    answers: Mapping[str, str] | None,
    recall: Recall,
    files: ExitStack,
) -> list[Table]:
    streams = [files.enter_context(part.path.open("rb")) for part in parts]
    importer.answers = Answers(answers or {})
    tables = [open_table(one, importer.sheet, importer.answers) for one in streams]
    if answers is None and (known := recall(signature(tables[0].layouts))):
        importer.answers = Answers(known)
        tables = [open_table(one, importer.sheet, importer.answers) for one in streams]
    return tables


def _run(
    importer: Importer,
    parts: Sequence[Part],
    tables: Sequence[Table],
    outcome: Outcome,
    write: bool,
    told: Told,
    errors: IO[bytes] | None,
    details: IO[bytes] | None,
    origin: str,
) -> None:
    language, seal = current_language(), hashlib.blake2b(digest_size=16)
    missing = {c.key: c for table in tables for one in table.read for c in one.missing(table.sheet)}
    outcome.missing = missing_columns(list(missing.values()))[language == "en"] if missing else ""
    wrong = ErrorFile(importer.sheet, errors, language=language, origin=origin) if errors else None
    all_ = Details(details) if details else None
    importer.begin()
    rows = _rows(parts, tables) if not missing else iter(())
    while batch := list(islice(rows, BATCH)):
        lines = importer.check([row for _part, row in batch])
        for (part, row), line in zip(batch, lines, strict=True):
            state = line.state
            outcome.counts[state] += 1
            shown = _list(importer, outcome, line, state)
            if state == "bad":
                outcome.bad.append((part, row.where, row.number))
                if wrong:
                    wrong.add(row, line.problems)
            if all_:
                all_.add(state, shown, line)
            if state in ("new", "changed"):
                changes = [(one.column.key, one.before, one.after) for one in line.changes]
                seal.update(repr((part, row.where, row.number, state, changes)).encode())
        if write:
            _refuse_bad(lines)
            importer.write([line for line in lines if line.state in ("new", "changed")])
        told(outcome.rows)
    for one in (wrong, all_):
        if one:
            one.close()
    outcome.seal, outcome.titles = seal.hexdigest(), signature(tables[0].layouts)
    outcome.questions = [
        question_shown(one, importer.answers) for one in importer.answers.asked.values()
    ]
    outcome.sheets = sheets_shown(tables[0])
    if write:
        if not outcome.whole:
            raise UserError(outcome.missing or _("还有没有回答的问题，没有写入。"))
        note("import", *importer.subject, rows=outcome.rows, created=outcome.counts["new"])


def _rows(parts: Sequence[Part], tables: Sequence[Table]) -> Iterator[tuple[int, Row]]:
    """The rows of the first file, without those that a corrected file brings again, then these."""
    replaced = frozenset[Place]().union(*(part.replaces for part in parts))
    for number, table in enumerate(tables):
        for row in table.rows():
            if (number, row.where, row.number) not in replaced:
                yield number, row


def _list(importer: Importer, outcome: Outcome, line: Line, state: str) -> dict[str, str]:
    """Lists a row where it belongs, as long as there is room; the row as it is named."""
    language = current_language()
    row = line.row
    shown = {"row": f"{row.where}{row.number}", "name": importer.name_of(line)}
    if state == "bad":
        outcome.problem_count += len(line.problems)
        outcome.problems += [
            {
                **shown,
                "column": one.column.title(language),
                "value": one.value,
                "problem": one.problem[language == "en"],
                "accepted": one.accepted[language == "en"],
            }
            for one in line.problems[: max(LISTED - len(outcome.problems), 0)]
        ]
    elif state == "left" and line.left and len(outcome.left) < LISTED:
        outcome.left.append({**shown, "why": line.left[language == "en"]})
    elif state == "new" and len(outcome.fresh) < LISTED:
        outcome.fresh.append(shown)
    elif state == "changed" and len(outcome.changes) < LISTED:
        outcome.changes += [
            {
                **shown,
                "column": one.column.title(language),
                "before": one.before,
                "after": one.after,
            }
            for one in line.changes
        ]
    return shown


def _refuse_bad(lines: Sequence[Line]) -> None:
    for line in lines:
        if line.problems:
            raise UserError(line.problems[0].text(current_language()))
