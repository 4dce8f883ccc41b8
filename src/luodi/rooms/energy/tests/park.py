"""A small invented park for tests: a plant, a contract, two enterprises, flat loads."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.energy.models import DeviationRule, GreenContract, Meter, Plant, Terms, Volume
from luodi.rooms.energy.verbs.reading import Taken, take_in

MAY, JUNE = dt.date(2024, 5, 1), dt.date(2024, 6, 1)
END_LABELS = [f"{at // 4:02}:{at % 4 * 15:02}" for at in range(1, 97)]
START_LABELS = [f"{at // 4:02}:{at % 4 * 15:02}" for at in range(96)]


@dataclass
class Park:
    zone: Zone
    contract: GreenContract
    plant: Meter
    meters: dict[Unit, Meter]


def build_park(zone: Zone, limit_kw: int | None = None) -> Park:
    """Two enterprises that agreed on 60 and 40 MWh a month, under one contract of the zone's."""
    unit = zone.zone
    rule = DeviationRule.objects.create(
        unit=unit,
        name="示例规则",
        source="示例",
        since=dt.date(2024, 1, 1),
        user_rate=Decimal("0.1"),
        supplier_rate=Decimal("0.1"),
    )
    plant = Plant.objects.create(unit=unit, name="示例风电场", kind="wind")
    made = Meter.objects.create(
        unit=unit, number="G1", name="上网", direction="generation", plant=plant, factored="yes"
    )
    contract = GreenContract.objects.create(
        unit=unit,
        number="L1",
        name="示例合同",
        seller_name="示例售电",
        seller=zone.elsewhere,
        plant=plant,
    )
    Terms.objects.create(
        contract=contract,
        since=dt.date(2024, 1, 1),
        energy_price=Decimal("0.34200"),
        certificate_price=Decimal("6"),
        rule=rule,
        source="示例",
    )
    meters = {}
    for at, (firm, kwh) in enumerate(((zone.enterprise, 60_000), (zone.second, 40_000))):
        meters[firm] = Meter.objects.create(
            unit=firm, number=f"U{at}", name="总表", factor=1, limit_kw=limit_kw
        )
        for month in range(5, 8):
            Volume.objects.create(
                contract=contract, unit=firm, month=dt.date(2024, month, 1), kwh=kwh
            )
    return Park(zone, contract, made, meters)


def wide(
    rows: Iterable[tuple[str, dt.date, Sequence[object]]], labels: Sequence[str] = END_LABELS
) -> io.BytesIO:
    """A file with a row for each meter and day."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["电能表表号", "数据日期", *labels])
    for number, day, values in rows:
        out.writerow([number, day.isoformat(), *values])
    return io.BytesIO(text.getvalue().encode("gb18030"))


def days(month: dt.date, count: int = 0) -> list[dt.date]:
    end = (month + dt.timedelta(days=32)).replace(day=1)
    return [month + dt.timedelta(days=at) for at in range(count or (end - month).days)]


def flat(month: dt.date, number: str, kwh: float) -> list[tuple[str, dt.date, list[object]]]:
    """A month of the same kWh in each quarter."""
    return [(number, day, [kwh] * 96) for day in days(month)]


def take(file: io.BytesIO, **answers: str) -> Taken:
    return take_in(actor=SYSTEM, file=file, name="示例.csv", **answers)  # type: ignore[arg-type]


def read_month(park: Park, month: dt.date, **kwh: float) -> None:
    """Reads in a month: kWh in each quarter by meter number."""
    rows = [row for number, one in kwh.items() for row in flat(month, number, one)]
    take(wide(rows))
