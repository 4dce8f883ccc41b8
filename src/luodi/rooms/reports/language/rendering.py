"""From a template and the records to a document: every figure read, every claim judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.rooms.reports.language import claims, times
from luodi.rooms.reports.language.claims import ClaimError
from luodi.rooms.reports.language.document import Part, Run, Runs, numbered, text_of
from luodi.rooms.reports.language.nodes import (
    Arguments,
    Block,
    ChangeTag,
    FigureTag,
    For,
    Gap,
    Heading,
    If,
    Inline,
    Item,
    Paragraph,
    Problem,
    TableRow,
    Text,
    WordTag,
)
from luodi.rooms.reports.language.numbers import style_of, written
from luodi.rooms.reports.language.tags import ANY, comparison_in
from luodi.rooms.reports.language.times import Span

WAYS = ("百分比", "差额")
# Of all loops of a report together: loops over rows within each other would never come to an end.
MOST_TURNS = 20_000


def _too_many() -> str:
    return _("循环加起来超过 %(most)s 次，后面的没有写出来。请少套一层循环。") % {
        "most": MOST_TURNS
    }


class Reader(Protocol):
    """What a template is rendered from. What it lacks is a UserError, with what to do."""

    def knows(self, key: str) -> bool:
        """Whether there is a figure of that key or name."""

    def read(
        self, key: str, unit: Any, span: Span, parameters: Mapping[str, str], rows: bool = False
    ) -> Any:
        """A reading: `figure.unit`, `value`, and, where asked for, all its `rows`."""

    def unit_called(self, name: str, inside: Any) -> Any:
        """The unit of that name at or below another."""

    def units(self, source: str, inside: Any) -> Sequence[Any]:
        """The districts, enterprises, branches or departments of a unit."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the report a passage stands: about whom, when, and in which turn of a loop."""

    unit: Any
    span: Span
    row: Any = None
    number: int = 0


@dataclass
class Document:
    """What a template says on a day. `readings` are what its runs point to."""

    title: str
    parts: list[Part]
    readings: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return [one for one in self.problems if not one.warning]

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts)


def render(
    title: Sequence[Inline], blocks: Sequence[Block], place: Place, reader: Reader
) -> Document:
    """The document of a template; what cannot be read or does not hold is among its problems."""
    work = _Rendering(reader)
    heading = text_of(work.line(title, place))
    parts = numbered(_joined(work.blocks(blocks, place)))
    return Document(heading, parts, work.readings, work.problems)


def _joined(parts: Iterator[Part | None]) -> Iterator[Part]:
    """Rows that follow each other become one table; None stands for an empty line."""
    rows: list[tuple[Runs, ...]] = []
    for part in parts:
        if part is not None and part.kind == "row":
            rows += part.rows
            continue
        if rows:
            yield Part("table", rows=tuple(rows))
            rows = []
        if part is not None:
            yield part
    if rows:
        yield Part("table", rows=tuple(rows))


