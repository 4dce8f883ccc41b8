"""Which figure a sentence claims, and whether it holds: unsure rather than a false green."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.audit.models import Entry
from luodi.ground.figures.api import check_text
from luodi.ground.figures.checking_compare import Verdict, judge
from luodi.ground.figures.checking_period import period
from luodi.ground.figures.definition import Figure, Kind
from luodi.ground.receipts.models import Receipt
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.quantities import extract

ON = dt.date(2022, 12, 22)
KEY = "7b0c2f0e-6a39-4f7c-9a51-0d3c3d1f0a11"


def figure(unit: str, kind: Kind = Kind.COUNT, places: int = 0) -> Figure:
    return Figure("x.y", "示例", unit, kind, lambda question: [], "", places=places)


@pytest.mark.parametrize(
    ("text", "unit", "ledger", "verdict"),
    [
        ("党员90人", "人", "90", Verdict.AGREES),
        ("党员91人", "人", "90", Verdict.DIFFERS),
        ("党员近100人", "人", "95", Verdict.AGREES),
        ("党员近100人", "人", "60", Verdict.DIFFERS),
        ("党员超过30%", "%", "36", Verdict.AGREES),
        ("党员超过40%", "%", "36", Verdict.DIFFERS),
        ("党员不超过30%", "%", "36", Verdict.DIFFERS),
        ("党员超过31%", "%", "36", Verdict.DIFFERS),
        ("党员超过35%", "%", "36", Verdict.AGREES),
        ("党员超过20%", "%", "36", Verdict.UNSURE),
        ("党员超过1200人", "人", "1290", Verdict.AGREES),
        ("党员不少于12人", "人", "30", Verdict.UNSURE),
        ("党员超过10%", "%", "36", Verdict.UNSURE),
        ("党员不足50人", "人", "48", Verdict.AGREES),
        ("党员100多人", "人", "130", Verdict.AGREES),
        ("党员100多人", "人", "95", Verdict.DIFFERS),
        ("党员近100人", "人", "104", Verdict.UNSURE),
        ("增长30%", "%", "29.8", Verdict.UNSURE),
        ("平均年龄49.34岁", "岁", "49.336", Verdict.AGREES),
        ("平均年龄49.3岁", "岁", "49.34", Verdict.AGREES),
        ("平均年龄49.4岁", "岁", "49.34", Verdict.DIFFERS),
        ("投资120万元", "万元", "120", Verdict.AGREES),
        ("投资1200000元", "万元", "120", Verdict.AGREES),
        ("投资120万元", "元", "1300000", Verdict.DIFFERS),
        ("供电3亿度", "千瓦时", "346000000", Verdict.UNSURE),
        ("长度5公里", "米", "5000", Verdict.AGREES),
        ("占比为一半", "%", "50", Verdict.AGREES),
        ("人数3—5人", "人", "4", Verdict.AGREES),
        ("人数3—5人", "人", "6", Verdict.DIFFERS),
    ],
)
def test_what_holds(text: str, unit: str, ledger: str, verdict: Verdict) -> None:
    (one,) = extract(text)
    assert judge(one, figure(unit), Decimal(ledger)) is verdict


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2021年党员5人", "2021-01-01", "2021-12-31"),
        ("去年党员5人", "2021-01-01", "2021-12-31"),
        ("今年党员5人", "2022-01-01", "2022-12-22"),
        ("本月党员5人", "2022-12-01", "2022-12-22"),
        ("上月党员5人", "2022-11-01", "2022-11-30"),
        ("前三季度党员5人", "2022-01-01", "2022-09-30"),
        ("1—10月党员5人", "2022-01-01", "2022-10-31"),
        ("目前党员5人", None, "2022-12-22"),
        ("上午9时到会党员5人", None, "2022-12-22"),
    ],
)
def test_the_days_that_a_sentence_speaks_of(text: str, since: str | None, until: str) -> None:
    (one,) = extract(text)
    assert one.when is not None
    found = period(one.when, ON)
    wanted = (since and dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    assert found == wanted


def test_what_has_not_come_yet_has_no_days() -> None:
    (one,) = extract("2023年党员5人")
    assert one.when is not None and period(one.when, ON) is None


def test_when_something_began_is_not_when_it_is_spoken_of() -> None:
    (one,) = extract("园区成立于2020年12月，现有企业5家。")
    assert one.when is not None and one.when.word


def verdicts(zone: Zone, text: str) -> list[tuple[str, str, str | None]]:
    found = check_text(actor=SYSTEM, text=text, unit=zone.zone, at=ON)
    return [
        (one.quantity.text, one.verdict.value, one.reading.figure.key if one.reading else None)
        for one in found
    ]


def test_a_clear_subject_is_read(zone: Zone) -> None:
    assert verdicts(zone, "全区划分了2个党建区。") == [("2个", "agrees", "directory.districts")]
    assert verdicts(zone, "全区划分了3个党建区。") == [("3个", "differs", "directory.districts")]
    assert verdicts(zone, "开发区现有企业3户。") == [("3户", "differs", "directory.enterprises")]


@pytest.mark.parametrize(
    "text",
    [
        "孝义市现有企业3户。",
        "示例市经济持续向好。全市现有企业3户。",
        "园区内3户企业复工复产。",
        "园区内青年党员0人。",
        "开发区新发展党员0名。",
        "企业负责人3人。",
        "全省划分了2个党建区。",
        "党建区不是2个。",
        "企业平均年龄3岁。",
        "示例市现有党员0人。",
        "开发区计划设党建区2个。",
        "2025年开发区设党建区2个。",
        "除开发区外有党建区2个。",
        "某某公司有党建区2个。",
    ],
)
def test_what_is_about_something_else_is_never_green(zone: Zone, text: str) -> None:
    assert all(verdict in ("unsure", "no-ledger") for _text, verdict, _key in verdicts(zone, text))


def test_without_a_figure_the_nearest_are_offered(zone: Zone) -> None:
    (one,) = check_text(actor=SYSTEM, text="园区青年党员12人。", unit=zone.zone, at=ON)
    assert one.verdict is Verdict.NO_LEDGER
    assert "directory.members" in {each.key for each in one.nearest}


def test_a_reader_without_the_right_learns_nothing(zone: Zone) -> None:
    with acting(zone.actor("system_admin")) as actor:
        found = check_text(actor=actor, text="全区划分了2个党建区。", unit=zone.zone, at=ON)
    assert [(one.verdict, one.reading, one.nearest) for one in found] == [
        (Verdict.NO_LEDGER, None, ())
    ]


def test_the_page_marks_words_and_keeps_nothing(zone: Zone) -> None:
    client = zone.client("office")
    entries = Entry.objects.count()
    secret = "全区划分了2个党建区，现有企业7户。"
    data = {"text": secret, "unit": zone.zone.pk, "at": ON.isoformat(), "_once": KEY}
    answer = client.post("/figures/check/", data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="mark agrees"' in page and 'class="mark differs"' in page
    assert "一致" in page and "不符" in page and "台账上是 0户" in page
    assert answer["Cache-Control"] == "no-store"
    assert Entry.objects.count() == entries and not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", b"", "文件是空的"),
        ("a.docx", b"PK\x03\x04 no archive", "文件不完整或已损坏"),
        ("a.pdf", b"%PDF-1.7 broken", "文件不完整或已损坏"),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, "旧版 .doc"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0", "不认识这种文件"),
    ],
)
def test_hostile_files_get_a_sentence(zone: Zone, name: str, content: bytes, sentence: str) -> None:
    data = {
        "file": SimpleUploadedFile(name, content),
        "unit": zone.zone.pk,
        "at": ON.isoformat(),
    }
    answer = zone.client("office").post("/figures/check/", data)
    assert answer.status_code == 422
    # Django itself says that an empty file is empty
    assert (sentence in answer.content.decode()) or not content


def test_over_rest_a_file_is_checked_like_its_text(zone: Zone) -> None:
    token = {"Authorization": f"Bearer {token_of(zone, 'office')}"}

    def sent(content: bytes, name: str) -> Any:
        file = SimpleUploadedFile(name, content)
        form = {"unit": zone.zone.pk, "at": "2022-12-22", "file": file}
        return Client().post("/api/v1/figures/check/file", form, headers=token)

    answer = sent("全区划分了2个党建区。".encode("gb18030"), "示例.txt")
    assert [one["verdict"] for one in answer.json()["quantities"]] == ["agrees"]
    assert answer["Cache-Control"] == "no-store"
    refused = sent(b"%PDF-1.4 nothing", "示例.pdf")
    assert refused.status_code == 422 and refused.json()["field"] == "file"


def test_over_rest_the_answer_is_as_on_the_command_line(zone: Zone) -> None:
    rest = Rest(token_of(zone, "office"))
    body = {"text": "全区划分了2个党建区。", "unit": zone.zone.pk, "at": "2022-12-22"}
    answer = rest.post("/figures/check", body, **{"Idempotency-Key": KEY})
    assert answer.status_code == 200
    (one,) = answer.json()["quantities"]
    wanted = {
        "text": "2个", "start": 5, "end": 7, "value": 2, "upper": None, "unit": "个",
        "comparison": "=", "subject": "党建区", "figure": "directory.districts",
        "ledger_value": 2, "verdict": "agrees",
    }  # fmt: skip
    assert {key: one[key] for key in wanted} == wanted
    assert not Receipt.objects.exists()
