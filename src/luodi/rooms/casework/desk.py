"""What lies on somebody's desk. A fixed number of queries, however much it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from luodi.ground.scope.api import Actor
from luodi.rooms.casework.lines import lines
from luodi.rooms.casework.models import Case, Measure, Responsibility

SHOWN = 8
COUNTED = 1000  # beyond this a figure says "more than"


@dataclass(frozen=True, slots=True)
class Pile:
    """Some of the rows, the most urgent first, and how many there are."""

    rows: list[Any]
    count: int

    def together(self, other: Pile) -> str:
        """Both piles in one number."""
        return Pile([], self.count + other.count).number

    @property
    def number(self) -> str:
        return str(self.count) if self.count < COUNTED else f"{COUNTED}+"

    @property
    def more(self) -> bool:
        return self.count > len(self.rows)


@dataclass(frozen=True, slots=True)
class Desk:
    """mine: the next step is mine. asked: my help is asked for; both wait for me. measures: what I
    have promised to do.
    waiting: I wait for others. amber, red: about to be late, late, of all that I may see."""

    mine: Pile
    asked: Pile
    measures: Pile
    waiting: Pile
    amber: Pile
    red: Pile

    @property
    def for_me(self) -> str:
        """How much waits for me in all: as many as the list of it has."""
        return self.mine.together(self.asked)


def desk(actor: Actor, at: dt.datetime) -> Desk:
    """What concerns the actor at a moment.

    First the keys of each pile, which the database sorts fast, and then the rows that are shown.
    """
    soonest = (F("next_due_at").asc(nulls_last=True), "id")
    cases = Case.objects.all()
    piles = {
        "mine": _keys(cases.waiting_for(actor), *soonest),
        "waiting": _keys(cases.i_wait_for(actor), *soonest),
        "amber": _keys(cases.amber(at), *soonest),
        "red": _keys(cases.overdue(at), *soonest),
    }
    shown = lines(list({pk for keys in piles.values() for pk in keys[:SHOWN]}))
    asked = Responsibility.objects.asks(actor)
    measures = Measure.objects.waiting_for(actor)
    return Desk(
        asked=_pile(_keys(asked, "at", "id"), asked.select_related("case__unit", "by")),
        measures=_pile(_keys(measures, "due_on", "id"), measures.select_related("case__unit")),
        **{name: Pile(_in_order(keys, shown), len(keys)) for name, keys in piles.items()},
    )


def _keys(rows: Any, *order: Any) -> list[int]:
    """The keys of the rows in their order, at most COUNTED."""
    return list(rows.order_by(*order).values_list("pk", flat=True)[:COUNTED])


def _in_order(keys: list[int], rows: Mapping[int, Any]) -> list[Any]:
    return [rows[key] for key in keys[:SHOWN] if key in rows]


def _pile(keys: list[int], rows: Any) -> Pile:
    return Pile(_in_order(keys, rows.order_by().in_bulk(keys[:SHOWN])), len(keys))
