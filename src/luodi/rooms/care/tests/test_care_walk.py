"""From an enquiry to a bill: the walk that a home walks with everybody, and what it refuses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.care import api
from luodi.rooms.care.api import Due, Measure, Resident, Stay
from luodi.rooms.care.models import BillLine, Outcome
from luodi.rooms.care.tests.homes import SINCE, Home, build_home, noon

WALK = Measure("陪护行走", slots=("morning", "evening"), protects=("fall", "recreation"))
TURN = Measure("翻身并查看皮肤", slots=("night",), protects=("sore", "bed_fall"))
WASH = Measure("晨间洗漱", slots=("morning",), routine=True, protects=("scald",))


@pytest.fixture
def home(zone: Zone) -> Home:
    return build_home(zone.county)


def planned(home: Home, resident: Resident) -> api.Plan:
    return api.replace_plan(
        actor=home.actor("nurse"),
        resident=resident,
        need="行走不稳",
        aim="三个月内不跌倒",
        evaluate_on=dt.date(2099, 1, 1),
        acts=[WALK, TURN, WASH],
    )


def test_nobody_moves_in_without_assessment_or_consent(home: Home) -> None:
    made = api.enquire(
        actor=SYSTEM, unit=home.unit, name="示例", sex="f", born_on=dt.date(1940, 1, 1)
    )
    with pytest.raises(UserError, match="评估"):
        api.admit(actor=SYSTEM, resident=made, bed=home.beds["101-1"], on=SINCE, level="1")
    with pytest.raises(UserError, match="单独同意"):
        api.begin_assessment(actor=SYSTEM, resident=made, purpose="admission")


def test_a_bed_holds_one(home: Home) -> None:
    home.resident("示例甲", "101-1")
    with pytest.raises(UserError, match="已有人"):
        home.resident("示例乙", "101-1")


def test_a_trial_becomes_a_stay_in_the_same_bed(home: Home) -> None:
    made = home.resident("示例试住")
    api.start_trial(
        actor=SYSTEM,
        resident=made,
        bed=home.beds["203-1"],
        on=dt.date(2022, 2, 1),
        until=dt.date(2022, 2, 15),
        level="2",
    )
    api.admit(actor=SYSTEM, resident=made, on=dt.date(2022, 2, 10), level="2")
    stays = list(Stay.objects.filter(resident=made).order_by("during"))
    assert [(one.bed.name, one.trial) for one in stays] == [("203-1", True), ("203-1", False)]
    assert stays[0].during.upper == stays[1].during.lower == dt.date(2022, 2, 10)


def test_due_acts_follow_the_plan_the_absence_and_the_return(home: Home) -> None:
    made = home.resident("示例甲", "101-1")
    planned(home, made)
    open_ = Due.objects.filter(resident=made, outcome=Outcome.OPEN)
    last = open_.order_by("-due_at")[0].due_at
    assert last <= timezone.now() + dt.timedelta(hours=36)
    assert 5 <= open_.count() <= 7  # four a day for a day and a half
    before = open_.count()
    api.leave(actor=home.actor("nurse"), resident=made, kind="leave", at=timezone.now())
    assert open_.count() == 0
    with pytest.raises(UserError, match="先登记返回"):
        api.leave(actor=home.actor("nurse"), resident=made, kind="hospital", at=timezone.now())
    with pytest.raises(UserError, match="撤回"):
        api.confirm(actor=home.actor("carer"), due=Due.objects.first(), outcome="done")
    api.come_back(actor=home.actor("nurse"), resident=made, at=timezone.now())
    assert open_.count() == before
    api.replace_plan(
        actor=home.actor("nurse"),
        resident=made,
        need="同前",
        aim="同前",
        evaluate_on=dt.date(2099, 1, 1),
        acts=[
            Measure(
                "全程陪护",
                clock=dt.time(9),
                protects=("fall", "recreation", "sore", "bed_fall", "scald"),
            )
        ],
        number=1,
    )
    assert set(open_.values_list("act__text", flat=True)) == {"全程陪护"}
    with pytest.raises(UserError, match="重新打开"):
        api.replace_plan(
            actor=home.actor("nurse"),
            resident=made,
            need="同前",
            aim="同前",
            evaluate_on=SINCE,
            acts=[WALK],
            number=1,
        )


def test_a_plan_answers_every_risk(home: Home) -> None:
    made = home.resident("示例甲", "101-1")
    with pytest.raises(UserError, match="没有防护措施：压力性损伤"):
        api.replace_plan(
            actor=home.actor("nurse"),
            resident=made,
            need="示例",
            aim="示例",
            evaluate_on=SINCE,
            acts=[WALK],
        )


def test_routine_together_the_rest_each_by_itself(home: Home) -> None:
    made = home.resident("示例甲", "101-1")
    planned(home, made)
    carer, other = home.actor("carer"), home.actor("other")
    rows = list(Due.objects.filter(resident=made).select_related("act").order_by("due_at"))
    for place, one in enumerate(rows):
        one.due_at = timezone.now() - dt.timedelta(minutes=place)
        one.save(update_fields=["due_at"])
    routine = [one.pk for one in rows if one.act.routine]
    rest = [one for one in rows if not one.act.routine]
    with pytest.raises(UserError, match="逐项"):
        api.confirm_routine(actor=carer, resident=made, dues=[*routine, rest[0].pk])
    assert api.confirm_routine(actor=carer, resident=made, dues=routine) == len(routine)
    with pytest.raises(UserError, match="原因"):
        api.confirm(actor=carer, due=rest[0], outcome="refused")
    api.confirm(actor=carer, due=rest[0], outcome="refused", why="不愿起床")
    api.confirm(actor=carer, due=rest[0], outcome="refused", why="不愿起床")
    with pytest.raises(UserError, match="示例carer已在"):
        api.confirm(actor=other, due=rest[0], outcome="done")


def test_an_incident_makes_an_assessment_due_and_needs_somebody_told(home: Home) -> None:
    made = home.resident("示例甲", "101-1")
    nurse = home.actor("nurse")
    incident = api.report_incident(
        actor=home.actor("carer"),
        resident=made,
        kind="fall",
        at=timezone.now(),
        harm="treated",
        text="在走廊跌倒",
        measures="检查、测量血压、通知护士",
    )
    made.refresh_from_db()
    assert made.assess_why == "跌倒"
    with pytest.raises(UserError, match="告知"):
        api.follow_up(actor=nurse, incident=incident, text="地面加防滑垫")
    api.tell_about(actor=nurse, incident=incident, whom="女儿", at=timezone.now())
    assert api.follow_up(actor=nurse, incident=incident, text="地面加防滑垫").closed_at


def test_the_month_with_an_absence_and_a_hospital_stay(home: Home) -> None:
    """September: 30 days; on leave 5 to 7 (one whole day), in hospital 10 to 16 (five whole days)."""
    made = home.resident("示例甲", "101-1", dt.date(2022, 9, 1))
    nurse, cashier = home.actor("nurse"), home.actor("cashier")
    api.leave(actor=nurse, resident=made, kind="leave", at=noon(dt.date(2022, 9, 5)))
    api.come_back(actor=nurse, resident=made, at=noon(dt.date(2022, 9, 7)))
    api.leave(actor=nurse, resident=made, kind="hospital", at=noon(dt.date(2022, 9, 10)))
    api.come_back(actor=nurse, resident=made, at=noon(dt.date(2022, 9, 16)))
    with acting(cashier):
        bill = api.issue_bill(actor=cashier, resident=made, month=dt.date(2022, 9, 15))
        lines = {
            (one.kind, int(one.quantity)): one.amount for one in BillLine.objects.filter(bill=bill)
        }
        assert lines == {
            ("bed", 25): Decimal("750.00"),
            ("bed", 5): Decimal("75.00"),  # half of 900 × 5 / 30
            ("care", 25): Decimal("1000.00"),
            ("meal", 24): Decimal("480.00"),
        }
        assert bill.total == api.balance(made, "owed") == Decimal("2305.00")
        with pytest.raises(UserError, match="已经出账"):
            api.issue_bill(actor=cashier, resident=made, month=dt.date(2022, 9, 1))
        api.counter_bill(actor=cashier, bill=bill, reason="算错")
        assert api.balance(made, "owed") == 0
        api.issue_bill(actor=cashier, resident=made, month=dt.date(2022, 9, 1))
        api.receive_payment(
            actor=cashier, resident=made, amount=Decimal(3000), on=dt.date(2022, 10, 1)
        )
        assert (api.balance(made, "owed"), api.balance(made, "prepaid")) == (0, Decimal("695.00"))


def test_departure_settles_deposit_and_prepayment(home: Home) -> None:
    made = home.resident("示例甲", "101-1", dt.date(2022, 9, 1))
    cashier, head = home.actor("cashier"), home.actor("head")
    with acting(cashier):
        with pytest.raises(UserError, match="12倍"):
            api.receive_deposit(
                actor=cashier, resident=made, amount=Decimal(10801), on=dt.date(2022, 9, 1)
            )
        api.receive_deposit(
            actor=cashier, resident=made, amount=Decimal(3000), on=dt.date(2022, 9, 1)
        )
        with pytest.raises(UserError, match="12个月"):
            api.receive_payment(
                actor=cashier, resident=made, amount=Decimal(99999), on=dt.date(2022, 9, 1)
            )
        with pytest.raises(UserError, match="仍在住"):
            api.settle_departure(actor=cashier, resident=made, on=dt.date(2022, 9, 20))
    with acting(head):
        api.depart(actor=head, resident=made, kind="departure", on=dt.date(2022, 9, 11))
    with acting(cashier):
        made.refresh_from_db()
        with pytest.raises(UserError, match="还没有出账"):
            api.settle_departure(actor=cashier, resident=made, on=dt.date(2022, 9, 20))
        bill = api.issue_bill(actor=cashier, resident=made, month=dt.date(2022, 9, 1))
        assert bill.total == Decimal("900.00")  # a third of 900 and of 1200, ten meals days
        api.settle_departure(actor=cashier, resident=made, on=dt.date(2022, 9, 20))
        for account in ("owed", "deposit", "prepaid", "custody"):
            assert api.balance(made, account) == 0, account
        assert api.balance(made, "cash") == Decimal("900.00")


def test_a_death_entered_by_mistake_is_taken_back(home: Home) -> None:
    made, other = home.resident("示例甲", "101-1"), home.resident("示例乙", "101-2")
    planned(home, made)
    head = home.actor("head")
    with acting(head):
        gone = api.depart(actor=head, resident=made, kind="death", on=timezone.localdate())
        assert not Due.objects.filter(resident=made, outcome=Outcome.OPEN).exists()
        step = api.Step.objects.filter(resident=gone, kind="death").get()
        api.move_bed(actor=head, resident=other, bed=home.beds["101-1"], on=timezone.localdate())
        with pytest.raises(UserError, match="101-1"):
            api.take_back(actor=head, step=step, reason="同名误登")
        api.move_bed(actor=head, resident=other, bed=home.beds["101-2"], on=timezone.localdate())
        back = api.take_back(actor=head, step=step, reason="同名误登")
        assert back.state == "resident" and back.ended_on is None
        assert Due.objects.filter(resident=made, outcome=Outcome.OPEN).exists()
        with pytest.raises(UserError, match="不能撤销"):
            api.take_back(actor=head, step=step, reason="再撤")


@pytest.mark.parametrize("role", ["office", "secretary", "county_officer", "department_officer"])
def test_nobody_above_the_home_sees_a_name(zone: Zone, home: Home, role: str) -> None:
    made = home.resident("示例甲", "101-1")
    with acting(zone.actor(role)) as above:
        for model in (Resident, Stay, api.Fact, api.Assessment, Due, api.Step):
            assert not model.objects.exists(), model
        with pytest.raises(NotAllowed):
            api.write_note(actor=above, resident=made, text="示例")


def test_each_sees_what_their_work_needs(home: Home) -> None:
    made = home.resident("示例甲", "101-1")
    api.switch_on(actor=SYSTEM, resident=made, kind="diet", text="低盐")
    with acting(home.actor("cook")):
        assert [one.kind for one in api.Fact.objects.all()] == ["diet"]
        assert Stay.objects.exists() and not Resident.objects.exists()
    with acting(home.actor("cashier")):
        assert Resident.objects.exists()
        assert not api.Fact.objects.exists() and not api.Assessment.objects.exists()
    with acting(home.actor("carer")):
        assert api.Fact.objects.count() == 2
        assert not api.PriceItem.objects.none().exists()
        assert not api.Posting.objects.exists()
