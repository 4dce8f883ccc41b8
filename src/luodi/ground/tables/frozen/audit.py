"""What landed migrations of audit, and others, made. Frozen: see this folder's `__init__.py`."""

# ruff: noqa: S608 - every part is a constant

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations

from luodi.ground.tables.frozen.scope import IN_RANGE

FUNCTIONS = r"""
-- The bytes that an entry's digest covers: each field with its length in front, so that no two
-- different entries have the same bytes. Times are whole microseconds since 1970 (UTC).
CREATE FUNCTION luodi_canonical(
  epoch integer, xid bigint, at timestamptz, account bigint, action text,
  subject text, subject_id text, path text, changes jsonb, why text
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT convert_to(string_agg(coalesce(octet_length(part)::text, '-') || ':' || coalesce(part, ''),
                               ',' ORDER BY place), 'UTF8')
  FROM unnest(ARRAY[
    epoch::text, xid::text, ((extract(epoch FROM at) * 1000000)::bigint)::text, account::text,
    action, subject, subject_id, path, changes::text, why
  ]) WITH ORDINALITY AS field(part, place)
$$;

CREATE FUNCTION luodi_trail(
  action text, subject text, subject_id text, path text, changes jsonb
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  e integer := (SELECT max(number) FROM public.audit_epoch);
  x bigint := pg_current_xact_id()::text::bigint;
  t timestamptz := date_trunc('microseconds', clock_timestamp());
  who bigint := public.luodi_account();
  reason text := coalesce(current_setting('luodi.why', true), '');
BEGIN
  INSERT INTO public.audit_entry
    (epoch, xid, at, account_id, action, subject, subject_id, path, changes, why, digest)
  VALUES (e, x, t, who, action, subject, subject_id, path, changes, reason,
    sha256(public.luodi_canonical(e, x, t, who, action, subject, subject_id, path, changes, reason)));
END $$;

-- Arguments: columns whose values the trail must not hold: it says only that they changed; and, with
-- a minus in front, columns that tell nothing (a search vector, the last sign-in).
CREATE FUNCTION luodi_watch() RETURNS trigger
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  now_row jsonb := coalesce(after, before);
  changed jsonb;
BEGIN
  SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY(TG_ARGV)
           THEN jsonb_build_array('●', '●')
           ELSE jsonb_build_array(before -> key, after -> key) END), '{}')
    INTO changed
    FROM jsonb_object_keys(now_row) AS key
   WHERE NOT coalesce('-' || key = ANY(TG_ARGV), false)
     AND coalesce(before -> key, 'null') <> coalesce(after -> key, 'null');
  IF TG_OP <> 'UPDATE' OR changed <> '{}' THEN
    PERFORM luodi_trail(lower(TG_OP), TG_TABLE_NAME::text, now_row ->> 'id', now_row ->> 'path', changed);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION luodi_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION luodi_refuse(); DROP FUNCTION luodi_watch();
DROP FUNCTION luodi_trail(text, text, text, text, jsonb);
DROP FUNCTION luodi_canonical(
  integer, bigint, timestamptz, bigint, text, text, text, text, jsonb, text);
"""


def append_only(table: str) -> str:
    """SQL that lets nobody, not even the owner by mistake, change what a table holds."""
    return f"""
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
      FOR EACH ROW EXECUTE FUNCTION luodi_refuse();
    CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table}
      FOR EACH STATEMENT EXECUTE FUNCTION luodi_refuse();
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM luodi_app;
    """


class Watch(migrations.RunSQL):
    """Writes every change of a table's rows to the trail.

    `hidden` columns are named without their values; `ignored` ones tell nothing (a search vector)
    and leave no entry of their own.
    """

    def __init__(self, table: str, hidden: Sequence[str] = (), ignored: Sequence[str] = ()) -> None:
        arguments = ", ".join(f"'{name}'" for name in (*hidden, *(f"-{one}" for one in ignored)))
        super().__init__(
            f"CREATE TRIGGER watch AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION luodi_watch({arguments});",
            f"DROP TRIGGER watch ON {table};",
        )


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
