"""From a template's text to its nodes. Never fails: what cannot be read is a problem in its line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from luodi.rooms.reports.language.nodes import Block, For, If, Node, Problem, Source, Text
from luodi.rooms.reports.language.tags import (
    TagError,
    keyword_of,
    read_condition,
    read_loop,
    read_tag,
)

DEEPEST = 6
MOST = 100_000  # characters of a template
ESCAPED = "\\{}|#-"
TOKEN = re.compile(r"\\.|\{[^{}\n]*\}|[{}|]|[^\\{}|]+|\\", re.DOTALL)
HEADING = re.compile(r"(#{1,4})\s+(.*)$")
RULE = re.compile(r"\|[\s:|-]*-[\s:|-]*\|$")
CONTROL = {"if", "else", "end", "for"}
# A line's number, and a node; or the keyword of a control tag and what follows it.
Piece = tuple[int, Node | None, str, str]


def parse(text: str) -> Source:
    """The template of a text. `problems` say, line by line, what to mend."""
    problems: list[Problem] = []
    if len(text) > MOST:
        message = _("模板太长，最多%(most)s字，请拆成几份。") % {"most": MOST}
        return Source((), (Problem(1, message),))
    found, _last = _nested(_lines(text, problems), problems)
    return Source(found, tuple(sorted(problems, key=lambda one: one.line)))


def _nested(
    pieces: Iterator[Piece], problems: list[Problem], opened: str = "", depth: int = 0
) -> tuple[tuple[Node, ...], str]:
    """The nodes up to the `else` or `end` of the passage that is `opened`, and which it was; ""
    where the text ended first."""
    nodes: list[Node] = []
    for line, node, keyword, rest in pieces:
        try:
            if node is not None:
                nodes.append(node)
            elif keyword in {"if", "for"}:
                if depth == DEEPEST:
                    raise TagError(_("条件和循环套得太深（最多%(most)s层）。") % {"most": DEEPEST})
                nodes.append(_passage(keyword, rest, line, pieces, problems, depth + 1))
            elif keyword == "else" and opened != "if":
                raise TagError(_("{else} 前面没有与它相配的 {if …}。"))
            elif not opened:
                raise TagError(_("{end} 前面没有与它相配的 {if …} 或 {for …}。"))
            else:
                return tuple(nodes), keyword
        except TagError as problem:
            problems.append(Problem(line, str(problem)))
    return tuple(nodes), ""


def _passage(
    keyword: str, rest: str, line: int, pieces: Iterator[Piece], problems: list[Problem], depth: int
) -> If | For:
    """A condition or a loop with all that stands in it; closed, with a problem, where it is open."""
    condition = read_condition(rest) if keyword == "if" else None
    loop = read_loop(rest) if keyword == "for" else None
    inside, last = _nested(pieces, problems, keyword, depth)
    otherwise: tuple[Node, ...] = ()
    if last == "else":
        otherwise, last = _nested(pieces, problems, "else", depth)
    if not last:
        message = _("这里的 {%(keyword)s …} 没有 {end}，请补上。") % {"keyword": keyword}
        problems.append(Problem(line, message))
    if condition is not None:
        return If(condition, inside, otherwise, line)
    assert loop is not None
    return For(loop, inside, line)


def _lines(text: str, problems: list[Problem]) -> Iterator[Piece]:
    """Each line as a block, or as the control tag that has it to itself."""
    lines = re.split(r"\r\n|\r|\n", text)
    for number, raw in enumerate(lines if lines[-1] else lines[:-1], start=1):
        written = raw.strip()
        alone = re.fullmatch(r"\{([^{}]*)\}", written)
        keyword, rest = keyword_of(alone[1]) if alone else ("", "")
        if keyword in CONTROL:
            yield number, None, keyword, rest
        elif not RULE.fullmatch(written):
            yield number, _block(written, number, problems), "", ""


def _block(written: str, line: int, problems: list[Problem]) -> Block:
    if not written:
        return Block("gap", line=line)
    kind, level, cells = "paragraph", 0, [written]
    if heading := HEADING.match(written):
        kind, level, cells = "heading", len(heading[1]), [heading[2]]
    elif written.startswith("- "):
        kind, cells = "item", [written[2:].strip()]
    elif written.startswith("|"):
        kind, cells = "row", [cell.strip() for cell in _cells(written)]
    inside = (_nested(_pieces(cell, line, problems), problems)[0] for cell in cells)
    return Block(kind, tuple(inside), level, line)


def _cells(written: str) -> list[str]:
    """The cells of a table's line: split at `|` that is neither escaped nor in a tag."""
    cells = [""]
    for piece in TOKEN.findall(written[1:]):
        if piece == "|":
            cells.append("")
        else:
            cells[-1] += piece
    return cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells


def _pieces(written: str, line: int, problems: list[Problem]) -> Iterator[Piece]:
    """What stands in a line: text (unescaped, in one piece) and tags, in order."""
    text = ""
    for token in TOKEN.findall(written):
        if not (token.startswith("{") and token.endswith("}")):
            escaped = len(token) == 2 and token[0] == "\\" and token[1] in ESCAPED
            text += token[1] if escaped else token
            continue
        if text:
            yield line, Text(text, line), "", ""
        text = ""
        keyword, rest = keyword_of(token[1:-1])
        if keyword in CONTROL:
            yield line, None, keyword, rest
            continue
        try:
            yield line, read_tag(token[1:-1], line), "", ""
        except TagError as problem:
            problems.append(Problem(line, str(problem)))
    if text:
        yield line, Text(text, line), "", ""
