"""Which PostgreSQL this process talks to, and as which of the three roles.

`DATABASE_URL` (role `luodi_app`) and `LUODI_MIGRATE_URL` (role `luodi_migrate`) name a server of
one's own; without them it is the embedded server in the data folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from luodi.lib.postgres import Cluster, ClusterError

APP = "luodi_app"
MIGRATE = "luodi_migrate"


def from_url(url: str) -> dict[str, Any]:
    """Django's settings of a connection from an address that libpq understands.

    Usually `postgresql://user:password@host:5432/name`. Raises ValueError where it is none.
    """
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.pop("dbname"),
            "USER": parts.pop("user", ""),
            "PASSWORD": parts.pop("password", ""),
            "HOST": parts.pop("host", ""),
            "PORT": parts.pop("port", ""),
            "OPTIONS": parts,
        }
    except (ProgrammingError, KeyError):
        raise ValueError(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name"
        ) from None


def embedded_url(cluster: Cluster, role: str, name: str) -> str:
    """The address in the embedded server; before its first start, one that nobody answers."""
    try:
        return cluster.dsn(role, name)
    except ClusterError:
        return f"postgresql://{role}@localhost:1/{name}"


@contextmanager
def as_role(settings: dict[str, Any]) -> Iterator[None]:
    """Runs the body with Django's default connection opened by another role of the same database.

    For migrations, which need the role that owns the schema; never within a request.
    """
    from django.db import connection

    before = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(USER=settings["USER"], PASSWORD=settings["PASSWORD"])
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
