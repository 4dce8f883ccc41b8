"""Which figure a sentence claims, and whether it holds: unsure rather than a false green."""

from __future__ import annotations

import datetime as dt
import functools
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.audit.models import Entry
from luodi.ground.figures.api import check_text
from luodi.ground.figures.checking import MOST
from luodi.ground.figures.checking_compare import Verdict, judge
from luodi.ground.figures.checking_period import period
from luodi.ground.figures.checking_rules import AMONG, BEGUN, OWNER, RULES, SUM, TIMES, Rule
from luodi.ground.figures.checking_tables import flat
from luodi.ground.figures.checking_words import Vocabulary, Word
from luodi.ground.figures.definition import Figure, Kind
from luodi.ground.receipts.models import Receipt
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.quantities import extract

ON = dt.date(2022, 12, 22)
QUERIES = 9  # of a text of four claims, however often they stand there
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
        ("党员约98人", "人", "90", Verdict.DIFFERS),
        ("党员约90人", "人", "94", Verdict.AGREES),
        ("党员90人左右", "人", "96", Verdict.DIFFERS),
        ("平均年龄约54岁", "岁", "49.34", Verdict.DIFFERS),
        ("平均年龄约49岁", "岁", "49.34", Verdict.AGREES),
        ("党员约100人", "人", "75", Verdict.UNSURE),
        ("党员90多人", "人", "90", Verdict.UNSURE),
        ("党员百余人", "人", "130", Verdict.AGREES),
        ("投资-1250万元", "万元", "1250", Verdict.DIFFERS),
        ("增速20%-30%", "%", "29.8", Verdict.AGREES),
        ("党员1 204人", "人", "1204", Verdict.AGREES),
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


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.example)
def test_each_rule_says_why(zone: Zone, rule: Rule) -> None:
    one = check_text(actor=SYSTEM, text=rule.example, unit=zone.zone, at=ON)[-1]
    assert (one.verdict, one.why) == (Verdict.UNSURE, str(rule.why))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("党员10人，其中企业0户。", AMONG),
        ("全区党员、企业0户。", SUM),
        ("3户企业拥有党建区2个。", OWNER),
        ("2022年成立党建区2个。", BEGUN),
        ("2021年和2022年党建区2个。", TIMES),
    ],
)
def test_what_the_words_leave_open_says_why(zone: Zone, text: str, why: object) -> None:
    one = check_text(actor=SYSTEM, text=text, unit=zone.zone, at=ON)[-1]
    assert (one.verdict, one.why) == (Verdict.UNSURE, str(why))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("党员和党建区分别为0名、2个。", "agrees"),
        ("全区党员0名，党建区2个、企业1户。", "differs"),
        ("单位：个\n指标\t数值\n党建区\t2", "agrees"),
        ("指标\t计量单位\t2022年\n党建区\t个\t3", "differs"),
        ("名称\t党建区（个）\n示例县税务局\t2", "unsure"),
        ("县税务局抓党建。现有党建区2个。", "unsure"),
        ("走访县税务局，现有党建区2个。", "unsure"),
        ("组织2个党建区参观。", "unsure"),
    ],
)
def test_lists_tables_and_bodies(zone: Zone, text: str, verdict: str) -> None:
    assert verdicts(zone, text)[-1][1] == verdict


def test_a_table_keeps_the_places_of_its_numbers(zone: Zone) -> None:
    text = "指标\t数值\n党建区\t2个\n\n全区党建区2个。"
    found = check_text(actor=SYSTEM, text=text, unit=zone.zone, at=ON)
    assert [text[one.quantity.start : one.quantity.end] for one in found] == ["2个", "2个"]
    assert [one.verdict.value for one in found] == ["agrees", "agrees"]


def test_readings_are_asked_once_a_text(zone: Zone) -> None:
    line = "全区划分了2个党建区，现有企业7户，党员5人，2021年解决企业问题3个。"
    with acting(SYSTEM):
        for copies in (1, 40):
            with CaptureQueriesContext(connection) as asked:
                check_text(actor=SYSTEM, text=line * copies, unit=zone.zone, at=ON)
            assert len(asked) == QUERIES


@given(st.text("党员企0123456789人户、，。的有全区", max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_clause_is_cut_into_all_its_characters_with_the_fewest_unknown(text: str) -> None:
    words = Vocabulary({word: Word() for word in ("党", "党员", "员企", "企业", "全区", "有")})
    words.index()
    tokens = words.cut(text, 0, len(text))
    assert "".join(token.text for token in tokens) == text
    unknown = sum(len(token.text) for token in tokens if token.word is None)

    @functools.cache
    def fewest(at: int) -> int:
        if at == len(text):
            return 0
        ends = [at + len(word) for word in words.words if text.startswith(word, at)]
        return min([1 + fewest(at + 1), *map(fewest, ends)])

    assert unknown == fewest(0)


@given(st.text("党员1２9.,%（）人元\t\t\n 单位：", max_size=60))
@settings(max_examples=200, deadline=None)
def test_what_is_written_out_of_a_table_stands_where_it_says(text: str) -> None:
    found = flat(text, Vocabulary())
    assert len(found.text) == len(found.origin)
    for character, at in zip(found.text, found.origin, strict=True):
        assert at < 0 or text[at] == character or text[at] in "−﹣"


def test_a_hostile_text_has_a_bound(zone: Zone) -> None:
    found = check_text(actor=SYSTEM, text="党建区2个" * 4000, unit=zone.zone, at=ON)
    assert len(found) == 4000 and {one.verdict for one in found[MOST:]} == {Verdict.UNSURE}


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
    (one,) = check_text(actor=SYSTEM, text="园区党员活动室12间。", unit=zone.zone, at=ON)
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
