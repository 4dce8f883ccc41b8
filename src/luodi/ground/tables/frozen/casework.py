"""What landed migrations of casework made. Frozen: see this folder's `__init__.py`."""

# ruff: noqa: S608 - every part is a constant of the program
from __future__ import annotations

from luodi.ground.tables.frozen.scope import IN_RANGE, SIGNED, in_range_or

# The cases outside the reader's own scope that were shared with a unit of it. An array that is
# computed once a query lets PostgreSQL join two indexes (BitmapOr); who sees everything needs none.
# Its plan is kept by the function, not made anew for each of a page's twenty queries.
SHARES = f"""
CREATE OR REPLACE FUNCTION casework_shared() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF current_setting('luodi.scope_to', true) = ':' THEN RETURN ARRAY[]::bigint[]; END IF;
  RETURN ARRAY(
    SELECT s.case_id FROM public.casework_share s
    WHERE {IN_RANGE.format(path="s.unit_path")} AND NOT {IN_RANGE.format(path="s.path")});
END $$;
"""
SHARED = "(SELECT casework_shared())::bigint[]"

BY_CASE = f"{{table}}.case_id = ANY({SHARED})"


def sight(table: str, key: str = "case_id") -> str:
    """SQL that has the policy of a table show what lies in the reader's scope and the cases shared with it."""
    seen = in_range_or(f"{table}.path", f"{table}.{key} = ANY({SHARED})")
    guard = f"{SIGNED} AND {seen}"
    return f"ALTER POLICY scope ON {table} USING ({guard}) WITH CHECK ({guard});"


FOUND = f"""
    SELECT c.id FROM public.casework_case c
    WHERE c.search @@ $1 AND ({IN_RANGE.format(path="c.path")} OR c.id = ANY({SHARED}))"""

# OFFSET 0: by the index on words, and then the scope, whatever the planner believes of either.
FOUND_BY_STEM = f"""
    SELECT c.id FROM (
      SELECT id, path FROM public.casework_case
      WHERE public.casework_words(search, path) @@ $3 OFFSET 0) c
    WHERE {IN_RANGE.format(path="c.path")}
    UNION ALL
    SELECT c.id FROM public.casework_case c WHERE c.id = ANY({SHARED}) AND c.search @@ $1"""

WORDS = r"""
-- The words of a case, each behind the stem of its unit (the first two parts
-- of the path: `1.201/电力`). Who looks for a common word in one zone of a hundred reads its places in
-- that zone only: with a million cases half a millisecond instead of eighteen.
CREATE OR REPLACE FUNCTION casework_stem(path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT substring(path from '^\d+\.\d+') $$;

CREATE OR REPLACE FUNCTION casework_words(search tsvector, path text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(ARRAY(
    SELECT coalesce(substring(path from '^\d+\.\d+'), '') || '/' || word
    FROM unnest(tsvector_to_array(search)) AS word))
$$;
"""

FIND = f"""
-- The newest cases with all the words (operands of a tsquery), within the signed scope. It reads past
-- the policies, because these would keep the index on words from being used, and applies the scope
-- itself. How common words are the planner can only guess, and a wrong guess costs seconds: so first
-- by the indexes on words and scope, and only if there are more than enough, by going back in time.
CREATE OR REPLACE FUNCTION casework_find(words text[], most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET enable_seqscan = off SET enable_indexscan = off AS $find$
DECLARE
  asked tsquery := array_to_string(words, ' & ');
  stem text := public.casework_stem(current_setting('luodi.scope_from', true));
  enough integer := 5 * most;
  found bigint[];
BEGIN
  IF NOT public.luodi_scope_ok() THEN RETURN; END IF;
  IF stem = public.casework_stem(current_setting('luodi.scope_to', true)) THEN
    EXECUTE $query$ SELECT array_agg(hit.id) FROM ({FOUND_BY_STEM} LIMIT $2) AS hit $query$
      INTO found USING asked, enough, array_to_string(ARRAY(
        SELECT '''' || stem || '/' || substr(word, 2) FROM unnest(words) AS word), ' & ')::tsquery;
  ELSE
    EXECUTE $query$ SELECT array_agg(hit.id) FROM ({FOUND} LIMIT $2) AS hit $query$
      INTO found USING asked, enough;
  END IF;
  IF coalesce(cardinality(found), 0) < enough THEN
    RETURN QUERY SELECT id FROM unnest(found) AS id ORDER BY id DESC LIMIT most;
    RETURN;
  END IF;
  PERFORM set_config('enable_indexscan', 'on', true);
  RETURN QUERY EXECUTE $query$ {FOUND} ORDER BY c.id DESC LIMIT $2 $query$ USING asked, most;
END $find$;
"""

# `casework_find` runs as the schema's owner, whom policies hold too, unless one lets it read.
READ_BY_OWNER = """
CREATE POLICY found_by_owner ON casework_case FOR SELECT TO luodi_owner USING (true);
CREATE POLICY found_by_owner ON casework_share FOR SELECT TO luodi_owner USING (true);
"""

# A unit that moves takes its rows' paths along; nothing else of the history ever changes.
KEEP = """
CREATE FUNCTION casework_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - 'path' = to_jsonb(OLD) - 'path' THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def keep(table: str) -> str:
    """SQL that lets nobody change or remove what a table's rows say."""
    return f"""
    CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON {table}
      FOR EACH ROW EXECUTE FUNCTION casework_keep();
    CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table}
      FOR EACH STATEMENT EXECUTE FUNCTION luodi_refuse();
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM luodi_app;
    """


# Files of a shared case are seen, and added to, with the case.
FILES = f"""((SELECT luodi_scope_ok()) AND (
  (subject = 'casework_case' AND subject_id = ANY({SHARED}))
  OR (subject = 'casework_measure' AND subject_id = ANY(ARRAY(
        SELECT m.id FROM casework_measure m WHERE m.case_id = ANY({SHARED}))))
))"""
