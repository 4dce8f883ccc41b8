"""What landed migrations of scope, and others, made. Frozen: see this folder's `__init__.py`."""

from __future__ import annotations

from django.db import migrations

# The two bounds are bare calls, so that the planner can look them up in an index and knows how many
# rows lie between. What does not concern an index stands in a sub-select, computed once a query, not
# once a row (115 ms against 6 on a list of 10,000 among a million cases), and is written as `<> 0`,
# which the planner takes to be nearly always true: a bare boolean counts as a third, an `=` as half
# a percent, and with such guesses lists were sorted by the hundred thousand rows (690 ms against 3).
IN_RANGE = """(
  {path} >= current_setting('luodi.scope_from', true)
  AND {path} < current_setting('luodi.scope_to', true)
  AND (CASE WHEN (SELECT coalesce(current_setting('luodi.scope_many', true), '') = '') THEN 1
            WHEN (SELECT nullif(current_setting('luodi.scope_many', true), '')::luodi_paths_many)
                 @> {path} THEN 1
            ELSE 0 END) <> 0
)"""
SIGNED = "(SELECT luodi_scope_ok())::integer <> 0"


def in_range_or(path: str, also: str) -> str:
    """SQL of the same as `IN_RANGE` or `also`, for tables that are read by the ten thousand rows.

    The first part is word for word what a BitmapOr of two indexes finds, so that no row is compared
    again with what the index said of it: that took half of a count of 10,000 cases.
    """
    return f"""(
      ({path} >= current_setting('luodi.scope_from', true)
       AND {path} < current_setting('luodi.scope_to', true)) OR {also})
      AND (CASE WHEN (SELECT coalesce(current_setting('luodi.scope_many', true), '') = '') THEN 1
                WHEN (SELECT nullif(current_setting('luodi.scope_many', true), '')::luodi_paths_many)
                     @> {path} THEN 1
                WHEN {also} THEN 1
                ELSE 0 END) <> 0"""


TYPES = """
CREATE TYPE luodi_paths AS RANGE (
  subtype = text, collation = "C", multirange_type_name = luodi_paths_many
);
"""

FUNCTIONS = r"""
-- Whether the transaction's scope was signed by us: injected SQL can set settings, but not sign.
CREATE FUNCTION luodi_scope_ok() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.scope_key
    WHERE current_setting('luodi.signature', true) = encode(sha256(
      convert_to(key, 'UTF8') || sha256(convert_to(key || concat_ws(E'\n',
        current_setting('luodi.scope_from', true), current_setting('luodi.scope_to', true),
        current_setting('luodi.scope_many', true), current_setting('luodi.account', true),
        current_setting('luodi.powers', true)), 'UTF8'))), 'hex')
  )
$$;

CREATE FUNCTION luodi_has_power(wanted text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT luodi_scope_ok()
     AND wanted = ANY(string_to_array(current_setting('luodi.powers', true), ','))
$$;

CREATE FUNCTION luodi_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN luodi_scope_ok()
              THEN nullif(current_setting('luodi.account', true), '')::bigint END
$$;

-- The row's path is its unit's, whatever the writer said.
CREATE FUNCTION luodi_fill_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
  EXECUTE format('SELECT path FROM %I WHERE id = ($1).%I', TG_ARGV[1], TG_ARGV[0])
    INTO found USING NEW;
  IF found IS NOT NULL THEN NEW.path := found; END IF;
  RETURN NEW;
END $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION luodi_fill_path(); DROP FUNCTION luodi_account(); DROP FUNCTION luodi_has_power(text);
DROP FUNCTION luodi_scope_ok();
"""


class Policy(migrations.RunSQL):
    """Guards a table by a policy of its own: `using` is SQL over its columns.

    `luodi_scope_ok()` is added: no policy holds under an unsigned scope.
    """

    def __init__(self, table: str, using: str, check: str | None = None) -> None:
        self.table = table
        guard = f"{SIGNED} AND ({using})"
        check_guard = f"{SIGNED} AND ({check or using})"
        super().__init__(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY scope ON {table} USING ({guard}) WITH CHECK ({check_guard});",
            f"DROP POLICY scope ON {table};"
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        )


class ScopeByUnit(migrations.RunSQL):
    """Guards `table`, whose rows belong to the row of `parent` that its column `via` names.

    The table must have a text column `path` (see `api.Scoped`). `parent` must be guarded the same
    way or be `scope_unit`. `also` is SQL of another way in, or-ed with the range.
    """

    def __init__(
        self, table: str, via: str = "unit_id", parent: str = "scope_unit", also: str = ""
    ) -> None:
        using = IN_RANGE.format(path=f"{table}.path") + (f" OR {also}" if also else "")
        guard = f"{SIGNED} AND ({using})"
        super().__init__(
            f"""
            ALTER TABLE {table} ADD CONSTRAINT {table}_path_fk FOREIGN KEY ({via}, path)
              REFERENCES {parent} (id, path) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
            CREATE UNIQUE INDEX {table}_id_path ON {table} (id, path);
            CREATE INDEX {table}_path ON {table} (path);
            CREATE TRIGGER {table}_path BEFORE INSERT OR UPDATE OF {via} ON {table}
              FOR EACH ROW EXECUTE FUNCTION luodi_fill_path('{via}', '{parent}');
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY scope ON {table} USING ({guard}) WITH CHECK ({guard});
            """,
            f"""
            DROP POLICY scope ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
            DROP TRIGGER {table}_path ON {table};
            DROP INDEX {table}_path; DROP INDEX {table}_id_path;
            ALTER TABLE {table} DROP CONSTRAINT {table}_path_fk;
            """,
        )


class WrittenBy(migrations.RunSQL):
    """Lets everybody read a table, and write only by `using`, SQL over its columns.

    For what must be found before a scope exists and yet decides what one may see. Reading costs
    nothing: `true` is no condition. `insert`: what a new row needs, if it is more.
    """

    def __init__(self, table: str, using: str, insert: str = "") -> None:
        guard, new = f"{SIGNED} AND ({using})", f"{SIGNED} AND ({insert or using})"
        super().__init__(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY read ON {table} FOR SELECT USING (true);"
            f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({new});"
            f"CREATE POLICY changed ON {table} FOR UPDATE USING ({guard}) WITH CHECK ({guard});"
            f"CREATE POLICY removed ON {table} FOR DELETE USING ({guard});",
            f"DROP POLICY read ON {table}; DROP POLICY added ON {table};"
            f"DROP POLICY changed ON {table}; DROP POLICY removed ON {table};"
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        )


ACCOUNTS = "(SELECT luodi_has_power('accounts'))"
# Oneself, or, at the sign-in, somebody whom nobody is yet: signed as account 0.
ONESELF = "(SELECT luodi_account()) IN ({owner}, 0)"
