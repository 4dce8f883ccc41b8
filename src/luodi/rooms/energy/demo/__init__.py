"""The contract that the page tells of, and an invented one whose readings run until today.

Page: 300 GWh of green power a year at no more than 0.35 yuan/kWh, 30,000 kWh delivered so far. The
readings behind it, and everything else here, are invented (示例); no meter was read.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit, acting, today
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.energy.loads import Load, load_of, month_before, next_month
from luodi.rooms.energy.models import (
    Bill,
    Certificate,
    DeviationRule,
    Factor,
    GreenContract,
    Meter,
    Plant,
    Settlement,
    Tariff,
    Terms,
    Volume,
)
from luodi.rooms.energy.storing import Key, write_days
from luodi.rooms.energy.verbs import bills, certificates, months, plans

FIRST = dt.date(2022, 11, 1)
Kilowatts = Callable[[dt.date, int], float]
READINGS = {
    "energy.green_volume": Asked("energy.green_volume", dt.date(2023, 10, 31), FIRST),
    "energy.price_cap": Asked("energy.price_cap"),
    "energy.delivered": Asked("energy.delivered", since=dt.date(2022, 1, 1)),
}
# an invented enterprise, its mean load in MW, and how much of it by night, by day, at weekends
SHAPES = (
    ("示例铝材公司", 9.0, 0.8, 1.2, 0.9),
    ("示例铝箔公司", 4.0, 0.9, 1.1, 0.9),
    ("示例压铸公司", 6.0, 0.4, 1.6, 0.6),
    ("示例模具公司", 1.2, 0.2, 1.9, 0.3),
    ("示例储能公司", 1.5, 0.8, 1.2, 1.0),
    ("示例光伏公司", 0.8, 0.5, 1.5, 0.7),
)
CLOSED = 6  # months of the invented contract that are closed


def build(zone: Zone) -> None:
    """The page's contract with its first month, and an invented one with a year until today."""
    rule = _settings(zone.zone)
    _of_the_page(zone)
    _invented(zone, rule)
    # the worker computes it when the demonstration is served
    plans.ask_plan(actor=SYSTEM, unit=zone.zone, name="示例：照现在的合同")


def _settings(unit: Unit) -> DeviationRule:
    """What the province and the country published, with source and year."""
    rule = DeviationRule.objects.create(
        unit=unit,
        name="示例偏差规则",
        source="示例：按陕西省 2022 年中长期交易实施方案的形式",
        since=dt.date(2022, 1, 1),
        user_rate=Decimal("0.1"),
        supplier_rate=Decimal("0.1"),
        tolerance=Decimal("0.05"),
    )
    notices = (
        (
            "grid",
            2021,
            "0.5568",
            dt.date(2024, 4, 12),
            "生态环境部、国家统计局公告 2024 年第 12 号",
        ),
        ("grid", 2022, "0.5366", dt.date(2024, 12, 20), "生态环境部、国家统计局 2024 年公告"),
        ("grid", 2023, "0.5306", dt.date(2025, 12, 1), "生态环境部公告（发布日期待核）"),
        ("residual", 2023, "0.6096", dt.date(2025, 12, 1), "生态环境部公告（发布日期待核）"),
    )
    for kind, year, value, published_on, source in notices:
        Factor.objects.create(
            unit=unit, area="全国", kind=kind, year=year, value=Decimal(value), measure="kgCO2/kWh",
            published_on=published_on, source=source,
        )  # fmt: skip
    Factor.objects.create(
        unit=unit, area="全国", kind="tce_power", year=2020, value=Decimal("0.1229"), measure="kgce/kWh",
        published_on=dt.date(2020, 9, 29), source="GB/T 2589-2020（当量值）",
    )  # fmt: skip
    Factor.objects.create(
        unit=unit, area="全国", kind="park_core", year=2025, value=Decimal("0.2"), measure="tCO2/tce",
        published_on=dt.date(2025, 6, 30), source="发改环资〔2025〕910号（年耗能 20 万至 100 万吨标准煤）",
    )  # fmt: skip
    Factor.objects.create(
        unit=unit, area="全国", kind="park_clean", year=2025, value=Decimal(90), measure="%",
        published_on=dt.date(2025, 6, 30), source="发改环资〔2025〕910号（引导指标）",
    )  # fmt: skip
    Tariff.objects.create(
        unit=unit,
        name="示例大工业电价（35 千伏）",
        since=dt.date(2022, 1, 1),
        sharp=Decimal("0.7200"),
        peak=Decimal("0.6000"),
        flat=Decimal("0.4200"),
        valley=Decimal("0.2600"),
        delivery=Decimal("0.0850"),
        line_loss=Decimal("0.0150"),
        system=Decimal("0.0220"),
        funds=Decimal("0.0290"),
        demand=Decimal(36),
        capacity=Decimal(24),
        source="示例；时段按晋发改商品发〔2021〕479号的形式",
    )
    return rule


