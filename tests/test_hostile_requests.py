"""Requests that nobody sends by accident, and some that somebody tired does: each gets a sentence."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from luodi.ground.notices import api as notices
from luodi.ground.receipts.models import Receipt
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, SavedFilter
from luodi.rooms.registers import api as registers
from luodi.rooms.workbench.feed import token_of as feed_of
from tests.casework_pages import handled, raised
from tests.rest import Rest, token_of
from tests.zone import SINCE, Zone

SIX_MB = "长" * 2_000_000


@pytest.mark.parametrize("path", ["/figures/%00/", "/cases/%00/", "/report/%00/", "/units/1%00/"])
def test_an_address_with_a_nul_leads_nowhere(zone: Zone, path: str) -> None:
    answer = zone.client("office").get(path)
    assert answer.status_code == 404 and "没有这一页" in answer.content.decode()
    told = zone.client("office").get(f"/api/v1{path}")
    assert told.status_code == 404 and "没有这一页" in told.json()["detail"]


@pytest.mark.parametrize(
    "form", [{"text": SIX_MB}, {"text": "示例", **{f"f{n}": "1" for n in range(2000)}}]
)
def test_a_form_of_more_than_anybody_writes_is_told_so(zone: Zone, form: dict[str, str]) -> None:
    client = zone.client("liaison")
    body = "&".join(f"{key}={value}" for key, value in form.items())
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.generic(
            "POST", "/cases/raise/", body, "application/x-www-form-urlencoded", headers=headers
        )
        assert answer.status_code == 413
        assert "填写的内容太多" in answer.content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize("key", [True, False])
def test_a_body_of_more_than_anybody_writes_is_told_so(zone: Zone, key: bool) -> None:
    rest = Rest(token_of(zone, "liaison"))
    headers = {"Idempotency-Key": str(uuid.uuid4())} if key else {}
    body = {"unit": zone.enterprise.pk, "text": SIX_MB}
    answer = rest.post("/cases", body, **headers)
    assert answer.status_code == 413 and "填写的内容太多" in answer.json()["detail"]
    assert not Case.objects.exists() and not Receipt.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "{",
        '{"unit":' + "9" * 6000 + "}",
        '{"unit":1,"text":' + "[" * 20_000 + "]" * 20_000 + "}",
        b"\xff\xfe{}",
        '"x"',
        "null",
        '{"unit":1e400,"text":"x"}',
        '{"unit":NaN,"text":"x"}',
        '{"unit":1,"text":"\\ud800"}',
        '{"unit":1,"text":"a\\u0000b"}',
    ],
)
def test_a_body_that_is_none_is_told_so(zone: Zone, body: Any) -> None:
    rest = Rest(token_of(zone, "liaison"))
    headers = {"Authorization": f"Bearer {rest.token}"}
    answer = rest.client.generic("POST", "/api/v1/cases", body, "application/json", headers=headers)
    assert answer.status_code in {400, 422}
    assert any("\u4e00" <= one <= "\u9fff" for one in answer.json()["detail"])


def test_who_is_nobody_is_told_what_is_missing(zone: Zone) -> None:
    for rest in (Rest(None), Rest("luodi_bogus")):
        answer = rest.get("/cases")
        assert answer.status_code == 401 and "令牌" in answer.json()["detail"]


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "http:///evil.example"],
)  # fmt: skip
def test_choosing_a_language_leads_nowhere_else(zone: Zone, target: str) -> None:
    answer = zone.client("liaison").post(
        "/i18n/", {"language": "en", "next": target}, headers={"Referer": "https://evil.example/"}
    )
    assert answer.status_code == 302 and answer["Location"] == "/"


def test_another_s_key_tells_nothing_and_writes_once(zone: Zone) -> None:
    liaison, office = Rest(token_of(zone, "liaison")), Rest(token_of(zone, "office"))
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"unit": zone.enterprise.pk, "text": "示例"}
    first = liaison.post("/cases", {**body, "phone": "13812345678"}, **key).json()
    other = office.post("/cases", {**body, "phone": "13812345678"}, **key).json()
    assert first["code"] != other["code"]
    assert liaison.post("/cases", {**body, "text": "别的"}, **key).status_code == 422
    assert liaison.post(f"/cases/{first['code']}/urge", {}, **key).status_code == 422
    assert Rest(None).post("/cases", body, **key).status_code == 401
    assert Case.objects.count() == 2


def test_a_whole_number_is_in_no_receipt(zone: Zone) -> None:
    case = raised(zone, phone="13812345678")
    rest, key = Rest(token_of(zone, "instructor")), str(uuid.uuid4())
    answer = rest.post(f"/cases/{case.code}/phone", {"why": "示例"}, **{"Idempotency-Key": key})
    assert answer.json() == {"phone": "13812345678"}
    assert answer["Cache-Control"] == "private, no-store"
    assert not Receipt.objects.filter(key=key).exists()


def test_a_feed_is_empty_when_the_role_has_ended(zone: Zone) -> None:
    case, account = handled(zone), zone.accounts["instructor"]
    address = f"/calendar/{feed_of(account.pk)}.ics"
    client = zone.client(None)
    assert case.code in client.get(address).content.decode()
    held = account.roles.get()
    held.valid = (SINCE, scope.today())
    held.save()
    after = client.get(address)
    assert after.status_code == 200
    assert case.code not in after.content.decode() and "VEVENT" not in after.content.decode()
    scope.set_active(actor=SYSTEM, account=account, active=False)
    assert client.get(address).status_code == 404


def test_a_filter_from_above_shows_no_more_to_who_sees_less(zone: Zone) -> None:
    hidden = casework.raise_problem(actor=SYSTEM, unit=zone.elsewhere, text="示例：丙的内情")
    own = raised(zone)
    query = f"unit={zone.zone.pk}&figure=received"
    with acting(zone.actor("office")) as office:
        casework.save_filter(actor=office, name="全区", query=query)
    for kind in ("", "&format=print"):
        shown = zone.client("office").get(f"/cases/problems/?{query}{kind}").content.decode()
        assert own.code in shown and hidden.code in shown
        theirs = zone.client("liaison").get(f"/cases/problems/?{query}{kind}")
        assert theirs.status_code == 422  # a unit that is none of theirs: nothing, and why
        assert hidden.code not in theirs.content.decode()
    with acting(zone.actor("liaison")):
        assert not SavedFilter.objects.exists()


def test_a_message_is_one_line_and_says_no_other(zone: Zone, mailoutbox: list[Any]) -> None:
    account = zone.accounts["instructor"]
    scope.Account.objects.filter(pk=account.pk).update(email="a@example.org")
    raised(zone, title="示例\r\nBcc: b@example.org\r\n\r\n<b>https://evil.example</b>")
    notices.digest(scope.today())
    notices.deliver()
    (mail,) = mailoutbox
    assert mail.recipients() == ["a@example.org"] and "\n" not in mail.subject
    assert not [one for one in mail.body.splitlines() if one.lstrip().startswith(("Bcc", "<b>"))]
    page = zone.client("instructor").get("/notices/").content.decode()
    assert "&lt;b&gt;" in page and "<b>https" not in page


@pytest.mark.parametrize("key", ["receive", "urge", "withdraw"])
def test_a_button_that_was_pressed_twice_is_told_so(zone: Zone, key: str) -> None:
    case = raised(zone)
    client = zone.client("instructor" if key == "receive" else "liaison")
    address = f"/cases/{case.code}/do/{key}/"
    assert client.post(address, {"reason": "示例"}).status_code == 302
    version = Case.objects.get(pk=case.pk).version
    again = client.post(address, {"reason": "示例"}, follow=True)  # to the case, or to its form
    assert again.status_code in {200, 422} and "alert" in again.content.decode()
    assert Case.objects.get(pk=case.pk).version == version


STALE = {
    "hand-over": {}, "ask-department": {"text": "示例"}, "answer": {"text": "示例"},
    "pause": {"reason": "示例"}, "submit": {"note": "示例"}, "escalate": {"reason": "示例"},
    "set-deadline": {"due_at": None, "reason": "示例"}, "close": {"reason": "示例"},
    "supervise": {"text": "示例"},
}  # fmt: skip


def test_no_step_is_taken_on_a_page_of_yesterday(zone: Zone) -> None:
    case, rest = handled(zone), Rest(token_of(zone, "office"))
    for path, body in STALE.items():
        unit = {"unit": zone.department.pk} if path in {"hand-over", "ask-department"} else {}
        answer = rest.post(f"/cases/{case.code}/{path}", {**body, **unit, "version": 1})
        assert answer.status_code == 409, (path, answer.content)
        assert answer.json()["theirs"]["version"] == "3"
    assert Case.objects.get(pk=case.pk).version == 3


@pytest.mark.parametrize("bad", ['"\\ud800"', '"a\\u0000b"', "DEEP", '{"a":1}'])
def test_no_value_of_a_register_is_an_error_of_ours(zone: Zone, bad: str) -> None:
    patents = registers.install(actor=SYSTEM, unit=zone.zone, key="patents")
    rest = Rest(token_of(zone, "office"))
    value = '{"a":' * 300 + "1" + "}" * 300 if bad == "DEEP" else bad
    headers = {"Authorization": f"Bearer {rest.token}"}
    for values in (f'{{"title":{value},"type":"invention"}}', f'{{"title":"x","type":[{value}]}}'):
        body = f'{{"unit_id":{zone.enterprise.pk},"since":"2026-01-01","values":{values}}}'
        answer = rest.client.generic(
            "POST",
            f"/api/v1/registers/{patents.pk}/entries",
            body,
            "application/json",
            headers=headers,
        )
        assert answer.status_code in {400, 422}, answer.content
