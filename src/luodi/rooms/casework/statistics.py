"""What can be counted of casework; each number opens to the cases that it counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Aggregate,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Q,
    Value,
)
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from luodi.ground.figures.api import Question
from luodi.ground.scope.api import Actor, Unit
from luodi.rooms.casework.criteria import FIGURES, Criteria, figure_is
from luodi.rooms.casework.filters import days
from luodi.rooms.casework.models import Case, Category

PARAMETERS = ("procedure", "category", "own")  # of the figures, by their names in `Criteria`
ROW_FIGURES = ("received", "open", "overdue", "solved", "on_time", "reopened")


class Percentile(Aggregate):
    """`percentile_cont`: the seconds below which a fraction of the spans lies, interpolated.

    Of seconds, because numbers are sorted in half the time of intervals.
    """

    template = (
        "percentile_cont(%(fraction)s) WITHIN GROUP (ORDER BY date_part('epoch', %(expressions)s))"
    )
    output_field = FloatField()

    def __init__(self, expression: Any, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=fraction, **extra)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the criteria (`?…` of the list of cases) that open what it counts."""

    key: str
    label: str | Promise
    value: int | dt.timedelta | None
    criteria: Criteria

    @property
    def params(self) -> dict[str, str]:
        return self.criteria.params()

    @property
    def question(self) -> Question:
        """What the figure of the same name (`figures.py`) is asked for the same value."""
        asked = self.criteria
        given = {name: value for name in PARAMETERS if (value := getattr(asked, name))}
        since, until = dt.date.fromisoformat(asked.since), dt.date.fromisoformat(asked.until)
        return Question(Unit(pk=int(asked.unit)), until, since, None, given)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one category, or of one unit."""

    label: str
    cells: list[Figure]


@dataclass(frozen=True, slots=True)
class Statistics:
    figures: list[Figure]
    times: list[Figure]
    by_category: list[Row]
    by_unit: list[Row]


def statistics(
    *,
    actor: Actor,
    unit: Unit,
    since: dt.date,
    until: dt.date,
    at: dt.datetime | None = None,
    procedure: str = "enterprise_problem",
) -> Statistics:
    """The casework of a unit, and of all below it, from a day to a day (included).

    times: median and 90th percentile from raising to the first response (of what was received)
    and to the confirmed end (of what was solved), in elapsed time.
    """
    actor.require("cases.view", unit.path)
    moment = at or timezone.now()
    base = Criteria(unit=str(unit.pk), procedure=procedure, since=str(since), until=str(until))
    counted = _Counted(base, unit, moment)
    return Statistics(
        figures=counted.figures(),
        times=counted.times(),
        by_category=counted.by_category(),
        by_unit=counted.by_unit(),
    )


class _Counted:
    """The queries behind one page of statistics."""

    def __init__(self, base: Criteria, unit: Unit, at: dt.datetime) -> None:
        start, end = days(dt.date.fromisoformat(base.since), dt.date.fromisoformat(base.until))
        self.base, self.unit = base, unit
        self.meaning = {key: figure_is(key, start, end, at) for key in FIGURES}
        concerned = self.meaning["received"] | self.meaning["solved"]
        cases = Case.objects.under(unit).filter(concerned)
        self.cases = cases.filter(procedure=base.procedure) if base.procedure else cases
        self.counts = self._counts()

    def _counts(self) -> list[dict[str, Any]]:
        """The figures by unit below and category: one pass, of which all other counts are sums."""
        child = Func(
            Substr("path", len(self.unit.path) + 1),
            Value("."),
            Value(1),
            function="split_part",
            output_field=CharField(),
        )
        counted = {key: Count("pk", filter=meant) for key, meant in self.meaning.items()}
        cases = self.cases.order_by().annotate(child=child)
        return list(cases.values("child", "category_id").annotate(**counted))

    def _sums(self, by: str) -> dict[Any, Counter[str]]:
        found: dict[Any, Counter[str]] = defaultdict(Counter)
        for one in self.counts:
            found[one[by]].update({key: one[key] for key in FIGURES})
        return found

    def _times(self) -> dict[str, Any]:
        spans = {
            "response": ("responded_at", self.meaning["received"] & Q(responded_at__isnull=False)),
            "solution": ("closed_at", self.meaning["solved"]),
        }
        return {
            f"{name}_{percent}": Percentile(
                ExpressionWrapper(F(end) - F("raised_at"), DurationField()),
                percent / 100,
                filter=which,
            )
            for name, (end, which) in spans.items()
            for percent in (50, 90)
        }

    def figures(self) -> list[Figure]:
        totals = {key: sum(one[key] for one in self.counts) for key in FIGURES}
        return [self._figure(key, totals[key], self.base) for key in FIGURES]

    def times(self) -> list[Figure]:
        labels = {
            "response_50": (_("首次响应用时（中位数）"), "received"),
            "response_90": (_("首次响应用时（90%分位）"), "received"),
            "solution_50": (_("办结用时（中位数）"), "solved"),
            "solution_90": (_("办结用时（90%分位）"), "solved"),
        }
        seconds = self.cases.order_by().aggregate(**self._times())
        spans = {key: None if s is None else dt.timedelta(seconds=s) for key, s in seconds.items()}
        return [
            Figure(key, label, spans[key], self.base.but(figure=figure))
            for key, (label, figure) in labels.items()
        ]

    def _figure(self, key: str, value: int, criteria: Criteria) -> Figure:
        return Figure(key, FIGURES[key], value, criteria.but(figure=key))

    def _row(self, label: str, counts: Mapping[str, int], criteria: Criteria) -> Row:
        return Row(label, [self._figure(key, counts[key], criteria) for key in ROW_FIGURES])

    def by_category(self) -> list[Row]:
        groups = self._sums("category_id")
        rows = [
            self._row(str(category), groups[category.pk], self.base.but(category=category.pk))
            for category in Category.objects.filter(pk__in=[pk for pk in groups if pk])
        ]
        if None in groups:
            rows.append(self._row(_("未分类"), groups[None], self.base.but(category="none")))
        return rows

    def by_unit(self) -> list[Row]:
        """One row for each unit directly below, and for the unit itself where it has cases."""
        groups = self._sums("child")
        units = Unit.objects.filter(pk__in=[int(pk) for pk in groups if pk])
        rows = [
            self._row(str(one), groups[str(one.pk)], self.base.but(unit=one.pk)) for one in units
        ]
        if "" in groups:
            label = _("%(unit)s本级") % {"unit": self.unit}
            rows.append(self._row(label, groups[""], self.base.but(own="1")))
        return rows
