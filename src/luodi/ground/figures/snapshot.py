"""Readings kept as they were, and compared with what the records say later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from luodi.ground.figures.definition import Figure, Question, Row
from luodi.ground.figures.reading import Reading, complete, opens, require, sensible
from luodi.ground.figures.registry import figure as figure_of
from luodi.ground.figures.sheet import side_of
from luodi.ground.figures.values import digest_of, plain, written
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotFound, UserError

Frozen = dict[str, Any]
LANGUAGES = ("zh-hans", "en")


def freeze(reading: Reading) -> Frozen:
    """A reading as JSON: key, version, names, question, value, digest, and every row.

    It is read again, whole: value, digest and all rows are from one statement. Labels are there
    only where the rows are for the actor.
    """
    return _frozen(complete(reading.figure, reading.question, may_open=reading.may_open))


def _frozen(whole: Reading) -> Frozen:
    figure, question = whole.figure, whole.question
    return {
        "key": figure.key,
        "version": figure.version,
        "names": {one: _in(one, figure.name) for one in LANGUAGES},
        "unit": {one: _in(one, figure.unit) for one in LANGUAGES},
        "kind": str(figure.kind),
        "places": figure.places,
        "question": {
            "unit": question.unit.pk,
            "unit_name": question.unit.name,
            "until": question.until.isoformat(),
            "since": question.since.isoformat() if question.since else None,
            "known_at": question.known_at.isoformat() if question.known_at else None,
            "parameters": dict(question.parameters),
        },
        "value": written(whole.value),
        "count": whole.count,
        "digest": whole.digest,
        "rows": [_row(one) for one in whole.rows],
    }


def _in(language: str, text: object) -> str:
    with override(language):
        return str(text)


def _row(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "amount": None if row.amount is None else plain(row.amount),
        "side": row.side,
        "on": row.on.isoformat() if row.on else None,
        "word": row.word,
    }


def rows_in(frozen: Frozen) -> list[Row]:
    """The rows that a frozen reading holds."""
    return [
        Row(
            key=one["key"],
            label=one["label"],
            amount=None if one["amount"] is None else Decimal(one["amount"]),
            side=one["side"],
            on=dt.date.fromisoformat(one["on"]) if one["on"] else None,
            word=one["word"],
        )
        for one in frozen["rows"]
    ]


def holds(frozen: Frozen) -> bool:
    """Whether a frozen reading's rows are those that its digest was taken of."""
    return digest_of(rows_in(frozen)) == str(frozen["digest"])


@dataclass(frozen=True, slots=True)
class Movement:
    """What became of a frozen reading.

    gone: the figure is defined no longer; redefined: its definition has a new version. `changed`
    pairs a row as it was with what it is. Labels are as frozen for rows that went.
    """

    frozen: Frozen
    old: str | bool | None
    new: str | bool | None = None
    now: Reading | None = None
    gone: bool = False
    redefined: bool = False
    added: list[Row] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)

    @property
    def moved(self) -> bool:
        """Whether anything differs: the value, the rows, or the definition."""
        return bool(
            self.gone
            or self.redefined
            or self.old != self.new
            or self.added
            or self.removed
            or self.changed
        )

    @property
    def differences(self) -> list[tuple[Row, list[tuple[str, str]]]]:
        """Each changed row as it is, with what was and what is wherever these differ, in words."""
        if self.now is None:
            return []
        figure = self.now.figure
        return [(new, _differences(figure, old, new)) for old, new in self.changed]


def _differences(figure: Figure, old: Row, new: Row) -> list[tuple[str, str]]:
    facts = zip(_facts(old), _facts(new), strict=True)
    words = zip(_words(figure, old), _words(figure, new), strict=True)
    return [pair for (before, after), pair in zip(facts, words, strict=True) if before != after]


def _words(figure: Figure, row: Row) -> tuple[str, ...]:
    amount = "—" if row.amount is None else plain(round(row.amount, 4))
    side, on = side_of(figure.kind, row.side), row.on.isoformat() if row.on else "—"
    return amount, side, on, row.word or "—"


def compare(*, actor: Actor, frozen: Frozen) -> Movement:
    """A frozen reading against the same question today."""
    try:
        figure = figure_of(frozen["key"])
    except NotFound:
        return Movement(frozen, frozen["value"], gone=True)
    question = question_in(frozen)
    require(actor, figure, question.unit)
    return _movement(
        frozen, complete(figure, question, may_open=opens(actor, figure, question.unit))
    )


def moved_since(*, actor: Actor, key: str, question: Question, before: dt.date) -> Movement:
    """What a figure says, against what the records say of an earlier day.

    A figure of a period is read from the same first day, or from that of the earlier year. Raises
    what `read` raises, and UserError for a day that is no earlier one.
    """
    figure = figure_of(key)
    require(actor, figure, question.unit)
    question = sensible(figure, question)
    if before >= question.until:
        raise UserError(_("请选一个更早的日期。"), "before")
    since = question.since
    if since and since > before:
        since = since.replace(year=since.year - 1, day=min(since.day, 28))
    may_open = opens(actor, figure, question.unit)
    earlier = complete(figure, replace(question, until=before, since=since), may_open=may_open)
    return _movement(_frozen(earlier), complete(figure, question, may_open=may_open))


def _movement(frozen: Frozen, now: Reading) -> Movement:
    """A reading as it was kept against one of now: rows added, removed, changed."""
    before = {row.key: row for row in rows_in(frozen)}
    after = {row.key: row for row in now.rows}
    figure = now.figure
    return Movement(
        frozen=frozen,
        old=frozen["value"],
        new=written(now.value),
        now=now,
        redefined=frozen["version"] != figure.version or frozen["kind"] != figure.kind,
        added=[row for key, row in after.items() if key not in before],
        removed=[row for key, row in before.items() if key not in after],
        changed=[
            (row, after[key])
            for key, row in before.items()
            if key in after and _facts(row) != _facts(after[key])
        ],
    )


def _facts(row: Row) -> tuple[object, ...]:
    return row.amount, row.side, row.on, row.word


def question_in(frozen: Frozen) -> Question:
    """The question of a frozen reading. Raises UserError where its unit is no more."""
    asked = frozen["question"]
    unit = Unit.objects.filter(pk=asked["unit"]).first()
    if unit is None:
        raise UserError(_("没有这个单位。"), "unit")
    return Question(
        unit=unit,
        until=dt.date.fromisoformat(asked["until"]),
        since=dt.date.fromisoformat(asked["since"]) if asked["since"] else None,
        known_at=parse_datetime(asked["known_at"]) if asked["known_at"] else None,
        parameters=asked["parameters"],
    )
