"""What the database has: its policies, triggers, functions and the rest, as its catalogue words them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from luodi.ground.tables.objects import Name, digest

QUERY = r"""
WITH ours AS (
  SELECT oid, relname, relrowsecurity, relforcerowsecurity, relacl FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
)
SELECT 'security', relname, '', CASE WHEN relforcerowsecurity AND relrowsecurity THEN 'forced'
    WHEN relrowsecurity OR relforcerowsecurity THEN 'halfway' ELSE 'none' END, NULL, ''
  FROM ours
UNION ALL
SELECT 'rights', relname, '', coalesce((
    SELECT string_agg(privilege_type, ', ' ORDER BY privilege_type)
    FROM aclexplode(relacl) WHERE grantee = 'luodi_app'::regrole), ''), NULL, ''
  FROM ours
UNION ALL
SELECT 'policy', relname, polname, concat_ws(' ', polcmd, polpermissive, polroles::regrole[],
    pg_get_expr(polqual, polrelid), '|', pg_get_expr(polwithcheck, polrelid)),
    obj_description(p.oid, 'pg_policy'), format('POLICY %I ON %I', polname, relname)
  FROM pg_policy p JOIN ours ON ours.oid = polrelid
UNION ALL
SELECT 'trigger', relname, tgname, concat_ws(' ', tgenabled, pg_get_triggerdef(t.oid)),
    obj_description(t.oid, 'pg_trigger'), format('TRIGGER %I ON %I', tgname, relname)
  FROM pg_trigger t JOIN ours ON ours.oid = tgrelid WHERE NOT tgisinternal
UNION ALL
SELECT 'index', relname, indexrelid::regclass::text, pg_get_indexdef(indexrelid),
    obj_description(indexrelid, 'pg_class'), format('INDEX %s', indexrelid::regclass)
  FROM pg_index JOIN ours ON ours.oid = indrelid
UNION ALL
SELECT 'key', relname, conname, pg_get_constraintdef(c.oid),
    obj_description(c.oid, 'pg_constraint'), format('CONSTRAINT %I ON %I', conname, relname)
  FROM pg_constraint c JOIN ours ON ours.oid = conrelid WHERE contype = 'f'
UNION ALL
SELECT 'function', '', proname, concat_ws(' ', pg_get_functiondef(f.oid),
    has_function_privilege('luodi_app', f.oid, 'EXECUTE')),
    obj_description(f.oid, 'pg_proc'), format('FUNCTION %s', f.oid::regprocedure)
  FROM pg_proc f JOIN pg_language l ON l.oid = prolang
  WHERE pronamespace = 'public'::regnamespace AND lanname IN ('sql', 'plpgsql') AND prokind = 'f'
UNION ALL
SELECT 'statistics', relname, attname, attstattarget::text, NULL, ''
  FROM pg_attribute JOIN ours ON ours.oid = attrelid WHERE attnum > 0 AND attstattarget >= 0 AND NOT attisdropped
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An object as it is. `mark` is the comment that says from which declaration it was made."""

    name: Name
    text: str
    mark: str
    address: str

    @property
    def drop(self) -> str:
        """The statement that removes it."""
        if self.name.kind == "key":
            return f"ALTER TABLE {self.name.table} DROP CONSTRAINT {self.name.name};"
        return f"DROP {self.address};"

    def mark_for(self, declared: str) -> str:
        """The comment for an object that stands as declared: digests of what was said and what is."""
        return f"luodi {declared} {digest(self.text)}"

    def comment(self, mark: str) -> str:
        """The statement that sets its comment."""
        return f"COMMENT ON {self.address} IS '{mark}';"


def catalogue(cursor: CursorWrapper) -> dict[Name, Found]:
    """All there is, by name. Raises ValueError for two functions of one name."""
    cursor.execute(QUERY)
    found: dict[Name, Found] = {}
    for kind, table, name, text, mark, address in cursor.fetchall():
        key = Name(kind, table, name)
        if kind == "function" and key in found and name.startswith("luodi_"):
            raise ValueError(f"two functions are named {name}: a migration must drop the former")
        found[key] = Found(key, text, mark or "", address)
    return found
