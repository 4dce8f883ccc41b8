"""Who is away has a deputy, marked as such; the three lists find people."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.casework_pages import handled, post, total
from tests.zone import Zone

from luodi.ground.audit.api import Entry
from luodi.ground.notices.api import Notice
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, Event, Measure, Responsibility
from luodi.rooms.casework.timeline import lines

SINCE = dt.date(2020, 12, 1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def deputy(zone: Zone) -> Account:
    """Stands in for the instructor from today on for a week: the office, above the district."""
    with acting(zone.actor("instructor")) as away:
        scope.set_absence(
            actor=away,
            account=zone.accounts["instructor"],
            deputy=zone.accounts["office"],
            since=scope.today(),
            until=scope.today() + 7 * DAY,
        )
    return zone.accounts["office"]


def test_what_waits_is_shown_to_both_and_acts_are_marked(zone: Zone, deputy: Account) -> None:
    case = handled(zone)
    with acting(scope.actor_for(deputy)) as actor:
        assert case in Case.objects.waiting_for(actor)
        assert Measure.objects.waiting_for(actor).count() == 1
        casework.finish_measure(actor=actor, measure=Measure.objects.get(case=case))
        casework.answer(actor=actor, case=case, text="示例：正在修")
    with acting(zone.actor("instructor")) as away:
        assert case in Case.objects.waiting_for(away)
    told = lines(case, Event.objects.filter(case=case).order_by("version"))
    assert [one.who for one in told[:2]] == ["示例office（代示例instructor）"] * 2
    page = zone.client("office").get(f"/cases/{case.code}/").content.decode()
    assert "示例office（代示例instructor）" in page
    entry = Entry.objects.filter(subject="casework_event").latest("id")
    assert entry.why == "代示例instructor办理" and entry.account_id == deputy.pk
    lead = Responsibility.objects.get(case=case, role="lead", status="accepted")
    assert lead.account == zone.accounts["instructor"]


def test_what_the_deputy_receives_stays_with_who_is_away(zone: Zone, deputy: Account) -> None:
    case = handled(zone)
    with acting(zone.actor("office")) as office:
        casework.hand_over(actor=office, case=case, unit=zone.department, reason="示例")
    with acting(zone.actor("department_officer")) as department:
        casework.return_(actor=department, case=case, reason="示例")
    lead = Responsibility.objects.get(case=case, role="lead", status="accepted")
    assert lead.account == zone.accounts["instructor"]


def test_both_are_told_and_urging_says_so(zone: Zone, deputy: Account) -> None:
    case = handled(zone)
    Notice.objects.all().delete()
    with acting(zone.actor("liaison")) as liaison:
        casework.urge(actor=liaison, case=case)
    told = set(Notice.objects.values_list("account", flat=True))
    assert told == {deputy.pk, zone.accounts["instructor"].pk}
    event = Event.objects.get(case=case, transition="urge")
    assert lines(case, [event])[0].detail == "示例instructor 外出，同时转告代理人示例office"


def test_what_an_absence_refuses(zone: Zone, deputy: Account) -> None:
    account, today = zone.accounts["instructor"], scope.today()
    given = {
        "account": account,
        "deputy": deputy,
        "since": today + 6 * DAY,
        "until": today + 9 * DAY,
    }
    wrong = {
        "since": given,  # overlaps
        "until": given | {"since": today + 9 * DAY},
        "deputy": given | {"since": today + 8 * DAY, "deputy": zone.accounts["liaison"]},
    }
    for field, asked in wrong.items():
        with pytest.raises(UserError) as refused:
            scope.set_absence(actor=SYSTEM, **asked)
        assert refused.value.field == field
    free = given | {"since": today + 8 * DAY}
    for role in ("liaison", "department_officer"):
        with acting(zone.actor(role)) as stranger, pytest.raises(NotAllowed):
            scope.set_absence(actor=stranger, **free)
    with acting(zone.actor("office")) as keeper:  # who keeps the units
        scope.set_absence(actor=keeper, **free)


def test_an_absence_is_entered_and_ended_on_its_page(zone: Zone) -> None:
    account, today = zone.accounts["instructor"], scope.today()
    client, url = zone.client("instructor"), f"/accounts/{account.pk}/absence/"
    assert "示例office（示例经济技术开发区）" in client.get(url).content.decode()
    sent = {"deputy": "示例 office", "since": today, "last": today}
    assert post(client, url, **sent).status_code == 302
    absence = account.absences.get()
    assert (absence.deputy, absence.valid.upper) == (zone.accounts["office"], today + DAY)
    assert zone.client("liaison").get(url).status_code == 403
    assert post(client, f"/absences/{absence.pk}/end/").status_code == 302
    assert not account.absences.exists()


@pytest.mark.parametrize("name", ["problems", "responsibilities", "rectifications"])
def test_the_lists_find_by_person(zone: Zone, name: str) -> None:
    handled(zone)
    client, pk = zone.client("office"), zone.accounts["instructor"].pk
    for asked in ({"person": pk}, {"person": "示例 instructor"}, {"q": "示例instructor"}):
        assert total(client.get(f"/cases/{name}/", asked).content.decode()) == 1, asked
    other = client.get(f"/cases/{name}/", {"person": zone.accounts["liaison"].pk})
    assert "共 1 条" not in other.content.decode()


def test_closed_cases_are_not_in_hand(zone: Zone) -> None:
    case = handled(zone)
    with acting(zone.actor("office")) as office:
        casework.close(actor=office, case=case, reason="示例")
    client = zone.client("office")
    for way in ("", "print"):
        asked = {"status": "all", "format": way} if way else {"status": "all"}
        page = client.get("/cases/responsibilities/", asked).content.decode()
        rows = page[page.index("<tbody") :]
        assert "已终止" in rows and ">在办<" not in rows, way
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "在办" not in page[page.index('id="responsibilities"') :][:1500]


def test_two_of_one_name_are_told_apart(zone: Zone) -> None:
    for username in ("liming1", "liming2"):
        one = scope.create_account(actor=SYSTEM, username=username, name="示例李明")
        scope.grant_role(
            actor=SYSTEM, account=one, unit=zone.district, role="instructor", since=SINCE
        )
    case = handled(zone)
    with acting(zone.actor("instructor")):
        page = zone.client("instructor").get(f"/cases/{case.code}/do/add_measure/")
    twice = Account.objects.filter(name="示例李明")
    for one in twice:
        assert f"示例李明（示例新材料党建区） #{one.pk}" in page.content.decode()
