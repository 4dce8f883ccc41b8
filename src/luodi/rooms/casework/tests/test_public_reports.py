"""The form behind an enterprise's QR code: no account, no flood."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from tests.zone import Zone

from luodi.ground.scope.api import NOBODY, acting
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.casework.models import PublicAttempt
from luodi.rooms.casework.verbs.public import PER_ADDRESS_PER_HOUR, forget_attempts

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


def test_one_address_cannot_flood(token: str) -> None:
    for _n in range(PER_ADDRESS_PER_HOUR):
        report(token)
    with pytest.raises(UserError, match="太多"):
        report(token)
    assert Case.objects.count() == PER_ADDRESS_PER_HOUR
    assert not PublicAttempt.objects.filter(key__contains="192.0.2.1").exists()
    assert forget_attempts(MONDAY + dt.timedelta(days=2)) == 2


def test_one_connection_counts_as_one_sender(token: str) -> None:
    """Whoever has IPv6 has 2^64 addresses."""
    words = {"text": "示例", "who": "示例工人"}
    with acting(NOBODY):
        for number in range(PER_ADDRESS_PER_HOUR):
            address = f"2001:db8::{number}"
            casework.report_publicly(token=token, address=address, at=MONDAY, **words)
        with pytest.raises(UserError, match="太多"):
            casework.report_publicly(token=token, address="2001:db8::ff", at=MONDAY, **words)
        other = "2001:db8:0:1::1"
        assert casework.report_publicly(token=token, address=other, at=MONDAY, **words).code


def test_a_phone_number_is_shown_for_a_reason_that_the_trail_keeps(zone: Zone, token: str) -> None:
    case = Case.objects.get(code=report(token).code)
    with acting(zone.actor("instructor")) as instructor:
        with pytest.raises(UserError, match="为什么"):
            casework.reveal_phone(actor=instructor, case=case, why="")
        assert casework.reveal_phone(actor=instructor, case=case, why="回访") == "13800005678"
