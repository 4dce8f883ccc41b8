"""What templates are rendered from: the records, as an actor sees them; and what becomes of a text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from luodi.ground.figures import api as figures
from luodi.ground.figures.api import Figure, Question, Reading, Time
from luodi.ground.scope.api import Actor, Unit, UnitKind
from luodi.lib.errors import NotFound, UserError
from luodi.lib.quantities import Quantity, extract
from luodi.rooms.reports.language import (
    Block,
    Document,
    Place,
    Problem,
    Source,
    Span,
    parse,
    render,
)
from luodi.rooms.reports.language.nodes import Text, walk

KINDS = {
    "districts": UnitKind.DISTRICT,
    "enterprises": UnitKind.ENTERPRISE,
    "branches": UnitKind.BRANCH,
    "departments": UnitKind.DEPARTMENT,
}
MOST_ROWS = 500  # of a loop over rows


@dataclass
class Records:
    """A `Reader` that reads each question once."""

    actor: Actor
    known: dict[Any, Reading] = field(default_factory=dict)
    named: dict[str, Figure] = field(default_factory=dict)

    def read(
        self, key: str, unit: Unit, span: Span, parameters: Mapping[str, str], rows: bool = False
    ) -> Reading:
        figure = self.figure(key)
        since = span.since if figure.time is Time.PERIOD else None
        asked = (figure.key, unit.pk, since, span.until, tuple(sorted(parameters.items())), rows)
        if asked not in self.known:
            question = Question(unit, span.until, since, None, dict(parameters))
            self.known[asked] = self.answer(figure, question, rows)
        return self.known[asked]

    def answer(self, figure: Figure, question: Question, rows: bool) -> Reading:
        if not rows:
            return figures.read_values(actor=self.actor, questions=[(figure.key, question)])[0]
        asked = {one: getattr(question, one) for one in ("unit", "until", "since", "parameters")}
        found = figures.read(actor=self.actor, key=figure.key, per_page=0, **asked)
        if found.count > MOST_ROWS:
            raise UserError(
                _("“%(name)s”有%(count)s条记录，循环最多写%(most)s条。")
                % {"name": figure.name, "count": found.count, "most": MOST_ROWS}
            )
        return found

    def knows(self, key: str) -> bool:
        try:
            self.figure(key)
        except NotFound:
            return False
        return True

    def figure(self, key: str) -> Figure:
        """A figure by its key, its name or a synonym. Raises NotFound."""
        if key not in self.named:
            try:
                self.named[key] = figures.figure(key)
            except NotFound:
                wanted = (one for one in figures.figures() if key in (str(one.name), *one.synonyms))
                found = next(wanted, None)
                if found is None:
                    raise
                self.named[key] = found
        return self.named[key]

    def unit_called(self, name: str, inside: Unit) -> Unit:
        found = Unit.objects.below(inside).filter(Q(name=name) | Q(short_name=name)).first()
        if found is None:
            raise NotFound(
                _("“%(unit)s”之下没有名为“%(name)s”的单位。") % {"unit": inside, "name": name}
            )
        return found

    def units(self, source: str, inside: Unit) -> Sequence[Unit]:
        return list(Unit.objects.open().below(inside).of_kind(KINDS[source]))


def preview(
    *, actor: Actor, unit: Unit, title: str, text: str, since: dt.date, until: dt.date
) -> Document:
    """What a template says for a unit and a period, with its errors and warnings by line."""
    actor.require("reports.view", unit.path)
    if since > until:
        raise UserError(_("开始日期不能晚于结束日期。"), "since")
    heading, source = parse(title.replace("\n", " ")), parse(text)
    lines = (block.cells for block in heading.blocks if isinstance(block, Block))
    inline = tuple(one for cells in lines for cell in cells for one in cell)
    place = Place(unit, Span(since, until))
    document = render(inline, source.blocks, place, Records(actor))
    document.problems += [*heading.problems, *source.problems, *typed_numbers(source)]
    document.problems.sort(key=lambda one: (one.line, one.warning))
    return document


def typed_numbers(source: Source) -> list[Problem]:
    """A warning for each quantity in the words of a template: it has no ledger."""
    told = _("“%(number)s”没有台账：请改用 {figure: …}，让它随记录变化。")
    return [
        Problem(node.line, told % {"number": one.text}, warning=True)
        for node in walk(source.blocks)
        if isinstance(node, Text)
        for one in extract(node.text)
        if not _is_style(one)
    ]


def _is_style(one: Quantity) -> bool:
    """四项工程, 每月一次: a small count in Chinese numerals is how one writes, not what one counted."""
    small = one.value < 10 and not any(map(str.isdecimal, one.text))
    return small and (not one.measure or one.measure.startswith("次/"))
