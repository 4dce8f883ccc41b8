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
from luodi.rooms.reports.language.document import Part, Run, Runs, finished, merged, text_of
from luodi.rooms.reports.language.nodes import (
    Arguments,
    Block,
    For,
    If,
    Node,
    Problem,
    Tag,
    Text,
    Word,
)
from luodi.rooms.reports.language.numbers import Value, style_of, written
from luodi.rooms.reports.language.tags import ANY, comparison_in
from luodi.rooms.reports.language.times import Span

WAYS = ("百分比", "差额")
# Of all loops of a report together: loops over rows within each other would never come to an end.
MOST_TURNS = 20_000


class Reader(Protocol):
    """What a template is rendered from. What it lacks is a UserError, with what to do."""

    def knows(self, key: str) -> bool:
        """Whether there is a figure of that key or name."""

    def read(
        self, key: str, unit: Any, span: Span, parameters: Mapping[str, str], rows: bool = False
    ) -> Any:
        """A reading: `figure.unit`, `figure.kind`, `value`, and, where asked for, all its `rows`."""

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


def render(title: Sequence[Node], blocks: Sequence[Node], place: Place, reader: Reader) -> Document:
    """The document of a template; what cannot be read or does not hold is among its problems."""
    work = _Rendering(reader)
    heading = text_of(work.line(title, place))
    return Document(heading, finished(work.blocks(blocks, place)), work.readings, work.problems)


class _Rendering:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.readings: list[Any] = []
        self.places: dict[int, int] = {}
        self.problems: list[Problem] = []
        self.turned = 0

    # --- passages -----------------------------------------------------------------------------

    def blocks(self, nodes: Sequence[Node], place: Place) -> Iterator[Part]:
        for node, where in self.standing(nodes, place):
            if not isinstance(node, Block):
                continue
            cells = tuple(self.line(cell, where) for cell in node.cells)
            if node.kind in {"row", "gap"}:
                yield Part(node.kind, rows=(cells,))
            elif text_of(cells[0]).strip():
                yield Part(node.kind, cells[0], node.level)

    def line(self, inside: Sequence[Node], place: Place) -> Runs:
        return merged(
            run for node, where in self.standing(inside, place) for run in self.runs(node, where)
        )

    def standing(self, nodes: Sequence[Node], place: Place) -> Iterator[tuple[Node, Place]]:
        """The nodes that are left once conditions are judged and loops are turned, each with its
        place."""
        for node in nodes:
            match node:
                case If():
                    yield from self.standing(self.passage(node, place), place)
                case For():
                    for turn in self.turns(node, place):
                        if turn.number > 1 and node.loop.joint:
                            yield Text(node.loop.joint), turn
                        yield from self.standing(node.body, turn)
                case _:
                    yield node, place

    def passage(self, node: If, place: Place) -> Sequence[Node]:
        """Which passage of a condition stands; none where it cannot be judged."""
        asked = node.condition
        if asked.comparison == ANY and not self.reader.knows(asked.key):
            return node.otherwise
        try:
            reading = self.read(asked.key, asked.arguments, place)
            unit = str(reading.figure.unit)
            true = bool(reading.value)
            if asked.comparison not in {"", ANY}:
                true = claims.holds(reading.value, asked.comparison, asked.bound, unit)
        except (UserError, ClaimError) as problem:
            self.fault(node.line, problem)
            return ()
        return node.then if true else node.otherwise

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
                    told = _("循环加起来超过 %(most)s 次，后面的没有写出来。请少套一层循环。")
                    self.fault(node.line, ClaimError(told % {"most": MOST_TURNS}))
                return
            yield replace(turn, number=number)

    # --- tags ---------------------------------------------------------------------------------

    def runs(self, node: Node, place: Place) -> Iterator[Run]:
        try:
            match node:
                case Text():
                    yield Run(node.text)
                case Word():
                    yield Run(_word(node.name, place))
                case Tag(keyword="figure"):
                    yield from self.figure(node, place)
                case Tag():
                    yield from self.change(node, place)
        except (UserError, ClaimError) as problem:
            self.fault(node.line, problem)
            yield Run("〔？〕")

    def figure(self, node: Tag, place: Place) -> Iterator[Run]:
        style, rest = style_of(node.options)
        compared = comparison_in(rest[0]) if len(rest) == 1 else None
        if rest and (compared is None or compared[0]):
            raise ClaimError(
                _("不认识“%(option)s”。可写“超过 30%%”一类的比较，或 中文、万、亿、2位、无单位。")
                % {"option": " | ".join(rest)[:60]}
            )
        reading = self.read(node.key, node.arguments, place)
        at, unit = self.keep(reading), str(reading.figure.unit)
        if reading.value is None and not compared:
            raise ClaimError(
                _("“%(name)s”在这一天没有数值。") % {"name": reading.figure.name or node.key}
            )
        said = written(reading.value, unit, style)
        if compared:
            _before, word, bound = compared
            said = claims.claim(word, bound, unit)
            if not claims.holds(reading.value, word, bound, unit):
                raise ClaimError(
                    _("“%(claim)s”不成立：记录里现在是%(now)s。请改写这句话，或核对记录。")
                    % {"claim": said, "now": written(reading.value, unit)}
                )
        yield Run(said, at)

    def change(self, node: Tag, place: Place) -> Iterator[Run]:
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
        unit, counted = str(after.figure.unit), str(after.figure.kind) in {"count", "sum"}
        word = claims.direction(before.value, after.value, wanted[0] if wanted else "", counted)
        if word in claims.SAME:  # 与上年末持平; 保持45岁
            yield Run(word, second) if way else Run("保持")
        elif way:
            yield Run(word)
            yield Run(claims.amount_of_change(before.value, after.value, unit, style, way), second)
        else:
            yield Run("从")
            yield Run(written(before.value, unit, style), first)
            yield Run(f"{word}到")
        if not way:
            yield Run(written(after.value, unit, style), second)

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
                span = replace(span, **{name: getattr(_span(value, place.span), name)})
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


def _word(name: str, place: Place) -> str:
    """What a word says at its place."""
    if name.startswith("row") or name == "number":
        if not place.number or (name != "number" and place.row is None):
            raise ClaimError(_("{%(word)s} 只能写在循环 {for …} 里。") % {"word": name})
        return str(place.number) if name == "number" else _of_row(name, place.row)
    until = place.span.until
    words: dict[str, Value] = {
        "unit": place.unit.name,
        "unit.short": str(place.unit),
        "year": str(until.year),
        "month": str(until.month),
        "period": times.label(place.span),
        "since": place.span.since,
        "until": until,
        "date": until,
    }
    return written(words[name], "")


def _of_row(name: str, row: Any) -> str:
    value = row.label if name == "row" else getattr(row, name.removeprefix("row."))
    if isinstance(value, Decimal | dt.date):
        return written(value, "")
    return str(value if value is not None else "")
