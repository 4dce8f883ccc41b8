"""What runs out is told to who keeps it: a month before and a week before, no more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.zone import Zone

from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM
from luodi.rooms.registers import api
from luodi.rooms.registers.reminders import remind_ending

D, DAY = dt.date, dt.timedelta(days=1)
END = D(2026, 4, 1)


@pytest.fixture
def register(zone: Zone) -> api.Register:
    found = api.install(actor=SYSTEM, unit=zone.zone, key="patents")
    api.Register.objects.filter(pk=found.pk).update(dated=True)
    found.refresh_from_db()
    return found


def patent(zone: Zone, register: api.Register, number: int = 0) -> api.Entry:
    return api.record_entry(
        actor=SYSTEM,
        register=register,
        unit=zone.enterprise,
        values={"title": f"示例模具{number}", "type": "发明专利"},
        since=D(2023, 4, 1),
        until=END,
    )


def told(zone: Zone) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(key__startswith="entry-ends")
    rows = rows.order_by("key", "account__username")
    return list(rows.values_list("account__username", "text"))


def test_what_ends_is_told_twice_to_its_own_keepers(zone: Zone, register: api.Register) -> None:
    entry = patent(zone, register)
    assert remind_ending(END - 31 * DAY) == 0
    for days in (30, 20, 7, 3):
        assert remind_ending(END - days * DAY) == 1
    assert remind_ending(END) == 0
    text = "台账“专利”：“示例模具0”有效期到 2026-03-31，请续期、变更或确认到期。"
    assert told(zone) == [("branch_secretary", text), ("liaison", text)] * 2
    assert Notice.objects.first().url == f"/registers/entries/{entry.pk}/"


def test_what_was_renewed_is_not_told(zone: Zone, register: api.Register) -> None:
    entry = patent(zone, register)
    api.correct_entry(
        actor=SYSTEM,
        entry=entry,
        values={"title": "示例模具0", "type": "发明专利"},
        since=D(2023, 4, 1),
        until=D(2029, 4, 1),
        reason="示例：已续期",
    )
    assert remind_ending(END - 3 * DAY) == 0


def test_without_a_keeper_of_its_own_the_next_above_is_told(
    zone: Zone, register: api.Register
) -> None:
    patent(zone, register)
    zone.accounts["liaison"].is_active = False
    zone.accounts["liaison"].save()
    zone.accounts["branch_secretary"].is_active = False
    zone.accounts["branch_secretary"].save()
    remind_ending(END - DAY)
    assert [name for name, _text in told(zone)] == ["instructor"]


def test_a_register_for_some_roles_reminds_those(zone: Zone, register: api.Register) -> None:
    api.Register.objects.filter(pk=register.pk).update(write_roles=["office"])
    patent(zone, register)
    remind_ending(END - DAY)
    assert [name for name, _text in told(zone)] == ["office"]


def test_many_cost_what_one_costs(zone: Zone, register: api.Register) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            remind_ending(END - DAY)
        return len(seen)

    patent(zone, register)
    one = queries()
    for number in range(1, 9):
        patent(zone, register, number)
    assert (one, queries()) == (7, 7)
