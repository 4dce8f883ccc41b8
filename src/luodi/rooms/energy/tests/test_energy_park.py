"""Carbon, certificates, costs, secrecy, plans: from the same small park."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.energy.costs import costs_of
from luodi.rooms.energy.inventory import inventory_of
from luodi.rooms.energy.loads import load_of
from luodi.rooms.energy.models import (
    Certificate,
    Claim,
    Factor,
    FuelUse,
    Meter,
    Scenario,
    Slice,
    Tariff,
    Volume,
)
from luodi.rooms.energy.park import Question
from luodi.rooms.energy.secrecy import may_be_told, park_sums
from luodi.rooms.energy.storing import write_days
from luodi.rooms.energy.tests.park import MAY, Park, build_park, read_month
from luodi.rooms.energy.verbs import certificates, months, plans


@pytest.fixture
def park(zone: Zone) -> Park:
    return build_park(zone)


def factor(park: Park, kind: str, year: int, value: str) -> Factor:
    return Factor.objects.create(
        unit=park.zone.zone,
        kind=kind,
        area="全国",
        year=year,
        value=Decimal(value),
        measure="示例",
        published_on=dt.date(year, 12, 1),
        source="示例",
    )


def test_frames_are_never_mixed_and_each_line_is_readings_times_factor(park: Park) -> None:
    read_month(park, MAY, U0=10)  # 29,760 kWh
    unit = park.zone.enterprise
    factor(park, "grid", 2023, "0.5306")
    factor(park, "residual", 2023, "0.6096")
    factor(park, "coal", 2024, "1.9")
    factor(park, "tce_power", 2020, "0.1229")
    factor(park, "tce_coal", 2020, "0.7143")
    FuelUse.objects.create(unit=unit, fuel="coal", month=MAY, quantity=100, source="示例")
    batch = held(park, 12)
    claim = certificates.claim_slice(
        actor=SYSTEM, slice=batch, purpose="market", year=2024, count=10
    )
    market, location, supplier = (
        inventory_of(unit, 2024, one) for one in ("market", "location", "supplier")
    )
    assert market.total == Decimal("190.000")
    assert location.total == Decimal("190.000") + Decimal("15.791")
    assert supplier.total == Decimal("190.000") + Decimal("12.046")  # (29,760 − 10,000) × 0.6096
    power = next(one for one in location.lines if one.factor and one.factor.kind == "grid")
    assert "沿用 2023 年" in power.note and "/figures/energy.consumed/" in power.url
    zero = inventory_of(unit, 2024, "park")
    assert zero.tce == Decimal("75.088") and zero.per_tce == (zero.total / zero.tce).quantize(
        Decimal("0.001")
    )
    assert zero.clean == Decimal("0.0")  # what was claimed for the enterprise is not the park's too
    certificates.withdraw_claim(actor=SYSTEM, claim=claim, reason="示例")
    assert inventory_of(unit, 2024, "supplier").total == Decimal("190.000") + Decimal("18.142")


def held(park: Park, count: int) -> Slice:
    batch = Certificate.objects.create(
        unit=park.zone.zone,
        batch="B1",
        month=today().replace(day=1),
        first=101,
        last=120,
        issued_on=MAY,
    )
    return certificates.allot_certificates(
        actor=SYSTEM, certificate=batch, unit=park.zone.enterprise, count=count
    )


def test_a_missing_factor_is_said_and_counts_as_nothing(park: Park) -> None:
    read_month(park, MAY, U0=10)
    done = inventory_of(park.zone.enterprise, 2024, "location")
    assert done.missing and done.lines[-1].tonnes is None and done.total == 0


def test_a_certificate_is_claimed_once(park: Park) -> None:
    mine = held(park, 12)
    with pytest.raises(UserError, match="只剩 8 张"):
        certificates.allot_certificates(
            actor=SYSTEM, certificate=mine.certificate, unit=park.zone.second, count=9
        )
    claim = certificates.claim_slice(actor=SYSTEM, slice=mine, purpose="park", year=2024, count=5)
    assert (claim.slice.first, claim.slice.last) == (101, 105)
    mine.refresh_from_db()
    assert (mine.first, mine.last) == (106, 112)
    with pytest.raises(UserError, match="只能用一次"):
        certificates.claim_slice(
            actor=SYSTEM, slice=claim.slice, purpose="market", year=2024, count=5
        )
    with pytest.raises(IntegrityError), transaction.atomic():  # the database holds it too
        Claim.objects.create(slice=claim.slice, purpose="market", year=2024)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slice.objects.create(
            unit=park.zone.second, certificate=mine.certificate, first=105, last=106
        )
    with pytest.raises(NotAllowed):
        certificates.withdraw_claim(actor=park.zone.actor("liaison"), claim=claim, reason="示例")


def test_sums_over_few_are_not_told(park: Park) -> None:
    assert may_be_told([20, 20, 20, 20, 20])
    assert not may_be_told([50, 50, 0, 0, 0]) and not may_be_told([71, 10, 10, 5, 4])
    assert not may_be_told([]) and not may_be_told([25, 25, 25, 25])


def test_an_enterprise_sees_no_other_and_the_park_only_as_sums(park: Park) -> None:
    zone = park.zone
    read_month(park, MAY, G1=40, U0=30, U1=10)
    row = months.draft_month(actor=SYSTEM, contract=park.contract, month=MAY)
    months.check_month(actor=SYSTEM, settlement=row)
    client = zone.client("liaison")
    for address in ("/energy/", "/energy/costs/", "/energy/carbon/", "/energy/green/"):
        page = client.get(address).content.decode()
        assert zone.second.name not in page, address
    assert client.get(f"/energy/costs/?unit={zone.second.pk}").status_code in (403, 404)
    assert client.get(f"/energy/months/{row.pk}/").status_code in (403, 404)
    with acting(zone.actor("liaison")):
        assert set(Volume.objects.values_list("unit", flat=True)) == {zone.enterprise.pk}
        assert Meter.objects.get().unit_id == zone.enterprise.pk
        assert park_sums() == []  # nothing closed yet


def test_costs_are_the_tariffs_hours_and_the_bills(park: Park) -> None:
    read_month(park, MAY, G1=40, U0=30, U1=10)
    Tariff.objects.create(
        unit=park.zone.zone,
        name="示例",
        since=MAY,
        sharp=0,
        peak=Decimal("0.6"),
        flat=Decimal("0.4"),
        valley=Decimal("0.2"),
        periods="v" * 8 + "p" * 8 + "f" * 8,
        funds=Decimal("0.03"),
        source="示例",
    )
    row = months.draft_month(actor=SYSTEM, contract=park.contract, month=MAY)
    months.check_month(actor=SYSTEM, settlement=row)
    (cost,) = costs_of(park.zone.enterprise, MAY, dt.date(2024, 6, 1))
    assert cost.kwh == 89_280 and cost.green_kwh == 60_000
    assert round(cost.parts["grid"], 2) == round(29_280 * 0.4, 2)
    assert round(cost.parts["green"], 2) == 20_520.00 and round(cost.parts["funds"], 2) == 2678.40
    assert round(cost.saved, 2) == round(60_000 * (0.4 - 0.342) - 360, 2)  # less 60 certificates


def test_a_plan_is_computed_kept_and_may_be_stopped(park: Park) -> None:
    """Four weeks of readings; the rest of the year is filled with the mean of the same hour."""
    days = {}
    for meter, kwh in ((park.plant, 40.0), *((one, 20.0) for one in park.meters.values())):
        for back in range(1, 29):
            days[meter.pk, today() - dt.timedelta(days=back)] = load_of([kwh] * 96, 1000)
    write_days(days, at=dt.datetime.now(dt.UTC), file_id=None)
    month = today().replace(day=1)
    for unit in park.meters:
        Volume.objects.create(contract=park.contract, unit=unit, month=month, kwh=200_000)
    zone = park.zone
    with pytest.raises(NotAllowed):
        plans.ask_plan(actor=zone.actor("secretary"), unit=zone.zone, name="示例")
    row = plans.ask_plan(actor=SYSTEM, unit=zone.zone, name="示例")
    with pytest.raises(UserError, match="还在计算"):
        plans.ask_plan(actor=SYSTEM, unit=zone.zone, name="示例二")
    plans.carry_out(row.pk)
    row.refresh_from_db()
    assert row.state == Scenario.State.FAILED and "电价" in row.why
    Tariff.objects.create(
        unit=zone.zone, name="示例", since=MAY, sharp=1, peak=1, flat=Decimal("0.6"), valley=Decimal("0.5"), source="示例"
    )  # fmt: skip
    row = plans.ask_plan(actor=SYSTEM, unit=zone.zone, name="示例三")
    plans.carry_out(row.pk)
    row.refresh_from_db()
    assert row.state == Scenario.State.DONE, row.why
    assert row.results["wrong"] == [] and row.results["filled_hours"] > 0
    assert row.bound is not None and row.objective is not None and row.bound <= row.objective + 1
    assert float(row.objective) <= row.results["pro_rata"] <= row.results["no_contract"] + 1
    saved = row.results["no_contract"] - float(row.objective)
    assert abs(sum(one["owen"] for one in row.results["shares"]) - saved) < 1
    assert row.workbook and bytes(row.workbook[:2]) == b"PK" and "<html" in row.report
    fast = plans.what_if(zone.zone, Question())
    assert fast is not None and abs(fast["objective"] - float(row.objective)) < 1
    plans.carry_out(row.pk)  # a task that runs twice finds it done
    page = zone.client("office").get(f"/energy/plans/{row.pk}/").content.decode()
    assert "欧文值" in page and "单干" in page
    waiting = plans.ask_plan(actor=SYSTEM, unit=zone.zone, name="示例四")
    assert plans.stop_plan(actor=SYSTEM, scenario=waiting).state == Scenario.State.STOPPED