class _Rendering:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.readings: list[Any] = []
        self.places: dict[int, int] = {}
        self.problems: list[Problem] = []
        self.turned = 0

    # --- blocks -------------------------------------------------------------------------------

    def blocks(self, blocks: Sequence[Any], place: Place) -> Iterator[Part | None]:
        for block in blocks:
            match block:
                case If():
                    for passage in self.passages(block, place):
                        yield from self.blocks(passage, place)
                case For():
                    for turn in self.turns(block, place):
                        yield from self.blocks(block.body, turn)
                case TableRow():
                    cells = tuple(self.line(cell, place) for cell in block.cells)
                    yield Part("row", rows=(cells,))
                case Gap():
                    yield None
                case Heading() | Paragraph() | Item():
                    runs = self.line(block.inside, place)
                    if text_of(runs).strip():
                        kind = type(block).__name__.lower()
                        yield Part(kind, runs, getattr(block, "level", 0))

    def passages(self, node: If, place: Place) -> list[Sequence[Block | Inline]]:
        """Which passage of a condition stands: one, or none where it cannot be judged."""
        condition = node.condition
        if condition.comparison == ANY and not self.reader.knows(condition.key):
            return [node.otherwise]
        try:
            reading = self.read(condition.key, condition.arguments, place)
            unit = str(reading.figure.unit)
            true = (
                claims.holds(reading.value, condition.comparison, condition.bound, unit)
                if condition.comparison not in {"", ANY}
                else bool(reading.value)
            )
        except (UserError, ClaimError) as problem:
            self.fault(node.line, problem)
            return []
        return [node.then if true else node.otherwise]

    def turns(self, node: For, place: Place) -> Iterator[Place]:
        loop = node.loop
        try:
            if loop.what == "unit":
                units = self.reader.units(loop.source, place.unit)
                found = [replace(place, unit=unit, row=None) for unit in units]
            else:
                rows = self.read(loop.source, loop.arguments, place, rows=True).rows
                found = [replace(place, row=row) for row in rows]
        except (UserError, ClaimError) as problem:
            self.fault(node.line, problem)
            return
        for number, turn in enumerate(found, start=1):
            self.turned += 1
            if self.turned > MOST_TURNS:
                if self.turned == MOST_TURNS + 1:
                    self.fault(node.line, UserError(_too_many()))
                return
            yield replace(turn, number=number)

    # --- lines --------------------------------------------------------------------------------

    def line(self, inside: Sequence[Any], place: Place) -> Runs:
        return tuple(_merged(self.runs(inside, place)))

    def runs(self, inside: Sequence[Any], place: Place) -> Iterator[Run]:
        for node in inside:
            match node:
                case Text():
                    yield Run(node.text)
                case If():
                    for passage in self.passages(node, place):
                        yield from self.runs(passage, place)
                case For():
                    for turn in self.turns(node, place):
                        if turn.number > 1 and node.loop.joint:
                            yield Run(node.loop.joint)
                        yield from self.runs(node.body, turn)
                case WordTag() | FigureTag() | ChangeTag():
                    yield from self.tag(node, place)

    def tag(self, node: WordTag | FigureTag | ChangeTag, place: Place) -> Iterator[Run]:
        try:
            match node:
                case WordTag():
                    yield Run(self.word(node.name, place))
                case FigureTag():
                    yield from self.figure(node, place)
                case ChangeTag():
                    yield from self.change(node, place)
        except (UserError, ClaimError) as problem:
            self.fault(node.line, problem)
            yield Run("〔？〕")

    def figure(self, node: FigureTag, place: Place) -> Iterator[Run]:
        style, rest = style_of(node.options)
        compared = comparison_in(rest[0]) if len(rest) == 1 else None
        if rest and (compared is None or compared[0]):
            raise ClaimError(
                _("不认识“%(option)s”。可写“超过 30%%”一类的比较，或 中文、万、亿、2位、无单位。")
                % {"option": " | ".join(rest)[:60]}
            )
        reading = self.read(node.key, node.arguments, place)
        at, unit = self.keep(reading), str(reading.figure.unit)
        if compared:
            _before, word, bound = compared
            said = claims.claim(word, bound, unit)
            if not claims.holds(reading.value, word, bound, unit):
                now = written(reading.value, unit)
                raise ClaimError(
                    _("“%(claim)s”不成立：记录里现在是%(now)s。请改写这句话，或核对记录。")
                    % {"claim": said, "now": now}
                )
            yield Run(said, at)
            return
        if reading.value is None:
            raise ClaimError(
                _("“%(name)s”在这一天没有数值。") % {"name": reading.figure.name or node.key}
            )
        yield Run(written(reading.value, unit, style), at)

    def change(self, node: ChangeTag, place: Place) -> Iterator[Run]:
        style, rest = style_of(node.options)
        wanted = [one for one in rest if one in claims.DIRECTIONS]
        way = next((one for one in rest if one in WAYS), "")
        strange = [one for one in rest if one not in (*claims.DIRECTIONS, *WAYS, "变化")]
        if strange or len(wanted) > 1:
            raise ClaimError(
                _(
                    "不认识“%(option)s”。变化请写：下降、上升、增长、持平 或 变化，可加 百分比、差额。"
                )
                % {"option": " | ".join(strange or wanted)[:60]}
            )
        before = self.read(node.key, _at(node.arguments, "from"), place)
        after = self.read(node.key, _at(node.arguments, "to"), place)
        first, second = self.keep(before), self.keep(after)
        word = claims.direction(before.value, after.value, wanted[0] if wanted else "")
        unit = str(after.figure.unit)
        if way:
            amount = claims.amount_of_change(before.value, after.value, unit, style, way)
            yield Run(word)
            yield Run(amount, second)
            return
        yield Run("从")
        yield Run(written(before.value, unit, style), first)
        yield Run(f"{word}到" if word != "持平" else "到")
        yield Run(written(after.value, unit, style) + ("，持平" if word == "持平" else ""), second)

    def word(self, name: str, place: Place) -> str:
        if name.startswith("row") or name == "number":
            if not place.number or (name != "number" and place.row is None):
                raise ClaimError(_("{%(word)s} 只能写在循环 {for …} 里。") % {"word": name})
            return str(place.number) if name == "number" else _of_row(name, place.row)
        match name:
            case "unit":
                return str(place.unit.name)
            case "unit.short":
                return str(place.unit)
            case "year" | "month":
                return str(getattr(place.span.until, name))
            case "period":
                return times.label(place.span)
            case "since":
                return written(place.span.since, "")
        return written(place.span.until, "")  # date, until

    # --- figures ------------------------------------------------------------------------------

    def read(self, key: str, arguments: Arguments, place: Place, rows: bool = False) -> Any:
        """The reading that a tag asks for: its own unit and time, or those of its place."""
        unit, span, rest = place.unit, place.span, {}
        for name, value in arguments:
            if name == "unit":
                unit = self.reader.unit_called(value, unit)
            elif name in {"date", "period"}:
                span = _span(value, place.span)
            elif name in {"since", "until"}:
                asked = _span(value, place.span)
                span = replace(span, **{name: getattr(asked, name)})
            else:
                rest[name] = value
        return self.reader.read(key, unit, span, rest, rows)

    def keep(self, reading: Any) -> int:
        """The place of a reading among the document's; the same reading once."""
        at = self.places.setdefault(id(reading), len(self.readings))
        if at == len(self.readings):
            self.readings.append(reading)
        return at

    def fault(self, line: int, problem: Exception) -> None:
        self.problems.append(Problem(line, str(problem)))


