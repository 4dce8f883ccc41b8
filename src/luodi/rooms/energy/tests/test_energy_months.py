"""A contract's month from the readings to the bill, closed, and what comes late."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.energy.models import Bill, BillLine, DayLoad, Settlement, Terms
from luodi.rooms.energy.tests.park import JUNE, MAY, Park, build_park, flat, read_month, take, wide
from luodi.rooms.energy.verbs import bills, months

JULY = dt.date(2024, 7, 1)


@pytest.fixture
def park(zone: Zone) -> Park:
    return build_park(zone)


def closed(park: Park, month: dt.date) -> Settlement:
    """The month walked to its end, each step by who takes it."""
    zone = park.zone
    office = zone.actor("office")
    with acting(office):
        row = months.draft_month(actor=office, contract=park.contract, month=month)
        months.check_month(actor=office, settlement=row)
    for bill in row.bills.select_related("unit"):
        if bill.unit_id == zone.enterprise.pk:
            with acting(zone.actor("liaison")) as liaison:
                mine = Bill.objects.get(pk=bill.pk)
                bills.agree_bill(actor=liaison, bill=mine)
        else:
            with acting(office):
                bills.agree_for(actor=office, bill=bill, reason="盖章账单")
    with acting(office):
        months.close_month(actor=office, settlement=row)
    row.refresh_from_db()
    return row


def reference(park: Park, month: dt.date) -> dict[int, tuple[int, Fraction]]:
    """Wh settled and exact yuan of energy by unit, computed from the single readings, slowly."""
    end = (month + dt.timedelta(days=32)).replace(day=1)

    def sum_of(meter: int) -> int:
        rows = DayLoad.objects.filter(meter_id=meter, day__gte=month, day__lt=end, known_until=None)
        return sum(wh for row in rows for wh in row.wh if wh is not None)

    made = sum_of(park.plant.pk)
    agreed = {one.unit_id: one.kwh * 1000 for one in park.contract.volumes.filter(month=month)}
    price = Fraction(
        Terms.objects.filter(contract=park.contract, since__lt=end)
        .order_by("since")
        .last()
        .energy_price
    )  # type: ignore[union-attr]
    found = {}
    for unit, meter in park.meters.items():
        share = Fraction(min(made, sum(agreed.values())) * agreed[unit.pk], sum(agreed.values()))
        wh = min(agreed[unit.pk], int(share), sum_of(meter.pk))
        found[unit.pk] = (wh, wh * price / 1000)
    return found


def test_a_month_is_walked_to_its_end_and_agrees_with_the_readings(park: Park) -> None:
    read_month(park, MAY, G1=30, U0=30, U1=10)  # 89.28 MWh made; 89.28 and 29.76 consumed
    row = closed(park, MAY)
    assert row.state == Settlement.State.CLOSED
    wanted = reference(park, MAY)
    for bill in row.bills.all():
        wh, energy = wanted[bill.unit_id]
        assert abs(bill.settled_wh - wh) <= 1
        line = bill.lines.get(kind="energy")
        assert abs(Fraction(line.amount) - energy) < Fraction(2, 100)
        assert bill.amount == sum(one.amount for one in bill.lines.all())
        assert bill.certificates * 1_000_000 + bill.carried_wh == bill.settled_wh
    # 53.568 + 29.76 MWh settled: 83 certificates; the second left 10.24 MWh of what was made for it
    assert sum(one.certificates for one in row.bills.all()) == 83
    second = row.bills.get(unit=park.zone.second)
    assert second.settled_wh == 29_760_000
    supplier = second.lines.get(kind="supplier_deviation")
    assert supplier.quantity == Decimal("4.288") * 1000 and supplier.amount == Decimal("-146.65")


def test_a_late_reading_is_a_difference_in_the_next_bill_and_the_closed_month_stays(
    park: Park,
) -> None:
    read_month(park, MAY, G1=40, U0=30, U1=10)
    may = closed(park, MAY)
    before = {one.pk: one.amount for one in may.bills.all()}
    take(wide([("U1", MAY, [12] * 96)]))  # 192 kWh more on the first of May
    read_month(park, JUNE, G1=40, U0=30, U1=10)
    june = closed(park, JUNE)
    assert {one.pk: one.amount for one in may.bills.all()} == before
    second = june.bills.get(unit=park.zone.second)
    late = second.lines.filter(kind="difference").order_by("of_kind")
    assert [(one.of_kind, one.of_month, one.quantity) for one in late] == [
        ("energy", MAY, Decimal("192.000")),
        ("user_deviation", MAY, Decimal("-192.000")),
    ]
    assert late[0].amount == Decimal("65.66") and late[1].amount == Decimal("-6.57")
    assert second.late_wh == 192_000
    # the same as if it had been known in time, over both months
    july = dt.date(2024, 7, 1)
    read_month(park, july, G1=40, U0=30, U1=10)
    row = months.draft_month(actor=SYSTEM, contract=park.contract, month=july)
    assert not BillLine.objects.filter(bill__settlement=row, kind="difference").exists()


def test_late_terms_open_a_difference_too(park: Park) -> None:
    read_month(park, MAY, G1=40, U0=30, U1=10)
    closed(park, MAY)
    terms = park.contract.terms.get()
    terms.energy_price = Decimal("0.34100")
    terms.save()
    read_month(park, JUNE, G1=40, U0=30, U1=10)
    row = months.draft_month(actor=SYSTEM, contract=park.contract, month=JUNE)
    first = row.bills.get(unit=park.zone.enterprise)
    assert first.lines.get(kind="difference").amount == Decimal("-60.00")  # 60,000 kWh × 0.001


def test_the_database_holds_a_closed_month(park: Park) -> None:
    read_month(park, MAY, G1=40, U0=30, U1=10)
    row = closed(park, MAY)
    bill = row.bills.first()
    assert bill is not None
    tries = (
        lambda: Settlement.objects.filter(pk=row.pk).update(state="draft"),
        lambda: Bill.objects.filter(pk=bill.pk).update(amount=0),
        lambda: BillLine.objects.filter(bill=bill).delete(),
        lambda: BillLine.objects.create(
            bill=bill, kind="energy", of_month=MAY, quantity=1, measure="kWh", amount=1
        ),
    )
    for attempt in tries:
        with pytest.raises(DatabaseError, match="does not move"), transaction.atomic():
            attempt()


def test_gaps_hold_a_month_up_until_they_are_filled(park: Park) -> None:
    read_month(park, MAY, G1=40, U0=30)
    rows = flat(MAY, "U1", 10)
    rows[3] = ("U1", rows[3][1], [10] * 40 + [""] * 56)
    take(wide(rows[:-1]))
    row = months.draft_month(actor=SYSTEM, contract=park.contract, month=MAY)
    with pytest.raises(UserError, match="5月4日、5月31日"):
        months.check_month(actor=SYSTEM, settlement=row)


def test_an_objection_becomes_a_case_and_the_month_waits(park: Park) -> None:
    read_month(park, MAY, G1=40, U0=30, U1=10)
    row = months.draft_month(actor=SYSTEM, contract=park.contract, month=MAY)
    months.check_month(actor=SYSTEM, settlement=row)
    with acting(park.zone.actor("liaison")) as liaison:
        mine = Bill.objects.get()  # its own, and no other
        told = bills.object_to_bill(actor=liaison, bill=mine, reason="用电量偏大")
    assert told.case_code and told.state == Bill.State.OBJECTED
    with pytest.raises(UserError, match="已核对"):
        months.close_month(actor=SYSTEM, settlement=row)


def test_who_may_not(park: Park) -> None:
    zone = park.zone
    read_month(park, MAY, G1=40, U0=30, U1=10)
    row = months.draft_month(actor=SYSTEM, contract=park.contract, month=MAY)
    bill = row.bills.get(unit=zone.enterprise)
    for role in ("liaison", "instructor", "secretary", "auditor"):
        with pytest.raises(NotAllowed):
            months.check_month(actor=zone.actor(role), settlement=row)
    with pytest.raises(NotAllowed):
        bills.agree_bill(actor=zone.actor("office"), bill=bill)
    other = row.bills.get(unit=zone.second)
    with pytest.raises(NotAllowed):
        bills.agree_bill(actor=zone.actor("liaison"), bill=other)
    with acting(zone.actor("liaison")):
        assert not Settlement.objects.exists() and Bill.objects.count() == 1


@pytest.mark.parametrize("month", [JULY, dt.date(2099, 1, 1)])
def test_months_follow_one_another(park: Park, month: dt.date) -> None:
    read_month(park, MAY, G1=40, U0=30, U1=10)
    months.draft_month(actor=SYSTEM, contract=park.contract, month=MAY)
    with pytest.raises(UserError):
        months.draft_month(actor=SYSTEM, contract=park.contract, month=month)


def test_the_pages_walk_it_too(park: Park) -> None:
    zone = park.zone
    read_month(park, MAY, G1=40, U0=30, U1=10)
    office, liaison = zone.client("office"), zone.client("liaison")
    answer = office.post(f"/energy/contracts/{park.contract.pk}/month/", {"month": "2024-05-17"})
    assert answer.status_code == 302
    row = Settlement.objects.get()
    bill = row.bills.get(unit=zone.enterprise)
    assert liaison.get(f"/energy/bills/{bill.pk}/").status_code == 404
    office.post(f"/energy/months/{row.pk}/check/")
    page = liaison.get(f"/energy/bills/{bill.pk}/").content.decode()
    assert "账单无误，确认" in page and zone.second.name not in page
    assert liaison.get(f"/energy/bills/{bill.pk}/?format=pdf").content.startswith(b"%PDF")
    assert liaison.get(f"/energy/bills/{bill.pk}/?format=xlsx").status_code == 200
    liaison.post(f"/energy/bills/{bill.pk}/agree/")
    other = row.bills.get(unit=zone.second)
    office.post(f"/energy/bills/{other.pk}/agree-for/", {"reason": "盖章账单"})
    office.post(f"/energy/months/{row.pk}/close/")
    row.refresh_from_db()
    assert row.state == Settlement.State.CLOSED
    assert "已关账" in office.get(f"/energy/months/{row.pk}/").content.decode()
    assert "2024-05" in liaison.get("/energy/").content.decode()
