"""What the database does for casework: sight of shared cases, search within a scope, a history
that nobody changes."""

# ruff: noqa: S608 - every part is a constant of the program
from __future__ import annotations

from luodi.apps.scope.api import IN_RANGE

# The cases outside the reader's own branch that were shared with a unit of it. An array that is
# computed once a query lets PostgreSQL join two indexes (BitmapOr); who sees everything needs none.
SHARED = f"""ARRAY(
  SELECT s.case_id FROM casework_share s
  WHERE current_setting('luodi.scope_to', true) <> ':'
    AND {IN_RANGE.format(path="s.unit_path")} AND NOT {IN_RANGE.format(path="s.path")}
)"""

BY_CASE = f"{{table}}.case_id = ANY({SHARED})"

FIND = f"""
-- The newest cases with all the words, within the signed scope. It reads past the policies,
-- because these would keep the index on words from being used, and applies the scope itself.
CREATE FUNCTION casework_find(words text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $find$
BEGIN
  IF NOT public.luodi_scope_ok() THEN RETURN; END IF;
  RETURN QUERY EXECUTE $query$
    SELECT c.id FROM public.casework_case c
    WHERE c.search @@ to_tsquery('simple', $1)
      AND ({IN_RANGE.format(path="c.path")} OR c.id = ANY({SHARED}))
    ORDER BY c.id DESC LIMIT $2
  $query$ USING words, most;
END $find$;
-- The function runs as the schema's owner, whom policies hold too, unless one lets it read.
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
EVIDENCE = f"""
CREATE POLICY shared_cases ON evidence_file USING ((SELECT luodi_scope_ok()) AND (
  (subject = 'casework_case' AND subject_id = ANY({SHARED}))
  OR (subject = 'casework_measure' AND subject_id = ANY(ARRAY(
        SELECT m.id FROM casework_measure m WHERE m.case_id = ANY({SHARED}))))
));
"""
