"""What happens without anybody: silence confirms, lateness goes up, each of them once."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from tests.zone import Zone

from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, Event
from luodi.rooms.casework.reminders import warn
from luodi.rooms.casework.tasks import confirm_silent, escalate_late

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def case(zone: Zone) -> Case:
    with acting(zone.actor("liaison")) as liaison:
        return casework.raise_problem(
            actor=liaison, unit=zone.enterprise, text="示例：用水不足", at=MONDAY
        )


def test_silence_confirms_after_a_time_and_says_so(zone: Zone, case: Case) -> None:
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=case, at=MONDAY)
        casework.submit(actor=instructor, case=case, note="已通水", at=MONDAY + HOUR)
    assert confirm_silent(MONDAY + 7 * DAY) == 0
    assert confirm_silent(MONDAY + 7 * DAY + HOUR) == 1
    assert confirm_silent(MONDAY + 8 * DAY) == 0
    done = Case.objects.get(pk=case.pk)
    assert (done.outcome, done.confirmed_how) == ("solved", "time")
    said = done.verifications.get()
    assert (said.satisfied, said.by_time, said.account_id) == (True, True, None)


def test_what_is_overdue_goes_up_one_level_once_for_each_deadline(zone: Zone, case: Case) -> None:
    assert escalate_late(MONDAY + 3 * HOUR) == 0
    late = MONDAY + 2 * DAY  # nobody has received it within 4 hours of business
    assert escalate_late(late) == 1
    assert escalate_late(late + DAY) == 0
    after = Case.objects.get(pk=case.pk)
    assert (after.state, after.lead_unit, after.escalated_unit) == (
        "raised",
        zone.district,
        zone.zone,
    )
    assert Notice.objects.filter(account=zone.accounts["office"]).count() == 1
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=case, at=late + DAY)
    assert escalate_late(late + DAY) == 0
    assert escalate_late(MONDAY + 40 * DAY) == 1  # the solution is late as well
    assert Case.objects.get(pk=case.pk).escalated_unit == zone.county
    assert escalate_late(MONDAY + 50 * DAY) == 0
    with acting(zone.actor("deputy")) as deputy:
        soon = MONDAY + 52 * DAY
        casework.set_deadline(
            actor=deputy, case=case, due_at=soon, reason="限期", at=MONDAY + 51 * DAY
        )
    assert escalate_late(soon + HOUR) == 1
    assert Case.objects.get(pk=case.pk).escalated_unit == zone.county
    assert Event.objects.filter(case=case, transition="escalate_overdue").count() == 3


def test_what_a_department_leads_goes_up_the_zones_own_chain(zone: Zone, case: Case) -> None:
    with acting(SYSTEM):
        casework.receive(actor=SYSTEM, case=case, at=MONDAY)
        casework.hand_over(actor=SYSTEM, case=case, unit=zone.department, at=MONDAY)
    with acting(zone.actor("department_officer")) as officer:
        casework.accept(actor=officer, case=case, at=MONDAY)
    assert escalate_late(MONDAY + 40 * DAY) == 1
    assert Case.objects.get(pk=case.pk).escalated_unit == zone.zone


def test_a_paused_case_is_never_brought_up(zone: Zone, case: Case) -> None:
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=case, at=MONDAY)
        casework.pause(actor=instructor, case=case, reason="等批复", at=MONDAY + HOUR)
    assert escalate_late(MONDAY + 400 * DAY) == 0


def test_one_warning_a_day_says_how_many(zone: Zone, case: Case) -> None:
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=case, at=MONDAY)
    about = Notice.objects.filter(key__startswith="cases-due")
    assert warn(MONDAY + DAY) == 0
    assert warn(MONDAY + 20 * DAY) == 1
    assert warn(MONDAY + 20 * DAY + HOUR) == 1
    assert "1 个问题" in about.get().text
    warn(MONDAY + 21 * DAY)
    assert about.count() == 2


def test_who_waits_may_urge_once_a_day_and_the_holder_hears_of_it(zone: Zone, case: Case) -> None:
    with acting(zone.actor("liaison")) as liaison:
        casework.urge(actor=liaison, case=case, text="请尽快", at=MONDAY + HOUR)
        with pytest.raises(UserError, match="24 小时"):
            casework.urge(actor=liaison, case=case, at=MONDAY + 24 * HOUR)
        casework.urge(actor=liaison, case=case, at=MONDAY + 26 * HOUR)
    with acting(zone.actor("instructor")) as instructor:
        assert "urge" not in {one.verb for one in casework.available(instructor, case)}
        with pytest.raises(UserError, match="正等您"):
            casework.urge(actor=instructor, case=case, at=MONDAY + 27 * HOUR)
    heard = Notice.objects.filter(account=zone.accounts["instructor"], text__contains="催办")
    assert heard.count() == 2


def test_supervising_marks_and_tells(zone: Zone, case: Case) -> None:
    with acting(zone.actor("deputy")) as deputy:
        marked = casework.supervise(actor=deputy, case=case, text="一周内办结", at=MONDAY + HOUR)
    assert marked.supervised_at == MONDAY + HOUR
    assert Notice.objects.filter(
        account=zone.accounts["instructor"], text__contains="督办"
    ).exists()


def test_a_problem_of_a_unit_without_people_lies_with_the_nearest_that_has_some(
    zone: Zone,
) -> None:
    case = casework.raise_problem(actor=SYSTEM, unit=zone.elsewhere, text="示例", at=MONDAY)
    assert (case.lead_unit, case.waiting_account) == (zone.zone, None)
    assert set(Notice.objects.values_list("account__username", flat=True)) == {
        "office",
        "secretary",
        "deputy",
    }
