"""Nothing is owned by somebody who is gone: it moves in one step, in the history and in the trail."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.casework_pages import handled, post, raised
from tests.zone import Zone

from luodi.ground.audit.api import Entry
from luodi.ground.notices.api import Notice
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, Unit, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.manifest import Heir, Owner
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, Event, Measure, Responsibility
from luodi.rooms.casework.timeline import lines

SINCE = dt.date(2020, 12, 1)


def staffed(unit: Unit, role: str, name: str) -> Account:
    account = scope.create_account(actor=SYSTEM, username=name, name=f"示例{name}")
    scope.grant_role(actor=SYSTEM, account=account, unit=unit, role=role, since=SINCE)
    return account


def lead_of(case: Case) -> Responsibility:
    return Responsibility.objects.get(case=case, role="lead", status="accepted")


def counts(actor: scope.Actor, owner: Owner) -> dict[str, int]:
    return {str(one.label): one.count for one in scope.left_behind(actor, owner)}


def test_what_is_left_is_counted_for_who_may_not_see_it(zone: Zone) -> None:
    handled(zone)
    owner = Owner(account=zone.accounts["instructor"])
    with acting(zone.actor("security_admin")) as guard:
        left = scope.left_behind(guard, owner)
        assert {str(one.label): one.count for one in left} == {
            "主办的问题": 1,
            "未完成的整改措施": 1,
        }
        assert not any(one.rows for one in left)
    with acting(zone.actor("office")) as office:
        assert all(len(one.rows) == one.count for one in scope.left_behind(office, owner))


def test_deactivating_hands_on_to_a_named_person(zone: Zone) -> None:
    case, colleague = handled(zone), staffed(zone.district, "instructor", "colleague")
    gone = zone.accounts["instructor"]
    with acting(zone.actor("security_admin")) as guard:
        moved = scope.set_active(
            actor=guard, account=gone, active=False, heir=Heir(account=colleague), why="示例：退休"
        )
    assert moved == 2
    assert lead_of(case).account == colleague
    assert Measure.objects.get(case=case).owner == colleague
    case.refresh_from_db()
    assert case.waiting_account == colleague
    assert Notice.objects.filter(account=colleague).exists()
    assert counts(SYSTEM, Owner(account=gone)) == {}
    events = Event.objects.filter(case=case, transition="pass_on").order_by("version")
    assert {one.account for one in events} == {zone.accounts["security_admin"]}
    assert "示例instructor → " in lines(case, events)[-1].detail
    entry = Entry.objects.filter(subject="casework_responsibility", action="insert").latest("id")
    assert entry.why == "示例：退休"


def test_without_an_heir_it_waits_for_the_unit_or_the_nearest_above(zone: Zone) -> None:
    case = handled(zone)
    with acting(zone.actor("security_admin")) as guard:
        scope.set_active(actor=guard, account=zone.accounts["instructor"], active=False)
    lead = lead_of(case)  # nobody else serves in the district
    assert (lead.unit, lead.account) == (zone.zone, None)
    assert scope.adrift() == []
    with acting(zone.actor("office")) as office:
        casework.answer(actor=office, case=case, text="示例：继续办理")


def test_ending_a_role_hands_on_what_was_held_by_it(zone: Zone) -> None:
    case, colleague = handled(zone), staffed(zone.district, "instructor", "colleague")
    holding = zone.accounts["instructor"].roles.get()
    with pytest.raises(UserError):
        scope.end_role(actor=SYSTEM, holding=holding, heir=Heir(account=holding.account))
    scope.end_role(actor=SYSTEM, holding=holding)
    assert (lead_of(case).unit, lead_of(case).account) == (zone.district, None)
    with acting(scope.actor_for(colleague)) as actor:
        assert case in Case.objects.waiting_for(actor)


def test_closing_a_unit_gives_its_offers_and_help_to_its_superior(zone: Zone) -> None:
    offered, helped = handled(zone), handled(zone)
    with acting(zone.actor("instructor")) as lead:
        casework.hand_over(actor=lead, case=offered, unit=zone.department, reason="示例")
        casework.ask_department(actor=lead, case=helped, unit=zone.department, text="示例")
    owner = Owner(unit=zone.department)
    assert counts(SYSTEM, owner) == {"待接收的交办和协办": 2}
    scope.close_unit(actor=SYSTEM, unit=zone.department, on=scope.today())
    assert counts(SYSTEM, owner) == {}
    with acting(zone.actor("county_officer")) as county:
        casework.accept(actor=county, case=offered)
        casework.join(actor=county, case=helped)
    assert scope.adrift() == []


def test_an_offer_whose_heir_leads_already_is_taken_back(zone: Zone) -> None:
    case = handled(zone)
    with acting(zone.actor("instructor")) as lead:
        casework.hand_over(actor=lead, case=case, unit=zone.department, reason="示例")
    scope.close_unit(
        actor=SYSTEM, unit=zone.department, on=scope.today(), heir=Heir(unit=zone.district)
    )
    case.refresh_from_db()
    assert case.state == "handling" and lead_of(case).unit == zone.district


def test_a_moved_unit_takes_its_cases_to_the_new_superior(zone: Zone) -> None:
    case, fresh = handled(zone), raised(zone)
    new = staffed(zone.other_district, "instructor", "beside")
    scope.move_unit(actor=SYSTEM, unit=zone.enterprise, parent=zone.other_district)
    with acting(scope.actor_for(new)) as actor:
        assert set(Case.objects.waiting_for(actor)) == {case, fresh}
        casework.receive(actor=actor, case=fresh)
        casework.answer(actor=actor, case=case, text="示例：已接手")
    with acting(zone.actor("instructor")) as former:
        assert not Case.objects.waiting_for(former).exists()
    assert scope.adrift() == []


def test_a_reporter_s_verdict_passes_to_the_unit(zone: Zone) -> None:
    case = handled(zone)
    other = staffed(zone.enterprise, "liaison", "colleague")
    scope.set_active(actor=SYSTEM, account=zone.accounts["liaison"], active=False)
    with acting(zone.actor("instructor")) as lead:
        casework.finish_measure(actor=lead, measure=Measure.objects.get(case=case))
        casework.submit(actor=lead, case=case, note="示例：已修好")
    case.refresh_from_db()
    assert case.waiting_account is None
    with acting(scope.actor_for(other)) as actor:
        assert case in Case.objects.waiting_for(actor)
        casework.verify(actor=actor, case=case, satisfied=True)


def test_urging_who_is_not_there_says_so_and_reaches_the_unit(zone: Zone) -> None:
    case, colleague = handled(zone), staffed(zone.district, "instructor", "colleague")
    Account.objects.filter(pk=zone.accounts["instructor"].pk).update(is_active=False)
    Notice.objects.all().delete()
    page = post(zone.client("office"), f"/cases/{case.code}/do/urge/", text="示例")
    assert page.status_code == 302
    assert set(Notice.objects.values_list("account", flat=True)) == {colleague.pk}
    said = lines(case, Event.objects.filter(case=case, transition="urge"))[0].detail
    assert said == "示例instructor 已不在岗，已转告示例新材料党建区"
    assert said in zone.client("office").get(f"/cases/{case.code}/").content.decode()


def test_a_reopened_case_goes_to_who_is_there(zone: Zone) -> None:
    case = handled(zone)
    with acting(zone.actor("office")) as office:
        casework.close(actor=office, case=case, reason="示例")
    scope.set_active(actor=SYSTEM, account=zone.accounts["instructor"], active=False)
    with acting(zone.actor("office")) as office:
        casework.reopen(actor=office, case=case, reason="示例")
    assert lead_of(case).unit == zone.zone
    assert scope.adrift() == []


def test_taking_over_all_of_somebody_s(zone: Zone) -> None:
    cases = [handled(zone), handled(zone)]
    heir = Heir(account=zone.accounts["office"])
    owner = Owner(account=zone.accounts["instructor"])
    with acting(zone.actor("liaison")) as stranger, pytest.raises(NotAllowed):
        scope.take_over(actor=stranger, owner=owner, heir=heir, why="示例")
    with acting(zone.actor("office")) as office:
        assert scope.take_over(actor=office, owner=owner, heir=heir, why="示例")[1] == 0
    assert {lead_of(case).account for case in cases} == {zone.accounts["office"]}


def test_what_is_owned_by_nobody_is_found_and_settled(zone: Zone) -> None:
    case = handled(zone)
    zone.accounts["instructor"].roles.all().update(valid=(SINCE, scope.today()))
    with acting(zone.actor("office")) as office:
        assert [one.count for one in scope.adrift()] == [1, 1]
        assert case.title in zone.client("office").get("/admin/adrift/").content.decode()
        assert scope.settle(actor=office, why="示例") == 2
        assert scope.adrift() == []


def test_what_an_heir_must_be(zone: Zone) -> None:
    gone = staffed(zone.district, "instructor", "gone")
    scope.set_active(actor=SYSTEM, account=gone, active=False)
    for account in (gone, zone.accounts["instructor"]):
        with pytest.raises(UserError) as refused:
            scope.set_active(
                actor=SYSTEM,
                account=zone.accounts["instructor"],
                active=False,
                heir=Heir(account=account),
            )
        assert refused.value.field == "heir"
