"""What a template says, once read: blocks of lines, and what stands inside a line.

Every node knows its `line` (1 is the first), which two equal templates may differ in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

Arguments = tuple[tuple[str, str], ...]


def _line() -> int:
    return field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they stand."""

    text: str
    line: int = _line()


@dataclass(frozen=True, slots=True)
class FigureTag:
    """`{figure: KEY name=value … | option | …}`: the value of a figure, or a claim about it."""

    key: str
    arguments: Arguments = ()
    options: tuple[str, ...] = ()
    line: int = _line()


@dataclass(frozen=True, slots=True)
class ChangeTag:
    """`{change: KEY from=… to=… | 下降}`: from one value to another, with the word checked."""

    key: str
    arguments: Arguments = ()
    options: tuple[str, ...] = ()
    line: int = _line()


@dataclass(frozen=True, slots=True)
class WordTag:
    """`{date}`, `{unit}`, `{row.amount}`: a word that the report or a loop knows."""

    name: str
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Condition:
    """`KEY name=value … [comparison bound]`; without a comparison: whether the value is not 0.

    `any KEY …` is the same of a figure that a site may not have: then it is false.
    """

    key: str
    arguments: Arguments = ()
    comparison: str = ""
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """`unit in districts`, or `row in KEY name=value …`; `joint` stands between two turns."""

    what: str  # "unit" or "row"
    source: str
    arguments: Arguments = ()
    joint: str = ""


@dataclass(frozen=True, slots=True)
class If:
    """A passage that stands only where the condition holds; of blocks, or inside a line."""

    condition: Condition
    then: tuple[Block | Inline, ...] = ()
    otherwise: tuple[Block | Inline, ...] = ()
    line: int = _line()


@dataclass(frozen=True, slots=True)
class For:
    """A passage for each unit, or each row; of blocks, or inside a line."""

    loop: Loop
    body: tuple[Block | Inline, ...] = ()
    line: int = _line()


Inline = Text | FigureTag | ChangeTag | WordTag | If | For
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`#` to `####`: 一、 （一） 1. （1）."""

    level: int
    inside: Line
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Paragraph:
    inside: Line
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Item:
    """`- …`: one item of a list."""

    inside: Line
    line: int = _line()


@dataclass(frozen=True, slots=True)
class TableRow:
    """`| … | … |`: rows that follow each other are a table, the first of them its head."""

    cells: tuple[Line, ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line: it ends a table and is not seen otherwise."""

    line: int = _line()


Block = Heading | Paragraph | Item | TableRow | Gap | If | For


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend in a line; a `warning` does not stop the report."""

    line: int
    message: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A template as read, with what could not be read."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = field(default=(), compare=False)


def walk(nodes: tuple[Block | Inline, ...]) -> Iterator[Block | Inline]:
    """Every node, the outer before the inner."""
    for node in nodes:
        yield node
        match node:
            case Heading() | Paragraph() | Item():
                yield from walk(node.inside)
            case TableRow():
                for cell in node.cells:
                    yield from walk(cell)
            case If():
                yield from walk(node.then)
                yield from walk(node.otherwise)
            case For():
                yield from walk(node.body)
