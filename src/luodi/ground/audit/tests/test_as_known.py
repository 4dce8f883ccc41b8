"""The tables as they were at an instant, rebuilt from the trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.audit.api import as_known
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting
from luodi.lib.errors import UserError


def now() -> dt.datetime:
    """The database's own clock, as the trail has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    assert isinstance(at, dt.datetime)
    return at


def units() -> list[dict[str, Any]]:
    return list(Unit.objects.order_by("pk").values("pk", "name", "kind", "closed_on"))


def test_a_change_is_undone_what_came_later_is_absent(zone: Zone) -> None:
    before, at = units(), now()
    scope.change_unit(actor=SYSTEM, unit=zone.enterprise, name="示例丁公司")
    made = scope.create_unit(
        actor=SYSTEM, kind=UnitKind.ENTERPRISE, name="示例戊公司", parent=zone.district
    )
    scope.close_unit(actor=SYSTEM, unit=zone.second, on=dt.date(2026, 1, 1))
    with as_known(at, zone.zone):
        assert units() == before
        assert Unit.objects.count() == len(before)
        assert not Unit.objects.filter(pk=made.pk).exists()
    with as_known(None, zone.zone):
        assert Unit.objects.get(pk=made.pk).name == "示例戊公司"
    with as_known(now(), zone.zone):
        assert Unit.objects.get(pk=zone.enterprise.pk).name == "示例丁公司"


CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "rename", "remove"]), st.integers(0, 9)), max_size=12
)


@given(CHANGES)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_state_there_ever_was_can_be_read(zone: Zone, changes: list[tuple[str, int]]) -> None:
    """Snapshots taken while rows come, change and go, against the same rebuilt afterwards."""
    from luodi.ground.evidence.api import File

    def files() -> list[dict[str, Any]]:
        return list(File.objects.order_by("pk").values())

    states = [(now(), files())]
    for number, (what, which) in enumerate(changes):
        rows = list(File.objects.order_by("pk"))
        chosen = rows[which % len(rows)] if rows else None
        if what == "add" or chosen is None:
            File.objects.create(
                unit=zone.enterprise if which % 2 else zone.second,
                subject="x",
                subject_id=number,
                name=f"示例{number}",
                content_type="text/plain",
                size=which,
                sha256="0" * 64,
            )
        elif what == "rename":
            File.objects.filter(pk=chosen.pk).update(name=f"改{number}", size=number)
        else:
            chosen.delete()
        states.append((now(), files()))
    for at, expected in states:
        with as_known(at, zone.zone):
            assert files() == expected


def test_only_what_the_reader_may_see_is_rebuilt(zone: Zone) -> None:
    from luodi.ground.evidence.api import File

    made = [
        File.objects.create(
            unit=unit,
            subject="x",
            subject_id=1,
            name="示例",
            content_type="",
            size=1,
            sha256="0" * 64,
        )
        for unit in (zone.enterprise, zone.elsewhere)
    ]
    at, first = now(), made[0].pk
    for one in made:
        one.delete()
    with acting(zone.actor("liaison")), as_known(at, zone.zone):
        assert [one.pk for one in File.objects.all()] == [first]
    with acting(zone.actor("office")), as_known(at, zone.enterprise):
        assert [one.pk for one in File.objects.all()] == [first]


def test_units_stand_where_they_stand_today(zone: Zone) -> None:
    at = now()
    scope.move_unit(actor=SYSTEM, unit=zone.enterprise, parent=zone.other_district)
    moved = Unit.objects.get(pk=zone.enterprise.pk)
    with as_known(at, zone.zone):
        then = Unit.objects.get(pk=zone.enterprise.pk)
    assert (then.path, then.parent_id) == (moved.path, zone.other_district.pk)


def test_before_the_trail_nothing_was_known(zone: Zone) -> None:
    long_ago = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(UserError, match="还没有开始记录"), as_known(long_ago, zone.zone):
        Unit.objects.count()
    assert Unit.objects.count() == 8


def test_a_table_whose_changes_are_not_kept_is_not_read_as_it_was(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from luodi.ground.audit import known
    from luodi.ground.receipts.models import Receipt
    from luodi.ground.tables.api import Public, Table, Unwatched, tables

    at = now()
    with as_known(at, zone.zone):
        assert not Receipt.objects.exists()  # what was answered to a request is no fact
    forgotten = Table(guard=Public("示例"), watch=Unwatched("nobody thought of it"))
    every = {**tables(), "receipts_receipt": forgotten}
    known.not_rebuildable.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(known, "tables", lambda: every)
        with as_known(at, zone.zone), pytest.raises(UserError, match="没有留痕"):
            Receipt.objects.exists()
    known.not_rebuildable.cache_clear()
