"""What goes wrong in a home: two at once, a phone that was away, a wrong clock, a half-done scale."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import UserError
from luodi.rooms.care import api
from luodi.rooms.care.api import Dose, Due, Measure, Note, Resident
from luodi.rooms.care.models import Opening
from luodi.rooms.care.tasks import erase_old
from luodi.rooms.care.tests.homes import FRAIL, FULL, SINCE, Home, assessed, build_home
from luodi.rooms.care.verbs import family
from luodi.rooms.care.verbs.medicines import stocked
from luodi.rooms.care.verbs.phones import Kept, Sent, receive


@pytest.fixture
def home(zone: Zone) -> Home:
    return build_home(zone.county)


def prescribed(home: Home, made: Resident, **more: object) -> api.Prescription:
    given = {"times": "08:00、20:00"} | more
    return api.prescribe(
        actor=home.actor("nurse"),
        resident=made,
        medicine="示例片 5mg",
        quantity=Decimal(1),
        unit_name="片",
        doctor="示例医生",
        since=timezone.localdate() - dt.timedelta(days=1),
        **given,
    )


def due_now(made: Resident) -> Dose:
    dose = Dose.objects.filter(resident=made).earliest("due_at")
    Dose.objects.filter(pk=dose.pk).update(due_at=timezone.now())
    dose.refresh_from_db()
    return dose


def test_two_carers_give_the_same_dose(home: Home) -> None:
    made = home.resident(bed="101-1")
    prescribed(home, made)
    api.stock_in(
        actor=SYSTEM,
        resident=made,
        medicine="示例片 5mg",
        quantity=Decimal(2),
        unit_name="片",
        expires_on=dt.date(2099, 1, 1),
    )
    dose, key = due_now(made), uuid.uuid4()
    api.give(actor=home.actor("carer"), dose=dose, client=key)
    api.give(actor=home.actor("carer"), dose=dose, client=key)  # the button twice
    with pytest.raises(UserError, match="示例carer已在.*不要重复给药"):  # noqa: RUF043
        api.give(actor=home.actor("other"), dose=dose, client=uuid.uuid4())
    assert [one.left for one in stocked(made)] == [Decimal(1)]  # type: ignore[attr-defined]
    with pytest.raises(UserError, match="相差-1"):
        api.count_stock(actor=SYSTEM, batch=stocked(made)[0], counted=Decimal(0))


def test_a_needed_dose_keeps_its_maximum_and_its_gap(home: Home) -> None:
    made = home.resident(bed="101-1")
    with pytest.raises(UserError, match="最多次数"):
        prescribed(home, made, times="", when_needed=True)
    one = prescribed(home, made, times="", when_needed=True, most_a_day=2, gap_minutes=240)
    carer = home.actor("carer")
    first = api.give_needed(actor=carer, prescription=one, why="头痛")
    with pytest.raises(UserError, match="最早"):
        api.give_needed(actor=carer, prescription=one, why="头痛")
    Dose.objects.filter(pk=first.pk).update(given_at=timezone.now() - dt.timedelta(hours=5))
    api.give_needed(actor=carer, prescription=one, why="头痛")
    with pytest.raises(UserError, match="上限"):
        api.give_needed(actor=carer, prescription=one, why="头痛")


def test_an_allergy_a_stop_and_an_absence_hold_doses(home: Home) -> None:
    made = home.resident(bed="101-1")
    one = prescribed(home, made)
    open_ = Dose.objects.filter(resident=made, state="open")
    assert open_.count() == 3
    api.stop_prescription(actor=home.actor("nurse"), prescription=one, reason="示例")
    assert not open_.exists()
    api.switch_on(actor=SYSTEM, resident=made, kind="drug_allergy", text="示例片")
    with pytest.raises(UserError, match="过敏"):
        prescribed(home, made)


def kept(kind: str, at: dt.datetime, **more: object) -> Kept:
    return Kept.model_validate({"id": uuid.uuid4(), "kind": kind, "at": at, **more})


def test_a_phone_without_network_arrives_twice_and_writes_once(home: Home) -> None:
    """Its clock is a day behind: times are put right, and what it said is kept."""
    made, now = home.resident(bed="101-1"), timezone.now()
    behind = now - dt.timedelta(days=1)
    api.replace_plan(
        actor=home.actor("nurse"),
        resident=made,
        need="示例",
        aim="示例",
        evaluate_on=SINCE,
        acts=[
            Measure(
                "翻身", ("morning",), protects=("sore", "bed_fall", "fall", "scald", "recreation")
            )
        ],
    )
    due = Due.objects.filter(resident=made).earliest("due_at")
    Due.objects.filter(pk=due.pk).update(due_at=now - dt.timedelta(hours=1))
    half = behind - dt.timedelta(minutes=30)
    items = [
        kept("note", half, resident=made.pk, text="示例"),
        kept("act", half, due=due.pk),
        kept("observation", half, resident=made.pk, measure="warmth", one="391"),
    ]
    sent = Sent(now=behind, items=items)
    carer = home.actor("carer")
    with acting(carer):
        told = receive(carer, sent)
        assert [bool(one.get("error")) for one in told] == [False, False, True]
        again = receive(carer, sent)
        assert [bool(one.get("error")) for one in again] == [False, False, True]
        note = Note.objects.get(resident=made)
        assert abs(note.at - (now - dt.timedelta(minutes=30))) < dt.timedelta(minutes=1)
        assert note.phone_at == half
    with acting(home.actor("cook")) as cook:
        assert receive(cook, Sent(now=now, items=items[:1]))[0]["error"]


def test_a_scale_half_done_a_missing_item_and_one_assessor(home: Home) -> None:
    made = home.resident()
    nurse, second = home.actor("nurse"), home.actor("second")
    row = api.begin_assessment(actor=nurse, resident=made, purpose="regular")
    api.score(actor=nurse, assessment=row, answers={"eating": 3})
    with pytest.raises(UserError, match="还没有签名"):
        api.countersign(actor=second, assessment=row)
    with pytest.raises(UserError, match="还有25项没有评"):
        api.score(actor=nurse, assessment=row, answers={"eating": 3}, sign=True)
    with pytest.raises(UserError, match="没有这个分值"):
        api.score(actor=nurse, assessment=row, answers={"eating": 9})
    api.score(actor=nurse, assessment=row, answers=FULL, sign=True)
    with pytest.raises(UserError, match="不同的人"):
        api.countersign(actor=nurse, assessment=row)
    api.countersign(actor=second, assessment=row)
    with pytest.raises(UserError, match="不能再改"):
        api.score(actor=nurse, assessment=row, answers=FRAIL, sign=True)


def test_a_fall_and_another_make_the_next_level_worse(home: Home) -> None:
    made = home.resident(bed="101-1")
    for hours in (1, 2):
        api.report_incident(
            actor=home.actor("carer"),
            resident=made,
            kind="fall",
            at=timezone.now() - dt.timedelta(hours=hours),
            harm="none",
            text="示例",
            measures="示例",
        )
    row = assessed(home, made, FULL, timezone.now())
    row.refresh_from_db()
    assert (row.level, row.found["before"], row.found["adjusted"]) == ("1", "0", ["events"])


def test_relatives_see_by_consent_only(zone: Zone, home: Home) -> None:
    made, nurse = home.resident(bed="101-1"), home.actor("nurse")
    contact = api.add_contact(actor=nurse, resident=made, name="示例", relation="女儿", phone="1")
    with pytest.raises(UserError, match="同意家属查看"):
        family.invite(actor=nurse, contact=contact)
    fact = api.switch_on(actor=nurse, resident=made, kind="consent_family")
    key = family.invite(actor=nurse, contact=contact)
    client = zone.client(None)
    assert made.name in client.get(f"/care/family/{key}/").content.decode()
    assert client.get("/care/family/forged/").status_code == 404
    answer = client.post(f"/care/family/{key}/", {"text": "妈妈好吗"})
    assert answer.status_code == 302, answer.content.decode()
    api.switch_off(actor=nurse, fact=fact, until=timezone.localdate(), reason="本人撤回")
    assert client.get(f"/care/family/{key}/").status_code == 404


def test_pages_of_the_home(zone: Zone, home: Home) -> None:
    """Each page opens for whom it is; opening a file is noted once; a namesake is warned of."""
    made = home.resident(bed="101-1")
    home.resident(bed="203-1")
    prescribed(home, made)
    clients = {}
    for name in ("head", "carer", "cook", "cashier"):
        clients[name] = zone.client(None)
        clients[name].force_login(home.accounts[name])
    for address in (
        "",
        "residents/",
        "round/",
        "round/sheet/",
        "handovers/",
        f"residents/{made.pk}/plan/",
        "residents/new/",
        f"residents/{made.pk}/leave/",
        "beds/",
    ):
        assert clients["head"].get(f"/care/{address}").status_code == 200, address
    page = clients["carer"].get(f"/care/residents/{made.pk}/").content.decode()
    clients["carer"].get(f"/care/residents/{made.pk}/")
    assert "同名" in page and Opening.objects.filter(resident=made).count() == 1
    for name, address in (
        ("cook", "kitchen/"),
        ("cashier", "money/"),
        ("cashier", f"residents/{made.pk}/account/"),
    ):
        assert clients[name].get(f"/care/{address}").status_code == 200, address
    for name in ("cook", "cashier"):
        assert clients[name].get(f"/care/residents/{made.pk}/").status_code in {403, 404}
        assert clients[name].get("/care/round/").status_code == 403
    assert "示例张桂兰" not in clients["cook"].get("/care/kitchen/").content.decode()
    dose = due_now(made)
    key = str(uuid.uuid4())
    assert clients["carer"].post(f"/care/doses/{dose.pk}/give/", {"client": key}).status_code == 302
    dose.refresh_from_db()
    assert dose.state == "given"


def test_a_file_is_erased_after_its_years_and_the_counts_stay(home: Home) -> None:
    made = home.resident(bed="101-1")
    api.write_note(actor=home.actor("carer"), resident=made, text="示例")
    api.depart(actor=SYSTEM, resident=made, kind="departure", on=dt.date(2022, 3, 1))
    assert erase_old(dt.date(2027, 2, 28)) == 0
    assert erase_old(dt.date(2027, 3, 1)) == 1
    made.refresh_from_db()
    assert made.name == "（已抹去）" and not Note.objects.filter(resident=made).exists()
    assert api.Stay.objects.filter(resident=made).exists()
    assert api.Assessment.objects.get(resident=made).level
