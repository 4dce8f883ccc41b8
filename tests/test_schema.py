"""The database is what the models declare, however it came to be: new, or brought up from before.

`schema/8ffd9c6.sql.xz` is the schema as it stood when policies, triggers and functions were still
made by migrations: `pg_dump --schema-only --no-owner --no-comments` of that commit on PostgreSQL 18,
and the rows that migrations wrote.
"""

from __future__ import annotations

import lzma
import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import isolate_apps

from luodi.cli.database import compare
from luodi.config.database import APP, MIGRATE
from luodi.ground.audit.api import Entry
from luodi.ground.scope.api import NOBODY, SYSTEM, Record, UnitKind, acting, create_unit
from luodi.ground.tables import declared
from luodi.ground.tables.api import Undeclared, differences, reconcile
from luodi.ground.tables.catalogue import QUERY
from luodi.lib.postgres import bootstrap, drop_database

pytestmark = pytest.mark.xdist_group("schema")
BEFORE = Path(__file__).parent / "schema/8ffd9c6.sql.xz"
# What the product's own catalogue leaves to Django: columns, all constraints, sequences, types.
REST = """
SELECT 'column', attrelid::regclass::text, attname, concat_ws(' ', format_type(atttypid, atttypmod),
    attnotnull, attgenerated, attidentity, attcollation::regcollation, attacl,
    pg_get_expr(adbin, adrelid))
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')
    AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT 'relation', relname, relkind::text, concat_ws(' ', relowner::regrole, relpersistence,
    coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)))
  FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'routine', p.oid::regprocedure::text, proowner::regrole::text,
    concat_ws(' ', prokind, prosecdef, provolatile, proparallel, proconfig, proacl, md5(prosrc))
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'type', typname, typowner::regrole::text, concat_ws(' ', typtype,
    (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
  FROM pg_type t WHERE typnamespace = 'public'::regnamespace
UNION ALL
SELECT 'default right', defaclrole::regrole::text, defaclobjtype::text, defaclacl::text
  FROM pg_default_acl
"""


# A condition that was dumped and read back says the same with other casts.
CASTS = re.compile(r"::(?:character varying|text)(?:\(\d+\))?(?:\[\])?|[()]")


@pytest.fixture(scope="module")
def upgraded(
    django_db_setup: None, django_db_blocker: Any, server: tuple[str, dict[str, str]]
) -> Iterator[str]:
    """The name of a database that was made before, and then brought up to date."""
    admin, passwords = server
    name = f"{connection.settings_dict['NAME']}_upgraded"
    drop_database(admin, dbname=name)
    bootstrap(admin, dbname=name, passwords=passwords)
    with psycopg.connect(admin, dbname=name, autocommit=True) as superuser:
        superuser.execute("SET ROLE luodi_owner")
        for what in ("TABLES", "SEQUENCES"):  # the dump says what was granted, and nothing more is
            superuser.execute(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON {what} FROM {APP}"
            )
        superuser.execute(lzma.decompress(BEFORE.read_bytes()).decode())
    bootstrap(admin, dbname=name, passwords=passwords)
    with django_db_blocker.unblock(), signed_in(name, MIGRATE, passwords):
        assert len(differences()) > 100  # nothing of it was declared then
        call_command("migrate", verbosity=0)
        yield name
    drop_database(admin, dbname=name)


@contextmanager
def signed_in(name: str, role: str, passwords: dict[str, str]) -> Iterator[None]:
    """Django's connection, to another database."""
    connection.close()
    with patch.dict(connection.settings_dict, NAME=name, USER=role, PASSWORD=passwords[role]):
        yield
        connection.close()


def objects(admin: str, name: str) -> dict[Any, Any]:
    with psycopg.connect(admin, dbname=name) as superuser:
        rows = superuser.execute(QUERY).fetchall() + superuser.execute(REST).fetchall()
    return {row[:3]: [CASTS.sub("", str(word)) for word in row[3:]] for row in rows}


def test_a_fresh_database_and_an_upgraded_one_are_the_same(
    upgraded: str, server: tuple[str, dict[str, str]]
) -> None:
    fresh, other = (
        objects(server[0], name) for name in (upgraded.removesuffix("_upgraded"), upgraded)
    )
    different = {key for key in fresh.keys() | other.keys() if fresh.get(key) != other.get(key)}
    assert {key: (fresh.get(key), other.get(key)) for key in different} == {}
    assert len(fresh) > 2000
    assert differences() == []
    assert reconcile() == []


