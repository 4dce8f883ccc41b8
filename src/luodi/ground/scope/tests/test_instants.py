"""Instants are read as Django's own loader reads them, only sooner."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DataError, connection
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from hypothesis import assume, given
from hypothesis import strategies as st

from luodi.ground.scope.instants import Instant

pytestmark = pytest.mark.django_db

ZONES = st.sampled_from(["+00", "+08", "-09:30", "+08:05:43"])


class Slow(BaseTzLoader):  # type: ignore[misc]
    timezone = dt.UTC


@given(st.datetimes(), ZONES)
def test_what_the_database_writes_is_read_as_by_the_driver(at: dt.datetime, zone: str) -> None:
    assume(1 < at.year < 9999)
    data = f"{at.isoformat(sep=' ')}{zone}".encode()
    assert Instant(1184).load(data) == Slow(1184).load(data)
    assert Instant(1184).load(data).tzinfo is dt.UTC


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
@pytest.mark.parametrize("text", ["2022-12-22 08:00+08", "2022-12-22 00:00:00.5+00"])
def test_the_connection_uses_it_whatever_its_own_zone(zone: str, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('timezone', %s, true)", [zone])
        cursor.execute("SELECT %s::timestamptz", [text])
        (found,) = cursor.fetchone()
    assert found == dt.datetime.fromisoformat(text) and found.tzinfo is dt.UTC


def test_what_python_has_no_time_for_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        with pytest.raises(DataError, match="after year 10K"):
            cursor.fetchone()
