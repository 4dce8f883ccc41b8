"""What must hold for any history and any file: validity as a slow reference has it, all or nothing."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.figures import api as figures
from luodi.ground.scope.api import SYSTEM
from luodi.lib import excel
from luodi.lib.errors import UserError
from luodi.rooms.registers import api
from luodi.rooms.registers.models import Entry
from luodi.rooms.registers.sheets import sheet_of

FIRST = dt.date(2021, 1, 1)
START = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
SPAN = 12  # days of the histories below
EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# (what, day, day): change on, end on, correct to a period, withdraw
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["change", "end", "correct", "withdraw"]),
        st.integers(0, SPAN),
        st.integers(1, SPAN),
    ),
    max_size=5,
)


@pytest.fixture
def patents(zone: Zone) -> api.Register:
    return api.install(actor=SYSTEM, unit=zone.zone, key="patents")


def on_day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def carry(entry: api.Entry, step: tuple[str, int, int], number: int) -> None:
    what, day, length = step
    values = {"title": f"示例{number}", "type": "design"}
    known: dict[str, Any] = {
        "actor": SYSTEM,
        "entry": entry,
        "at": START + dt.timedelta(hours=number),
    }
    if what == "change":
        api.change_entry(values=values, on=on_day(day), **known)
    elif what == "end":
        api.end_entry(on=on_day(day), **known)
    elif what == "correct":
        until = on_day(day + length)
        api.correct_entry(values=values, since=on_day(day), until=until, reason="示例", **known)
    else:
        api.withdraw_entry(reason="示例", **known)


def foretold(now: dict[int, int], step: tuple[str, int, int], number: int) -> dict[int, int] | None:
    """Which version holds on each day after a step, written out day by day; None: refused."""
    what, day, length = step
    if not now:
        return None
    if what == "withdraw":
        return {}
    latest = now[max(now)]  # verbs concern the row that began last
    row = [one for one, version in now.items() if version == latest]
    if what == "correct":
        kept = {one: v for one, v in now.items() if v != latest}
        fresh = dict.fromkeys(range(day, day + length), number)
        return None if set(kept) & set(fresh) else kept | fresh
    if day <= min(row) or day > max(row):
        return None
    if what == "change":
        return now | {one: number for one in row if one >= day}
    return {one: v for one, v in now.items() if v != latest or one < day}


@EXAMPLES
@given(steps=STEPS)
def test_validity_and_knowledge_against_a_reference(
    zone: Zone, patents: api.Register, steps: list[tuple[str, int, int]]
) -> None:
    horizon = 3 * SPAN  # "without end" in the reference
    with transaction.atomic():
        entry = api.record_entry(
            actor=SYSTEM,
            register=patents,
            unit=zone.enterprise,
            values={"title": "示例0", "type": "design"},
            since=on_day(3),
            at=START,
        )
        now = dict.fromkeys(range(3, horizon), 0)
        states = [dict(now)]
        for number, step in enumerate(steps, start=1):
            after = foretold(now, step, number)
            try:
                with transaction.atomic():
                    carry(entry, step, number)
            except UserError:
                assert after is None, (step, now)
            else:
                assert after is not None, (step, now)
                now = after
            states.append(dict(now))
        for number, state in enumerate(states):
            at = START + dt.timedelta(hours=number, minutes=30)
            for day in range(2 * SPAN):
                rows = Entry.objects.on(on_day(day), at).filter(register=patents)
                titles = [one.values["title"] for one in rows]
                assert titles == ([f"示例{state[day]}"] if day in state else []), (number, day)
        transaction.set_rollback(True)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["=1+1", "@SUM(A1)", "+1", "-1", "＝1", "\t=1", "1e999", "示例甲公司", "发明专利"]
    ),
    st.integers(-(10**18), 10**18),
    st.dates(dt.date(1890, 1, 1), dt.date(2300, 1, 1)),
    st.booleans(),
    st.none(),
)
GOOD = {"unit": "示例甲公司", "title": "示例", "type": "design", "since": dt.date(2021, 1, 1)}
KEYS = ["entry", "unit", "title", "type", "number", "since", "until"]


@EXAMPLES
@given(
    good=st.integers(0, 3),
    odd=st.lists(st.dictionaries(st.sampled_from(KEYS), CELLS, max_size=4), max_size=3),
)
def test_an_import_takes_all_rows_or_none(
    zone: Zone, patents: api.Register, good: int, odd: list[dict[str, object]]
) -> None:
    rows = [GOOD] * good + [GOOD | one for one in odd]
    stream = io.BytesIO()
    excel.export(sheet_of(patents), rows, stream)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file, transaction.atomic():
        path = Path(file.name)
        path.write_bytes(stream.getvalue())
        known: dict[str, Any] = {"actor": zone.actor("office"), "register": patents, "path": path}
        told = api.import_entries(dry_run=True, **known)
        assert not Entry.objects.exists()
        try:
            with transaction.atomic():
                done = api.import_entries(dry_run=False, **known)
        except UserError:
            assert not told.whole and not Entry.objects.exists()
        else:
            assert told.whole
            assert Entry.objects.count() == done.counts["new"] == told.rows - told.counts["left"]
        transaction.set_rollback(True)


def test_a_figure_is_read_at_any_day_and_as_it_was_known(zone: Zone, patents: api.Register) -> None:
    entry = api.record_entry(
        actor=SYSTEM,
        register=patents,
        unit=zone.enterprise,
        values={"title": "示例", "type": "invention"},
        since=FIRST,
    )
    asked: dict[str, Any] = {"actor": zone.actor("instructor"), "unit": zone.enterprise}
    key = "registers.patents.inventions"
    first = figures.read(key=key, until=on_day(0), **asked)
    (row,) = first.rows
    assert first.value == 1 and row.label == "示例"
    assert row.url == reverse("registers:entry", args=[entry.pk])
    assert row.key == f"registers_entry:{entry.pk}"
    assert figures.read(key=key, until=on_day(-1), **asked).value == 0
    between = dt.datetime.now(dt.UTC)
    api.correct_entry(
        actor=SYSTEM,
        entry=entry,
        values={"title": "示例", "type": "utility"},
        since=FIRST,
        reason="示例",
    )
    assert figures.read(key=key, until=on_day(0), **asked).value == 0
    assert figures.read(key=key, until=on_day(0), known_at=between, **asked).value == 1


def test_a_changed_entry_is_still_one_entry_in_its_figures(zone: Zone) -> None:
    register = api.install(actor=SYSTEM, unit=zone.zone, key="rules")
    values = {"title": "示例制度", "field": "internal"}
    entry = api.record_entry(
        actor=SYSTEM, register=register, unit=zone.enterprise, values=values, since=FIRST
    )
    figure = api.define_figure(
        actor=SYSTEM, register=register, name="示例数", kind="count", time="period"
    )
    asked: dict[str, Any] = {"actor": SYSTEM, "unit": zone.zone, "key": figure.full_key}
    first = figures.read(since=on_day(0), until=on_day(9), **asked)
    between = dt.datetime.now(dt.UTC)
    renamed = {**values, "title": "示例制度（修订）"}
    api.change_entry(actor=SYSTEM, entry=entry, values=renamed, on=on_day(5))
    fresh = figures.read(since=on_day(0), until=on_day(9), **asked)
    assert fresh.value == first.value == 1 and [row.label for row in fresh.rows] == ["示例制度"]
    assert figures.read(since=on_day(5), until=on_day(9), **asked).value == 0
    before = figures.read(since=on_day(0), until=on_day(9), known_at=between, **asked)
    assert before.digest == fresh.digest == first.digest


@pytest.mark.parametrize("key", ["patents", "backbone"])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(zone: Zone, key: str) -> None:
    from luodi.rooms.directory import api as directory

    register = api.install(actor=SYSTEM, unit=zone.zone, key=key)
    client = zone.client("office")
    counts = []
    for number in range(2, 14, 11):
        for place in range(number):
            person = directory.add_person(actor=SYSTEM, unit=zone.enterprise, name=f"示例{place}")
            values = (
                {"person": person.pk} if key == "backbone" else {"title": "例", "type": "design"}
            )
            api.record_entry(
                actor=SYSTEM, register=register, unit=zone.enterprise, values=values, since=FIRST
            )
        url = reverse("registers:entries", args=[register.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 25, counts
