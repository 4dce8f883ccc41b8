"""The form behind an enterprise's QR code: no account, no flood."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from tests.zone import Zone

from luodi.ground.scope.api import NOBODY, acting
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.casework.models import PublicAttempt, ReportKey
from luodi.rooms.casework.timeline import lines
from luodi.rooms.casework.verbs.public import forget_attempts

MONDAY = dt.datetime(2026, 3, 2, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def token(zone: Zone) -> str:
    with acting(zone.actor("liaison")) as liaison:
        return casework.intake_of(actor=liaison, unit=zone.enterprise).token


def report(token: str, **changes: str) -> casework.Receipt:
    words = {"text": "示例：道路积水", "who": "示例工人", "contact": "13800005678"} | changes
    with acting(NOBODY):
        return casework.report_publicly(token=token, address="192.0.2.1", at=MONDAY, **words)


def test_nobody_in_particular_reports_a_problem(zone: Zone, token: str) -> None:
    receipt = report(token)
    case = Case.objects.get(code=receipt.code)
    assert (case.unit, case.channel, case.reporter, case.state) == (
        zone.enterprise,
        "public",
        None,
        "raised",
    )
    assert case.phone_masked == "138****5678"
    with acting(NOBODY):
        assert not Case.objects.exists()
    with acting(zone.actor("liaison")) as liaison:
        assert list(Case.objects.all()) == [case]
        assert "withdraw" in {one.verb for one in casework.available(liaison, case)}


def test_who_and_what_are_asked_for(token: str) -> None:
    for field in ("who", "text"):
        with pytest.raises(UserError) as refused:
            report(token, **{field: "  "})
        assert refused.value.field == field


def test_a_rotated_token_leads_nowhere(zone: Zone, token: str) -> None:
    with acting(zone.actor("liaison")) as liaison:
        fresh = casework.rotate_token(actor=liaison, unit=zone.enterprise).token
    with pytest.raises(NotFound):
        report(token)
    assert report(fresh).unit_name == zone.enterprise.name


@pytest.fixture
def few(settings: LazySettings) -> None:
    settings.REPORTS_PER_ADDRESS, settings.REPORTS_PER_ENTERPRISE = 5, 8


def test_a_factory_behind_one_address_is_not_shut_out(token: str) -> None:
    for _n in range(25):
        report(token)


def test_one_address_cannot_flood(few: None, token: str) -> None:
    for _n in range(5):
        report(token)
    with pytest.raises(UserError, match="太多"):
        report(token)
    assert Case.objects.count() == 5
    assert not PublicAttempt.objects.filter(key__contains="192.0.2.1").exists()
    assert forget_attempts(MONDAY + dt.timedelta(days=2)) == 2


def test_one_connection_counts_as_one_sender(few: None, token: str) -> None:
    """Whoever has IPv6 has 2^64 addresses."""
    words = {"text": "示例", "who": "示例工人"}
    with acting(NOBODY):
        for number in range(5):
            address = f"2001:db8::{number}"
            casework.report_publicly(token=token, address=address, at=MONDAY, **words)
        with pytest.raises(UserError, match="太多"):
            casework.report_publicly(token=token, address="2001:db8::ff", at=MONDAY, **words)
        other = "2001:db8:0:1::1"
        assert casework.report_publicly(token=token, address=other, at=MONDAY, **words).code


def test_one_enterprise_has_a_limit_of_its_own(few: None, zone: Zone, token: str) -> None:
    words = {"text": "示例", "who": "示例工人", "at": MONDAY}
    with acting(zone.actor("office")) as office:
        second = casework.intake_of(actor=office, unit=zone.second).token
    with acting(NOBODY):
        for number in range(8):
            casework.report_publicly(token=token, address=f"192.0.2.{number}", **words)
        with pytest.raises(UserError, match="太多"):
            casework.report_publicly(token=token, address="192.0.2.99", **words)
        assert casework.report_publicly(token=second, address="192.0.2.99", **words).code


# --- afterwards: number and secret word ---------------------------------------------------------


def submitted(zone: Zone, receipt: casework.Receipt) -> None:
    case = Case.objects.get(code=receipt.code)
    with acting(zone.actor("instructor")) as instructor:
        casework.receive(actor=instructor, case=case, at=MONDAY)
        casework.answer(actor=instructor, case=case, text="示例：正在排水", at=MONDAY)
        casework.urge(actor=zone.actor("liaison"), case=case, text="内部的话", at=MONDAY)
        casework.submit(actor=instructor, case=case, note="示例：已排完", at=MONDAY)


def open_(receipt: casework.Receipt, **changes: str) -> bool:
    given = {"code": receipt.code, "word": receipt.word, "address": "192.0.2.1"} | changes
    with acting(NOBODY):
        return casework.look_up(at=MONDAY, **given)


def test_number_and_word_open_one_report_and_what_was_said_to_its_reporter(
    zone: Zone, token: str
) -> None:
    mine, other = report(token), report(token)
    assert open_(mine) and open_(mine, word=mine.word.upper().replace("-", " "))
    assert not open_(mine, word=other.word) and not open_(mine, code="WT2026-999999")
    assert mine.word not in str(ReportKey.objects.values_list("word"))
    submitted(zone, mine)
    with acting(NOBODY):
        found = casework.progress_of(mine.code)
        with pytest.raises(NotFound):
            casework.progress_of("WT2026-999999")
    said = [note for _at, _what, note in found.words]
    assert said == ["示例：已排完", "示例：正在排水", ""]
    assert found.asked and found.confirm_at is not None


def test_what_goes_on_with_another_says_how_far_that_is(zone: Zone, token: str) -> None:
    mine, other = report(token), report(token)
    with acting(zone.actor("instructor")) as instructor:
        into = Case.objects.get(code=other.code)
        casework.receive(actor=instructor, case=into, at=MONDAY)
        case = Case.objects.get(code=mine.code)
        casework.merge(actor=instructor, case=case, into=into, reason="同一件事", at=MONDAY)
    assert casework.progress_of(mine.code).state == "已并案 · 办理中"


def test_guesses_are_counted_though_they_are_wrong(settings: LazySettings, token: str) -> None:
    settings.LOOK_UPS_PER_CASE, settings.LOOK_UPS_PER_ADDRESS = 3, 5
    mine, other = report(token), report(token)
    for _n in range(3):
        assert not open_(mine, word="guess", address="192.0.2.9")
    with pytest.raises(UserError, match="次数太多"):
        open_(mine)
    assert open_(other)
    for _n in range(2):
        assert not open_(other, word="guess", address="192.0.2.9")
    with pytest.raises(UserError, match="次数太多"):
        open_(report(token), address="192.0.2.9")


@pytest.mark.parametrize(("satisfied", "state"), [(True, "confirmed"), (False, "handling")])
def test_the_reporter_says_so_himself_before_silence_does(
    zone: Zone, token: str, satisfied: bool, state: str
) -> None:
    receipt = report(token)
    submitted(zone, receipt)
    with acting(NOBODY):
        if not satisfied:
            with pytest.raises(UserError, match="原因"):
                casework.answer_publicly(code=receipt.code, satisfied=False, at=MONDAY)
        casework.answer_publicly(
            code=receipt.code, satisfied=satisfied, words="示例：还有水", at=MONDAY
        )
        with pytest.raises(UserError):
            casework.answer_publicly(code=receipt.code, satisfied=True, at=MONDAY)
    case = Case.objects.get(code=receipt.code)
    said = case.verifications.get()
    assert (case.state, said.satisfied, said.by_time) == (state, satisfied, False)
    assert lines(case, case.events.order_by("version"))[0].who == "示例工人"


def test_a_forgotten_reporters_word_opens_nothing(zone: Zone, token: str) -> None:
    receipt = report(token)
    submitted(zone, receipt)
    casework.answer_publicly(code=receipt.code, satisfied=True, at=MONDAY)
    Case.objects.update(closed_at=MONDAY - dt.timedelta(days=4_000))
    with acting(zone.actor("office")) as office:
        case = Case.objects.get(code=receipt.code)
        casework.forget_reporter(actor=office, case=case, why="期满")
    assert not open_(receipt)


def test_a_phone_number_is_shown_for_a_reason_that_the_trail_keeps(zone: Zone, token: str) -> None:
    case = Case.objects.get(code=report(token).code)
    with acting(zone.actor("instructor")) as instructor:
        with pytest.raises(UserError, match="为什么"):
            casework.reveal_phone(actor=instructor, case=case, why="")
        assert casework.reveal_phone(actor=instructor, case=case, why="回访") == "13800005678"
