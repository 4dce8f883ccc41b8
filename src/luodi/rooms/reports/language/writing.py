"""From nodes back to text: `parse(write(source))` is the same template."""

from __future__ import annotations

from collections.abc import Iterator

from luodi.rooms.reports.language.nodes import (
    Arguments,
    Block,
    ChangeTag,
    Condition,
    FigureTag,
    For,
    Gap,
    Heading,
    If,
    Inline,
    Item,
    Line,
    Loop,
    Paragraph,
    Source,
    TableRow,
    Text,
    WordTag,
)
from luodi.rooms.reports.language.tags import ANY, BEHIND


def write(source: Source) -> str:
    """The text of a template, in its plainest spelling."""
    return "".join(f"{line}\n" for line in _lines(source.blocks))


def _lines(blocks: tuple[Block | Inline, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Gap():
                yield ""
            case Heading():
                yield f"{'#' * block.level} {_line(block.inside)}"
            case Item():
                yield f"- {_line(block.inside)}"
            case TableRow():
                yield "| " + " | ".join(_line(cell) for cell in block.cells) + " |"
            case If():
                yield f"{{if {_condition(block.condition)}}}"
                yield from _lines(block.then)
                if block.otherwise:
                    yield "{else}"
                    yield from _lines(block.otherwise)
                yield "{end}"
            case For():
                yield f"{{for {_loop(block.loop)}}}"
                yield from _lines(block.body)
                yield "{end}"
            case Paragraph():
                yield _begin(_line(block.inside))


def _begin(text: str) -> str:
    """A paragraph that begins like a heading or an item says that it is none."""
    return "\\" + text if text[:1] in {"#", "-"} else text


def _line(inside: Line | tuple[Block | Inline, ...]) -> str:
    return "".join(_piece(one) for one in inside)


def _piece(node: Block | Inline) -> str:
    match node:
        case Text():
            return "".join("\\" + one if one in "\\{}|" else one for one in node.text)
        case WordTag():
            return f"{{{node.name}}}"
        case FigureTag() | ChangeTag():
            keyword = "figure" if isinstance(node, FigureTag) else "change"
            options = "".join(f" | {one}" for one in node.options)
            return f"{{{keyword}: {_asked(node.key, node.arguments)}{options}}}"
        case If():
            rest = f"{{else}}{_line(node.otherwise)}" if node.otherwise else ""
            return f"{{if {_condition(node.condition)}}}{_line(node.then)}{rest}{{end}}"
        case For():
            return f"{{for {_loop(node.loop)}}}{_line(node.body)}{{end}}"
    raise TypeError(node)  # blocks stand in lines of their own


def _asked(key: str, arguments: Arguments) -> str:
    return " ".join([_word(key), *(f"{name}={_word(value)}" for name, value in arguments)])


def _word(value: str) -> str:
    return value if value and not set(value) & set(' \t"=|') else f'"{value}"'


def _condition(condition: Condition) -> str:
    asked = _asked(condition.key, condition.arguments)
    if condition.comparison == ANY:
        return f"{ANY} {asked}"
    if condition.comparison in BEHIND:
        return f"{asked} {condition.bound}{condition.comparison}"
    return f"{asked} {condition.comparison} {condition.bound}" if condition.comparison else asked


def _loop(loop: Loop) -> str:
    asked = loop.source if loop.what == "unit" else _asked(loop.source, loop.arguments)
    return f"{loop.what} in {asked}" + (f" | {loop.joint}" if loop.joint else "")
