"""Backups in pg_dump's custom format: whole files only, restored beside the present data."""

import os
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from .account import plain_environment
from .binaries import Binaries
from .bootstrap import bootstrap, drop_database
from .errors import ClusterError
from .private import publish

Params = Mapping[str, str]
ATTEMPTS = 5  # each one waits up to five seconds inside the server


def dump(binaries: Binaries, params: Params, path: Path) -> None:
    """Write the database of `params` to `path` (mode 0600), replacing it when complete."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    command = [binaries.program("pg_dump"), "--format=custom", f"--file={temporary}"]
    try:
        temporary.touch(mode=0o600, exist_ok=False)
        failure = _run(command, params)
        if failure is not None:
            raise ClusterError("dump-failed", path=path, detail=failure)
        publish(temporary, path)
    except OSError as error:
        raise ClusterError("dump-failed", path=path, detail=error.strerror) from error
    finally:
        temporary.unlink(missing_ok=True)


def restore(
    binaries: Binaries, admin: Params, path: Path, dbname: str, passwords: Mapping[str, str]
) -> None:
    """Read `path` into a new database and let it take the name `dbname`.

    `admin` is a superuser. What ALTER DATABASE … SET laid down is not part of a backup.
    """
    if not os.access(path, os.R_OK):
        raise ClusterError("restore-failed", path=path, detail=os.strerror(2))
    dsn = psycopg.conninfo.make_conninfo(**admin)
    mark = secrets.token_hex(4)
    fresh, former = f"luodi_restore_{mark}", f"luodi_former_{mark}"
    try:
        bootstrap(dsn, dbname=fresh, passwords=passwords)
        failure = _run(
            [
                *(binaries.program("pg_restore"), "--single-transaction", "--exit-on-error"),
                *(f"--dbname={fresh}", str(path)),
            ],
            {**admin, "dbname": fresh},
        )
        if failure is not None:
            raise ClusterError("restore-failed", path=path, detail=failure)
        _exchange(dsn, dbname, fresh, former)
    finally:
        drop_database(dsn, dbname=fresh)
    drop_database(dsn, dbname=former)


def _exchange(dsn: str, dbname: str, fresh: str, former: str) -> None:
    """Rename both in one transaction: at no moment is there no database or half of one."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    target, made, old = (sql.Identifier(name) for name in (dbname, fresh, former))
    with psycopg.connect(dsn, autocommit=True) as connection:
        for attempt in range(ATTEMPTS):
            # Clients connect again at once; the renaming waits for a moment without any.
            found = connection.execute(
                "SELECT (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = d.datname) FROM pg_database d WHERE datname = %s",
                [dbname],
            ).fetchone()
            try:
                with connection.transaction():
                    if found:
                        connection.execute(rename.format(target, old))
                    connection.execute(rename.format(made, target))
                return
            except psycopg.errors.ObjectInUse:
                if attempt == ATTEMPTS - 1:
                    raise


def _run(command: list[str], params: Params) -> str | None:
    """Run a client program; None when it went well, else what it said."""
    environment = plain_environment(
        {
            "PGHOST": params["host"],
            "PGPORT": params["port"],
            "PGUSER": params["user"],
            "PGPASSWORD": params["password"],
            "PGDATABASE": params["dbname"],
        }
    )
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return (done.stderr.strip() or f"exit {done.returncode}") if done.returncode else None
