"""What is told by itself: a measure given and due, a suspension that is over, a group's post."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.zone import Zone

from luodi.ground.calendars import api as calendars
from luodi.ground.notices import api as notices
from luodi.ground.notices.api import Delivery, Notice
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.casework.reminders import (
    post_to_groups,
    remind_measures,
    remind_suspended,
    warn,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TODAY = MONDAY.date()


def raised(zone: Zone, text: str = "示例：用水不足", at: dt.datetime = MONDAY) -> Case:
    with acting(zone.actor("liaison")) as liaison:
        return casework.raise_problem(actor=liaison, unit=zone.enterprise, text=text, at=at)


@pytest.fixture
def case(zone: Zone) -> Case:
    found = raised(zone)
    with acting(zone.actor("instructor")) as instructor:
        return casework.receive(actor=instructor, case=found, at=MONDAY)


def told(zone: Zone, role: str, key: str) -> list[str]:
    rows = Notice.objects.filter(account=zone.accounts[role], key__startswith=key)
    return list(rows.order_by("id").values_list("text", flat=True))


# --- measures ---------------------------------------------------------------------------------


def test_a_measure_given_tells_its_owner(zone: Zone, case: Case) -> None:
    owner = zone.accounts["instructor"]
    with acting(SYSTEM):
        measure = casework.add_measure(
            actor=SYSTEM,
            case=case,
            text="示例：接临时水管",
            due_on=TODAY + 5 * DAY,
            owner=owner,
            at=MONDAY,
        )
        (first,) = told(zone, "instructor", "measure:")
        assert "2026-03-07" in first and "接临时水管" in first
        casework.change_measure(
            actor=SYSTEM,
            measure=measure,
            text="示例：接临时水管两处",
            due_on=TODAY + 5 * DAY,
            owner=owner,
            at=MONDAY,
        )
        assert len(told(zone, "instructor", "measure:")) == 1  # its words alone are no news
        casework.change_measure(
            actor=SYSTEM,
            measure=measure,
            text="示例：接临时水管",
            due_on=TODAY + 3 * DAY,
            owner=owner,
            at=MONDAY,
        )
    assert "2026-03-05" in told(zone, "instructor", "measure:")[1]


def test_who_takes_a_measure_upon_himself_knows_it(zone: Zone, case: Case) -> None:
    with acting(zone.actor("instructor")) as instructor:
        casework.add_measure(
            actor=instructor,
            case=case,
            text="示例",
            due_on=TODAY,
            at=MONDAY,
            owner=zone.accounts["instructor"],
        )
    assert told(zone, "instructor", "measure:") == []


def test_a_measures_due_day_is_told_once_a_day(zone: Zone, case: Case) -> None:
    with acting(SYSTEM):
        for days in (4, 9):
            measure = casework.add_measure(
                actor=SYSTEM,
                case=case,
                text="示例",
                due_on=TODAY + days * DAY,
                at=MONDAY,
                owner=zone.accounts["instructor"],
            )
    assert remind_measures(MONDAY) == 0
    assert remind_measures(MONDAY + DAY) == 1
    remind_measures(MONDAY + DAY + HOUR)
    assert told(zone, "instructor", "measures-due") == [
        "您负责的整改措施：1 项三天内到期，0 项已过期限。"
    ]
    remind_measures(MONDAY + 7 * DAY)
    assert told(zone, "instructor", "measures-due")[1] == (
        "您负责的整改措施：1 项三天内到期，1 项已过期限。"
    )
    with acting(SYSTEM):
        for one in case.measures.all():
            casework.finish_measure(actor=SYSTEM, measure=one, at=MONDAY + 7 * DAY)
    assert measure.owner == zone.accounts["instructor"]
    assert remind_measures(MONDAY + 8 * DAY) == 0


# --- suspended until --------------------------------------------------------------------------


def test_a_suspension_ends_with_a_reminder(zone: Zone, case: Case) -> None:
    until = TODAY + 10 * DAY
    with acting(zone.actor("instructor")) as instructor:
        for wrong in (TODAY, dt.date(2300, 1, 1)):
            with pytest.raises(UserError) as refused:
                casework.pause(actor=instructor, case=case, reason="等批复", until=wrong, at=MONDAY)
            assert refused.value.field == "until"
        case = casework.pause(actor=instructor, case=case, reason="等批复", until=until, at=MONDAY)
    assert case.paused and case.paused_until == until
    page = zone.client("instructor").get(f"/cases/{case.code}/").content.decode()
    assert "2026-03-12" in page
    assert remind_suspended(MONDAY + 9 * DAY) == 0
    assert remind_suspended(MONDAY + 10 * DAY) == 1
    assert remind_suspended(MONDAY + 10 * DAY + HOUR) == 1
    assert len(told(zone, "instructor", "cases-resume")) == 1
    with acting(zone.actor("instructor")) as instructor:
        case = casework.resume(actor=instructor, case=case, reason="已批复", at=MONDAY + 11 * DAY)
    assert case.paused_until is None and remind_suspended(MONDAY + 12 * DAY) == 0


# --- group chats ------------------------------------------------------------------------------


@pytest.fixture
def robot(zone: Zone) -> notices.Robot:
    return notices.add_robot(
        actor=SYSTEM, unit=zone.district, kind="wecom", name="示例群", address="https://a/"
    )


def test_a_group_is_posted_to_once_on_a_working_day(
    zone: Zone, case: Case, robot: notices.Robot
) -> None:
    assert post_to_groups(MONDAY) == 0  # nothing is due
    late = MONDAY + 35 * DAY
    calendars.set_day(actor=SYSTEM, on=late.date(), kind="off", name="示例假日")
    assert post_to_groups(late) == 0
    assert post_to_groups(late + DAY) == 1
    assert post_to_groups(late + DAY + HOUR) == 0
    post = Delivery.objects.get()
    assert post.robot == robot and "1 个问题已超期" in post.subject
    assert case.code in post.body and "办理中" in post.body and "用水不足" not in post.body
    assert post_to_groups(late + 2 * DAY) == 1


def test_a_group_hears_of_its_own_unit_only(zone: Zone, case: Case) -> None:
    notices.add_robot(
        actor=SYSTEM, unit=zone.other_district, kind="feishu", name="示例群", address="https://a/"
    )
    assert post_to_groups(MONDAY + 36 * DAY) == 0


def test_measures_alone_are_worth_a_post(zone: Zone, case: Case, robot: notices.Robot) -> None:
    with acting(SYSTEM):
        casework.add_measure(
            actor=SYSTEM, case=case, text="示例", due_on=TODAY + DAY, owner_name="示例某", at=MONDAY
        )
    assert post_to_groups(MONDAY) == 1
    assert "1 项三天内到期" in Delivery.objects.get().body


# --- how much it costs ------------------------------------------------------------------------


def test_reminding_costs_no_query_of_a_case(zone: Zone, case: Case) -> None:
    def queries(day: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert warn(MONDAY + day * DAY) > 0
            assert remind_measures(MONDAY + day * DAY) == 1
        return len(seen)

    def measure(of: Case) -> None:
        with acting(SYSTEM):
            casework.add_measure(
                actor=SYSTEM,
                case=of,
                text="示例",
                due_on=TODAY,
                at=MONDAY,
                owner=zone.accounts["instructor"],
            )

    measure(case)
    one = queries(30)
    for number in range(12):
        raised(zone, f"示例{number}")
        measure(case)
    assert (one, queries(31)) == (14, 14)
    assert "13 个问题" in told(zone, "instructor", "cases-due")[-1]
