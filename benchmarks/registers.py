"""A register of 100,000 entries: its list, filters, search and figures, as officers read them.

Prints the 95th percentile of server time for each page, the list's time against its bare SQL, and
the growth from 10,000 entries. The data is made once and kept in `.cache`.

    python -m benchmarks.registers [--small]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

CACHE = Path(".cache").resolve()
SMALL, LARGE = 10_000, 100_000
ENTERPRISES = 200
ROUNDS = 30
TARGET_MS, RATIO, GROWTH = 50.0, 3.0, 1.3
FILL = """
INSERT INTO registers_entry (id, register_id, unit_id, path, origin_id, "values", valid, known, search)
SELECT n, %(register)s, u.id, u.path, n,
       jsonb_build_object('title', '示例项目' || n,
                          'amount', round((random() * 1000)::numeric, 2)::text,
                          'sector', (ARRAY['industry', 'facility', 'other'])[1 + n %% 3]),
       daterange(date '2012-01-01' + n %% 4000, NULL),
       tstzrange('2022-01-01', NULL),
       to_tsvector('simple', '示例 项目 w' || n %% 5000)
FROM generate_series(1, %(entries)s) AS n
JOIN (SELECT id, path, row_number() OVER (ORDER BY id) AS place FROM scope_unit
      WHERE kind = 'enterprise') AS u ON u.place = 1 + n %% %(enterprises)s
"""

# What a list's first page needs at the least: the newest fifty keys of a register in a range.
BARE = """
SELECT id, "values" FROM registers_entry
WHERE register_id = %s AND path >= %s AND path < %s AND upper_inf(known)
  AND valid @> current_date
ORDER BY since_on DESC, id DESC LIMIT 50
"""


def prepare(entries: int) -> dict[str, str]:
    """A migrated, filled database of that size on the embedded server; returns its addresses."""
    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    name = f"luodi_bench_registers_{entries}"
    admin = cluster.dsn("postgres", "postgres")
    made = CACHE / f"{name}.made"
    addresses = {
        "DATABASE_URL": cluster.dsn("luodi_app", name),
        "LUODI_MIGRATE_URL": cluster.dsn("luodi_migrate", name),
        "LUODI_SECRET_KEY": "only-for-benchmarks",
        "LUODI_DATA": str(CACHE / "bench-data"),
        "ADMIN": cluster.dsn("postgres", name),
    }
    if made.exists():
        run(addresses, "upgrade")
    else:
        drop_database(admin, dbname=name)
        bootstrap(admin, dbname=name, passwords=cluster.passwords)
        run(addresses, "prepare", entries=entries)
        made.touch()
    return addresses


def run(addresses: dict[str, str], job: str, **options: Any) -> dict[str, Any]:
    """Runs one job of this module in a process of its own, on the database of `addresses`."""
    words = ["--job", job, "--options", json.dumps(options)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.registers", *words],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


# --- jobs: each runs in its own process --------------------------------------------------------


def job_prepare(entries: int) -> dict[str, Any]:
    """One zone with 200 enterprises, the register of investments, and its entries."""
    import datetime as dt

    import psycopg

    from luodi.config.ready import ready

    ready()
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, UnitKind, acting
    from luodi.rooms.registers import api
    from luodi.rooms.registers.tables import FILL as NUMBERS

    with acting(SYSTEM):

        def unit(kind: UnitKind, name: str, parent: Any) -> Any:
            return scope.create_unit(actor=SYSTEM, kind=kind, name=name, parent=parent)

        zone = unit(UnitKind.ZONE, "示例开发区", None)
        district = unit(UnitKind.DISTRICT, "示例党建区", zone)
        firms = [unit(UnitKind.ENTERPRISE, f"示例企业{n}", district) for n in range(ENTERPRISES)]
        for role, place in (("office", zone), ("liaison", firms[0])):
            account = scope.create_account(
                actor=SYSTEM, username=role, name=f"示例{role}", must_change_password=False
            )
            since = dt.date(2020, 1, 1)
            scope.grant_role(actor=SYSTEM, account=account, unit=place, role=role, since=since)
        register = api.install(actor=SYSTEM, unit=zone, key="investments")
    known = {"register": register.pk, "entries": entries, "enterprises": ENTERPRISES}
    with psycopg.connect(os.environ["ADMIN"], autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # the trail's triggers rest
        admin.execute(FILL, known)
        admin.execute(NUMBERS)
        admin.execute("VACUUM ANALYZE")
    return {}


def job_upgrade() -> dict[str, Any]:
    """Brings a database that an earlier version made up to date."""
    from luodi.config.ready import ready

    ready()
    return {}


def job_measure() -> dict[str, Any]:
    """Milliseconds of server time for each page, and of the list's bare SQL."""
    from luodi.config.ready import ready

    ready(migrate=False)
    import psycopg
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from luodi.ground.scope.api import SYSTEM, Account, Unit, acting, actor_for, below, today
    from luodi.rooms.registers.api import Entry, Register

    settings.ALLOWED_HOSTS = ["testserver"]
    with acting(SYSTEM):
        register = Register.objects.get()
        zone = register.unit
    enterprise = Unit.objects.filter(kind="enterprise").order_by("id")[0]
    results: dict[str, Any] = {}
    for role, seat in (("office", zone), ("liaison", enterprise)):
        client, account = Client(), Account.objects.get(username=role)
        with acting(SYSTEM):
            client.force_login(account)
        for name, address in pages(register.pk, seat.pk).items():
            expect_ok(client.get(address(0)), address(0))
            samples = [_timed(partial(client.get, address(n))) for n in range(ROUNDS)]
            with CaptureQueriesContext(connection) as captured:
                client.get(address(1))
            results[f"{role}: {name}"] = {**spread(samples), "queries": len(captured)}
        with acting(actor_for(account)), connection.cursor() as cursor:
            rows = Entry.objects.on(today()).filter(register=register)
            rows = rows.order_by("-since_on", "-pk").values_list("pk", "values")[:50]
            guarded = _sql(cursor, *rows.query.sql_with_params())
        with psycopg.connect(os.environ["ADMIN"]) as admin:
            bare = _sql(admin.cursor(), BARE, (register.pk, *below(seat.path)))
        results[f"{role}: the list's SQL"] = {**guarded, "bare": bare["p50"], "queries": 1}
    return results


