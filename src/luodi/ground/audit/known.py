"""Reading the past: what the tables held at an instant, from the trail.

`as_known` makes every SELECT inside it see the watched tables as they were. Each table's name then
stands for a common table expression: the rows that did not change since, those that did with the
changes undone, and those that were deleted since. Units stand where they stand today: a figure "as
known then" is about the units that belong together now.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit, below
from luodi.ground.tables.api import Unwatched, tables
from luodi.lib.errors import NotAllowed, UserError

# SQLSTATEs of our own, of a class that no product uses: see `sql/known.sql`.
BEGAN, LOST = "LD001", "LD002"

WORD = re.compile(r"\w+")

# One table as it was. The names are the real tables' (`public.`), the new name hides them.
SHADOW = """"{table}_since" AS (SELECT * FROM luodi_since('{table}', %s, %s, %s)),
"{table}" AS (
  SELECT now_row.* FROM public."{table}" AS now_row
   WHERE NOT EXISTS (SELECT 1 FROM "{table}_since" AS since WHERE since.id = now_row.id)
  UNION ALL
  SELECT then_row.* FROM "{table}_since" AS since
    JOIN public."{table}" AS now_row ON now_row.id = since.id,
    LATERAL jsonb_populate_record(now_row, since.was) AS then_row
   WHERE since.existed AND NOT since.gone
  UNION ALL
  SELECT then_row.* FROM "{table}_since" AS since,
    LATERAL jsonb_populate_record(NULL::public."{table}", since.was) AS then_row
   WHERE since.existed AND since.gone
)"""


WATCHED = """
SELECT relname FROM pg_class JOIN pg_trigger ON pg_class.oid = tgrelid
WHERE tgname = 'watch' AND relnamespace = 'public'::regnamespace
"""
DATED = "EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'known')"
NUMBERED = """EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid
  AND attname = 'id' AND atttypid IN ('bigint'::regtype, 'integer'::regtype))"""


@contextmanager
def as_known(at: dt.datetime | None, unit: Unit) -> Iterator[None]:
    """Inside, every SELECT sees the watched tables as they were known at `at` (None: now).

    Rows of units below `unit` are rebuilt; those of other units are only right where they have not
    changed. Tables that keep their own states of knowledge (a column `known`) are left alone: who
    reads them names the instant. Columns that the trail hides (a person's name, say) keep today's
    value. Raises UserError where the trail began later, or where a statement reads a table that is
    not watched; NotAllowed where a row of then has moved out of the reader's sight.
    """
    if at is None:
        yield
        return
    start, end = below(unit.path)
    past = _Past(at, start, end, rebuildable())
    with _explained(at), transaction.atomic(), connection.execute_wrapper(past):
        yield


def require_begun(at: dt.datetime) -> None:
    """Raises UserError where the trail began after an instant: nothing can be said of then."""
    with _explained(at), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM luodi_since('', %s, '', '')", [at])


@contextmanager
def _explained(at: dt.datetime) -> Iterator[None]:
    """What the database refuses, as a sentence."""
    try:
        yield
    except DatabaseError as problem:
        state = getattr(problem.__cause__, "sqlstate", "")
        if state == BEGAN:
            when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
            text = _("%(at)s时系统还没有开始记录，当时所知无从查起。") % {"at": when}
            raise UserError(text, "known_at") from None
        if state == LOST:
            text = _("当时的一些记录后来转到了您看不到的单位，无法读出完整的数字。")
            raise NotAllowed(text) from None
        raise


@dataclass(frozen=True, slots=True)
class _Past:
    """Puts the tables of then in front of a SELECT."""

    at: dt.datetime
    start: str
    end: str
    tables: Sequence[str]

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if sql.startswith(("SELECT", "WITH ")):
            if unknown := not_rebuildable().intersection(WORD.findall(sql)):
                text = _("“%(table)s”的变动没有留痕，当时是什么样无从查起。")
                raise UserError(text % {"table": sorted(unknown)[0]}, "known_at")
            named = [table for table in self.tables if f'"{table}"' in sql]
            shadows = ", ".join(SHADOW.format(table=table) for table in named)
            if shadows:
                rest = sql.removeprefix("WITH ")
                sql = f"WITH {shadows}{', ' if rest != sql else ' '}{rest}"
                params = [*(self.at, self.start, self.end) * len(named), *(params or ())]
        return execute(sql, params, many, context)


@cache
def rebuildable() -> Sequence[str]:
    """The watched tables that keep no states of knowledge of their own, and whose key is a number.

    Asked once a process: migrations run before.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{WATCHED} AND NOT ({DATED}) AND ({NUMBERED}) ORDER BY relname")
        return [row[0] for row in cursor.fetchall()]


@cache
def not_rebuildable() -> frozenset[str]:
    """The tables of which nobody can say what they held: one reads today's rows, whatever is asked."""
    with connection.cursor() as cursor:
        cursor.execute(f"{WATCHED} AND ({DATED})")
        dated = {row[0] for row in cursor.fetchall()}
    without_facts = {
        name
        for name, table in tables().items()
        if isinstance(table.watch, Unwatched) and table.watch.timeless
    }
    return frozenset(set(tables()) - set(rebuildable()) - dated - without_facts)
