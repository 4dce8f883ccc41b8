"""What the site remembers for minutes: counters, and Django's cache, as JSON in a table.

The table is written by whoever is anybody, before there is a scope. So nothing in it is ever more
than data: Django's own database cache keeps pickles, which run what they hold when they are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

# `expires` in seconds from now; what has expired is not there.
READ = "SELECT value FROM luodi_cache WHERE cache_key = %s AND expires > clock_timestamp()"
WRITE = """
INSERT INTO luodi_cache AS kept (cache_key, value, expires)
VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s))
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"""
ADD = WRITE + " WHERE kept.expires <= clock_timestamp()"
COUNT = """
INSERT INTO luodi_cache AS kept (cache_key, value, expires)
VALUES (%s, '1', clock_timestamp() + make_interval(secs => %s))
ON CONFLICT (cache_key) DO UPDATE SET
  value = CASE WHEN kept.expires > clock_timestamp() AND kept.value ~ '^[0-9]{1,9}$'
               THEN (kept.value::bigint + 1)::text ELSE '1' END,
  expires = CASE WHEN kept.expires > clock_timestamp() THEN kept.expires ELSE excluded.expires END
RETURNING value::bigint"""
EVER = 10 * 366 * 86_400


@contextmanager
def apart() -> Iterator[BaseDatabaseWrapper]:
    """A connection beside the request's: what it writes holds whatever becomes of the request, and no
    other request waits for this one's end."""
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


def one_more(key: str, seconds: float) -> int:
    """Counts one more under this key, atomically; its stretch of time begins with the first."""
    with apart() as beside, beside.cursor() as cursor:
        cursor.execute(COUNT, [key, seconds])
        return int(cursor.fetchone()[0])


class JsonCache(BaseCache):
    """Django's cache over `luodi_cache`; raises TypeError for a value that is not JSON."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _do(self, sql: str, *values: str | float) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone() if cursor.description else cursor.rowcount

    def _key(self, key: Any, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _seconds(self, timeout: Any) -> float:
        chosen = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return EVER if chosen is None else chosen

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = self._do(READ, self._key(key, version))
        return default if found is None else json.loads(found[0])

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._do(WRITE, self._key(key, version), json.dumps(value), self._seconds(timeout))

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return bool(
            self._do(ADD, self._key(key, version), json.dumps(value), self._seconds(timeout))
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        value = self.get(key, version=version)
        if value is not None:
            self.set(key, value, timeout, version)
        return value is not None

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(
            self._do("DELETE FROM luodi_cache WHERE cache_key = %s", self._key(key, version))
        )

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        for key in keys:
            self.delete(key, version)

    def clear(self) -> None:
        self._do("DELETE FROM luodi_cache")


def sweep() -> int:
    """Removes what has expired; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM luodi_cache WHERE expires < clock_timestamp()")
        return int(cursor.rowcount)
