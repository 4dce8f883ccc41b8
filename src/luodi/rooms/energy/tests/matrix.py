"""What the tests that try every address know of the energy room."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.expect import POST_ONLY, Ids, Operation, Page, empty, holders, of_rows, reading
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit, today
from luodi.rooms.energy.loads import load_of
from luodi.rooms.energy.models import (
    Certificate,
    Claim,
    DeviationRule,
    GreenContract,
    Meter,
    Plant,
    Scenario,
    Settlement,
    Terms,
    Volume,
)
from luodi.rooms.energy.storing import write_days
from luodi.rooms.energy.verbs import bills, certificates, months

PARK = frozenset({"office", "secretary", "deputy"})
OFFICE = frozenset({"office"})
OWN = PARK | {"liaison"}
MONTH = dt.date(2024, 2, 1)
PAGES: dict[str, Page] = {
    "energy:home": holders(*OWN),
    "energy:analysis": holders(*OWN),
    "energy:carbon": holders(*OWN),
    "energy:certificates_held": holders(*OWN),
    "energy:allot": of_rows(OFFICE),
    "energy:claim": Page(OFFICE | {"liaison"}, OFFICE),
    "energy:withdraw": of_rows(OFFICE),
    "energy:plans": holders(*PARK),
    "energy:plan": of_rows(PARK),
    "energy:ask_plan": holders("office"),
    "energy:what_if": holders("office"),
    "energy:stop_plan": POST_ONLY,
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
LIAISON = frozenset({"liaison"})


def said(ids: Ids) -> Any:
    return {"reason": "示例"}


def a_day(ids: Ids) -> Any:
    return {"days": [{"day": "2024-05-01", "kwh": [1.5] * 95 + [None]}]}


def terms(ids: Ids) -> Any:
    return {
        "contract": ids["energy_contract"],
        "since": "2023-05-05",
        "energy_price": "0.3",
        "certificate_price": "0",
        "take_or_pay": "0",
        "shortfall_price": "0",
        "source": "示例",
    }


def volume(ids: Ids) -> Any:
    return {
        "contract": ids["energy_contract"],
        "unit": ids["unit"],
        "month": "2023-05-01",
        "kwh": 1,
    }


def fuel(ids: Ids) -> Any:
    return {
        "fuel": "gas",
        "month": "2023-05-01",
        "quantity": "1",
        "unit": ids["unit"],
        "source": "示例",
    }


NOT_THERE = frozenset({403, 404, 422})  # a unit out of reach is one that is not there
OPERATIONS: dict[str, Operation] = {
    "DELETE /deviationrules/{pk}": Operation(OFFICE, about="energy_rule"),
    "POST /terms": Operation(OFFICE, terms, otherwise=NOT_THERE),
    "POST /volumes": Operation(OFFICE, volume, otherwise=NOT_THERE),
    "POST /fuel-uses": Operation(OFFICE | LIAISON, fuel, outside=OFFICE, otherwise=NOT_THERE),
    "GET /energy/bills": reading(OWN),
    "GET /energy/bills/{pk}": reading(OWN, "energy_bill"),
    "GET /meters/{pk}/load": Operation(
        OWN, about="energy_meter", query="?since=2024-02-01&until=2024-02-03"
    ),
    "POST /meters/{pk}/load": Operation(OFFICE | LIAISON, a_day, "energy_meter"),
    "POST /green-contracts/{pk}/months": Operation(
        OFFICE, lambda ids: {"month": "2024-02-01"}, "energy_contract:draft"
    ),
    "POST /energy/months/{pk}/check": Operation(OFFICE, empty, "energy_month:draft"),
    "POST /energy/months/{pk}/return": Operation(OFFICE, said, "energy_month:checked"),
    "POST /energy/months/{pk}/close": Operation(OFFICE, empty, "energy_month:agreed"),
    "POST /energy/bills/{pk}/agree": Operation(LIAISON, empty, "energy_bill"),
    "POST /energy/bills/{pk}/agree-for": Operation(OFFICE, said, "energy_bill"),
    "POST /energy/bills/{pk}/object": Operation(LIAISON, said, "energy_bill"),
    "POST /certificate-batches/{pk}/allot": Operation(
        OFFICE, lambda ids: {"unit": ids["unit"], "count": 1}, "energy_batch"
    ),
    "POST /energy/slices/{pk}/claim": Operation(
        OFFICE | LIAISON,
        lambda ids: {"purpose": "market", "year": 2024, "count": 1},
        "energy_slice",
    ),
    "POST /energy/claims/{pk}/withdraw": Operation(OFFICE, said, "energy_claim"),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("energy:curve", "pk"): "energy_meter",
    ("energy:estimate", "pk"): "energy_meter",
    ("energy:new_month", "pk"): "energy_contract",
    ("energy:bill", "pk"): "energy_bill",
    ("energy:agree", "pk"): "energy_bill",
    ("energy:agree_for", "pk"): "energy_bill",
    ("energy:object_to", "pk"): "energy_bill",
    ("energy:plan", "pk"): "energy_plan",
    ("energy:stop_plan", "pk"): "energy_plan",
    ("energy:allot", "pk"): "energy_batch",
    ("energy:claim", "pk"): "energy_slice",
    ("energy:withdraw", "pk"): "energy_claim",
    ("energy:settlement", "pk"): "energy_month",
    ("energy:draft", "pk"): "energy_month",
    ("energy:check", "pk"): "energy_month",
    ("energy:close", "pk"): "energy_month",
    ("energy:return_month", "pk"): "energy_month",
}
NUMBERS: dict[str, str] = {
    "energy:take_readings": "how a file is laid out",
    "energy:home": "what the bills and the months hold, each with its page",
    "energy:settlement": "the sums of the bills below them",
    "energy:bill": "the bill itself, and how it comes from the readings",
    "energy:curve": "the readings themselves",
    "energy:analysis": "an estimate from tariff and readings, month by month; the bills are beside it",
    "energy:carbon": "each line opens to its readings and names its factor",
    "energy:plans": "plans that were computed, each with its inputs",
    "energy:plan": "a plan that was computed, with its bound",
    "energy:what_if": "the answer to what the sliders ask",
    "energy:certificates_held": "the certificates themselves",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """Contracts of the unit's with a month in each state, read from one meter; certificates; a plan."""
    meter = Meter.objects.create(unit=unit, name="示例表", number=f"M{number}", labels="end")
    _read(meter)
    ids: Ids = {"energy_meter": meter.pk}
    for at, state in enumerate(("draft", "agreed", "checked")):
        contract, row = _month(unit, f"{number}{at}")
        if state != "draft":
            months.check_month(actor=SYSTEM, settlement=row)
        bill = row.bills.get()
        if state == "agreed":
            bills.agree_for(actor=SYSTEM, bill=bill, reason="示例")
        ids |= {f"energy_month:{state}": row.pk, f"energy_contract:{state}": contract.pk}
        ids |= {"energy_month": row.pk, "energy_bill": bill.pk, "energy_contract": contract.pk}
    batch = Certificate.objects.create(
        unit=unit,
        batch=f"B{number}",
        month=today().replace(day=1),
        first=1,
        last=9,
        issued_on=MONTH,
    )
    slices = [
        certificates.allot_certificates(actor=SYSTEM, certificate=batch, unit=unit, count=2)
        for _number in range(2)
    ]
    claim = Claim.objects.create(slice=slices[0], purpose="market", year=2024)
    plan = Scenario.objects.create(unit=unit, name="示例方案", state="done", objective=1)
    rule = DeviationRule.objects.create(unit=unit, name="示例无人用", source="示例", since=MONTH)
    return ids | {
        "energy_rule": rule.pk,
        "energy_plan": plan.pk,
        "energy_batch": batch.pk,
        "energy_slice": slices[1].pk,
        "energy_claim": claim.pk,
    }


def _read(meter: Meter) -> None:
    days = {
        (meter.pk, MONTH + dt.timedelta(days=at)): load_of([10.0] * 96, 1000) for at in range(29)
    }
    write_days(days, at=dt.datetime(2024, 3, 1, tzinfo=dt.UTC), file_id=None)


def _month(unit: Unit, number: str) -> tuple[GreenContract, Settlement]:
    """A contract with a draft of a month."""
    plant = Plant.objects.create(unit=unit, name=f"示例电厂{number}", kind="wind")
    made = Meter.objects.create(
        unit=unit, name="示例上网表", number=f"N{number}", plant=plant, direction="generation"
    )
    _read(made)
    contract = GreenContract.objects.create(
        unit=unit, number=f"C{number}", name="示例合同", seller_name="示例", plant=plant
    )
    Terms.objects.create(
        contract=contract, since=MONTH, energy_price=Decimal("0.34"), source="示例"
    )
    Volume.objects.create(contract=contract, unit=unit, month=MONTH, kwh=10_000)
    return contract, months.draft_month(actor=SYSTEM, contract=contract, month=MONTH)
