"""What the database does for registers: sight of what a superior keeps, search within a scope."""

# ruff: noqa: S608 - every part is a constant of the program
from __future__ import annotations

from luodi.apps.scope.api import IN_RANGE

# A register is kept by a unit for all below it: who sees any row below it sees what it asks for.
KEPT_ABOVE = """EXISTS (
  SELECT 1 FROM unnest(
    CASE WHEN coalesce(current_setting('luodi.scope_many', true), '') = ''
         THEN ARRAY[current_setting('luodi.scope_from', true)]
         ELSE ARRAY(SELECT lower(one) FROM unnest(
                nullif(current_setting('luodi.scope_many', true), '')::luodi_paths_many) AS one)
    END) AS start
  WHERE starts_with(start, {table}.path))"""

OWN_BALLOT = "registers_ballot.account_id = luodi_account()"

FIND = f"""
-- The newest entries of a register with all the words, within the signed scope. It reads past the
-- policy, which would keep the index on words from being used, and applies the scope itself.
CREATE FUNCTION registers_find(register bigint, words text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $find$
BEGIN
  IF NOT public.luodi_scope_ok() THEN RETURN; END IF;
  RETURN QUERY EXECUTE $query$
    SELECT hit.id FROM (
      SELECT e.id FROM public.registers_entry e
      WHERE e.search @@ to_tsquery('simple', $2) AND e.register_id = $1
        AND {IN_RANGE.format(path="e.path")}
      OFFSET 0) AS hit ORDER BY hit.id DESC LIMIT $3 $query$
    USING register, words, most;
END $find$;
-- The function runs as the schema's owner, whom policies hold too, unless one lets it read.
CREATE POLICY found_by_owner ON registers_entry FOR SELECT TO luodi_owner USING (true);
"""
