"""Cases that belong together, many at once, and what people set up for themselves."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from tests.zone import Zone

from luodi.ground.notices.api import Notice
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, SavedFilter

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def pair(zone: Zone) -> list[Case]:
    with acting(zone.actor("liaison")) as liaison:
        return [
            casework.raise_problem(
                actor=liaison, unit=zone.enterprise, text=f"示例：停水{n}", at=MONDAY
            )
            for n in range(2)
        ]


def test_a_link_is_seen_from_both_ends_and_made_once(zone: Zone, pair: list[Case]) -> None:
    case, other = pair
    with acting(zone.actor("instructor")) as instructor:
        for _twice in range(2):
            casework.link(actor=instructor, case=case, other=other, kind="duplicate", at=MONDAY)
        for one, far in (pair, pair[::-1]):
            seen = casework.dossier(actor=instructor, code=one.code, at=MONDAY + HOUR)
            assert [end for _link, end in seen.linked] == [far]
        with pytest.raises(UserError):
            casework.link(actor=instructor, case=case, other=case, at=MONDAY)
    with acting(zone.actor("liaison")) as liaison, pytest.raises(NotAllowed):
        casework.link(actor=liaison, case=case, other=other, at=MONDAY)


def test_a_merged_case_follows_the_other_to_its_end(zone: Zone, pair: list[Case]) -> None:
    case, main = pair
    foreign = casework.raise_problem(actor=SYSTEM, unit=zone.elsewhere, text="示例", at=MONDAY)
    with acting(zone.actor("instructor")) as instructor:
        with pytest.raises(NotFound):
            casework.merge(actor=instructor, case=case, into=foreign, at=MONDAY)
        merged = casework.merge(actor=instructor, case=case, into=main, at=MONDAY)
        assert (merged.state, merged.merged_into_id) == ("merged", main.pk)
        with pytest.raises(UserError, match="还在办理"):
            casework.merge(actor=instructor, case=main, into=merged, at=MONDAY)
        third = casework.raise_problem(
            actor=instructor, unit=zone.enterprise, text="示例", at=MONDAY
        )
        with pytest.raises(UserError, match="先撤销"):
            casework.merge(actor=instructor, case=main, into=third, at=MONDAY)
        casework.reject(actor=instructor, case=main, reason="不在本区", at=MONDAY + HOUR)
    heard = Notice.objects.filter(account=zone.accounts["liaison"], text__contains=main.code)
    assert heard.filter(text__contains="不予受理").count() == 1


def test_a_merged_case_s_reporter_hears_nothing_of_another_enterprise(
    zone: Zone, pair: list[Case]
) -> None:
    case, _other = pair
    other = scope.create_account(actor=SYSTEM, username="second", name="示例乙")
    scope.grant_role(actor=SYSTEM, account=other, unit=zone.second, role="liaison")
    with acting(scope.actor_for(other)) as second:
        main = casework.raise_problem(
            actor=second, unit=zone.second, text="示例：乙公司的内情", at=MONDAY
        )
    with acting(zone.actor("instructor")) as instructor:
        casework.merge(actor=instructor, case=case, into=main, at=MONDAY)
    with acting(second):  # who does not see the other enterprise's case either
        casework.withdraw(actor=second, case=main, reason="示例", at=MONDAY + HOUR)
    heard = Notice.objects.filter(account=zone.accounts["liaison"])
    told = heard.get(text__contains="已撤回")
    assert case.code in told.text and case.code in told.url
    assert not heard.filter(text__contains="内情").exists()
    assert not heard.filter(text__contains=main.code).exists()


def test_of_many_each_that_cannot_be_handed_over_says_why(zone: Zone, pair: list[Case]) -> None:
    with acting(zone.actor("liaison")) as liaison:
        casework.withdraw(actor=liaison, case=pair[1], reason="已恢复供水", at=MONDAY)
        with pytest.raises(NotAllowed):
            casework.bulk_assign(actor=liaison, cases=pair, unit=zone.zone, at=MONDAY)
    with acting(zone.actor("office")) as office:
        results = casework.bulk_assign(
            actor=office, cases=pair, unit=zone.department, reason="集中办理", at=MONDAY
        )
    assert [one.case for one in results] == pair
    assert results[0].problem == ""
    assert "已撤回" in results[1].problem
    assert Case.objects.get(pk=pair[0].pk).state == "offered"
    assert Case.objects.get(pk=pair[1].pk).state == "withdrawn"


def test_nobody_is_offered_a_case_who_could_not_take_it(zone: Zone, pair: list[Case]) -> None:
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=pair[0], at=MONDAY)
        with pytest.raises(UserError, match="没有能接收"):
            casework.hand_over(actor=instructor, case=pair[0], unit=zone.other_district, at=MONDAY)
        with pytest.raises(UserError, match="不是该单位"):
            casework.hand_over(
                actor=instructor,
                case=pair[0],
                unit=zone.department,
                account=zone.accounts["auditor"],
                at=MONDAY,
            )
        with pytest.raises(UserError, match="已经是责任单位"):
            casework.hand_over(actor=instructor, case=pair[0], unit=zone.district, at=MONDAY)


def test_filters_are_ones_own(zone: Zone) -> None:
    with acting(zone.actor("office")) as office:
        for query in ("light=red", "light=amber"):
            saved = casework.save_filter(actor=office, name="常看", query=query)
        assert SavedFilter.objects.get().query == "light=amber"
    with acting(zone.actor("liaison")) as liaison:
        assert not SavedFilter.objects.exists()
        with pytest.raises(NotFound):
            casework.remove_filter(actor=liaison, filter_id=saved.pk)


def test_categories_and_templates_are_edited_by_who_may(zone: Zone) -> None:
    office, instructor = zone.actor("office"), zone.actor("instructor")
    made = casework.save_category(actor=office, name="环保", unit=zone.zone)
    with pytest.raises(UserError, match="已有"):
        casework.save_category(actor=office, name="环保", unit=zone.zone)
    casework.save_category(
        actor=office, name="环保", unit=zone.zone, category=made, is_active=False
    )
    made.refresh_from_db()
    assert not made.is_active
    casework.save_template(
        actor=office, kind="answer", name="受理", text="已受理。", unit=zone.zone
    )
    with pytest.raises(NotAllowed):
        casework.save_template(actor=instructor, kind="answer", name="甲", text="乙")
