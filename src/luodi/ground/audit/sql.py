"""The trail's triggers, and the operation by which a migration puts a table under watch."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, migrations

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


def watched_tables() -> list[str]:
    """The tables under watch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname = 'watch' ORDER BY relname"
        )
        return [row[0] for row in cursor.fetchall()]
