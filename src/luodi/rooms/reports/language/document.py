"""The document that a template becomes: one tree, from which page, Word, PDF and article are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
        def runs(some: Runs) -> list[Any]:
            return [[one.text, one.reading] for one in some]

        return {
            "kind": self.kind,
            "level": self.level,
            "label": self.label,
            "runs": runs(self.runs),
            "rows": [[runs(cell) for cell in row] for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Part:
        """Raises KeyError, TypeError or ValueError for what is none."""

        def runs(some: Iterable[Any]) -> Runs:
            return tuple(Run(str(text), place) for text, place in some)

        return cls(
            str(data["kind"]),
            runs(data["runs"]),
            int(data["level"]),
            str(data["label"]),
            tuple(tuple(runs(cell) for cell in row) for row in data["rows"]),
        )


def text_of(runs: Iterable[Run]) -> str:
    return "".join(one.text for one in runs)


def number_of(level: int, count: int) -> str:
    """The number of a heading, GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）."""
    said = chinese(str(count))
    return (f"{said}、", f"（{said}）", f"{count}.", f"（{count}）")[level - 1]


def numbered(parts: Iterable[Part]) -> list[Part]:
    """The same parts with their headings numbered."""
    counts, found = [0, 0, 0, 0], []
    for part in parts:
        if part.kind == "heading":
            level = part.level
            counts[level - 1] += 1
            counts[level:] = [0] * (4 - level)
            part = Part("heading", part.runs, level, number_of(level, counts[level - 1]))
        found.append(part)
    return found