def _sql(cursor: Any, sql: str, params: Any) -> dict[str, float]:
    def ask() -> None:
        cursor.execute(sql, params)
        cursor.fetchall()

    return spread([_timed(ask) for _ in range(ROUNDS)])


def pages(register: int, unit: int) -> dict[str, Callable[[int], str]]:
    """The addresses of each job; the argument varies what is asked for, so nothing is cached."""
    home = f"/registers/{register}/"
    figure = "/figures/registers.investments"
    year = f"unit={unit}&since=2021-01-01&until=2021-12-31"
    return {
        "list": lambda n: f"{home}?page={n % 3 + 1}",
        "list, by choice and amount": lambda n: f"{home}?sector=industry&amount_from={900 + n}",
        "list, sorted by amount": lambda n: f"{home}?sort=-amount&sector=other&amount_to={n + 5}",
        "search": lambda n: f"{home}?q=w{n * 7}",
        "figure: count with its rows": lambda n: f"{figure}.projects/?{year}&page={n % 3 + 1}",
        "figure: sum with its rows": lambda n: f"{figure}.amount/?{year}&page={n % 3 + 1}",
    }


def expect_ok(response: Any, address: str) -> None:
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")


def _timed(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return (time.perf_counter() - start) * 1000


def spread(samples: list[float]) -> dict[str, float]:
    ordered = sorted(samples)
    last = ordered[min(len(ordered) - 1, round(0.95 * len(ordered) + 0.5) - 1)]
    return {"p50": statistics.median(samples), "p95": last}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": job_prepare,
    "upgrade": job_upgrade,
    "measure": job_measure,
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="only 10,000 entries")
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--options", default="{}", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job](**json.loads(given.options))))
        return 0
    return report([SMALL] if given.small else [SMALL, LARGE])


def report(sizes: list[int]) -> int:
    """Prints the table; returns 1 where a target is missed."""
    measured = [run(prepare(size), "measure") for size in sizes]
    print(f"\nServer time on a register of {sizes[-1]:,} entries, milliseconds")
    missed = 0
    for name, now in measured[-1].items():
        growth = now["p50"] / measured[0][name]["p50"]
        ratio = now["p50"] / now["bare"] if "bare" in now else 0
        grows = "figure" in name or "amount" in name  # they read all their rows
        fine = now["p95"] <= TARGET_MS and ratio <= RATIO
        fine = fine and (grows or len(sizes) == 1 or growth <= GROWTH or now["p50"] < 10)
        missed += not fine
        print(
            f"  {name:<40} p50 {now['p50']:7.1f}  p95 {now['p95']:7.1f}  ≤ {TARGET_MS:.0f}"
            f"  {now['queries']:3} queries  ×{growth:.2f} of {sizes[0]:,}"
            f"{f'  ×{ratio:.2f} of bare SQL' if ratio else ''}  {'✓' if fine else '✗'}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
