"""The document that a template becomes: one tree, from which page, Word, PDF and article are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from luodi.rooms.reports.language.numbers import chinese


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one kind; `reading` is the place of the reading that they print, None for none."""

    text: str
    reading: int | None = None


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading (`level` 1 to 4, numbered by `label`), a paragraph, an item or a table."""

    kind: str
    runs: Runs = ()
    level: int = 0
    label: str = ""
    rows: tuple[tuple[Runs, ...], ...] = ()

    @property
    def text(self) -> str:
        """Its words; a table's cells with tabs and line ends between."""
        if self.kind == "table":
            return "\n".join("\t".join(text_of(cell) for cell in row) for row in self.rows)
        return self.label + text_of(self.runs)

    @property
    def all_runs(self) -> Runs:
        """Its runs; a table's cells one after another."""
        return (*self.runs, *(run for row in self.rows for cell in row for run in cell))

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "level": self.level,
            "label": self.label,
            "runs": [[one.text, one.reading] for one in self.runs],
            "rows": [
                [[[one.text, one.reading] for one in cell] for cell in row] for row in self.rows
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Part:
        """Raises KeyError, TypeError or ValueError for what is none."""

        def runs(some: Iterable[Any]) -> Runs:
            return tuple(Run(str(text), place) for text, place in some)

        rows = tuple(tuple(runs(cell) for cell in row) for row in data["rows"])
        level, label = int(data["level"]), str(data["label"])
        return cls(str(data["kind"]), runs(data["runs"]), level, label, rows)


def text_of(runs: Iterable[Run]) -> str:
    return "".join(one.text for one in runs)


def merged(runs: Iterable[Run]) -> Runs:
    """Words that follow each other as one run."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].reading is None and run.reading is None:
            found[-1] = Run(found[-1].text + run.text)
        elif run.text:
            found.append(run)
    return tuple(found)


def finished(parts: Iterable[Part]) -> list[Part]:
    """Rows that follow each other as one table, gaps left out, headings numbered as in GB/T
    9704-2012, 7.3.3: 一、 （一） 1. （1）."""
    found: list[Part] = []
    counts = [0, 0, 0, 0]
    for kind, some in groupby(parts, key=lambda part: part.kind):
        if kind == "row":
            found.append(Part("table", rows=tuple(row for part in some for row in part.rows)))
        elif kind == "heading":
            for part in some:
                counts[part.level - 1] += 1
                counts[part.level :] = [0] * (4 - part.level)
                found.append(replace(part, label=_number_of(part.level, counts[part.level - 1])))
        elif kind != "gap":
            found += some
    return found


def _number_of(level: int, count: int) -> str:
    said = chinese(str(count))
    return (f"{said}、", f"（{said}）", f"{count}.", f"（{count}）")[level - 1]
