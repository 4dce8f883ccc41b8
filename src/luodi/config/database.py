"""Which PostgreSQL this process talks to, and as which of the three roles.

`DATABASE_URL` (role `luodi_app`) and `LUODI_MIGRATE_URL` (role `luodi_migrate`) name a server of
one's own; without them it is the embedded server in the data folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

APP = "luodi_app"
MIGRATE = "luodi_migrate"


def from_url(url: str) -> dict[str, Any]:
    """Django's settings of a connection from `postgresql://user:password@host:port/name?option=…`.

    A socket folder may stand in `?host=/folder`. Raises ValueError where it is no such address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(options.pop("port", parts.port or "")),
        "OPTIONS": options,
    }


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
