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
class Tag:
    """`{figure: KEY name=value … | option | …}`: the value of a figure, or a claim about it; or
    `{change: KEY from=… to=… | 下降}`: from one value to another, with the word checked."""

    keyword: str  # "figure" or "change"
    key: str
    arguments: Arguments = ()
    options: tuple[str, ...] = ()
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Word:
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
    then: tuple[Node, ...] = ()
    otherwise: tuple[Node, ...] = ()
    line: int = _line()


@dataclass(frozen=True, slots=True)
class For:
    """A passage for each unit, or each row; of blocks, or inside a line."""

    loop: Loop
    body: tuple[Node, ...] = ()
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the template: `#` to `####` a heading of that level (一、 （一） 1. （1）), a paragraph,
    `- …` an item, `| … | … |` a row (rows that follow each other are a table, the first of them its
    head; only they have several cells), or an empty line, a gap, which ends a table."""

    kind: str  # heading, paragraph, item, row, gap
    cells: tuple[tuple[Node, ...], ...] = ()
    level: int = 0
    line: int = _line()


Node = Text | Tag | Word | If | For | Block


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend in a line; a `warning` does not stop the report."""

    line: int
    message: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A template as read, with what could not be read."""

    blocks: tuple[Node, ...]
    problems: tuple[Problem, ...] = field(default=(), compare=False)


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node, the outer before the inner."""
    for node in nodes:
        yield node
        match node:
            case Block():
                inner: tuple[tuple[Node, ...], ...] = node.cells
            case If():
                inner = (node.then, node.otherwise)
            case For():
                inner = (node.body,)
            case _:
                continue
        for some in inner:
            yield from walk(some)
