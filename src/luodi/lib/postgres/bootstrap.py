"""Roles, database and rights on any PostgreSQL server, versions 15 to 18.

Three roles share the work (their names carry the product's, so several databases on one server
can share them):

- luodi_owner    owns the database and its schema; nobody signs in as it
- luodi_migrate  changes the schema and makes backups; row-level security does not hold it
- luodi_app      the web and the workers; row-level security always holds it
"""

from collections.abc import Iterable, Mapping
from typing import Final

import psycopg
from psycopg import sql

OWNER: Final = "luodi_owner"
MIGRATE: Final = "luodi_migrate"
APP: Final = "luodi_app"

# What makes a role safe is stated in full, so that running again also takes back what was added.
ATTRIBUTES: Final[dict[str, str]] = {
    OWNER: "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT",
    MIGRATE: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS INHERIT",
    APP: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT",
}
# One page's question must not keep all others waiting; a worker asks for longer (cli/server.py).
PATIENCE: Final = {
    "statement_timeout": "60s",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "15min",
}
# Any fixed number: it keeps two bootstraps from working at the same time.
LOCK: Final = 0x6C756F6469

Connection = psycopg.Connection[tuple[object, ...]]


def bootstrap(admin_dsn: str, *, dbname: str, passwords: Mapping[str, str]) -> None:
    """Make roles and database `dbname` as they should be; running it again changes nothing.

    `admin_dsn` is a superuser's connection (libpq string or URL) to any database of the server.
    `passwords` has those of luodi_migrate and luodi_app; other entries are ignored.
    Raises psycopg.Error when the server refuses.
    """
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        _roles(admin, passwords)
        if not _exists(admin, "pg_database", "datname", dbname):
            _create_database(admin, dbname)
        _database_rights(admin, dbname)
        with psycopg.connect(admin_dsn, dbname=dbname, autocommit=True) as inside:
            _schema_rights(inside)


def drop_database(admin_dsn: str, *, dbname: str) -> None:
    """Remove database `dbname` if it exists, and cut off whoever is connected to it."""
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        _run(admin, ["DROP DATABASE IF EXISTS {db} WITH (FORCE)"], db=dbname)


def _exists(connection: Connection, table: str, column: str, name: str) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    return connection.execute(query, [name]).fetchone() is not None


def _run(connection: Connection, statements: Iterable[str], **names: str) -> None:
    """Execute statements with {owner}, {migrate}, {app} and `names` filled in as identifiers."""
    every = {"owner": OWNER, "migrate": MIGRATE, "app": APP, **names}
    identifiers = {key: sql.Identifier(value) for key, value in every.items()}
    for statement in statements:
        # The statements are constants of this file.
        connection.execute(sql.SQL(statement).format(**identifiers))


def _roles(admin: Connection, passwords: Mapping[str, str]) -> None:
    for role, attributes in ATTRIBUTES.items():
        verb = "ALTER" if _exists(admin, "pg_roles", "rolname", role) else "CREATE"
        _run(admin, [f"{verb} ROLE {{role}} {attributes}"], role=role)
    for role in (MIGRATE, APP):
        # Hashed here, so that the password reaches neither the server's log nor its statistics.
        verifier = admin.pgconn.encrypt_password(
            passwords[role].encode(), role.encode(), b"scram-sha-256"
        ).decode()
        admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), verifier))
    _run(admin, ["GRANT {owner} TO {migrate}"])
    # What the pages read is in memory. At the usual page costs the planner would rather walk an
    # index over all zones' rows until fifty of one's own are found (1,430 ms on a million cases)
    # than fetch one's own and sort them (18 ms).
    # A role may alter its own settings, and injected SQL in its name: what it altered is taken back.
    # What a session asks is shown to no other of the role (`pg_stat_activity`).
    settings = {"random_page_cost": "0.05", "seq_page_cost": "0.05", "track_activities": "off"}
    with admin.transaction():
        _run(admin, ["ALTER ROLE {app} RESET ALL"])
        for name, value in (settings | PATIENCE).items():
            _run(admin, [f"ALTER ROLE {{app}} SET {name} = '{value}'"])
    memberships = admin.execute(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", [APP]
    )
    for (granted,) in memberships.fetchall():
        admin.execute(
            sql.SQL("REVOKE {} FROM {}").format(
                sql.SQL(str(granted)),
                sql.Identifier(APP),
            )
        )


def _create_database(admin: Connection, dbname: str) -> None:
    """Text sorts by code point whatever the machine's language: the same order everywhere.

    Version 17 brings such a locale of its own. Before, only the sorting is fixed to "C" and the
    classes of letters come from the machine's C.UTF-8 where it has one.
    """
    create = "CREATE DATABASE {db} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' "
    if admin.info.server_version >= 170000:
        locale = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
        _run(admin, [create + locale], db=dbname)
        return
    try:
        _run(admin, [create + "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"], db=dbname)
    except psycopg.errors.WrongObjectType:  # "invalid LC_CTYPE locale name"
        _run(admin, [create + "LC_COLLATE 'C' LC_CTYPE 'C'"], db=dbname)


def _database_rights(admin: Connection, dbname: str) -> None:
    statements = [
        "ALTER ROLE {app} IN DATABASE {db} RESET ALL",
        "ALTER DATABASE {db} OWNER TO {owner}",
        "REVOKE ALL ON DATABASE {db} FROM PUBLIC",
        "REVOKE CREATE, TEMPORARY ON DATABASE {db} FROM {app}",
        "GRANT CONNECT ON DATABASE {db} TO {app}, {migrate}",
    ]
    with admin.transaction():
        _run(admin, statements, db=dbname)


def _schema_rights(inside: Connection) -> None:
    """Rights on the schema and on tables to come; those of present tables are the migrations'."""
    statements = [
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "REVOKE CREATE ON SCHEMA public FROM {app}",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "GRANT USAGE, CREATE ON SCHEMA public TO {migrate}",
    ]
    for maker in ("{migrate}", "{owner}"):
        later = f"ALTER DEFAULT PRIVILEGES FOR ROLE {maker} IN SCHEMA public GRANT "
        statements += [
            later + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
            later + "USAGE, SELECT ON SEQUENCES TO {app}",
        ]
    with inside.transaction():
        _run(inside, statements)
