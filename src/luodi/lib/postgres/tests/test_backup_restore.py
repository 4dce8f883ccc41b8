"""A backup is whole or absent; a restore replaces everything or nothing."""

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from luodi.lib.postgres import Cluster, ClusterError, bootstrap, drop_database

TABLES = """
    CREATE TABLE person (id int PRIMARY KEY, name text);
    ALTER TABLE person ENABLE ROW LEVEL SECURITY;
    ALTER TABLE person FORCE ROW LEVEL SECURITY;
    CREATE POLICY nobody ON person USING (false);
    CREATE TABLE secret (word text);
    REVOKE ALL ON secret FROM luodi_app;
    INSERT INTO person SELECT n, '示例' || n FROM generate_series(1, 1000) n;
"""


@pytest.fixture
def zone(shared: Cluster) -> Iterator[Cluster]:
    admin = shared.dsn("postgres", "postgres")
    bootstrap(admin, dbname="backup_zone", passwords=shared.passwords)
    with psycopg.connect(**shared.params("luodi_migrate", "backup_zone")) as connection:
        connection.execute(TABLES)
    yield shared
    for name in ("backup_zone", "elsewhere"):
        drop_database(admin, dbname=name)


def names(cluster: Cluster, dbname: str = "backup_zone") -> list[str]:
    with psycopg.connect(**cluster.params("luodi_migrate", dbname)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM person ORDER BY id")]


def databases(cluster: Cluster) -> set[str]:
    with psycopg.connect(**cluster.params("postgres", "postgres")) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def rights(cluster: Cluster, dbname: str) -> list[tuple[object, ...]]:
    query = """
        SELECT 'class', relname, relowner::regrole::text,
               coalesce(relacl, acldefault('r', relowner))::text, relforcerowsecurity::text
          FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'schema', nspname, nspowner::regrole::text, nspacl::text, ''
          FROM pg_namespace WHERE nspname = 'public'
        UNION ALL SELECT 'later', defaclobjtype::text, defaclrole::regrole::text,
               defaclacl::text, '' FROM pg_default_acl
        UNION ALL SELECT 'database', '', datdba::regrole::text, datacl::text, datcollate
          FROM pg_database WHERE datname = current_database()
        ORDER BY 1, 2, 3"""
    with psycopg.connect(**cluster.params("postgres", dbname)) as connection:
        return connection.execute(query).fetchall()


def test_round_trip_brings_back_rows_and_rights(zone: Cluster, tmp_path: Path) -> None:
    before, allowed, known = names(zone), rights(zone, "backup_zone"), databases(zone)
    path = tmp_path / "zone.dump"
    zone.dump(path, "backup_zone")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["zone.dump"]
    with psycopg.connect(**zone.params("luodi_migrate", "backup_zone")) as connection:
        connection.execute("DELETE FROM person WHERE id > 10; CREATE TABLE later (id int)")
    busy = psycopg.connect(**zone.params("luodi_app", "backup_zone"))
    zone.restore(path, "backup_zone")
    with pytest.raises(psycopg.OperationalError):
        busy.execute("SELECT 1")
    assert names(zone) == before
    assert len(before) == 1000
    assert rights(zone, "backup_zone") == allowed
    assert databases(zone) == known
    with psycopg.connect(**zone.params("luodi_app", "backup_zone")) as app:
        assert app.execute("SELECT count(*) FROM person").fetchone() == (0,)


def test_restore_under_another_name(zone: Cluster, tmp_path: Path) -> None:
    zone.dump(tmp_path / "zone.dump", "backup_zone")
    zone.restore(tmp_path / "zone.dump", "elsewhere")
    assert names(zone, "elsewhere") == names(zone)


@pytest.mark.parametrize("damage", ["cut", "garbage", "missing"])
def test_a_damaged_backup_changes_nothing(zone: Cluster, tmp_path: Path, damage: str) -> None:
    before, known = names(zone), databases(zone)
    path = tmp_path / "zone.dump"
    zone.dump(path, "backup_zone")
    whole = path.read_bytes()
    path.write_bytes(
        {"cut": whole[: len(whole) * 2 // 3], "garbage": b"no backup"}.get(damage, b"")
    )
    if damage == "missing":
        path.unlink()
    with pytest.raises(ClusterError) as caught:
        zone.restore(path, "backup_zone")
    assert caught.value.code == "restore-failed"
    assert names(zone) == before
    assert databases(zone) == known


def test_a_failed_dump_leaves_the_last_one(zone: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "zone.dump"
    path.write_text("the last one")
    with pytest.raises(ClusterError) as caught:
        zone.dump(path, "no_such_database")
    assert caught.value.code == "dump-failed"
    assert path.read_text() == "the last one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["zone.dump"]
    with pytest.raises(ClusterError):
        zone.dump(tmp_path / "no such folder" / "zone.dump", "backup_zone")
