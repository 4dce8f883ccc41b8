"""What the tests that try every address know of the energy room."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.expect import POST_ONLY, Ids, Operation, Page, holders, of_rows
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.energy.loads import load_of
from luodi.rooms.energy.models import GreenContract, Meter, Plant, Terms, Volume
from luodi.rooms.energy.storing import write_days
from luodi.rooms.energy.verbs import months

PARK = frozenset({"office", "secretary", "deputy"})
OFFICE = frozenset({"office"})
OWN = PARK | {"liaison"}
MONTH = dt.date(2024, 2, 1)
PAGES: dict[str, Page] = {
    "energy:home": holders(*OWN),
    "energy:take_readings": holders("office", "liaison"),
    "energy:curve": of_rows(OWN),
    "energy:estimate": Page(OFFICE | {"liaison"}, OFFICE),
    "energy:new_month": of_rows(OFFICE),
    "energy:settlement": of_rows(PARK),
    "energy:draft": POST_ONLY,
    "energy:check": POST_ONLY,
    "energy:close": POST_ONLY,
    "energy:return_month": of_rows(OFFICE),
    "energy:bill": of_rows(OWN),
    "energy:agree": POST_ONLY,
    "energy:agree_for": of_rows(OFFICE),
    "energy:object_to": Page(frozenset({"liaison"}), frozenset()),
}
OPERATIONS: dict[str, Operation] = {}
MEANINGS: dict[tuple[str, str], str] = {
    ("energy:curve", "pk"): "energy_meter",
    ("energy:estimate", "pk"): "energy_meter",
    ("energy:new_month", "pk"): "energy_contract",
    ("energy:bill", "pk"): "energy_bill",
    ("energy:agree", "pk"): "energy_bill",
    ("energy:agree_for", "pk"): "energy_bill",
    ("energy:object_to", "pk"): "energy_bill",
    ("energy:settlement", "pk"): "energy_month",
    ("energy:draft", "pk"): "energy_month",
    ("energy:check", "pk"): "energy_month",
    ("energy:close", "pk"): "energy_month",
    ("energy:return_month", "pk"): "energy_month",
}
NUMBERS: dict[str, str] = {
    "energy:home": "what the bills and the months hold, each with its page",
    "energy:settlement": "the sums of the bills below them",
    "energy:bill": "the bill itself, and how it comes from the readings",
    "energy:curve": "the readings themselves",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A contract of the unit's with a checked month, read from one meter."""
    plant = Plant.objects.create(unit=unit, name=f"示例电厂{number}", kind="wind")
    meter = Meter.objects.create(unit=unit, name="示例表", number=f"M{number}", labels="end")
    made = Meter.objects.create(
        unit=unit, name="示例上网表", number=f"N{number}", plant=plant, direction="generation"
    )
    contract = GreenContract.objects.create(
        unit=unit, number=f"C{number}", name="示例合同", seller_name="示例", plant=plant
    )
    Terms.objects.create(
        contract=contract, since=MONTH, energy_price=Decimal("0.34"), source="示例"
    )
    Volume.objects.create(contract=contract, unit=unit, month=MONTH, kwh=10_000)
    days = {
        (one.pk, MONTH + dt.timedelta(days=at)): load_of([10.0] * 96, 1000)
        for one in (meter, made)
        for at in range(29)
    }
    write_days(days, at=dt.datetime(2024, 3, 1, tzinfo=dt.UTC), file_id=None)
    row = months.draft_month(actor=SYSTEM, contract=contract, month=MONTH)
    months.check_month(actor=SYSTEM, settlement=row)
    return {
        "energy_meter": meter.pk,
        "energy_contract": contract.pk,
        "energy_month": row.pk,
        "energy_bill": row.bills.get().pk,
    }
