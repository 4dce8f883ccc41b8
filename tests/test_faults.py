"""Bad input and bad luck on the pages: a clear sentence, nothing lost, nothing written twice."""

from __future__ import annotations

import io
import re
import threading
import uuid
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from luodi.ground.audit.models import Entry
from luodi.ground.evidence.models import File
from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.models import Case
from tests.expect import PDF
from tests.rest import Rest, token_of
from tests.zone import Zone, build_zone

GIGABYTE = 1024**3


class Unread(io.RawIOBase):
    """A body of which not one byte may be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        raise AssertionError("the body was read")


def once(page: bytes) -> str:
    found = re.search(r'name="_once" value="([^"]+)"', page.decode())
    assert found
    return found.group(1)


def case_of(zone: Zone, text: str = "示例：停电。") -> Case:
    return casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text=text)


# --- uploads ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/cases/raise/", "/api/v1/cases/WT2026-000001/files"])
def test_two_gigabytes_are_refused_unread(zone: Zone, path: str) -> None:
    answer = zone.client("liaison").generic(
        "POST",
        path,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * GIGABYTE),
        **{"wsgi.input": Unread()},
    )
    assert answer.status_code == 413 and answer["Connection"] == "close"
    text = answer.json()["detail"] if path.startswith("/api/") else answer.content.decode()
    assert "50 MB" in text


def test_a_body_of_unknown_length_is_refused(zone: Zone) -> None:
    client = zone.client("liaison")
    answer = client.post("/cases/raise/", headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411
    assert client.generic("POST", "/cases/raise/", CONTENT_LENGTH="-1").status_code == 413


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 999,
        "multipart/form-data; boundary=x",
    ],
)
def test_a_broken_form_is_a_sentence(zone: Zone, content_type: str) -> None:
    answer = zone.client("liaison").generic("POST", "/cases/raise/", b"--y\r\n\0", content_type)
    assert answer.status_code in {400, 422}
    assert "text/html" in answer["Content-Type"]


def upload(rest: Rest, case: Case, name: str, content: bytes) -> Any:
    return rest.client.post(
        f"/api/v1/cases/{case.code}/files",
        {"file": SimpleUploadedFile(name, content)},
        headers={"Authorization": f"Bearer {rest.token}"},
    )


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "..\\..\\windows.pdf",
        "/etc/cron.d/x.pdf",
        '"><script>alert(1)</script>.pdf',
        "a\r\nSet-Cookie: x=1.pdf",
        "名" * 300 + ".pdf",
        "\u202efdp.exe.pdf",
        "CON.pdf",
        ".pdf.pdf",
    ],
)
def test_a_hostile_file_name_names_nothing_else(zone: Zone, name: str) -> None:
    rest = Rest(token_of(zone, "liaison"))
    answer = upload(rest, case_of(zone), name, PDF)
    if answer.status_code != 201:
        assert answer.status_code == 422 and answer.json()["detail"]
        return
    file = File.objects.get(pk=answer.json()["id"])
    assert "/" not in file.name and len(file.name) <= 200
    assert file.location.resolve().is_relative_to(Path(settings.EVIDENCE_DIR).resolve())
    sent = zone.client("liaison").get(f"/evidence/files/{file.pk}/")
    assert "\n" not in sent["Content-Disposition"]
    assert b"".join(sent.streaming_content) == PDF
    assert "sandbox" in sent["Content-Security-Policy"]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", b"\0" * (60 * 1024 * 1024))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("报表.pdf", b"MZ\x90\x00" + b"\0" * 200),
        ("照片.png", b"<html><script>alert(1)</script>"),
        ("照片.jpg", PDF),
        ("程序.exe", b"MZ\x90\x00"),
        ("空.pdf", b""),
        ("表.xlsx", b"PK\x03\x04 broken"),
        ("包.zip", bomb()),
        ("没有后缀", PDF),
    ],
)
def test_a_file_that_lies_is_refused_with_its_field(zone: Zone, name: str, content: bytes) -> None:
    answer = upload(Rest(token_of(zone, "liaison")), case_of(zone), name, content)
    assert answer.status_code == 422, answer.content
    assert answer.json()["detail"] and answer.json()["field"] == "file"
    assert not File.objects.exists()


def test_a_formula_leaves_as_text(zone: Zone) -> None:
    for text in ("=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", '=HYPERLINK("http://evil")'):
        case_of(zone, text)
    answer = zone.client("liaison").get("/cases/problems/?format=xlsx")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).endswith("=1+1") for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)


# --- once, and by whom ------------------------------------------------------------------------


def test_a_double_click_raises_one_case(zone: Zone) -> None:
    client = zone.client("liaison")
    form = {
        "_once": once(client.get("/cases/raise/").content),
        "text": "示例：停水。",
        "unit": zone.enterprise.pk,
    }
    answers = [client.post("/cases/raise/", form) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Case.objects.count() == 1


@pytest.fixture
def live_zone(committed_db: None) -> Zone:
    with acting(SYSTEM):
        return build_zone()


def test_two_posts_at_once_raise_one_case(live_zone: Zone) -> None:
    """The same key from several connections at the same moment: one case, one answer."""
    with acting(SYSTEM):
        token = token_of(live_zone, "liaison")
    key, start = str(uuid.uuid4()), threading.Barrier(4)
    data = {"unit": live_zone.enterprise.pk, "text": "示例：停电。"}
    answers: list[Any] = []

    def press() -> None:
        try:
            start.wait(timeout=10)
            answers.append(Rest(token).post("/cases", data, **{"Idempotency-Key": key}))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.content for one in answers}) == 1
    with acting(SYSTEM):
        assert Case.objects.count() == 1


def test_a_stale_page_shows_both(zone: Zone) -> None:
    """Two officers have the page open; the second sees what the first did, and loses nothing."""
    case = case_of(zone)
    casework.receive(actor=SYSTEM, case=case)
    url = f"/cases/{case.code}/do/answer/"
    first, second = zone.client("instructor"), zone.client("instructor")
    pages = [one.get(url).content.decode() for one in (first, second)]
    versions = [re.findall(r'name="version"[^>]*value="(\d+)"', page) for page in pages]
    assert versions[0] == versions[1] and versions[0]
    form = {"version": versions[0][0], "text": "示例：第一位的答复。"}
    assert first.post(url, {**form, "_once": str(uuid.uuid4())}).status_code == 302
    form = {"version": versions[0][0], "text": "示例：第二位的答复。"}
    refused = second.post(url, {**form, "_once": str(uuid.uuid4())})
    text = refused.content.decode()
    assert refused.status_code in {409, 422}
    assert "第二位的答复" in text and "第一位的答复" in text
    assert casework.Event.objects.filter(case=case, transition="answer").count() == 1


def test_a_lost_session_says_so_and_leads_back(zone: Zone) -> None:
    """Who was away too long is told why, comes back to the form, and the browser kept the draft."""
    client = zone.client("liaison")
    page = client.get("/cases/raise/")
    assert "data-keep" in page.content.decode()  # luodi.js keeps what is typed until it is sent
    session = client.session
    session["seen"] = 0
    session.save()
    answer = client.post("/cases/raise/", {"text": "示例：写了很久。"})
    assert answer.status_code == 302 and answer["Location"].endswith("next=/cases/raise/")
    sign_in = client.get(answer["Location"]).content.decode()
    assert "登录后" in sign_in and 'value="/cases/raise/"' in sign_in
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": "示例", "unit": "999999999"}, "unit"),
        ({"text": "", "unit": "own"}, "text"),
        ({"text": "示例", "unit": "x" * 500}, "unit"),
        ({"text": "长" * 10_001, "unit": "own"}, "text"),
        ({"text": "有\0字", "unit": "own"}, "text"),
    ],
)
def test_a_wrong_value_comes_back_at_its_field(
    zone: Zone, data: dict[str, str], sentence: str
) -> None:
    if data["unit"] == "own":
        data = data | {"unit": zone.enterprise.name}
    data = data | {"procedure": "enterprise_problem"}
    answer = zone.client("office").post("/cases/raise/", data)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors, dict(answer.context["form"].errors)
    assert not Case.objects.exists()


def test_a_wrong_day_comes_back_at_its_field(zone: Zone) -> None:
    case = case_of(zone)
    casework.receive(actor=SYSTEM, case=case)
    answer = zone.client("instructor").post(
        f"/cases/{case.code}/do/add_measure/",
        {"text": "示例措施", "due_on": "2026-02-30", "owner_name": "示例某"},
    )
    assert answer.status_code == 422 and answer.context["form"].errors["due_on"]
    assert "示例措施" in answer.content.decode()


def test_what_went_wrong_inside_is_a_page_and_nothing_is_written(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = zone.client("liaison")
    client.raise_request_exception = False
    monkeypatch.setattr(
        "luodi.rooms.casework.verbs.raising.tell", lambda **rest: 1 / 0, raising=True
    )
    before = Entry.objects.count()
    answer = client.post("/cases/raise/", {"text": "示例", "unit": zone.enterprise.pk})
    assert answer.status_code == 500 and "没有写入" in answer.content.decode()
    assert not Case.objects.exists() and Entry.objects.count() == before


def test_a_fault_of_ours_is_json_over_rest(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = Rest(token_of(zone, "liaison"))
    monkeypatch.setattr("luodi.rooms.casework.verbs.raising.tell", lambda **rest: 1 / 0)
    before, key = Entry.objects.count(), {"Idempotency-Key": str(uuid.uuid4())}
    data = {"unit": zone.enterprise.pk, "text": "示例"}
    answer = rest.post("/cases", data, **key)
    assert answer.status_code == 500 and "没有写入" in answer.json()["detail"]
    assert not Case.objects.exists() and Entry.objects.count() == before
    monkeypatch.undo()
    assert rest.post("/cases", data, **key).status_code == 201
