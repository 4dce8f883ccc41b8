"""The record book of a quarter, and the code on the wall."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from luodi.lib.errors import UserError
from luodi.rooms.directory.demo import noon
from luodi.rooms.gatherings import api, wall
from luodi.rooms.gatherings.book import content_of, quarter_of
from luodi.rooms.gatherings.tests.conftest import Company

DAY = dt.date(2022, 6, 6)


def test_quarters_end_on_their_last_day() -> None:
    assert quarter_of(2022, 1) == (dt.date(2022, 1, 1), dt.date(2022, 3, 31))
    assert quarter_of(2022, 4) == (dt.date(2022, 10, 1), dt.date(2022, 12, 31))


def test_a_quarter_is_bound_as_one_pdf_from_what_is_recorded(company: Company) -> None:
    actor, at = company.secretary, noon(DAY, 18)
    row = api.plan_gathering(
        actor=actor, unit=company.unit, kind="theme_day", starts_at=noon(DAY, 15), at=at
    )
    ill = {company.people[1].pk: "excused"}
    api.record_attendance(
        actor=actor, gathering=row, exceptions=ill, reasons={company.people[1].pk: "出差"}, at=at
    )
    api.write_minutes(actor=actor, gathering=row, text="学习 #strong[x] $a$", at=at)
    api.sign_minutes(actor=actor, gathering=row, at=at)
    (sheet,) = content_of(company.unit, 2022, 2, at)["sheets"]
    assert sheet["came"] == "5/6" and sheet["signed"] == "已签认"
    assert any("示例乙（出差）" in text for _label, text in sheet["lines"])
    client = company.zone.client("branch_secretary")
    address = f"/gatherings/book/?unit={company.unit.pk}&year=2022&quarter=2"
    assert "主题党日" in client.get(address).content.decode()
    answer = client.get(f"{address}&format=pdf")
    assert answer.content.startswith(b"%PDF") and "attachment" in answer["Content-Disposition"]
    wrong = client.get(f"/gatherings/book/?unit={company.unit.pk}&year=2022&quarter=9")
    assert wrong.status_code == 422


def test_who_opens_the_code_there_has_come_once(company: Company) -> None:
    now = timezone.now()
    row = api.plan_gathering(
        actor=company.secretary,
        unit=company.unit,
        kind="theme_day",
        starts_at=now - dt.timedelta(minutes=5),
    )
    client = company.zone.client("branch_secretary")
    assert "<svg" in client.get(f"/gatherings/{row.pk}/wall/").content.decode()
    address = f"/gatherings/here/{wall.token_of(row)}/"
    phone = Client()
    assert phone.get(address).status_code == 200
    for _twice in range(2):
        assert phone.post(address, {"name": "示例乙"}).status_code == 200
    assert phone.post(address, {"name": "某人"}).status_code == 422
    (one,) = row.people.all()
    assert (one.person, one.state) == (company.people[1], "came")
    page = client.get(f"/gatherings/{row.pk}/attendance/").content.decode()
    assert page.count('value="absent"\n') >= 0 and page.count("checked") == 6
    api.record_attendance(actor=company.secretary, gathering=row)
    assert row.people.count() == 6


def test_an_old_or_forged_code_opens_nothing(company: Company) -> None:
    row = api.plan_gathering(
        actor=company.secretary, unit=company.unit, kind="theme_day", starts_at=noon(DAY, 15)
    )
    forged = signing.dumps(row.pk, salt="another")
    assert Client().get(f"/gatherings/here/{forged}/").status_code == 410
    assert Client().post(f"/gatherings/here/{forged}/", {"name": "示例乙"}).status_code == 422
    with pytest.raises(UserError):  # the right code, long after it ended
        wall.come(token=wall.token_of(row), name="示例乙")
