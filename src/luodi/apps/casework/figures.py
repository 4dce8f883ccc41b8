"""What the statistics count, of the cases raised in a period."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q

from luodi.apps.casework.filters import OUTCOMES
from luodi.apps.casework.queries import CaseQuerySet

# From the report to the solution that was then confirmed; pauses are part of what people waited.
TAKEN = ExpressionWrapper(F("met_at") - F("raised_at"), output_field=DurationField())
SOLVED: Q = OUTCOMES["solved"][1]


class Percentile(Aggregate):
    """`percentile_cont`: the value below which a share of all lies, interpolated."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


COUNTS: dict[str, Any] = {
    "received": Count("id"),
    **{key: Count("id", filter=condition) for key, (_label, condition) in OUTCOMES.items()},
    "median": Percentile(TAKEN, 0.5, filter=SOLVED),
    "ninety": Percentile(TAKEN, 0.9, filter=SOLVED),
}
BY_GROUP = ("received", "solved", "on_time", "open", "reopened", "median")


def totals(cases: CaseQuerySet) -> dict[str, Any]:
    return dict(cases.order_by().aggregate(**COUNTS))


def by(cases: CaseQuerySet, key: str, label: str) -> list[dict[str, Any]]:
    """The figures of each group, in the order of its name: a table, not a ranking."""
    counts = {name: COUNTS[name] for name in BY_GROUP}
    return list(cases.order_by().values(key, label).annotate(**counts).order_by(label, key))


def percent(part: int, whole: int) -> int | None:
    """A share in percent, rounded; None of nothing."""
    return round(100 * part / whole) if whole else None


def days(time: dt.timedelta | None) -> float | None:
    """A length of time in days, to one decimal."""
    return None if time is None else round(time.total_seconds() / 86400, 1)
