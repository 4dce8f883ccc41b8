"""Reading the past: what the tables held at an instant, from the trail.

`as_known` makes every SELECT inside it see the watched tables as they were. Each table's name then
stands for a common table expression: the rows that did not change since, those that did with the
changes undone, and those that were deleted since. Units stand where they stand today: a figure "as
known then" is about the units that belong together now.
"""

# ruff: noqa: S608 - every part is a constant of the program or comes from the database's catalogue
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import IN_RANGE, Unit, below
from luodi.lib.errors import NotAllowed, UserError

BEGAN, LOST = "LD001", "LD002"  # SQLSTATEs of our own: a class that no product uses

SINCE = f"""
CREATE INDEX audit_path ON audit_entry (subject, path, at);
CREATE INDEX audit_moved ON audit_entry (subject, (changes #>> '{{path,0}}') COLLATE "C")
  WHERE action = 'update' AND changes ? 'path';
CREATE POLICY read_by_owner ON audit_entry FOR SELECT TO luodi_owner USING (true);

-- The path today of the unit that a path of former days ends with.
CREATE FUNCTION luodi_path_today(path text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public AS $$
  SELECT coalesce((SELECT u.path FROM public.scope_unit u
                   WHERE u.id = (regexp_match($1, '(\\d+)\\.$'))[1]::bigint), $1)
$$;

CREATE FUNCTION luodi_lost() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row has left the scope' USING ERRCODE = '{LOST}';
END $$;
"""

CHANGED_SINCE = f"""
-- Which rows of a table changed after an instant, and the values that they had then. For a guarded
-- table: rows of units between two paths, as far as the signed scope reaches. A value that the trail
-- hides is not among `was`. It reads the trail past its policy, because an entry about a row that
-- moved into the scope may bear a path outside it, and applies the scope itself.
CREATE OR REPLACE FUNCTION luodi_since(table_name text, instant timestamptz, low text, high text)
RETURNS TABLE (id bigint, was jsonb, existed boolean, gone boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $since$
#variable_conflict use_column
DECLARE
  guarded boolean := EXISTS (
    SELECT FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relname = table_name AND c.relnamespace = 'public'::regnamespace
      AND p.polname = 'scope');  -- whose policies only say who may write, everybody reads
BEGIN
  IF NOT coalesce(public.luodi_scope_ok(), false) THEN RETURN; END IF;
  IF instant < (SELECT e.at FROM public.audit_entry e ORDER BY e.id LIMIT 1) THEN
    RAISE EXCEPTION 'the trail began later' USING ERRCODE = '{BEGAN}';
  END IF;
  RETURN QUERY
  WITH changed AS (
    SELECT e.subject_id FROM public.audit_entry e
     WHERE e.subject = table_name AND e.at > instant AND e.action IN ('insert', 'update', 'delete')
       AND (NOT guarded OR (e.path >= low AND e.path < high))
    UNION
    SELECT e.subject_id FROM public.audit_entry e
     WHERE guarded AND e.subject = table_name AND e.at > instant AND e.action = 'update'
       AND e.changes ? 'path'
       AND (e.changes #>> '{{path,0}}') COLLATE "C" >= low
       AND (e.changes #>> '{{path,0}}') COLLATE "C" < high
  ), entry AS (
    SELECT e.id, e.subject_id, e.action, e.path, e.changes
      FROM changed JOIN public.audit_entry e
        ON e.subject = table_name AND e.subject_id = changed.subject_id AND e.at > instant
     WHERE e.action IN ('insert', 'update', 'delete')
  ), first_value_of AS (
    SELECT DISTINCT ON (e.subject_id, pair.key) e.subject_id, pair.key, pair.value -> 0 AS before
      FROM entry e, jsonb_each(e.changes) AS pair
     ORDER BY e.subject_id, pair.key, e.id
  ), undone AS (
    SELECT subject_id, jsonb_object_agg(key, before) AS was FROM first_value_of
     WHERE before <> '"●"' GROUP BY subject_id
  ), fate AS (
    SELECT subject_id, (array_agg(action ORDER BY id))[1] <> 'insert' AS existed,
           (array_agg(action ORDER BY id DESC))[1] = 'delete' AS gone,
           (array_agg(path ORDER BY id DESC))[1] AS last_path
      FROM entry GROUP BY subject_id
  ), row_then AS (
    SELECT fate.*, coalesce(undone.was, '{{}}') AS was,
           public.luodi_path_today(coalesce(undone.was ->> 'path', fate.last_path)) AS then_path
      FROM fate LEFT JOIN undone USING (subject_id)
  ), seen AS (
    SELECT r.*, NOT guarded OR {IN_RANGE.format(path="r.then_path")} AS in_sight FROM row_then r
  )
  SELECT CASE WHEN s.existed AND s.in_sight AND NOT s.gone AND guarded
                AND NOT {IN_RANGE.format(path="s.last_path")}
              THEN public.luodi_lost() ELSE s.subject_id::bigint END,
         CASE WHEN s.then_path IS NULL THEN s.was
              WHEN table_name = 'scope_unit' AND NOT s.gone
              THEN s.was - 'parent_id' || jsonb_build_object('path', s.then_path)
              ELSE s.was || jsonb_build_object('path', s.then_path) END,
         s.existed AND s.in_sight, s.gone
    FROM seen s;
END $since$;
"""
DROP_SINCE = """
DROP FUNCTION luodi_since(text, timestamptz, text, text);
DROP FUNCTION luodi_path_today(text); DROP FUNCTION luodi_lost();
DROP POLICY read_by_owner ON audit_entry;
DROP INDEX audit_moved; DROP INDEX audit_path;
"""

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


@contextmanager
def as_known(at: dt.datetime | None, unit: Unit) -> Iterator[None]:
    """Inside, every SELECT sees the watched tables as they were known at `at` (None: now).

    Rows of units below `unit` are rebuilt; those of other units are only right where they have not
    changed. Tables that keep their own states of knowledge (a column `known`) are left alone: who
    reads them names the instant. Columns that the trail hides (a person's name, say) keep today's
    value. Raises UserError where the trail began later, NotAllowed where a row of then has moved
    out of the reader's sight.
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
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_trigger ON pg_class.oid = tgrelid"
            " WHERE tgname = 'watch' AND relnamespace = 'public'::regnamespace"
            " AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = pg_class.oid"
            "   AND attname = 'id' AND atttypid IN ('bigint'::regtype, 'integer'::regtype))"
            " AND NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = pg_class.oid"
            "   AND attname = 'known')"
            " ORDER BY relname"
        )
        return [row[0] for row in cursor.fetchall()]
