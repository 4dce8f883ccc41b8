"""Homes for the old with years of acts: the round, a file, a handover, and confirming, as carers use them.

Prints the 95th percentile of server time for each page, the round's time against its bare SQL, the growth
from a tenth of the homes, what memory the reading process took, and acts confirmed in a second, each
committed by itself. Full size is 200 homes, 20,000 residents; `--rows` says how many acts (60 million: a year).

    python -m benchmarks.care [--small] [--rows N]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.registers import CACHE, ROUNDS, TARGET_MS, _timed, expect_ok, spread

SMALL, LARGE = 20, 200
PEOPLE = 100  # of a home
ROWS = 2_000_000
CONFIRMED, RATE, GROWTH = 400, 200, 1.5

FILL = (
    """INSERT INTO care_bed (id, unit_id, path, version, building, floor, room, name, charge)
    SELECT n, h.id, h.path, 1, '1', 1 + n % 5, (100 + (n % 100) / 2)::text, n::text, ''
    FROM generate_series(1, %(people)s) AS n JOIN homes AS h ON h.place = 1 + (n - 1) / %(each)s""",
    """INSERT INTO care_resident (id, unit_id, path, version, name, sex, born_on, phone, wish, state,
        enquired_on, admitted_on, assess_why)
    SELECT n, unit_id, path, 1, '示例' || n % 9000, 'f', '1940-01-01', '', '', 'resident',
        '2022-01-01', '2022-01-01', '' FROM care_bed AS b, LATERAL (SELECT b.id AS n) AS one""",
    """INSERT INTO care_stay (id, resident_id, path, version, bed_id, during, trial)
    SELECT id, id, path, 1, id, daterange('2022-01-01', NULL), false FROM care_resident""",
    """INSERT INTO care_plan (id, resident_id, path, version, number, need, aim, at, evaluate_on, evaluation)
    SELECT id, id, path, 1, 1, '示例', '示例', '2022-01-01', '2099-01-01', '' FROM care_resident""",
    """INSERT INTO care_act (id, resident_id, path, version, plan_id, text, slots, every, days, routine, protects)
    SELECT id, id, path, 1, id, '示例护理', '{morning}', 'day', '{}', false, '{}' FROM care_resident""",
    """INSERT INTO care_due (resident_id, path, version, act_id, due_at, outcome, done_at, recorded_at, why, together)
    SELECT r.id, r.path, 1, r.id, now() + interval '30 hours' - n * interval '3 hours',
        CASE WHEN n <= 11 THEN 'open' ELSE 'done' END,
        CASE WHEN n > 11 THEN now() + interval '30 hours' - n * interval '3 hours' END,
        CASE WHEN n > 11 THEN now() END, '', false
    FROM care_resident AS r, generate_series(1, %(rows)s / %(people)s) AS n""",
    """INSERT INTO care_note (resident_id, path, version, at, recorded_at, text)
    SELECT r.id, r.path, 1, now() - n * interval '1 day', now(), '示例'
    FROM care_resident AS r, generate_series(1, 20) AS n""",
    "VACUUM ANALYZE",
)
# What a round needs at the least: what is open in the home, in its hours.
BARE = """
SELECT d.id, d.due_at, a.text, r.name FROM care_due AS d
JOIN care_act AS a ON a.id = d.act_id JOIN care_resident AS r ON r.id = d.resident_id
WHERE d.path = %s AND d.due_at >= now() - interval '12 hours' AND d.due_at < now() + interval '2 hours'
  AND d.outcome = 'open' ORDER BY d.due_at