def _span(word: str, now: Span) -> Span:
    span = times.span_of(word, now)
    if span is None:
        raise ClaimError(
            _("不认识日期“%(word)s”。可写 2022-12-22、2022-12、2022、本年、上年、上月末 等。")
            % {"word": word}
        )
    return span


def _at(arguments: Arguments, end: str) -> Arguments:
    """The arguments of one end of a change: `from` or `to` is its period, the report's if absent."""
    others = tuple((name, value) for name, value in arguments if name not in {"from", "to"})
    given = dict(arguments).get(end, "")
    if end == "from" and not given:
        raise ClaimError(_("变化要写明从何时起，例如 from=上年末。"))
    return (*others, ("period", given)) if given else others


def _of_row(name: str, row: Any) -> str:
    value = {"row": row.label, "row.amount": row.amount, "row.on": row.on, "row.word": row.word}[
        name
    ]
    if isinstance(value, Decimal | dt.date):
        return written(value, "")
    return str(value if value is not None else "")


def _merged(runs: Iterator[Run]) -> Iterator[Run]:
    """Words that follow each other as one run."""
    last: Run | None = None
    for run in runs:
        if last is not None and last.reading is None and run.reading is None:
            last = Run(last.text + run.text)
            continue
        if last is not None and last.text:
            yield last
        last = run
    if last is not None and last.text:
        yield last
