"""The same key twice: the same answer, one writing."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import path
from django.utils import timezone
from tests.zone import Zone

from luodi.apps.audit import api as audit
from luodi.apps.receipts import tasks
from luodi.apps.receipts.models import Receipt
from luodi.apps.scope import middleware

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


def write_file(request: HttpRequest) -> FileResponse:
    return FileResponse(io.BytesIO(b'{"copy": 1}'), as_attachment=True, filename="copy.json")


urlpatterns = [
    path("write/", write),
    path("api/write/", write_json),
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
    assert client.post("/write/", {"_once": key, "text": "other"}).status_code == 422
    assert count() == 1


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
