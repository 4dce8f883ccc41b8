"""The main job over REST, and how REST refuses."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.notices.models import Notice
from luodi.rooms.casework.models import Case

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def liaison(zone: Zone) -> Rest:
    return Rest(token_of(zone, "liaison"))


@pytest.fixture
def instructor(zone: Zone) -> Rest:
    return Rest(token_of(zone, "instructor"))


def raised(zone: Zone, liaison: Rest, **more: Any) -> dict[str, Any]:
    answer = liaison.post(
        "/cases", {"unit": zone.enterprise.pk, "text": "示例：变压器容量不足。", **more}
    )
    assert answer.status_code == 201, answer.content
    case: dict[str, Any] = answer.json()
    return case


def test_the_main_job(zone: Zone, liaison: Rest, instructor: Rest) -> None:
    case = raised(zone, liaison, phone="13812345678")
    at = f"/cases/{case['code']}"
    assert (case["state"], case["channel"]) == ("raised", "api")
    assert case["reporter_phone"] == "138****5678"
    assert case["lead_unit"] == {"id": zone.district.pk, "name": zone.district.name}
    assert instructor.post(f"{at}/receive", {"version": case["version"]}).json()["light"] == "green"
    measure = instructor.post(
        f"{at}/measures", {"text": "示例：增容", "due_on": "2099-01-01", "owner_name": "示例某"}
    ).json()
    refused = instructor.post(f"{at}/submit", {"note": "已增容"})
    assert refused.status_code == 422 and "没有完成" in refused.json()["detail"]
    pk = measure["id"]
    assert instructor.post(f"/measures/{pk}/finish", {"result": "已增容"}).status_code == 200
    file = instructor.client.post(
        f"/api/v1/measures/{pk}/files",
        {"file": SimpleUploadedFile("验收.pdf", PDF)},
        headers={"Authorization": f"Bearer {instructor.token}"},
    )
    assert file.status_code == 201, file.content
    content = liaison.get(f"/files/{file.json()['id']}/content")
    assert b"".join(content.streaming_content) == PDF
    assert content["Content-Disposition"].startswith("attachment")
    assert instructor.post(f"{at}/submit", {"note": "已增容"}).json()["state"] == "submitted"
    assert liaison.get(at).json()["available"][0]["verb"] == "verify"
    done = liaison.post(f"{at}/verify", {"satisfied": True}).json()
    assert (done["state"], done["outcome"]) == ("confirmed", "solved")
    whole = liaison.get(at).json()
    assert [one["transition"] for one in whole["events"]][-1] == "satisfied"
    assert whole["measures"][0]["files"][0]["name"] == "验收.pdf"
    assert whole["verifications"][0]["satisfied"] is True


def test_lists_come_in_parts_and_filtered(zone: Zone, liaison: Rest) -> None:
    codes = [raised(zone, liaison, text=f"示例：第{n}个问题，道路。")["code"] for n in range(5)]
    first = liaison.get("/cases?limit=2&sort=code&count=true").json()
    page = liaison.get(f"/cases?limit=2&sort=code&cursor={first['next']}").json()
    assert first["count"] == 5 and [one["code"] for one in page["items"]] == codes[2:4]
    last = liaison.get(f"/cases?limit=2&sort=code&cursor={page['next']}").json()
    assert [one["code"] for one in last["items"]] == codes[4:] and last["next"] is None
    assert liaison.get("/cases?count=1&q=道路&state=handling").json()["count"] == 0
    assert liaison.get("/cases?count=1&q=道路&state=raised").json()["count"] == 5
    assert liaison.get("/cases?count=1&whose=others").json()["count"] == 5
    later = (timezone.now() + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(liaison.get("/cases?changed_since=2020-01-01T00:00:00Z").json()["items"]) == 5
    assert liaison.get(f"/cases?changed_since={later}").json()["items"] == []
    for bad in ("limit=0", "limit=201", "cursor=x", "cursor=WzFd", "changed_since=x", "sort=text"):
        assert liaison.get(f"/cases?{bad}").status_code == 422, bad


def test_figures_open_to_their_cases(zone: Zone, liaison: Rest) -> None:
    raised(zone, liaison)
    period = f"unit={zone.enterprise.pk}&since=2020-01-01&until=2099-01-01"
    figures = liaison.get(f"/cases/statistics?{period}").json()["figures"]
    for one in figures:
        query = "&".join(f"{key}={value}" for key, value in one["params"].items())
        assert liaison.get(f"/cases?count=1&{query}").json()["count"] == one["value"], one


def test_a_case_elsewhere_is_not_there(zone: Zone, liaison: Rest) -> None:
    office = Rest(token_of(zone, "office"))
    answer = office.post(
        "/cases/on-behalf",
        {"unit": zone.elsewhere.pk, "text": "示例：停车难。", "reporter_name": "示例某"},
    )
    at = f"/cases/{answer.json()['code']}"
    assert office.get(at).status_code == 200
    assert liaison.get(at).status_code == 404
    assert liaison.post(f"{at}/urge", {}).status_code == 404
    refused = liaison.post("/cases", {"unit": zone.elsewhere.pk, "text": "示例"})
    assert refused.status_code == 403 and refused.json()["detail"]


def test_what_is_given_away_may_leave_ones_sight(zone: Zone, liaison: Rest) -> None:
    office, officer = Rest(token_of(zone, "office")), Rest(token_of(zone, "department_officer"))
    at = f"/cases/{raised(zone, liaison)['code']}"
    assert office.post(f"{at}/hand-over", {"unit": zone.department.pk}).status_code == 200
    assert officer.get(at).status_code == 200
    assert officer.post(f"{at}/return", {"reason": "不属我局"}).status_code == 204
    assert officer.get(at).status_code == 404


def test_a_stale_version_is_refused_with_what_it_is_now(
    zone: Zone, liaison: Rest, instructor: Rest
) -> None:
    case = raised(zone, liaison)
    at = f"/cases/{case['code']}"
    instructor.post(f"{at}/receive", {})
    refused = instructor.post(f"{at}/answer", {"text": "示例", "version": case["version"]})
    assert refused.status_code == 409 and refused.json()["theirs"]["状态"] == "办理中"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"text": "示例"}, "unit"),
        ({"unit": 2**63, "text": "示例"}, "unit"),
        ({"unit": 0, "text": "示例"}, "unit"),
        ({"unit": 2**62, "text": "示例"}, "unit"),
        ({"text": "有\0的文字"}, "text"),
        ({"text": "长" * 10_001}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "示例", "category": 2**62}, "category"),
        ({"text": "示例", "procedure": "none"}, "procedure"),
    ],
)
def test_a_bad_value_is_named(zone: Zone, liaison: Rest, data: dict[str, Any], field: str) -> None:
    if field != "unit":
        data = {"unit": zone.enterprise.pk, **data}
    refused = liaison.post("/cases", data)
    assert refused.status_code == 422 and refused.json()["field"] == field, refused.content
    assert refused.json()["detail"]


def test_a_wrong_date_names_its_field(zone: Zone, instructor: Rest, liaison: Rest) -> None:
    at = f"/cases/{raised(zone, liaison)['code']}"
    instructor.post(f"{at}/receive", {})
    for day in ("2026-02-30", "明天", "0001-01-01", "2026-13-01"):
        refused = instructor.post(
            f"{at}/measures", {"text": "示例", "due_on": day, "owner_name": "示例某"}
        )
        assert refused.status_code == 422 and refused.json()["field"] == "due_on"


def test_the_same_key_raises_one_case(zone: Zone, liaison: Rest) -> None:
    key = str(uuid.uuid4())
    data = {"unit": zone.enterprise.pk, "text": "示例：停电。"}
    answers = [liaison.post("/cases", data, **{"Idempotency-Key": key}) for _ in range(3)]
    assert [one.status_code for one in answers] == [201] * 3
    assert len({one.content for one in answers}) == 1
    assert Case.objects.count() == 1
    assert Notice.objects.filter(account=zone.accounts["instructor"]).count() == 1
    other = liaison.post("/cases", {**data, "text": "示例：停水。"}, **{"Idempotency-Key": key})
    assert other.status_code == 422 and Case.objects.count() == 1
    assert liaison.post("/cases", data, **{"Idempotency-Key": "one"}).status_code == 400


def test_what_was_refused_may_be_sent_again_with_its_key(zone: Zone, liaison: Rest) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert (
        liaison.post("/cases", {"unit": zone.enterprise.pk, "text": " "}, **key).status_code == 422
    )
    data = {"unit": zone.enterprise.pk, "text": "示例：停电。"}
    assert liaison.post("/cases", data, **key).status_code == 201


def test_a_session_reads_and_only_a_token_writes(zone: Zone) -> None:
    client: Client = zone.client("liaison")
    assert client.get("/api/v1/cases").status_code == 200
    data = {"unit": zone.enterprise.pk, "text": "示例"}
    assert client.post("/api/v1/cases", data, "application/json").status_code == 401
    assert Rest(None).get("/cases").status_code == 401
    assert Rest("luodi_wrong").post("/cases", data).status_code == 401


def test_the_description_is_for_who_is_signed_in(zone: Zone) -> None:
    assert zone.client(None).get("/api/v1/docs").status_code == 302
    page = zone.client("liaison").get("/api/v1/docs")
    assert page.status_code == 200 and "cdn" not in page.content.decode()
    assert zone.client("liaison").get("/api/v1/openapi.json").json()["paths"]["/api/v1/cases"]
    token = {"Authorization": f"Bearer {token_of(zone, 'auditor')}"}
    assert zone.client(None).get("/api/v1/openapi.json", headers=token).status_code == 200
    refused = zone.client(None).get("/api/v1/openapi.json")
    assert refused.status_code == 401 and refused["Content-Type"] == "application/problem+json"
    assert refused.json()["title"] == "Unauthorized"


def test_a_condition_that_cannot_be_understood_is_a_sentence(zone: Zone, liaison: Rest) -> None:
    raised(zone, liaison)
    for query, field in (
        ("state=spaceship", "state"),
        ("outcome=won", "outcome"),
        ("channel=x", "channel"),
        ("light=blue", "light"),
        ("whose=all", "whose"),
        ("procedure=x", "procedure"),
        ("category=999999", "category"),
        ("lead=999999", "lead"),
        ("stat=raised", "stat"),
    ):
        answer = liaison.get(f"/cases?{query}")
        assert (answer.status_code, answer.json().get("field")) == (422, field), query
    assert liaison.get("/cases?state=raised").json()["items"]
