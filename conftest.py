"""The tests' database and their small zone.

Tests run as the application's role, row-level security on. The server is the embedded one in
`.cache/`, or the one that `LUODI_TEST_ADMIN_URL` (a superuser's address) names.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

os.environ["LUODI_DATA"] = tempfile.mkdtemp(prefix="luodi-test-")
atexit.register(shutil.rmtree, os.environ["LUODI_DATA"], ignore_errors=True)
os.environ["LUODI_SECRET_KEY"] = "only-for-tests"
os.environ.pop("DATABASE_URL", None)
os.environ["LUODI_SECOND_FACTOR"] = "offered"  # as in the demonstration; its own tests demand it
os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.config.settings"

import django
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from luodi.config.database import APP, MIGRATE, as_role, from_url
from luodi.ground.scope import counters
from luodi.lib.postgres import Cluster, bootstrap, drop_database

django.setup()
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The same examples at every run, so that main is green or red for everybody alike. New ones are
# searched for on purpose: `make search`.
# How fast the machine is decides nothing: no deadline, no complaint about slow inputs.
CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis.register_profile("repeat", derandomize=True, **CALM)
hypothesis.register_profile("search", derandomize=False, print_blob=True, **CALM)
hypothesis.load_profile("repeat")
ROOT = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def server() -> tuple[str, dict[str, str]]:
    """A superuser's address and the roles' passwords of the PostgreSQL that the tests use."""
    given = os.environ.get("LUODI_TEST_ADMIN_URL")
    if given:
        return given, {APP: "test", MIGRATE: "test"}
    cluster = Cluster(ROOT / ".cache" / "test-postgres")
    cluster.start()
    return cluster.dsn("postgres", "postgres"), dict(cluster.passwords)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    return None


@pytest.fixture(scope="session")
def django_db_setup(
    server: tuple[str, dict[str, str]], django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    admin, passwords = server
    name = f"luodi_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    drop_database(admin, dbname=name)
    bootstrap(admin, dbname=name, passwords=passwords)
    address = from_url(admin)
    for role, alias in ((APP, "app"), (MIGRATE, "migrate")):
        settings.DATABASES[alias] = {
            **address,
            "NAME": name,
            "USER": role,
            "PASSWORD": passwords[role],
        }
    with django_db_blocker.unblock():
        connection = connections["default"]
        connection.close()
        connection.settings_dict.update(
            {k: v for k, v in settings.DATABASES.pop("app").items() if k != "ENGINE"}
        )
        with as_role(settings.DATABASES.pop("migrate")):
            call_command("migrate", verbosity=0)
        yield
        connection.close()
    drop_database(admin, dbname=name)


@pytest.fixture
def committed_db(
    django_db_setup: None, django_db_blocker: object, server: tuple[str, dict[str, str]]
) -> Iterator[None]:
    """A database whose transactions really commit; a superuser empties it afterwards.

    Django's own way would truncate as the application, which the trail refuses.
    """
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        name = connections["default"].settings_dict["NAME"]
        connections.close_all()
        with psycopg.connect(server[0], dbname=name, autocommit=True) as superuser:
            # neither triggers nor foreign keys: the trail's rows go too, what migrations wrote stays
            superuser.execute("SET session_replication_role = replica")
            tables = superuser.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace"
            ).fetchall()
            for (table,) in tables:
                superuser.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")
            yield
            connections.close_all()
            for (table,) in tables:
                superuser.execute(f"DELETE FROM {table}")
                # an empty one may have generated columns, which take no values
                if superuser.execute(f"SELECT 1 FROM kept_{table} LIMIT 1").fetchone():
                    superuser.execute(
                        f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{table}"
                    )


@pytest.fixture(autouse=True)
def counted_within(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted beside a request's transaction belongs to the test's, unless all is committed."""
    if "committed_db" not in request.fixturenames:
        monkeypatch.setattr(counters, "apart", lambda: nullcontext(connections["default"]))


pytest_plugins = ["tests.zone", "tests.world"]
