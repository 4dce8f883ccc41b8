"""Nobody lays a case into hands that may not take it, or names whom it is none of."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.casework_pages import handled, raised
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case

SINCE = dt.date(2020, 12, 1)


def staffed(unit: Unit, role: str, name: str) -> scope.Account:
    """A person who holds a role on the unit."""
    account = scope.create_account(actor=SYSTEM, username=name, name=f"示例{name}")
    scope.grant_role(actor=SYSTEM, account=account, unit=unit, role=role, since=SINCE)
    return account


@pytest.fixture
def beside(zone: Zone) -> scope.Account:
    """The instructor of the other district."""
    return staffed(zone.other_district, "instructor", "beside")


def helped(zone: Zone) -> Case:
    """A case of the first district with which the other helps."""
    case = handled(zone)
    with acting(zone.actor("instructor")) as lead:
        casework.ask_department(actor=lead, case=case, unit=zone.other_district, text="示例")
    return case


def test_a_helper_merges_nothing_of_theirs_into_what_they_help_with(
    zone: Zone, beside: scope.Account
) -> None:
    main = helped(zone)
    own = casework.raise_problem(actor=SYSTEM, unit=zone.elsewhere, text="示例")
    with acting(scope.actor_for(beside)) as helper:
        casework.join(actor=helper, case=main)
        with pytest.raises(UserError, match="不办理") as refused:
            casework.merge(actor=helper, case=own, into=main)
        assert refused.value.field == "into"
        with pytest.raises(NotAllowed):
            casework.merge(actor=helper, case=main, into=own)
        with pytest.raises(NotAllowed):
            casework.link(actor=helper, case=main, other=own)
    with acting(SYSTEM):
        assert Case.objects.get(pk=own.pk).is_open
        assert Case.objects.get(pk=main.pk).is_open
    with acting(zone.actor("office")) as office:  # who has power over both
        assert casework.merge(actor=office, case=own, into=main).state == "merged"
    with acting(zone.actor("instructor")) as lead, pytest.raises(NotFound):
        casework.unmerge(actor=lead, case=own)  # of the other district: not there


def test_a_merge_is_undone_by_who_has_the_case(zone: Zone, beside: scope.Account) -> None:
    main, case = helped(zone), raised(zone)
    with acting(zone.actor("instructor")) as lead:
        casework.merge(actor=lead, case=case, into=main)
    for who in (zone.actor("liaison"), scope.actor_for(beside), zone.actor("department_officer")):
        with acting(who), pytest.raises((NotAllowed, NotFound)):
            casework.unmerge(actor=who, case=case)
    rest = Rest(token_of(zone, "liaison"))
    assert rest.post(f"/cases/{case.code}/unmerge", {"reason": "示例"}).status_code == 403
    assert Case.objects.get(pk=case.pk).merged_into_id == main.pk


@pytest.mark.parametrize("verb", ["merge", "link"])
def test_what_is_not_seen_is_not_there_over_rest(zone: Zone, verb: str) -> None:
    case = handled(zone)
    hidden = casework.raise_problem(actor=SYSTEM, unit=zone.elsewhere, text="示例：丙的内情")
    body = {"into": hidden.code} if verb == "merge" else {"other": hidden.code}
    answer = Rest(token_of(zone, "instructor")).post(f"/cases/{case.code}/{verb}", body)
    nowhere = dict.fromkeys(body, "WT2026-999999")
    assert answer.status_code == 404 and "内情" not in answer.content.decode()
    same = Rest(token_of_again(zone)).post(f"/cases/{case.code}/{verb}", nowhere)
    assert (same.status_code, same.json()) == (404, answer.json())


def token_of_again(zone: Zone) -> str:
    account = scope.Account.objects.get(username="robot-instructor")
    expires = scope.today() + dt.timedelta(days=30)
    return scope.issue_token(actor=SYSTEM, account=account, name="示例", expires_on=expires)[1]


def test_a_case_goes_only_where_a_page_offers_it(zone: Zone) -> None:
    far = scope.create_unit(actor=SYSTEM, kind=UnitKind.COUNTY, name="示例邻县", parent=None)
    area = scope.create_unit(actor=SYSTEM, kind=UnitKind.ZONE, name="示例邻区", parent=far)
    closed = scope.create_unit(
        actor=SYSTEM, kind=UnitKind.DEPARTMENT, name="示例撤销局", parent=zone.county
    )
    staffed(area, "office", "far")
    staffed(zone.second, "branch_secretary", "rival")
    staffed(closed, "department_officer", "former")
    scope.close_unit(actor=SYSTEM, unit=closed, on=scope.today())
    case, rest = handled(zone), Rest(token_of(zone, "instructor"))
    for unit in (area, zone.second, closed):
        for path, body in (("hand-over", {}), ("ask-department", {"text": "示例"})):
            answer = rest.post(f"/cases/{case.code}/{path}", {"unit": unit.pk, **body})
            assert (answer.status_code, answer.json()["field"]) == (422, "unit"), unit
    gone = rest.post(f"/cases/{case.code}/hand-over", {"unit": 10**15})
    assert (gone.status_code, gone.json()["field"]) == (422, "unit")
    one = zone.accounts["auditor"].pk
    answer = rest.post(
        f"/cases/{case.code}/hand-over", {"unit": zone.department.pk, "account": one}
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "account")
    assert Case.objects.get(pk=case.pk).state == "handling"


def test_a_measure_s_owner_carries_the_case(zone: Zone, beside: scope.Account) -> None:
    case, rest = handled(zone), Rest(token_of(zone, "instructor"))
    body = {"text": "示例", "due_on": "2099-01-01"}
    former = staffed(zone.district, "instructor", "former")
    former.roles.update(valid=(SINCE, scope.today()))
    stopped = staffed(zone.district, "instructor", "stopped")
    scope.set_active(actor=SYSTEM, account=stopped, active=False)
    for owner in (beside, former, stopped, zone.accounts["auditor"], zone.accounts["liaison"]):
        answer = rest.post(f"/cases/{case.code}/measures", {**body, "owner": owner.pk})
        assert (answer.status_code, answer.json()["field"]) == (422, "owner"), owner
    kept = casework.Measure.objects.get(case=case)
    answer = rest.send("PATCH", f"/measures/{kept.pk}", {**body, "owner": beside.pk})
    assert answer.json()["field"] == "owner"
    answer = rest.send("PATCH", f"/measures/{kept.pk}", {**body, "owner": kept.owner_id})
    assert answer.status_code == 200


def test_what_is_raised_is_of_open_units_and_known_kinds(zone: Zone) -> None:
    foreign = casework.save_category(actor=SYSTEM, name="示例外类", unit=zone.elsewhere)
    old = casework.save_category(actor=SYSTEM, name="示例旧类", unit=zone.zone, is_active=False)
    rest = Rest(token_of(zone, "liaison"))
    body = {"unit": zone.enterprise.pk, "text": "示例"}
    for category in (foreign, old):
        answer = rest.post("/cases", {**body, "category": category.pk})
        assert (answer.status_code, answer.json()["field"]) == (422, "category")
    assert rest.post("/cases", {**body, "procedure": "special_rectification"}).status_code == 403
    assert rest.post("/cases", {**body, "procedure": "nonsense"}).status_code == 422
    scope.close_unit(actor=SYSTEM, unit=zone.enterprise, on=scope.today())
    answer = rest.post("/cases", body)
    assert (answer.status_code, answer.json()["field"]) == (422, "unit")
    assert not Case.objects.exists()


@pytest.mark.parametrize("due", ["9999-12-31T23:59", "2120-01-01T00:00", "0001-01-01T00:00"])
def test_a_deadline_out_of_reason_comes_back_at_its_field(zone: Zone, due: str) -> None:
    url = f"/cases/{handled(zone).code}/do/set_deadline/"
    answer = zone.client("secretary").post(url, {"due_at": due, "reason": "示例"})
    assert answer.status_code == 422 and "新的期限" in answer.content.decode()


def test_a_measure_of_the_year_9999_is_refused_and_stops_no_calendar(zone: Zone) -> None:
    url = f"/cases/{handled(zone).code}/do/add_measure/"
    form = {"text": "示例", "owner_name": "示例某", "due_on": "9999-12-31"}
    answer = zone.client("instructor").post(url, form)
    assert answer.status_code == 422 and "2199" in answer.content.decode()


def test_nothing_unseen_stands_for_a_text(zone: Zone) -> None:
    with pytest.raises(UserError, match="请写明是什么问题"):
        raised(zone, "\u202e\u200b \ufeff")
    case = raised(zone, "\u200b\n\u202e示例.exe\r\nBcc: a@example.org")
    assert case.title == "示例.exe"
    named = raised(zone, "示例", title="示例\r\n· 别的消息\u2028https://example.org")
    assert named.title == "示例 · 别的消息 https://example.org"
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=case)
        with pytest.raises(UserError, match="请写明"):
            casework.answer(actor=instructor, case=case, text="\u200b")
