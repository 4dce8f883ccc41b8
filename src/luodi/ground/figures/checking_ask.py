"""Asks the records what a text claims: every reading once, in few statements, and compares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from luodi.ground.figures.checking_compare import Verdict, judge
from luodi.ground.figures.checking_period import period
from luodi.ground.figures.checking_words import Entry
from luodi.ground.figures.definition import Figure, Question, Time
from luodi.ground.figures.reading import Reading, read_values
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.quantities import Part, Quantity, as_json, number

MONTHS: Final = 36  # how far back a change is looked for
MOST: Final = 2000  # different readings of one text


@dataclass(frozen=True, slots=True)
class Checked:
    """A quantity of the text with the verdict. `reading` is there where a figure is clearly meant;
    `nearest` are figures with like names where none is; `why` is a sentence for who wrote it."""

    quantity: Quantity
    verdict: Verdict
    reading: Reading | None = None
    nearest: tuple[Figure, ...] = ()
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `luodi check --json` and the REST interface give it; numbers as exact text."""
        reading = self.reading
        value = reading.value if reading else None
        return {
            **as_json(self.quantity),
            "figure": reading.figure.key if reading else None,
            "ledger_value": number(value) if isinstance(value, Decimal) else value and str(value),
            "verdict": self.verdict.value,
            "why": self.why,
            "nearest": [one.key for one in self.nearest],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """A quantity that claims one figure of one unit."""

    quantity: Quantity
    entry: Entry
    unit: Unit


@dataclass(slots=True)
class Asker:
    """Who asks, for which day; `read` keeps each value that was read."""

    actor: Actor
    at: dt.date
    since: dt.date | None
    read: dict[object, Reading] = field(default_factory=dict)

    def judged(self, plans: Sequence[Checked | Plan], whole: Unit) -> list[Checked]:
        """The verdicts; plans that are verdicts already stay."""
        questions: dict[int, Question] = {}
        for place, plan in enumerate(plans):
            if isinstance(plan, Plan) and self._may(plan):
                questions[place] = self._question(plan)
        self._read((plans[place].entry.figure, one) for place, one in questions.items())  # type: ignore[union-attr]
        found = []
        for place, plan in enumerate(plans):
            if isinstance(plan, Checked):
                found.append(plan)
            elif place not in questions:
                found.append(Checked(plan.quantity, Verdict.UNSURE, nearest=(plan.entry.figure,)))
            else:
                found.append(self._judged(plan, questions[place], whole))
        return found

    def _may(self, plan: Plan) -> bool:
        return self.actor.covers(plan.entry.figure.permission, plan.unit.path)

    def _judged(self, plan: Plan, question: Question, whole: Unit) -> Checked:
        one, figure = plan.quantity, plan.entry.figure
        if one.part is Part.FROM and not self._days(one)[0]:
            day = self._before_change(plan, question)
            if day is None:
                reason = _("记录中找不到这次变化之前的数。")
                return Checked(one, Verdict.UNSURE, nearest=(figure,), why=reason)
            question = day
        reading = self._one(figure, question)
        if reading is None or not isinstance(reading.value, Decimal):
            return Checked(one, Verdict.UNSURE, reading, why=_("这一天没有记录。"))
        verdict = judge(one, figure, reading.value)
        if verdict is Verdict.DIFFERS and plan.unit.pk != whole.pk:
            reason = _("%(unit)s的台账上是 %(value)s，请核对说的是谁。") % {
                "unit": plan.unit,
                "value": reading.text,
            }
            return Checked(one, Verdict.UNSURE, reading, (figure,), reason)
        reason = ""
        if verdict is Verdict.DIFFERS:
            reason = _("台账上是 %(value)s。") % {"value": reading.text}
        elif verdict is Verdict.UNSURE:
            reason = _("与台账相近（%(value)s），但说得不够准，请核对。") % {"value": reading.text}
        return Checked(one, verdict, reading, why=reason)

    def _question(self, plan: Plan) -> Question:
        """At the days that the sentence names: 2021年, 今年; else up to the day asked about."""
        since, until = self._days(plan.quantity)
        since = None if plan.entry.figure.time is Time.DAY else since or self.since
        return Question(plan.unit, until, since, None, dict(plan.entry.parameters))

    def _days(self, one: Quantity) -> tuple[dt.date | None, dt.date]:
        return (period(one.when, self.at) if one.when else None) or (None, self.at)

    def _before_change(self, plan: Plan, now: Question) -> Question | None:
        """The last day before the figure last moved the way the text says (fell, or rose)."""

        def on(day: dt.date) -> Question:
            return Question(now.unit, day, None, None, now.parameters)

        def value(day: dt.date) -> Decimal | None:
            reading = self._one(plan.entry.figure, on(day))
            return reading.value if reading and isinstance(reading.value, Decimal) else None

        falls, later = plan.quantity.falls, now.until
        for months in range(1, MONTHS + 1):
            total = now.until.year * 12 + now.until.month - 1 - months
            earlier = dt.date(total // 12, total % 12 + 1, 1)
            before, after = value(earlier), value(later)
            if before is None or after is None:
                return None
            if before > after if falls else before < after:
                middle, low, high = (before + after) / 2, earlier, later
                while (high - low).days > 1:
                    day = low + (high - low) / 2
                    known = value(day)
                    past = known is None or (known < middle if falls else known > middle)
                    low, high = (low, day) if past else (day, high)
                return on(low)
            later = earlier
        return None

    def _one(self, figure: Figure, question: Question) -> Reading | None:
        self._read([(figure, question)])
        return self.read.get(_key(figure, question))

    def _read(self, asked: Iterable[tuple[Figure, Question]]) -> None:
        """Reads what was not read before, all together."""
        new = {_key(*one): one for one in asked if _key(*one) not in self.read}
        new = dict(list(new.items())[: max(0, MOST - len(self.read))])
        if new:
            questions = [(figure.key, question) for figure, question in new.values()]
            self.read |= dict(
                zip(new, read_values(actor=self.actor, questions=questions), strict=True)
            )


def _key(figure: Figure, one: Question) -> object:
    return figure.key, one.unit.pk, one.since, one.until, tuple(sorted(one.parameters.items()))
