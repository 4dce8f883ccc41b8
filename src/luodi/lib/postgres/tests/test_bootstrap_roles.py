"""Roles and rights, on the embedded server and on Debian's PostgreSQL 15."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from luodi.lib.postgres import Cluster, bootstrap, drop_database

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
SNAPSHOT = """
    SELECT array_agg(r ORDER BY r) FROM (
        SELECT concat_ws(' ', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb,
                         rolcanlogin, rolreplication, rolbypassrls) AS r
          FROM pg_roles WHERE rolname LIKE 'luodi%'
        UNION ALL SELECT concat_ws(' ', roleid::regrole, member::regrole) FROM pg_auth_members
        UNION ALL SELECT concat_ws(' ', datname, datdba::regrole, datacl) FROM pg_database
        UNION ALL SELECT concat_ws(' ', nspname, nspowner::regrole, nspacl) FROM pg_namespace
         WHERE nspname = 'public'
        UNION ALL SELECT concat_ws(' ', defaclrole::regrole, defaclobjtype, defaclacl)
          FROM pg_default_acl) AS all_of_it
"""
TABLES = """
    CREATE TABLE note (id int GENERATED ALWAYS AS IDENTITY, path text COLLATE "C", body text);
    ALTER TABLE note ENABLE ROW LEVEL SECURITY;
    ALTER TABLE note FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON note USING (path >= current_setting('luodi.scope_from', true)
                                   AND path < current_setting('luodi.scope_to', true));
    CREATE TABLE signing_key (secret text);
    REVOKE ALL ON signing_key FROM luodi_app;
    INSERT INTO note (path, body) VALUES ('a/1', 'ours'), ('b/1', 'theirs');
