"""A problem from its first sentence to its confirmed end, each step by the one whose turn it is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from tests.zone import Zone

from luodi.ground.scope.api import acting
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, Responsibility

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
HOUR = dt.timedelta(hours=1)


def raised(
    zone: Zone, at: dt.datetime = MONDAY, text: str = "示例：变压器容量不足，无法扩产。"
) -> Case:
    with acting(zone.actor("liaison")) as actor:
        return casework.raise_problem(actor=actor, unit=zone.enterprise, text=text, at=at)


def test_the_main_job(zone: Zone) -> None:
    case = raised(zone)
    assert case.code == "WT2026-000001"
    assert (case.state, case.lead_unit, case.lead_account) == (
        "raised",
        zone.district,
        zone.accounts["instructor"],
    )
    with acting(zone.actor("instructor")) as instructor:
        assert list(Case.objects.waiting_for(instructor)) == [case]
        case = casework.receive(actor=instructor, case=case, at=MONDAY + HOUR)
        assert case.responded_at == MONDAY + HOUR
        measure = casework.add_measure(
            actor=instructor,
            case=case,
            text="联系供电公司增容",
            due_on=MONDAY.date(),
            owner_name="示例某",
            at=MONDAY + 2 * HOUR,
        )
        with pytest.raises(UserError, match="没有完成"):
            casework.submit(actor=instructor, case=case, note="已增容", at=MONDAY + 3 * HOUR)
        casework.finish_measure(actor=instructor, measure=measure, at=MONDAY + 3 * HOUR)
        case = casework.submit(actor=instructor, case=case, note="已增容", at=MONDAY + 4 * HOUR)
        with pytest.raises(NotAllowed):
            casework.verify(actor=instructor, case=case, satisfied=True, at=MONDAY + 5 * HOUR)
    with acting(zone.actor("liaison")) as liaison:
        assert list(Case.objects.waiting_for(liaison)) == [case]
        case = casework.verify(
            actor=liaison, case=case, satisfied=False, words="还是跳闸", at=MONDAY + 5 * HOUR
        )
        assert (case.state, case.reopened, case.met_at) == ("handling", 1, None)
    with acting(zone.actor("instructor")) as instructor:
        case = casework.submit(actor=instructor, case=case, note="已检修", at=MONDAY + 6 * HOUR)
    with acting(zone.actor("liaison")) as liaison:
        case = casework.verify(actor=liaison, case=case, satisfied=True, at=MONDAY + 7 * HOUR)
        assert (case.state, case.outcome, case.confirmed_how) == (
            "confirmed",
            "solved",
            "satisfied",
        )
        assert case.closed_at == MONDAY + 7 * HOUR
        assert [event.transition for event in case.events.all()] == [
            "raise",
            "receive",
            "add_measure",
            "finish_measure",
            "submit",
            "unsatisfied",
            "submit",
            "satisfied",
        ]
    assert list(Case.objects.solved(zone.zone, MONDAY + 8 * HOUR)) == [case]


def test_the_giver_is_responsible_until_a_department_accepts(zone: Zone) -> None:
    case = raised(zone)
    with acting(zone.actor("department_officer")) as officer:
        assert not Case.objects.exists()
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=case, at=MONDAY + HOUR)
        case = casework.hand_over(
            actor=instructor, case=case, unit=zone.department, at=MONDAY + HOUR
        )
        assert (case.state, case.lead_unit, case.waiting_unit_id) == (
            "offered",
            zone.district,
            zone.department.pk,
        )
    with acting(zone.actor("department_officer")) as officer:
        assert list(Case.objects.waiting_for(officer)) == [case]
        with pytest.raises(UserError, match="原因"):
            casework.return_(actor=officer, case=case, reason=" ", at=MONDAY + 2 * HOUR)
        case = casework.return_(actor=officer, case=case, reason="不属我局", at=MONDAY + 2 * HOUR)
        assert (case.state, case.lead_unit) == ("handling", zone.district)
        assert not Case.objects.exists()
    with acting(zone.actor("instructor")) as instructor:
        case = casework.hand_over(
            actor=instructor, case=case, unit=zone.department, reason="请再核", at=MONDAY + 3 * HOUR
        )
    with acting(zone.actor("department_officer")) as officer:
        case = casework.accept(actor=officer, case=case, at=MONDAY + 4 * HOUR)
        assert (case.lead_unit, case.lead_account) == (
            zone.department,
            zone.accounts["department_officer"],
        )
        casework.answer(actor=officer, case=case, text="已派人勘察", at=MONDAY + 5 * HOUR)
    statuses = Responsibility.objects.filter(case=case).values_list("unit", "status")
    assert list(statuses) == [
        (zone.district.pk, "ended"),
        (zone.department.pk, "returned"),
        (zone.department.pk, "accepted"),
    ]


def test_a_page_that_is_out_of_date_is_refused_and_says_what_changed(zone: Zone) -> None:
    case = raised(zone)
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=case, version=case.version, at=MONDAY)
        with pytest.raises(Stale) as refused:
            casework.reject(
                actor=instructor, case=case, reason="重复", version=case.version, at=MONDAY
            )
    assert refused.value.theirs["状态"] == "办理中"
    assert "受理" in str(refused.value.theirs["经过"])
