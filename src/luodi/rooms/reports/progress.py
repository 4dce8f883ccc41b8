"""How far the worker is with a report that it publishes.

All of a publication is one transaction, of which nobody sees anything before its end, except the
name of its connection: PostgreSQL shows that to the others at once, and takes it back at the end.
"""

from __future__ import annotations

import re

from django.db import connection

NAME = "luodi report {pk} {done}/{count}"


def tell(pk: int, done: int, count: int) -> None:
    """Says that so many readings of a report have been read, until the transaction ends."""
    name = NAME.format(pk=pk, done=done, count=count)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, true)", [name])


def heard(pk: int) -> tuple[int, int] | None:
    """Readings done and to be done; None while nobody is at work on them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE %s",
            [NAME.format(pk=pk, done="%", count="%")],
        )
        row = cursor.fetchone()
    found = re.search(r"(\d+)/(\d+)$", row[0]) if row else None
    return (int(found[1]), int(found[2])) if found else None
