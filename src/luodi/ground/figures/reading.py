"""Readings: a figure's value for a question, with the rows that carry it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.figures.definition import Figure, Kind, Question, Row, Time, Value
from luodi.ground.figures.engine import ALL, PARTS, Found, Wanted, evaluate
from luodi.ground.figures.registry import figure as figure_of
from luodi.ground.figures.registry import figures_of
from luodi.ground.figures.together import Counting, count_together, counting
from luodi.ground.figures.values import Sums, text_of, value_of
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotAllowed, UserError
from luodi.lib.periods import in_reason

PAGE = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """A value with what carries it.

    count: contributing rows; rows: one page of them, empty where `may_open` is false (the rows are
    not for this actor); digest: SHA-256 over all of them (`values.digest_of`), "" where only the
    value was asked for.
    """

    figure: Figure
    question: Question
    value: Value
    count: int
    digest: str
    rows: list[Row]
    may_open: bool

    @property
    def text(self) -> str:
        return text_of(self.figure, self.value)

    @property
    def version(self) -> int:
        return self.figure.version

    @property
    def known_at(self) -> dt.datetime | None:
        return self.question.known_at

    @property
    def url(self) -> str:
        return address(self.figure, self.question)


def read(
    *,
    actor: Actor,
    key: str,
    unit: Unit,
    until: dt.date,
    since: dt.date | None = None,
    known_at: dt.datetime | None = None,
    parameters: Mapping[str, str] | None = None,
    page: int = 1,
    per_page: int = PAGE,
) -> Reading:
    """Reads a figure; value, digest and rows from one statement. `per_page=0` gives all rows.

    Raises NotFound for a key that is none, NotAllowed where the actor lacks the permission on the
    unit or does not see all of it, UserError for a question that does not fit the figure.
    """
    figure = figure_of(key)
    question = Question(unit, until, since, known_at, dict(parameters or {}))
    return answer(actor, figure, question, Wanted(page=max(page, 1), per_page=per_page))


def read_values(*, actor: Actor, questions: Sequence[tuple[str, Question]]) -> list[Reading]:
    """Values only, for boards: no digest, no rows. Counts over one table share a pass over it."""
    figures = figures_of(key for key, _question in questions)
    found: dict[int, Reading] = {}
    passes: dict[object, list[tuple[int, Figure, Question, Counting]]] = {}
    for place, (key, asked) in enumerate(questions):
        figure = figures[key]
        require(actor, figure, asked.unit)
        question = sensible(figure, asked)
        if figure.kind is Kind.COUNT and question.known_at is None:
            one = counting(figure.rows(question))
            if one is not None:
                group = passes.setdefault((one.table, question.unit.pk), [])
                group.append((place, figure, question, one))
                continue
        found[place] = answer(actor, figure, question, PARTS)
    for group in passes.values():
        counts = count_together([one for *_rest, one in group])
        for (place, figure, question, _one), count in zip(group, counts, strict=True):
            may_open = opens(actor, figure, question.unit)
            found[place] = _reading(figure, question, Found(Sums(count=count)), may_open)
    return [found[place] for place in range(len(questions))]


def trend(
    *,
    actor: Actor,
    key: str,
    unit: Unit,
    days: Sequence[dt.date],
    known_at: dt.datetime | None = None,
    parameters: Mapping[str, str] | None = None,
) -> list[tuple[dt.date, Value]]:
    """The values on several days; a figure of a period is read from the first of the day's month."""
    figure = figure_of(key)
    found = []
    for day in days:
        question = Question(unit, day, period_of(figure, day), known_at, dict(parameters or {}))
        found.append((day, answer(actor, figure, question, PARTS).value))
    return found


def period_of(figure: Figure, day: dt.date) -> dt.date | None:
    """From when a trend's value up to a day counts: the first of its month, if it is of a period."""
    return day.replace(day=1) if figure.time is Time.PERIOD else None


def answer(actor: Actor, figure: Figure, question: Question, wanted: Wanted) -> Reading:
    """Checks who asks what, and reads."""
    require(actor, figure, question.unit)
    question = sensible(figure, question)
    may_open = opens(actor, figure, question.unit)
    if not may_open:
        wanted = replace(wanted, per_page=None)
    return _reading(figure, question, evaluate(figure, question, wanted), may_open)


def complete(figure: Figure, question: Question, *, may_open: bool) -> Reading:
    """A reading with every row, for who may read the value; without names unless `may_open`."""
    found = evaluate(figure, question, Wanted(per_page=ALL))
    if not may_open:
        found = replace(found, rows=tuple(replace(row, label="", url="") for row in found.rows))
    return _reading(figure, question, found, may_open)


def _reading(figure: Figure, question: Question, found: Found, may_open: bool) -> Reading:
    return Reading(
        figure=figure,
        question=question,
        value=value_of(figure.kind, found.sums, figure.places),
        count=found.sums.count,
        digest=found.digest,
        rows=list(found.rows),
        may_open=may_open,
    )


def may_read(actor: Actor, figure: Figure) -> bool:
    """Whether the actor may read the figure at all: of some unit."""
    return not figure.permission or actor.may(figure.permission)


def require(actor: Actor, figure: Figure, unit: Unit) -> None:
    """Raises NotAllowed unless the actor may read the figure, and sees every row of the unit."""
    if not figure.permission:
        return
    actor.require(figure.permission, unit.path)
    if not actor.covers(figure.permission, unit.path):
        raise NotAllowed(
            _("您只能看到%(unit)s的一部分记录，无法读出它的完整数字。") % {"unit": unit}
        )


def opens(actor: Actor, figure: Figure, unit: Unit) -> bool:
    """Whether the rows behind the value are for the actor."""
    return not figure.rows_permission or actor.covers(figure.rows_permission, unit.path)


def sensible(figure: Figure, question: Question) -> Question:
    """The question as the figure takes it. Raises UserError for what it cannot answer."""
    if question.since and question.since > question.until:
        raise UserError(_("开始日期不能晚于结束日期。"), "since")
    days = [question.until, question.since, question.known_at]
    if any(day is not None and not in_reason(day) for day in days):
        raise UserError(_("日期应在1900年至2199年之间。"), "until")
    unknown = set(question.parameters) - set(figure.parameters)
    if unknown:
        raise UserError(
            _("“%(name)s”没有参数 %(parameter)s。")
            % {"name": figure.name, "parameter": "、".join(sorted(unknown))},
            "parameters",
        )
    since = question.since if figure.time is Time.PERIOD else None
    given = {name: value for name, value in question.parameters.items() if value}
    return replace(question, since=since, parameters=given)


def address(figure: Figure | str, question: Question) -> str:
    """The address of a reading's page; a reading's own parameters are named `p-…`."""
    key = figure if isinstance(figure, str) else figure.key
    asked: dict[str, object] = {"unit": question.unit.pk, "until": question.until}
    if question.since:
        asked["since"] = question.since
    if question.known_at:
        asked["known_at"] = question.known_at.isoformat()
    asked |= {f"p-{name}": value for name, value in sorted(question.parameters.items())}
    return f"{reverse('figures:reading', args=[key])}?{urlencode(asked)}"
