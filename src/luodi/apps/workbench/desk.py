"""What lies on somebody's desk. A fixed number of queries, however much it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from luodi.apps.casework.api import Case, Measure, Responsibility
from luodi.apps.scope.api import Actor

SHOWN = 8
COUNTED = 1000  # beyond this a figure says "more than"
WITH = ("unit", "category", "waiting_unit", "waiting_account", "lead_unit")


@dataclass(frozen=True, slots=True)
class Pile:
    """Some of the rows, the most urgent first, and how many there are."""

    rows: list[Any]
    count: int

    @property
    def number(self) -> str:
        return str(self.count) if self.count < COUNTED else f"{COUNTED}+"

    @property
    def more(self) -> bool:
        return self.count > len(self.rows)


def pile(rows: Any, *order: Any) -> Pile:
    return Pile(list(rows.order_by(*order)[:SHOWN]), rows.order_by()[:COUNTED].count())


@dataclass(frozen=True, slots=True)
class Desk:
    """mine: waits for me. asked: my help is asked for. measures: what I have promised to do.
    waiting: I wait for others. amber, red: about to be late, late, of all that I may see."""

    mine: Pile
    asked: Pile
    measures: Pile
    waiting: Pile
    amber: Pile
    red: Pile


def desk(actor: Actor, at: dt.datetime) -> Desk:
    """What concerns the actor at a moment."""
    cases = Case.objects.with_light(at).select_related(*WITH)
    soonest = (F("next_due_at").asc(nulls_last=True), "id")
    return Desk(
        mine=pile(cases.waiting_for(actor), *soonest),
        asked=pile(_asked(actor).select_related("case__unit", "by"), "at", "id"),
        measures=pile(
            Measure.objects.waiting_for(actor).select_related("case__unit"), "due_on", "id"
        ),
        waiting=pile(cases.i_wait_for(actor), *soonest),
        amber=pile(cases.amber(at), *soonest),
        red=pile(cases.overdue(at), *soonest),
    )


def _asked(actor: Actor) -> Any:
    units = {held.unit_id for held in actor.holdings}
    mine = Q(account_id=actor.account_id) | Q(account__isnull=True, unit_id__in=units)
    return Responsibility.objects.filter(mine, role="co", status="offered")
