"""The index on numbers and days: it finds what a plain comparison finds, and nobody else's."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit, acting, move_unit, today
from luodi.rooms.registers import api
from luodi.rooms.registers.conditions import Condition, narrowed
from luodi.rooms.registers.models import Entry, Register
from luodi.rooms.registers.tables import FILL

SINCE = dt.date(2021, 1, 1)
AMOUNTS = st.decimals(Decimal("-999999"), Decimal("9999999999999.99"), places=2) | st.integers(
    -3, 3
).map(Decimal)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)) | st.dates(
    dt.date(2022, 12, 30), dt.date(2023, 1, 2)
)
ROWS = st.lists(st.tuples(AMOUNTS, DAYS | st.none(), st.booleans()), max_size=8)
ASKED = st.lists(
    st.tuples(st.just("amount"), st.sampled_from(["ge", "le", "is"]), AMOUNTS)
    | st.tuples(st.just("day"), st.sampled_from(["ge", "le", "is", "year"]), DAYS),
    max_size=3,
)


@pytest.fixture
def ledger(zone: Zone) -> Register:
    register = api.install(actor=SYSTEM, unit=zone.zone, key="investments")
    api.add_column(actor=SYSTEM, register=register, label="示例日期", kind="date", key="day")
    return Register.objects.get(pk=register.pk)


def numbers() -> set[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id, path, register_id, key, number FROM registers_number")
        return set(cursor.fetchall())


def record(register: Register, unit: Any, **values: Any) -> Entry:
    given = {"title": "示例", "sector": "industry", **values}
    return api.record_entry(actor=SYSTEM, register=register, unit=unit, values=given, since=SINCE)


def meets(value: Any, test: str, limit: Any) -> bool:
    if value is None:
        return False
    if test == "year":
        return bool(value.year == limit.year)
    return bool({"ge": value >= limit, "le": value <= limit, "is": value == limit}[test])


EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@EXAMPLES
@given(rows=ROWS, asked=ASKED)
def test_limits_find_what_comparing_one_by_one_finds(
    zone: Zone,
    ledger: Register,
    rows: list[tuple[Decimal, dt.date | None, bool]],
    asked: list[tuple[str, str, Any]],
) -> None:
    with transaction.atomic():
        kept = {}
        for amount, day, own in rows:
            given = {"amount": str(amount), "day": day and day.isoformat()}
            at = zone.enterprise if own else zone.second
            kept[record(ledger, at, **given).pk] = ({"amount": amount, "day": day}, own)
        conditions = [_condition(*one) for one in asked]
        columns = list(ledger.all_columns)
        for reader in (SYSTEM, zone.actor("liaison")):
            with acting(reader):
                found = narrowed(Entry.objects.on(today()), columns, conditions, today())
                keys = set(found.values_list("pk", flat=True))
                seen = {key[0] for key in numbers()}
            ours = {pk for pk, (_values, own) in kept.items() if own or reader is SYSTEM}
            assert keys == {
                pk
                for pk, (values, _own) in kept.items()
                if pk in ours and all(meets(values[c], test, limit) for c, test, limit in asked)
            }
            assert seen <= ours
        transaction.set_rollback(True)


def _condition(column: str, test: str, limit: Any) -> Condition:
    value = limit.year if test == "year" else limit
    return {
        "column": column,
        "test": test,
        "value": f"{value:04d}" if test == "year" else str(value),
    }


def test_numbers_follow_their_entries(zone: Zone, ledger: Register) -> None:
    with acting(SYSTEM):
        entry = record(ledger, zone.enterprise, amount="12.50", day="2022-12-22")
        facts = {("amount", 12.5), ("day", 20221222.0)}
        assert {(row[3], row[4]) for row in numbers()} == facts
        assert {row[1] for row in numbers()} == {zone.enterprise.path}
        Entry.objects.filter(pk=entry.pk).update(values={"amount": "-3.00", "title": "2022年"})
        assert {(row[3], row[4]) for row in numbers()} == {("amount", -3.0)}
        before = zone.enterprise.path
        move_unit(actor=SYSTEM, unit=zone.enterprise, parent=zone.other_district)
        path = Unit.objects.get(pk=zone.enterprise.pk).path
        assert path != before
        assert {row[1] for row in numbers()} == {path}
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM registers_entry WHERE id = %s", [entry.pk])
        assert numbers() == set()


def test_an_unsigned_scope_sees_none(zone: Zone, ledger: Register) -> None:
    with acting(SYSTEM):
        record(ledger, zone.enterprise, amount="12.50")
        assert numbers()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('luodi.signature', 'guessed', true)")
        assert not numbers()


def test_nobody_writes_a_number_of_another_unit(zone: Zone, ledger: Register) -> None:
    with acting(SYSTEM):
        entry = record(ledger, zone.second, amount="2")
    row = [entry.pk, zone.second.path, ledger.pk, "other", 1.0]
    statement = "INSERT INTO registers_number VALUES (%s, %s, %s, %s, %s)"
    with (
        acting(zone.actor("liaison")),
        pytest.raises(DatabaseError, match="row-level"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, row)


def test_an_upgrade_takes_what_is_there(zone: Zone, ledger: Register) -> None:
    with acting(SYSTEM), connection.cursor() as cursor:
        record(ledger, zone.enterprise, amount="12.50", day="2022-12-22")
        record(ledger, zone.second, amount="-0.01", title="13800000000000000000")
        before = numbers()
        cursor.execute("DELETE FROM registers_number")
        assert not numbers()
        cursor.execute(FILL)
        assert numbers() == before
        assert {row[3] for row in before} == {"amount", "day"}