def _of_the_page(zone: Zone) -> None:
    """A year of 300 GWh from November 2022 on, of whose first month 30,000 kWh were settled."""
    refinery = zone.enterprises["信发铝业"].unit
    plant = Plant.objects.create(unit=zone.zone, name="晋能绿电电源（示例）", kind="wind")
    contract = GreenContract.objects.create(
        unit=zone.zone,
        number="LD-2022-01",
        name="3 亿度绿电合同",
        seller_name="晋能公司",
        plant=plant,
        signed_on=dt.date(2022, 10, 20),
        opened_on=FIRST,
        closed_on=dt.date(2023, 11, 1),
    )
    Terms.objects.create(
        contract=contract,
        since=FIRST,
        energy_price=Decimal("0.35"),
        price_cap=Decimal("0.35"),
        certificate_price=Decimal(0),
        source="见报道：不超过 0.35 元/度",
    )
    month = FIRST
    for _number in range(12):
        Volume.objects.create(contract=contract, unit=refinery, month=month, kwh=25_000_000)
        month = next_month(month)
    use = _meter(refinery, "示例氧化铝项目总表", "SL2022001", FIRST, until=dt.date(2022, 12, 1))
    made = _meter(zone.zone, "晋能上网表（示例）", "SL2022G01", FIRST, plant=plant, until=dt.date(2022, 12, 1))  # fmt: skip
    days = {}
    for at in range(30):
        day = FIRST + dt.timedelta(days=at)
        days[use.pk, day] = load_of([12_000.0] * 96, 1000)
        days[made.pk, day] = load_of([10.4] * 64 + [10.45] * 32, 1000)  # 1,000 kWh a day
    write_days(days, at=noon(dt.date(2022, 12, 1)), file_id=None)
    walk(contract, FIRST, at=noon(dt.date(2022, 12, 12)))


def walk(contract: GreenContract, month: dt.date, at: dt.datetime) -> Settlement:
    """A month to its end, the bills agreed to as their enterprises would."""
    row = months.draft_month(actor=SYSTEM, contract=contract, month=month, at=at)
    months.check_month(actor=SYSTEM, settlement=row, at=at)
    for bill in row.bills.all():
        bills.agree_for(actor=SYSTEM, bill=bill, reason="企业已确认（示例）", at=at)
    return months.close_month(actor=SYSTEM, settlement=row, at=at)


def _meter(
    unit: Unit,
    name: str,
    number: str,
    since: dt.date,
    plant: Plant | None = None,
    until: dt.date | None = None,
) -> Meter:
    return Meter.objects.create(
        unit=unit,
        name=name,
        number=number,
        plant=plant,
        direction=Meter.GENERATION if plant else Meter.USE,
        factor=1 if plant else 100,
        labels="end",
        factored="yes",
        opened_on=since,
        closed_on=until,
    )


def _invented(zone: Zone, rule: DeviationRule) -> None:
    """An invented wind farm of the zone sells to six invented enterprises: a year until yesterday."""
    now = today()
    this, until = now.replace(day=1), now
    since = this.replace(year=this.year - 1)
    seller = zone.enterprises["示例风电公司"].unit
    plant = Plant.objects.create(
        unit=seller,
        name="示例风电场",
        kind="wind",
        capacity_mw=60,
        commissioned_on=dt.date(2023, 6, 1),
    )
    contract = GreenContract.objects.create(
        unit=zone.zone,
        number=f"LD-{since.year}-02",
        name="示例风电绿电合同",
        seller=seller,
        seller_name=seller.name,
        plant=plant,
        signed_on=since - dt.timedelta(days=20),
        opened_on=since,
    )
    Terms.objects.create(
        contract=contract,
        since=since,
        energy_price=Decimal("0.342"),
        price_cap=Decimal("0.35"),
        certificate_price=Decimal(6),
        take_or_pay=Decimal(80),
        shortfall_price=Decimal("0.06"),
        rule=rule,
        source="示例合同第四条",
    )
    made = _meter(seller, "示例风电场上网表", "SLG001", since, plant=plant)
    days: dict[Key, Load] = dict(_year(made, since, until, _wind))
    first = month_before(this)
    for _number in range(CLOSED):
        first = month_before(first)
    for number, (name, mean, night, day, weekend) in enumerate(SHAPES):
        unit = zone.enterprises[name].unit
        meter = _meter(unit, f"{name[2:4]}总表（示例）", f"SL{number + 1:03}", since)
        days |= _year(meter, since, until, _works(number, mean, night, day, weekend))
        month = first
        for _month in range(CLOSED + 14):
            kwh = int(mean * 1000 * 24 * 30 * 0.45)
            Volume.objects.create(contract=contract, unit=unit, month=month, kwh=kwh)
            month = next_month(month)
    other = _meter(
        zone.enterprises["示例智造公司"].unit,
        "智造总表（示例）",
        "SL009",
        until - dt.timedelta(days=40),
    )
    days |= _year(other, until - dt.timedelta(days=40), until, _works(9, 0.6, 0.4, 1.6, 0.5))
    days[other.pk, until - dt.timedelta(days=3)] = load_of([150.0] * 50 + [None] * 46, 1000)
    write_days(days, at=noon(since), file_id=None)
    _months(zone, contract, first, made.pk + 2)


