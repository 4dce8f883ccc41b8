"""Guides as they are shipped, written, published, answered; and what each verb refuses."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.guidance import api, published
from luodi.rooms.guidance.checking import edges, faults_of
from luodi.rooms.guidance.document import Document, as_json, document_of
from luodi.rooms.guidance.evaluating import answers_of, evaluate
from luodi.rooms.guidance.models import Guide
from luodi.rooms.guidance.verbs import SHIPPED, shipped

PAGE_DAY = dt.date(2022, 12, 22)


@pytest.fixture
def guide(zone: Zone) -> Guide:
    made = api.install(actor=SYSTEM, unit=zone.zone, key="fever")
    api.publish_draft(actor=SYSTEM, guide=made, note="示例")
    return made


def came(document: Document, **answers: Any) -> str | None:
    found = evaluate(document, answers_of(document, answers), PAGE_DAY)
    return found.outcome.key if found.outcome else None


# --- what is shipped ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", SHIPPED)
def test_shipped_guides_may_be_published_with_every_edge_tested(key: str) -> None:
    document = shipped(key)
    assert faults_of(document, today()) == []
    assert all(met for _one, _number, met in edges(document, document.read_on(today()), today()))
    stored = json.loads(json.dumps(as_json(document)))
    assert as_json(document_of(stored)) == stored
    for one in (*document.questions, *document.outcomes, *document.rules):
        assert all(
            getattr(one, f"{name}_en")
            for name in ("text", "label", "title", "steps", "why")
            if getattr(one, name, "")
        ), one


@pytest.mark.parametrize(
    ("fever", "days", "end"),
    [("38.5", 3, "home"), ("38.6", 3, "doctor"), ("38.6", 2, "home"), ("39", "?", "unsure"),
     ("?", 2, "home"), ("?", 3, "unsure")],
)  # fmt: skip
def test_strictly_above_38_5_for_three_days_of_it(fever: str, days: Any, end: str) -> None:
    answers = {"worse": False, "breath": False, "illness": False, "fever": fever, "days": days}
    assert came(shipped("fever"), **answers) == end


@pytest.mark.parametrize(
    ("ct", "hours", "end"),
    [("34.9", 48, "test"), ("35", 24, "again"), ("35", "24.5", "may_end"), ("?", 48, "unsure")],
)
def test_two_samples_more_than_a_day_apart(ct: str, hours: Any, end: str) -> None:
    answers = {"symptoms": "gone", "antigen": "negative", "negatives": 2, "ct": ct, "hours": hours}
    assert came(shipped("isolation"), **answers) == end


def test_a_question_that_changes_nothing_is_not_asked() -> None:
    document = shipped("fever")
    answers = {"worse": False, "breath": False, "illness": False, "fever": "38.5"}
    assert came(document, **answers) == "home"  # how many days does not matter any more


def test_past_its_end_a_number_is_neither_used_nor_forgotten() -> None:
    given = as_json(shipped("fever"))
    given["until"] = None
    document = document_of(given)
    answers = {"worse": False, "breath": False, "illness": False, "fever": "39", "days": 4}
    found = evaluate(document, answers_of(document, answers), dt.date(2023, 3, 1))
    assert found.outcome and found.outcome.key == "unsure"
    assert set(found.lapsed) == {"fever_above", "fever_days"}
    assert document.emergency_number(dt.date(2023, 3, 1)) == "120"  # until further notice


# --- writing ------------------------------------------------------------------------------------


def test_texts_change_without_a_release_and_only_when_published(zone: Zone, guide: Guide) -> None:
    with acting(zone.actor("office")) as office:
        draft = api.save_texts(actor=office, guide=guide, texts={"title": "示例标题"})
        assert published.of_key("fever").document.title != "示例标题"
        with pytest.raises(Stale):
            api.save_texts(actor=office, guide=guide, texts={"title": "别的"}, version=99)
        with pytest.raises(UserError):
            api.save_texts(actor=office, guide=guide, texts={"rules.0.when": "True"})
        api.publish_draft(actor=office, guide=guide, note="示例", version=draft.version)
        assert published.of_key("fever").document.title == "示例标题"
        guide.refresh_from_db()
        assert guide.name == "示例标题"
        with pytest.raises(UserError):
            api.publish_draft(actor=office, guide=guide, note="示例")


def test_what_fails_its_cases_is_not_published(zone: Zone, guide: Guide) -> None:
    wrong = as_json(shipped("fever"))
    wrong["parameters"][0]["values"][0]["value"] = "39"
    with acting(zone.actor("office")) as office:
        api.save_document(actor=office, guide=guide, document=wrong)
        with pytest.raises(UserError, match="用例"):
            api.publish_draft(actor=office, guide=guide, note="示例")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one["rules"].pop(),
        lambda one: one["rules"][0].update(outcome="nowhere"),
        lambda one: one["rules"][0].update(when="worse or"),
        lambda one: one["rules"].insert(0, {**one["rules"][-1]}),
        lambda one: one["outcomes"].pop(),
        lambda one: one["cases"].pop(3),
        lambda one: one["parameters"][0]["values"].append({"value": "38", "source": "column"}),
        lambda one: one["questions"].append({**one["questions"][0], "key": "idle"}),
    ],
)
def test_a_fault_is_told_before_anybody_is_told_by_it(spoil: Any) -> None:
    given = as_json(shipped("fever"))
    spoil(given)
    assert faults_of(document_of(given), today())


def test_what_was_wrong_is_withdrawn_and_the_one_before_is_read(zone: Zone, guide: Guide) -> None:
    with acting(zone.actor("office")) as office:
        api.save_texts(actor=office, guide=guide, texts={"title": "写错的标题"})
        wrong = api.publish_draft(actor=office, guide=guide, note="示例")
        api.withdraw_edition(actor=office, edition=wrong, reason="示例")
        assert published.of_key("fever").number == 1
        with pytest.raises(UserError):
            api.withdraw_edition(actor=office, edition=wrong, reason="示例")
        assert published.of_edition("fever", wrong.pk) is None


def test_who_may_not_write_writes_nothing(zone: Zone, guide: Guide) -> None:
    for role in ("liaison", "branch_secretary"):
        with acting(zone.actor(role)) as actor, pytest.raises(NotAllowed):
            api.save_texts(actor=actor, guide=guide, texts={"title": "示例"})


def test_a_review_lies_in_the_past_and_the_next_after_it(zone: Zone, guide: Guide) -> None:
    later = today() + dt.timedelta(days=30)
    with acting(zone.actor("office")) as office:
        with pytest.raises(UserError):
            api.review_guide(actor=office, guide=guide, on=later, next_on=later)
        with pytest.raises(UserError):
            api.review_guide(actor=office, guide=guide, on=today(), next_on=today())
        made = api.review_guide(actor=office, guide=guide, on=today(), next_on=later)
        assert made.review_on == later


# --- answering ----------------------------------------------------------------------------------


def state_in(page: str) -> str:
    return page.split('name="state" value="')[1].split('"')[0]


def test_answered_without_account_cookie_or_trace(zone: Zone, guide: Guide) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.get("/guide/fever/")
    page = answer.content.decode()
    assert "public" in answer["Cache-Control"] and not client.cookies
    for question, said in (("worse", "no"), ("breath", "no"), ("illness", "no"), ("fever", "39.7")):
        assert "120" in page and "不知道" in page
        form = {"state": state_in(page), "q": question, "a": said}
        answer = client.post("/guide/fever/", form)
        page = answer.content.decode()
        assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    answer = client.post("/guide/fever/", {"state": state_in(page), "q": "days", "a": "3"})
    page = answer.content.decode()
    for words in (
        "今天联系社区医生",
        "为什么",
        "您的回答",
        "39.7 ℃",
        "120",
        "2022-12-08",
        "历史规定",
    ):
        assert words in page, words
    assert not client.cookies
    back = client.post("/guide/fever/", {"state": state_in(page), "change": "fever"})
    assert 'value="39.7"' in back.content.decode()
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
            " 'public'::regnamespace AND has_table_privilege(oid, 'SELECT')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', ["%39.7%"])
            assert cursor.fetchone()[0] == 0, table


def test_what_is_no_answer_is_told_and_the_rest_stays(zone: Zone, guide: Guide) -> None:
    client = Client()
    page = client.get("/guide/fever/").content.decode()
    for text in ("maybe", "", "x" * 50, "\x01"):
        answer = client.post("/guide/fever/", {"state": state_in(page), "q": "worse", "a": text})
        assert answer.status_code == 422 and "不知道" in answer.content.decode()
    forged = client.post("/guide/fever/", {"state": "forged", "q": "worse", "a": "no"})
    assert forged.status_code == 422 and "从头" in forged.content.decode()
    assert client.get("/guide/none/").status_code == 404


def test_one_finishes_with_the_edition_one_began_with(zone: Zone, guide: Guide) -> None:
    client = Client()
    begun = client.get("/guide/fever/").content.decode()
    with acting(SYSTEM):
        api.save_texts(actor=SYSTEM, guide=guide, texts={"questions.1.text": "新的问法？"})
        second = api.publish_draft(actor=SYSTEM, guide=guide, note="示例")
    form = {"state": state_in(begun), "q": "worse", "a": "no"}
    page = client.post("/guide/fever/", form).content.decode()
    assert "新的问法" not in page and "新的一版" in page
    assert "新的问法" not in client.get("/guide/fever/").content.decode()  # that is question two
    with acting(SYSTEM):
        api.withdraw_edition(actor=SYSTEM, edition=second, reason="示例")
    assert client.post("/guide/fever/", form).status_code == 200


def test_over_rest_anybody_evaluates(zone: Zone, guide: Guide) -> None:
    client = Client()
    address = f"/api/v1/guidance/{guide.pk}"
    assert client.get(address).json()["document"]["title"] == shipped("fever").title

    def send(answers: dict[str, Any]) -> Any:
        body = json.dumps({"answers": answers})
        return client.post(f"{address}/evaluation", body, "application/json")

    assert send({}).json()["asking"]["key"] == "worse"
    assert send({"worse": True}).json()["outcome"] == "emergency"
    assert send({"nothing": 1}).status_code == 422
    assert send({"fever": "hot"}).json()["field"] == "fever"
