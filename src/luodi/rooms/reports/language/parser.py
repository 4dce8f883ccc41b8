"""From a template's text to its nodes. Never fails: what cannot be read is a problem in its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from luodi.rooms.reports.language.nodes import (
    Block,
    For,
    Gap,
    Heading,
    If,
    Inline,
    Item,
    Line,
    Paragraph,
    Problem,
    Source,
    TableRow,
    Text,
)
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


@dataclass
class _Open:
    """A passage that waits for its `{end}`."""

    node: If | For | None
    line: int
    then: list[Block | Inline] = field(default_factory=list)
    otherwise: list[Block | Inline] | None = None

    @property
    def current(self) -> list[Block | Inline]:
        return self.then if self.otherwise is None else self.otherwise

    def closed(self) -> If | For:
        if isinstance(self.node, If):
            rest = tuple(self.otherwise or ())
            return If(self.node.condition, tuple(self.then), rest, self.line)
        assert self.node is not None
        return For(self.node.loop, tuple(self.then), self.line)


class _Passages:
    """A stack of open passages: of a template's blocks, or of one line's pieces."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.stack = [_Open(None, 0)]

    def add(self, node: Block | Inline) -> None:
        self.stack[-1].current.append(node)

    def control(self, keyword: str, rest: str, line: int) -> None:
        """`if`, `for`, `else` or `end`."""
        top = self.stack[-1]
        if keyword in {"if", "for"}:
            if len(self.stack) > DEEPEST:
                raise TagError(_("条件和循环套得太深（最多%(most)s层）。") % {"most": DEEPEST})
            node: If | For
            node = If(read_condition(rest)) if keyword == "if" else For(read_loop(rest))
            self.stack.append(_Open(node, line))
        elif keyword == "else":
            if not isinstance(top.node, If) or top.otherwise is not None:
                raise TagError(_("{else} 前面没有与它相配的 {if …}。"))
            top.otherwise = []
        elif top.node is None:
            raise TagError(_("{end} 前面没有与它相配的 {if …} 或 {for …}。"))
        else:
            self.stack.pop()
            self.add(top.closed())

    def finish(self) -> tuple[Block | Inline, ...]:
        """Closes what was left open, with a problem for each."""
        while len(self.stack) > 1:
            top = self.stack.pop()
            keyword = "if" if isinstance(top.node, If) else "for"
            message = _("这里的 {%(keyword)s …} 没有 {end}，请补上。") % {"keyword": keyword}
            self.problems.append(Problem(top.line, message))
            self.add(top.closed())
        return tuple(self.stack[0].then)


def parse(text: str) -> Source:
    """The template of a text. `problems` say, line by line, what to mend."""
    problems: list[Problem] = []
    if len(text) > MOST:
        message = _("模板太长，最多%(most)s字，请拆成几份。") % {"most": MOST}
        return Source((), (Problem(1, message),))
    blocks = _Passages(problems)
    lines = re.split(r"\r\n|\r|\n", text)
    for number, raw in enumerate(lines if lines[-1] else lines[:-1], start=1):
        written = raw.strip()
        keyword, rest = _alone(written)
        if keyword:
            try:
                blocks.control(keyword, rest, number)
            except TagError as problem:
                problems.append(Problem(number, str(problem)))
        elif not RULE.fullmatch(written):
            blocks.add(_block(written, number, problems))
    found = blocks.finish()
    return Source(found, tuple(sorted(problems, key=lambda one: one.line)))  # type: ignore[arg-type]


def _alone(written: str) -> tuple[str, str]:
    """The keyword of a control tag that has the line to itself, and what follows it."""
    if re.fullmatch(r"\{[^{}]*\}", written):
        keyword, rest = keyword_of(written[1:-1])
        if keyword in {"if", "else", "end", "for"}:
            return keyword, rest
    return "", ""


def _block(written: str, line: int, problems: list[Problem]) -> Block:
    if not written:
        return Gap(line)
    heading = HEADING.match(written)
    if heading:
        return Heading(len(heading[1]), _inside(heading[2], line, problems), line)
    if written.startswith("- "):
        return Item(_inside(written[2:].strip(), line, problems), line)
    if written.startswith("|"):
        cells = _cells(written)
        return TableRow(tuple(_inside(cell.strip(), line, problems) for cell in cells), line)
    return Paragraph(_inside(written, line, problems), line)


def _cells(written: str) -> list[str]:
    """The cells of a table's line: split at `|` that is neither escaped nor in a tag."""
    cells = [""]
    for piece in TOKEN.findall(written[1:]):
        if piece == "|":
            cells.append("")
        else:
            cells[-1] += piece
    return cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells


def _inside(written: str, line: int, problems: list[Problem]) -> Line:
    pieces = _Passages(problems)
    for kind, token in _tokens(written):
        if kind == "text":
            pieces.add(Text(token, line))
            continue
        keyword, rest = keyword_of(token)
        try:
            if keyword in {"if", "else", "end", "for"}:
                pieces.control(keyword, rest, line)
            else:
                pieces.add(read_tag(token, line))
        except TagError as problem:
            problems.append(Problem(line, str(problem)))
    return pieces.finish()  # type: ignore[return-value]


def _tokens(written: str) -> Iterator[tuple[str, str]]:
    """Text (unescaped, in one piece) and tags (without their braces), in order."""
    text = ""
    for token in TOKEN.findall(written):
        if token.startswith("{") and token.endswith("}"):
            if text:
                yield "text", text
            text = ""
            yield "tag", token[1:-1]
        elif len(token) == 2 and token[0] == "\\" and token[1] in ESCAPED:
            text += token[1]
        else:
            text += token
    if text:
        yield "text", text
