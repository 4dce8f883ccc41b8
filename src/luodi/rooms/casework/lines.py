"""A case as a line of a list shows it. Lists are read most: their query is compiled once, and the
names of units and people come as texts, not as rows of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.utils.translation import get_language

from luodi.rooms.casework.models import Case
from luodi.rooms.casework.models.case import Course
from luodi.rooms.casework.queries import LISTED


@dataclass(slots=True)
class Line(Course):
    """`Case`, as far as a list shows it; for the database's order of columns see `LISTED`."""

    pk: int
    code: str
    title: str
    procedure: str
    state: str
    outcome: str
    raised_at: dt.datetime
    closed_at: dt.datetime | None
    next_due_at: dt.datetime | None
    met_at: dt.datetime | None
    due_at: dt.datetime | None
    amber_at: dt.datetime | None
    missed_at: dt.datetime | None
    paused: bool
    unit_name: str
    unit_short: str
    category_name: str | None
    category_english: str | None
    waiting_name: str | None
    waiting_short: str | None
    waiting_account: str | None

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def unit(self) -> str:
        return self.unit_short or self.unit_name

    @property
    def waiting_unit(self) -> str | None:
        return self.waiting_short or self.waiting_name

    @property
    def category(self) -> str | None:
        english = (get_language() or "").startswith("en")
        return (english and self.category_english) or self.category_name


def lines(keys: Sequence[int]) -> dict[int, Line]:
    """The lines of the cases with these keys, in their order, as far as the reader may see them."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_sql(), [list(keys)])
        found = {row[0]: Line(*row) for row in cursor.fetchall()}
    return {key: found[key] for key in keys if key in found}


@cache
def _sql() -> str:
    rows = Case.objects.filter(id__any=[]).order_by().values_list("pk", *LISTED)
    return str(rows.query.sql_with_params()[0])
