"""A park of 100 meters: a year of readings taken in, a month settled, a year's page.

    python -m benchmarks.energy [--small]

Taking in is compared with the bare insertion of as many readings as rows of their own (MyEMS' way), in
the same run; the settlement with its own arithmetic alone.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import resource
import statistics
import time
from decimal import Decimal
from typing import Any

from benchmarks.registers import CACHE

FULL, SMALL = (100, 365), (10, 365)
IMPORT_S, MEMORY_MB, SETTLE_S, PAGE_MS = 60.0, 500.0, 5.0, 100.0
YEAR = dt.date(2024, 1, 1)


def prepare(name: str) -> None:
    """An empty, migrated database of this process' own."""
    import os

    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    admin = cluster.dsn("postgres", "postgres")
    drop_database(admin, dbname=name)
    bootstrap(admin, dbname=name, passwords=cluster.passwords)
    os.environ |= {
        "DATABASE_URL": cluster.dsn("luodi_app", name),
        "LUODI_MIGRATE_URL": cluster.dsn("luodi_migrate", name),
        "LUODI_SECRET_KEY": "only-for-benchmarks",
        "LUODI_DATA": str(CACHE / "bench-data"),
    }
    from luodi.config.ready import ready

    ready()


def park(meters: int) -> tuple[Any, Any]:
    """A zone with as many enterprises as meters, a plant, a contract, a volume for each month."""
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, UnitKind
    from luodi.rooms.energy.models import GreenContract, Meter, Plant, Terms, Volume

    def unit(kind: UnitKind, name: str, parent: Any) -> Any:
        return scope.create_unit(actor=SYSTEM, kind=kind, name=name, parent=parent)

    zone = unit(UnitKind.ZONE, "示例开发区", None)
    district = unit(UnitKind.DISTRICT, "示例党建区", zone)
    plant = Plant.objects.create(unit=zone, name="示例电厂", kind="wind")
    contract = GreenContract.objects.create(
        unit=zone, number="1", name="示例合同", seller_name="示例", plant=plant
    )
    Terms.objects.create(
        contract=contract, since=YEAR, energy_price=Decimal("0.342"), source="示例"
    )
    Meter.objects.create(
        unit=zone, number="G", name="上网", plant=plant, direction="generation", labels="end"
    )
    for at in range(meters):
        firm = unit(UnitKind.ENTERPRISE, f"示例企业{at}", district)
        Meter.objects.create(unit=firm, number=f"M{at}", name="总表", labels="end")
        Volume.objects.create(contract=contract, unit=firm, month=YEAR, kwh=70_000)
    account = scope.create_account(
        actor=SYSTEM, username="office", name="示例", must_change_password=False
    )
    scope.grant_role(
        actor=SYSTEM, account=account, unit=zone, role="office", since=dt.date(2020, 1, 1)
    )
    return contract, account


def file_of(numbers: list[str], days: int) -> io.BytesIO:
    """A .csv of load curves, a row for each meter and day."""
    labels = [f"{at // 4:02}:{at % 4 * 15:02}" for at in range(1, 97)]
    out = io.BytesIO()
    out.write(("电能表表号,数据日期," + ",".join(labels) + "\n").encode())
    for at, number in enumerate(numbers):
        for day in range(days):
            on = YEAR + dt.timedelta(days=day)
            values = ",".join(f"{20 + (at * 7 + day * 3 + q) % 17 + 0.25:.2f}" for q in range(96))
            out.write(f"{number},{on},{values}\n".encode())
    out.seek(0)
    return out


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare(meters: int, days: int) -> float:
    """Seconds for as many single rows, unguarded and unsummed, per reading."""
    from django.db import connection

    count = min(meters * days * 96, 400_000)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE single (meter bigint, at timestamptz, kwh numeric)")
        began = time.perf_counter()
        rows = [(1, YEAR + dt.timedelta(minutes=15 * n), 20.25) for n in range(count)]
        cursor.executemany("INSERT INTO single VALUES (%s, %s, %s)", rows)
        return (time.perf_counter() - began) / count


def measure(meters: int, days: int) -> list[tuple[str, float, float, str]]:
    """What was measured: name, value, bound, unit."""
    prepare("luodi_bench_energy")
    from django.conf import settings
    from django.test import Client

    from luodi.ground.scope.api import SYSTEM, acting
    from luodi.rooms.energy.models import Meter
    from luodi.rooms.energy.verbs.months import draft_month
    from luodi.rooms.energy.verbs.reading import take_in

    settings.ALLOWED_HOSTS = ["testserver"]
    with acting(SYSTEM):
        contract, account = park(meters)
    numbers = ["G", *(f"M{at}" for at in range(meters))]
    file, before = file_of(numbers, days), memory_mb()
    began = time.perf_counter()
    with acting(SYSTEM):
        take_in(actor=SYSTEM, file=file, name="示例.csv")
    took, more = time.perf_counter() - began, memory_mb() - before
    with acting(SYSTEM):
        each = bare(meters, days)
    began = time.perf_counter()
    with acting(SYSTEM):
        draft_month(actor=SYSTEM, contract=contract, month=YEAR)
    settled = time.perf_counter() - began
    client = Client()
    with acting(SYSTEM):
        client.force_login(account)
        meter = Meter.objects.get(number="M1")
    address = f"/energy/meters/{meter.pk}/curve/?until=2024-12-30"
    samples = []
    for _number in range(12):
        began = time.perf_counter()
        assert client.get(address).status_code == 200
        samples.append((time.perf_counter() - began) * 1000)
    readings = len(numbers) * days * 96
    page = statistics.quantiles(samples[1:], n=20)[-1]
    return [
        (f"{readings:,} readings taken in", took, IMPORT_S, "s"),
        ("  its memory", more, MEMORY_MB, "MB"),
        ("  times a bare row for each reading", took / readings / each, 1.0, "×"),
        (f"a month of {meters} enterprises settled", settled, SETTLE_S, "s"),
        ("load curve page of a year, p95", page, PAGE_MS, "ms"),
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="a tenth of the meters")
    given = options.parse_args()
    missed = 0
    for name, value, bound, unit in measure(*(SMALL if given.small else FULL)):
        missed += value > bound
        print(f"  {name:<42} {value:9.2f} ≤ {bound:g} {unit}  {'✓' if value <= bound else '✗'}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