def _months(zone: Zone, contract: GreenContract, month: dt.date, late_meter: int) -> None:
    """Closed months, a late reading, and a month that waits for its enterprises."""
    for number in range(CLOSED):
        row = walk(contract, month, at=noon(next_month(month), 9))
        if number == CLOSED - 2:  # a day is read anew after the month was closed
            day = row.month + dt.timedelta(days=9)
            late = {(late_meter, day): load_of([1080.0] * 96, 1000)}
            write_days(late, at=noon(next_month(month) + dt.timedelta(days=12)), file_id=None)
        month = next_month(month)
    _certificates(contract)
    row = months.draft_month(actor=SYSTEM, contract=contract, month=month)
    months.check_month(actor=SYSTEM, settlement=row)
    for username in ("liaison1", "liaison3", "liaison4"):
        with acting(scope.actor_for(zone.accounts[username])) as liaison:
            mine = Bill.objects.get(settlement_id=row.pk)
            bills.agree_bill(actor=liaison, bill=mine)


def _certificates(contract: GreenContract) -> None:
    """The certificates of the closed months, in the hands of their buyers; some are claimed."""
    for row in contract.settlements.filter(state=Settlement.State.CLOSED).order_by("month"):
        theirs = list(row.bills.filter(certificates__gt=0).select_related("unit"))
        batch = Certificate.objects.create(
            unit=contract.unit,
            batch=f"SL-{row.month:%Y%m}",
            plant=contract.plant,
            month=row.month,
            first=1,
            last=sum(one.certificates for one in theirs),
            issued_on=next_month(row.month) + dt.timedelta(days=20),
        )
        for at, bill in enumerate(theirs):
            held = certificates.allot_certificates(
                actor=SYSTEM, certificate=batch, unit=bill.unit, count=bill.certificates
            )
            if at < 2:
                certificates.claim_slice(
                    actor=SYSTEM, slice=held, purpose=("market", "park")[at], year=row.month.year,
                    count=max(held.count // 2, 1), text="示例",
                )  # fmt: skip


def _year(meter: Meter, since: dt.date, until: dt.date, kw: Kilowatts) -> Mapping[Key, Load]:
    found = {}
    for at in range((until - since).days):
        day = since + dt.timedelta(days=at)
        values = [kw(day, hour) / 4 for hour in range(24) for _quarter in range(4)]
        found[meter.pk, day] = load_of(values, 1000)
    return found


def _works(number: int, mean: float, night: float, day: float, weekend: float) -> Kilowatts:
    def kw(on: dt.date, hour: int) -> float:
        shift = day if 8 <= hour < 20 else night
        rest = weekend if on.weekday() >= 5 else 1.0
        wave = (
            1
            + 0.06 * math.sin(on.toordinal() * 0.7 + number)
            + 0.04 * math.sin(hour * 1.3 + number)
        )
        return mean * 1000 * shift * rest * wave

    return kw


def _wind(on: dt.date, hour: int) -> float:
    """Windier in winter and at night; strong and calm days follow one another."""
    season = 1 + 0.35 * math.cos((on.timetuple().tm_yday - 15) / 58.1)
    gust = 1 + 0.5 * math.sin(on.toordinal() * 0.9) + 0.3 * math.sin(on.toordinal() * 2.3)
    night = 1.15 if hour < 7 or hour > 20 else 0.9
    return max(14_000 * season * gust * night * 0.8, 0)
