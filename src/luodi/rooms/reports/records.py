"""What templates are rendered from: the records, as an actor sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from luodi.ground.figures import api as figures
from luodi.ground.figures.api import Figure, Question, Reading, Time
from luodi.ground.scope.api import Actor, Unit, UnitKind
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.reports.language import Block, Document, Place, Source, Span, parse, render

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
            found = self.all_rows(figure, question) if rows else self.value(figure, question)
            if rows and found.count > MOST_ROWS:
                raise UserError(
                    _("“%(name)s”有%(count)s条记录，循环最多写%(most)s条。")
                    % {"name": figure.name, "count": found.count, "most": MOST_ROWS}
                )
            self.known[asked] = found
        return self.known[asked]

    def value(self, figure: Figure, question: Question) -> Reading:
        [found] = figures.read_values(actor=self.actor, questions=[(figure.key, question)])
        return found

    def all_rows(self, figure: Figure, question: Question) -> Reading:
        return figures.read(
            actor=self.actor,
            key=figure.key,
            unit=question.unit,
            until=question.until,
            since=question.since,
            parameters=question.parameters,
            per_page=0,
        )

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


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document with the template it was made of."""

    source: Source
    document: Document


def rendered(actor: Actor, unit: Unit, title: str, text: str, span: Span) -> Rendered:
    """What a template says for a unit and a period, with every problem in order of its line."""
    heading, source = parse(title.replace("\n", " ")), parse(text)
    lines = (block.cells for block in heading.blocks if isinstance(block, Block))
    inline = tuple(one for cells in lines for cell in cells for one in cell)
    document = render(inline, source.blocks, Place(unit, span), Records(actor))
    document.problems += [*heading.problems, *source.problems]
    document.problems.sort(key=lambda one: (one.line, one.warning))
    return Rendered(source, document)