"""


def prepare(homes: int, rows: int) -> dict[str, str]:
    """A migrated, filled database of that size on the embedded server; returns its addresses."""
    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    name = f"luodi_bench_care_{homes}"
    addresses = {
        "DATABASE_URL": cluster.dsn("luodi_app", name),
        "LUODI_MIGRATE_URL": cluster.dsn("luodi_migrate", name),
        "LUODI_SECRET_KEY": "only-for-benchmarks",
        "LUODI_DATA": str(CACHE / "bench-data"),
        "ADMIN": cluster.dsn("postgres", name),
    }
    admin = cluster.dsn("postgres", "postgres")
    # made anew each time: what is due lies around now
    drop_database(admin, dbname=name)
    bootstrap(admin, dbname=name, passwords=cluster.passwords)
    run(addresses, "prepare", homes=homes, rows=rows)
    return addresses


def run(addresses: dict[str, str], job: str, **options: Any) -> dict[str, Any]:
    """Runs one job of this module in a process of its own, on the database of `addresses`."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.care", "--job", job, "--options", json.dumps(options)],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def job_prepare(homes: int, rows: int) -> dict[str, Any]:
    """Homes of a county, a nurse in the first, residents with beds, plans and acts."""
    import datetime as dt

    import psycopg

    from luodi.config.ready import ready

    ready()
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, UnitKind, acting

    with acting(SYSTEM):
        county = scope.create_unit(actor=SYSTEM, kind=UnitKind.COUNTY, name="示例县", parent=None)
        made = [
            scope.create_unit(
                actor=SYSTEM, kind=UnitKind.CARE_HOME, name=f"示例养老院{n}", parent=county
            )
            for n in range(homes)
        ]
        account = scope.create_account(
            actor=SYSTEM, username="nurse", name="示例护士", must_change_password=False
        )
        since = dt.date(2020, 1, 1)
        scope.grant_role(actor=SYSTEM, account=account, unit=made[0], role="nurse", since=since)
    known = {"people": homes * PEOPLE, "each": PEOPLE, "rows": rows}
    with psycopg.connect(os.environ["ADMIN"], autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # the trail's triggers rest
        admin.execute(
            "CREATE TEMP TABLE homes AS SELECT id, path, row_number() OVER (ORDER BY id) AS place"
            " FROM scope_unit WHERE kind = 'care_home'"
        )
        for statement in FILL:
            admin.execute(statement, known if "%(" in statement else None)
    return {}


def job_measure() -> dict[str, Any]:
    """Milliseconds of server time for each page, and of the round's bare SQL; acts a second."""
    from luodi.config.ready import ready

    ready(migrate=False)
    import psycopg
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from luodi.ground.scope.api import SYSTEM, Account, Unit, acting

    settings.ALLOWED_HOSTS = ["testserver"]
    client, account = Client(), Account.objects.get(username="nurse")
    home = Unit.objects.filter(kind="care_home").order_by("id")[0]
    with acting(SYSTEM):
        client.force_login(account)
    results: dict[str, Any] = {}
    pages: dict[str, Callable[[int], str]] = {
        "the round": lambda n: "/care/round/",
        "a file": lambda n: f"/care/residents/{n % PEOPLE + 1}/",
        "handover": lambda n: "/care/handovers/",
    }
    for name, address in pages.items():
        expect_ok(client.get(address(0)), address(0))
        samples = [_timed(partial(client.get, address(n))) for n in range(ROUNDS)]
        with CaptureQueriesContext(connection) as captured:
            client.get(address(1))
        results[name] = {**spread(samples), "queries": len(captured)}
    with psycopg.connect(os.environ["ADMIN"]) as admin:
        cursor = admin.cursor()
        bare = [
            _timed(lambda: cursor.execute(BARE, (home.path,)).fetchall()) for _ in range(ROUNDS)
        ]
    results["the round"]["bare"] = spread(bare)["p50"]
    results["confirming"] = {"rate": _confirmed(account.pk)}
    results["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return results


def _confirmed(account: int) -> float:
    """Acts confirmed in a second, each read, locked and committed by itself."""
    from luodi.ground.scope.api import Account, acting, actor_for
    from luodi.rooms.care import api

    nurse = actor_for(Account.objects.get(pk=account))
    with acting(nurse):
        keys = list(
            api.Due.objects.filter(outcome="open")
            .order_by("due_at")
            .values_list("pk", flat=True)[:CONFIRMED]
        )
    start = time.perf_counter()
    for pk in keys:
        with acting(nurse):
            api.confirm(actor=nurse, due=api.Due.objects.get(pk=pk), outcome="done")
    return len(keys) / (time.perf_counter() - start)


JOBS: dict[str, Callable[..., dict[str, Any]]] = {"prepare": job_prepare, "measure": job_measure}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="only 20 homes")
    options.add_argument("--rows", type=int, default=ROWS, help="acts at full size")
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--options", default="{}", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job](**json.loads(given.options))))
        return 0
    sizes = [SMALL] if given.small else [SMALL, LARGE]
    return report({size: given.rows * size // LARGE for size in sizes})


def report(sizes: dict[int, int]) -> int:
    """Prints the table; returns 1 where a target is missed."""
    measured = [run(prepare(homes, rows), "measure") for homes, rows in sizes.items()]
    homes, rows = list(sizes.items())[-1]
    print(f"\nServer time in one of {homes} homes, {rows:,} acts, milliseconds")
    missed, last = 0, measured[-1]
    for name in ("the round", "a file", "handover"):
        now = last[name]
        growth = now["p50"] / measured[0][name]["p50"]
        ratio = now["p50"] / now["bare"] if "bare" in now else 0
        fine = now["p95"] <= TARGET_MS and (growth <= GROWTH or now["p50"] < 10)
        missed += not fine
        print(
            f"  {name:<12} p50 {now['p50']:7.1f}  p95 {now['p95']:7.1f}  ≤ {TARGET_MS:.0f}"
            f"  {now['queries']:3} queries  ×{growth:.2f} of {min(sizes)} homes"
            f"{f'  ×{ratio:.1f} of bare SQL' if ratio else ''}  {'✓' if fine else '✗'}"
        )
    rate = last["confirming"]["rate"]
    missed += rate < RATE
    print(f"  confirming   {rate:7.0f} a second  ≥ {RATE}  {'✓' if rate >= RATE else '✗'}")
    print(f"  memory       {last['memory']:7} MB")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
