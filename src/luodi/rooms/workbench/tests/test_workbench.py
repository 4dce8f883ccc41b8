"""The first page for each role, and the calendar feed."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from tests.casework_pages import handled, post, raised
from tests.zone import PLACES, Zone

from luodi.ground.scope.api import acting
from luodi.rooms.casework import api
from luodi.rooms.workbench.models import Feed


@pytest.mark.parametrize("role", PLACES)
def test_everybody_has_a_first_page(zone: Zone, role: str) -> None:
    page = zone.client(role).get("/")
    if page.status_code == 302:  # a role that must set up its second factor first
        pytest.skip("two factors")
    assert page.status_code == 200
    assert ("等我办理" in page.content.decode()) == zone.actor(role).may("cases.view")


def test_what_waits_and_for_whom(zone: Zone) -> None:
    late = raised(zone, "示例：早就该办的", at=timezone.now() - dt.timedelta(days=90))
    case = handled(zone)
    with acting(zone.actor("instructor")) as actor:
        api.ask_department(actor=actor, case=case, unit=zone.department, text="示例：请核实")
    mine = zone.client("instructor").get("/").content.decode()
    assert late.title in mine and "我的整改措施" in mine and "超期 " in mine
    assert "登记问题" in mine
    theirs = zone.client("liaison").get("/").content.decode()
    assert "反映问题" in theirs and "没有等您办理的事" in theirs and late.title in theirs
    asked = zone.client("department_officer").get("/").content.decode()
    assert "请我协办" in asked and "示例：请核实" in asked
    assert "登记问题" not in asked  # a department has no enterprises to enter a call for
    empty = zone.client("part_time_member").get("/").content.decode()
    assert late.title not in empty  # its reach is the layer's own units


def test_nobody_waits_for_what_waits_for_him(zone: Zone) -> None:
    """Office and secretary receive for the zone: what one of them finds there waits for both."""
    with acting(zone.actor("office")) as office:
        case = api.raise_problem(
            actor=office, unit=zone.zone, text="示例自查", procedure="special_rectification"
        )
        assert case.waiting_account_id is None
        assert case in api.Case.objects.waiting_for(office)
        assert case not in api.Case.objects.i_wait_for(office)
        raised_elsewhere = api.raise_on_behalf(
            actor=office, unit=zone.enterprise, text="示例来电", reporter_name="示例某"
        )
        api.ask_department(actor=office, case=raised_elsewhere, unit=zone.department, text="示例")
        assert raised_elsewhere in api.Case.objects.waiting_for(office)
        api.submit(actor=office, case=raised_elsewhere, note="示例")
        assert raised_elsewhere in api.Case.objects.i_wait_for(office)


@pytest.mark.parametrize("role", ["instructor", "office", "liaison", "secretary"])
def test_every_count_opens_exactly_its_rows(zone: Zone, role: str) -> None:
    now = timezone.now()
    for days in (90, 8, 1):
        raised(zone, f"示例：{days}天前的", at=now - dt.timedelta(days=days))
    handled(zone)
    client = zone.client(role)
    page = client.get("/").content.decode()
    piles = re.findall(r'<a class="figure"\s+href="([^"]+)"><b>(\d+)</b>', page)
    assert len(piles) == 4 and sum(int(count) for _address, count in piles) > 0
    for address, count in piles:
        listed = client.get(html.unescape(address)).content.decode()
        told = re.search(r'<span class="listing-total" role="status">\D*(\d+)', listed)
        assert (told.group(1) if told else "0") == count, address


def test_administrators_see_doors_not_rows(zone: Zone) -> None:
    case = raised(zone)
    page = zone.client("auditor").get("/").content.decode()
    assert "管理员看不到业务数据" in page and case.title not in page


def test_my_deadlines_as_a_calendar(zone: Zone) -> None:
    case = handled(zone)
    client = zone.client("instructor")
    page = client.get("/calendar/").content.decode()
    path = page.split('class="secret">')[1].split("<")[0]
    path = path[path.index("/calendar/") :]
    feed = zone.client(None).get(path)
    assert feed["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(feed.content).walk("VEVENT")
    by_uid = {str(event["uid"]): event for event in events}
    assert set(by_uid) == {f"case-{case.code}@luodi", f"measure-{case.measures.get().pk}@luodi"}
    case.refresh_from_db()
    assert by_uid[f"case-{case.code}@luodi"]["dtend"].dt == case.next_due_at
    assert "13800" not in feed.content.decode()

    assert post(client, "/calendar/change/").status_code == 302
    assert zone.client(None).get(path).status_code == 404
    assert zone.client(None).get("/calendar/forged.ics").status_code == 404


def feed_of(zone: Zone, role: str = "instructor") -> str:
    page = zone.client(role).get("/calendar/").content.decode()
    path = page.split('class="secret">')[1].split("<")[0]
    return path[path.index("/calendar/") :]


def test_a_feed_is_the_same_until_something_changes(zone: Zone) -> None:
    case, nobody, path = handled(zone), zone.client(None), feed_of(zone)
    first = nobody.get(path)
    assert nobody.get(path).content == first.content
    assert nobody.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in first.content
    with acting(zone.actor("instructor")) as actor:
        measure = case.measures.get()
        api.change_measure(
            actor=actor,
            measure=measure,
            text=measure.text,
            due_on=measure.due_on + dt.timedelta(days=1),
            owner=measure.owner,
        )
    again = nobody.get(path, headers={"If-None-Match": first["ETag"]})
    made = {str(one["dtstamp"].dt) for one in Calendar.from_ical(again.content).walk("VEVENT")}
    last = case.events.order_by("version").last().at.replace(microsecond=0).astimezone(dt.UTC)
    assert made == {str(last)}  # of the change, whenever it is read
    assert again.status_code == 200 and again["ETag"] != first["ETag"]
    for uid in (f"case-{case.code}@luodi", f"measure-{measure.pk}@luodi"):
        before, after = (
            next(
                one for one in Calendar.from_ical(part.content).walk("VEVENT") if one["uid"] == uid
            )
            for part in (first, again)
        )
        assert after["sequence"] > before["sequence"]
        assert after["dtstamp"].dt >= before["dtstamp"].dt


def test_a_feed_costs_no_query_of_a_deadline(zone: Zone) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert zone.client(None).get(path).status_code == 200
        return len(seen)

    handled(zone)
    path = feed_of(zone)
    one = queries()
    for _n in range(4):
        handled(zone)
    assert (one, queries()) == (27, 27)


def test_nobody_reads_anothers_key(zone: Zone) -> None:
    zone.client("instructor").get("/calendar/")
    assert Feed.objects.count() == 1
    with acting(zone.actor("office")):
        assert Feed.objects.count() == 0
