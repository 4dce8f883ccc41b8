"""The same key twice: the same answer, one writing."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import path
from django.utils import timezone
from tests.zone import Zone

from luodi.config import urls as real
from luodi.ground.audit import api as audit
from luodi.ground.receipts import tasks
from luodi.ground.receipts.models import Receipt
from luodi.ground.scope import middleware

pytestmark = pytest.mark.urls(__name__)


def write(request: HttpRequest) -> HttpResponse:
    audit.note("written", "t", 1)
    outcome = request.POST.get("outcome", "redirect")
    if outcome == "invalid":
        return HttpResponse("again", status=422)
    if outcome == "refused":
        middleware.roll_back(request)
        return HttpResponse("no", status=200)
    return redirect("/done/")


def write_json(request: HttpRequest) -> HttpResponse:
    audit.note("written", "t", 1)
    return JsonResponse(
        {"number": audit.Entry.objects.filter(action="written").count()}, status=201
    )


def write_secret(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"phone": "13800000000"}, headers={"Cache-Control": "private, no-store"})


def write_file(request: HttpRequest) -> FileResponse:
    return FileResponse(io.BytesIO(b'{"copy": 1}'), as_attachment=True, filename="copy.json")


urlpatterns = [
    *real.urlpatterns,
    path("write/", write),
    path("api/write/", write_json),
    path("api/secret/", write_secret),
    path("file/", write_file),
]


def count() -> int:
    return audit.Entry.objects.filter(action="written").count()


def test_a_double_click_writes_once(zone: Zone) -> None:
    client, key = zone.client("office"), str(uuid.uuid4())
    for _ in range(3):
        answer = client.post("/write/", {"_once": key, "text": "x"})
        assert answer.status_code == 302 and answer["Location"] == "/done/"
    assert count() == 1


def test_a_file_that_is_asked_for_twice_comes_whole_twice(zone: Zone) -> None:
    client, key = zone.client("office"), str(uuid.uuid4())
    for _ in range(2):
        answer = client.post("/file/", {"_once": key})
        assert b"".join(answer.streaming_content) == b'{"copy": 1}'  # type: ignore[attr-defined]


def test_a_form_that_came_back_may_be_sent_again(zone: Zone) -> None:
    client, key = zone.client("office"), str(uuid.uuid4())
    assert client.post("/write/", {"_once": key, "outcome": "invalid"}).status_code == 422
    assert client.post("/write/", {"_once": key}).status_code == 302


def test_what_was_refused_is_rolled_back(zone: Zone) -> None:
    before = count()
    zone.client("office").post("/write/", {"_once": str(uuid.uuid4()), "outcome": "refused"})
    # the request's transaction is a savepoint of the test's
    assert count() == before


def test_rest_gets_the_first_answer_again(zone: Zone) -> None:
    client: Client = zone.client("office")
    key = str(uuid.uuid4())
    answers = [
        client.post(
            "/api/write/",
            json.dumps({"a": 1}),
            "application/json",
            headers={"Idempotency-Key": key},
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json() and count() == 1


def test_a_key_stands_for_one_content(zone: Zone) -> None:
    client, key = zone.client("office"), str(uuid.uuid4())
    client.post("/write/", {"_once": key, "text": "one"})
    refused = client.post("/write/", {"_once": key, "text": "other"})
    assert refused.status_code == 422
    assert "已经提交过" in refused.content.decode() and "<title>" in refused.content.decode()
    assert count() == 1


def test_a_key_that_is_none_is_refused_in_the_form_s_own_way(zone: Zone) -> None:
    client = zone.client("office")
    page = client.post("/write/", {"_once": "x" * 5000})
    assert (page.status_code, page["Content-Type"]) == (400, "text/html; charset=utf-8")
    answer = client.post("/api/write/", "{}", "application/json", headers={"Idempotency-Key": "x"})
    assert answer.status_code == 400 and "UUID" in answer.json()["detail"]
    assert count() == 0


def test_a_key_of_one_s_own_stands_for_one_operation(zone: Zone) -> None:
    client, key = zone.client("office"), str(uuid.uuid4())
    client.post("/api/write/", "{}", "application/json", headers={"Idempotency-Key": key})
    for path_, spelled in (
        ("/api/file/", key),
        ("/api/other/", key.upper()),
        ("/api/x/", f"{{{key}}}"),
    ):
        answer = client.post(path_, "{}", "application/json", headers={"Idempotency-Key": spelled})
        assert answer.status_code == 422 and answer.json()["detail"].startswith("这个提交编号")
    assert count() == 1


def test_what_must_not_be_kept_is_in_no_receipt(zone: Zone) -> None:
    client, key = zone.client("office"), str(uuid.uuid4())
    for _ in range(2):
        answer = client.post(
            "/api/secret/", "{}", "application/json", headers={"Idempotency-Key": key}
        )
        assert answer.json() == {"phone": "13800000000"}
    assert not Receipt.objects.filter(key=key).exists()


def test_two_people_may_use_the_same_key(zone: Zone) -> None:
    key = str(uuid.uuid4())
    zone.client("office").post("/write/", {"_once": key})
    zone.client("liaison").post("/write/", {"_once": key})
    assert count() == 2


def test_receipts_are_forgotten_after_a_month(zone: Zone) -> None:
    client = zone.client("office")
    for days in (0, 29, 31, 400):
        key = str(uuid.uuid4())
        client.post("/write/", {"_once": key})
        at = timezone.now() - dt.timedelta(days=days)
        Receipt.objects.filter(key=key).update(at=at)
    assert tasks.forget(timestamp=0) == 2
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("address", ["/write/", "/api/write/"])
def test_a_key_stands_for_one_file(zone: Zone, address: str) -> None:
    client, key = zone.client("office"), str(uuid.uuid4())

    def sent(content: bytes, name: str = "示例.txt") -> int:
        headers = {"Idempotency-Key": key} if "api" in address else {}
        data = {"file": SimpleUploadedFile(name, content), "_once": key, "text": "x"}
        return int(client.post(address, data, headers=headers).status_code)

    first = sent(b"one")
    assert first < 400 and sent(b"one") == first
    assert sent(b"two") == sent(b"one", "other.txt") == 422
    assert count() == 1