"""


@pytest.fixture(scope="module", params=["wheel", "debian-15"])
def server(request: pytest.FixtureRequest, base: Path, shared: Cluster) -> Iterator[Cluster]:
    if request.param == "wheel":
        yield shared
        return
    if not DEBIAN_15.exists():
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    cluster = Cluster(base / "debian-15", DEBIAN_15)
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def zone(server: Cluster) -> Iterator[Cluster]:
    """The server with a database `zone` and tables that luodi_migrate made."""
    admin = server.dsn("postgres", "postgres")
    bootstrap(admin, dbname="zone", passwords=server.passwords)
    with psycopg.connect(**server.params("luodi_migrate", "zone")) as connection:
        connection.execute(TABLES)
    yield server
    drop_database(admin, dbname="zone")


def snapshot(cluster: Cluster, dbname: str) -> list[str]:
    with psycopg.connect(**cluster.params("postgres", dbname)) as connection:
        return connection.execute(SNAPSHOT).fetchone()[0]


def test_running_it_again_changes_nothing(zone: Cluster) -> None:
    before = snapshot(zone, "zone")
    bootstrap(zone.dsn("postgres", "postgres"), dbname="zone", passwords=zone.passwords)
    assert snapshot(zone, "zone") == before
    assert "luodi_app f t f f t f f" in before
    assert "luodi_migrate f t f f t f t" in before
    assert "luodi_owner f t f f f f f" in before
    with (
        psycopg.connect(**zone.params("luodi_app", "zone")) as app,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        app.execute("SELECT * FROM signing_key")


def test_running_it_again_takes_back_what_was_added(zone: Cluster) -> None:
    before = snapshot(zone, "zone")
    with psycopg.connect(**zone.params("postgres", "zone")) as admin:
        admin.execute("ALTER ROLE luodi_app BYPASSRLS CREATEDB PASSWORD 'guessed'")
        admin.execute("GRANT luodi_owner, luodi_migrate, pg_read_all_data TO luodi_app")
        admin.execute("GRANT CREATE ON SCHEMA public TO luodi_app, PUBLIC")
        admin.execute("GRANT ALL ON DATABASE zone TO luodi_app, PUBLIC")
    bootstrap(zone.dsn("postgres", "postgres"), dbname="zone", passwords=zone.passwords)
    assert snapshot(zone, "zone") == before
    with psycopg.connect(**zone.params("luodi_app", "zone")) as app:
        assert app.execute("SELECT current_user").fetchone() == ("luodi_app",)


def test_the_database_sorts_by_code_point(zone: Cluster) -> None:
    with psycopg.connect(**zone.params("luodi_app", "zone")) as app:
        words = ["b", "落", "B", "啊", "a", "é"]
        ordered = app.execute("SELECT w FROM unnest(%s::text[]) w ORDER BY w", [words]).fetchall()
        assert [word for (word,) in ordered] == sorted(words)
        assert app.execute("SELECT upper('é'), 'É' ILIKE 'é'").fetchone() == ("É", True)
        assert app.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_the_app_sees_its_scope_and_writes_in_it(zone: Cluster) -> None:
    with psycopg.connect(**zone.params("luodi_app", "zone")) as app:
        assert app.execute("SELECT count(*) FROM note").fetchone() == (0,)
        for name, value in (("luodi.scope_from", "a"), ("luodi.scope_to", "b")):
            app.execute("SELECT set_config(%s, %s, true)", [name, value])
        assert app.execute("SELECT body FROM note").fetchall() == [("ours",)]
        app.execute("INSERT INTO note (path, body) VALUES ('a/2', 'more')")
        assert app.execute("UPDATE note SET body = 'x'").rowcount == 2
        assert app.execute("DELETE FROM note").rowcount == 2
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("INSERT INTO note (path, body) VALUES ('b/2', 'not mine')")
        app.rollback()
    with psycopg.connect(**zone.params("luodi_migrate", "zone")) as migrate:
        assert migrate.execute("SELECT count(*) FROM note").fetchone() == (2,)


@pytest.mark.parametrize(
    "attempt",
    [
        "SET row_security = off; SELECT * FROM note",
        "ALTER TABLE note DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE note NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY scope ON note",
        "ALTER ROLE luodi_app BYPASSRLS",
        "SET ROLE luodi_owner",
        "SET ROLE luodi_migrate",
        "SET SESSION AUTHORIZATION luodi_migrate",
        "GRANT luodi_owner TO luodi_app",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE ROLE friend",
        "TRUNCATE note",
        "SELECT * FROM signing_key",
        "SELECT rolpassword FROM pg_authid",
        "COPY note TO PROGRAM 'cat'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_the_app_cannot(zone: Cluster, attempt: str) -> None:
    with (
        psycopg.connect(**zone.params("luodi_app", "zone")) as app,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        app.execute(attempt)


def test_migrate_works_for_the_owner_but_not_on_the_server(zone: Cluster) -> None:
    with psycopg.connect(**zone.params("luodi_migrate", "zone"), autocommit=True) as migrate:
        migrate.execute("SET ROLE luodi_owner; CREATE TABLE by_owner (id serial); RESET ROLE")
        migrate.execute("ALTER TABLE by_owner ADD COLUMN body text")
        for attempt in ("CREATE DATABASE other", "CREATE ROLE friend", "SET ROLE postgres"):
            with pytest.raises(errors.InsufficientPrivilege):
                migrate.execute(attempt)
    with psycopg.connect(**zone.params("luodi_app", "zone")) as app:
        app.execute("INSERT INTO by_owner (body) VALUES ('x')")
        app.rollback()
    with psycopg.connect(**zone.params("luodi_migrate", "zone")) as migrate:
        migrate.execute("DROP TABLE by_owner")


def test_several_databases_share_the_roles(zone: Cluster, in_process) -> None:
    code = "bootstrap(c.dsn('postgres', 'postgres'), dbname=sys.argv[2], passwords=c.passwords)"
    names = ["zone-2", 'Zone "园区"', 'Zone "园区"']
    makers = [in_process(code, zone.data_dir, name) for name in names]
    said = [maker.communicate(timeout=60)[1] for maker in makers]
    assert [maker.returncode for maker in makers] == [0] * len(names), said
    for name in set(names):
        app = psycopg.connect(**zone.params("luodi_app", name))
        assert app.execute("SELECT current_database()").fetchone() == (name,)
        for _ in range(2):
            drop_database(zone.dsn("postgres", "postgres"), dbname=name)
        app.close()
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(**zone.params("luodi_app", name))


def test_nobody_else_may_connect_to_the_database(zone: Cluster) -> None:
    with psycopg.connect(**zone.params("postgres", "postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE visitor LOGIN PASSWORD 'visitor'")
        try:
            params = zone.params("luodi_app", "zone") | {"user": "visitor", "password": "visitor"}
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(**params)
        finally:
            admin.execute("DROP ROLE visitor")