TAMPERED = {
    "policy evidence_file scope": "DROP POLICY scope ON evidence_file",
    "policy directory_person scope": "ALTER POLICY scope ON directory_person USING (true)",
    "policy casework_case wide": "CREATE POLICY wide ON casework_case USING (true)",
    "policy notices_notice changed": "ALTER POLICY changed ON notices_notice TO luodi_owner",
    "security reports_report": "ALTER TABLE reports_report NO FORCE ROW LEVEL SECURITY",
    "trigger directory_post watch": "DROP TRIGGER watch ON directory_post",
    "trigger directory_lead watch": "ALTER TABLE directory_lead DISABLE TRIGGER watch",
    "function luodi_account": "CREATE OR REPLACE FUNCTION luodi_account() RETURNS bigint"
    " LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT 1::bigint'",
    "rights audit_entry": "GRANT DELETE ON audit_entry TO luodi_app",
    "key casework_event casework_event_path_fk": "ALTER TABLE casework_event"
    " DROP CONSTRAINT casework_event_path_fk",
    "index directory_post directory_post_path": "DROP INDEX directory_post_path",
    "statistics casework_case path": "ALTER TABLE casework_case ALTER path SET STATISTICS 100",
}


def test_whatever_is_tampered_with_is_seen_and_put_right(
    upgraded: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("luodi.cli.database.ready", lambda migrate: None)
    assert compare(Namespace()) == 0
    with connection.cursor() as cursor:
        for statement in TAMPERED.values():
            cursor.execute(statement)
    assert {line.split(":")[0] for line in differences()} == set(TAMPERED)
    assert compare(Namespace()) == 1
    assert set(TAMPERED) <= {line.split(":")[0] for line in capsys.readouterr().out.splitlines()}
    reconcile()
    assert differences() == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE registers_secret (id bigint)",
        "CREATE FUNCTION scope_backdoor() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TRIGGER mine BEFORE DELETE ON casework_case FOR EACH ROW"
        " EXECUTE FUNCTION luodi_refuse()",
    ],
)
def test_what_nobody_declared_is_not_made_away_with_silently(upgraded: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert len(differences()) == 1
        with pytest.raises(Undeclared, match="not declared"):
            reconcile()
        transaction.set_rollback(True)


@isolate_apps("luodi.ground.tables")
def test_a_record_has_all_by_inheritance(
    upgraded: str, server: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import models

    class Venue(Record):
        name = models.CharField(max_length=20)

        class Meta:
            app_label = "tables"

    table = declared.of_model(Venue)
    assert table is not None
    every = {**declared.tables(), "tables_venue": table}
    for module in ("declared", "objects", "reconcile"):
        monkeypatch.setattr(f"luodi.ground.tables.{module}.tables", lambda: every)
    with connection.schema_editor() as editor:
        editor.create_model(Venue)
    assert reconcile() and not differences()

    with signed_in(upgraded, APP, server[1]), transaction.atomic():
        with acting(SYSTEM):
            zone, other = (
                create_unit(actor=SYSTEM, kind=UnitKind.ZONE, name=name, parent=None)
                for name in ("示例甲区", "示例乙区")
            )
            made = Venue.objects.create(unit=zone, name="示例礼堂")
            for wanted in (1, 2):  # saved twice with the same words: no change, no version
                made.name = "示例会堂"
                made.save()
                made.refresh_from_db()
                assert (made.path, made.version) == (zone.path, 2), wanted
            Venue.objects.filter(pk=made.pk).update(version=77)
            assert Venue.objects.get(pk=made.pk).version == 2
            Venue.objects.filter(pk=made.pk).update(unit=other)
            made.refresh_from_db()
            assert (made.path, made.version) == (other.path, 3)
            trail = Entry.objects.filter(subject="tables_venue").order_by("id")
            assert [one.action for one in trail] == ["insert", "update", "update"]
            assert trail[1].changes == {"name": ["示例礼堂", "示例会堂"]}
        with acting(NOBODY):
            assert not Venue.objects.exists()
            with pytest.raises(DatabaseError), transaction.atomic():
                Venue.objects.create(unit=zone, name="示例")
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE tables_venue")
