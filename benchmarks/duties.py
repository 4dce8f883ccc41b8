"""Duties of a province: a unit's year, a zone's board, a year laid out for all units.

Zones of 500 branches each, ten duties, years of gatherings. Prints the 95th percentile of server
time for the pages as an ordinary officer reads them, row-level security on; reading beside its bare
SQL; and how long a year takes for every unit. The data is made once and kept in `.cache`.

    python -m benchmarks.duties [--units 10000] [--years 3]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CACHE = Path(".cache").resolve()
IN_ZONE = 500
UNITS, YEARS = 10_000, 3
ROUNDS = 20
YEAR_MS, BOARD_MS, LAID_OUT_S, RATIO = 50.0, 200.0, 60.0, 3.0
LAST = 2022
# Twelve theme days, every third with a lesson, and four members' meetings of each branch a year,
# with one day in eight left out, so that every state is there.
HELD = """
INSERT INTO gatherings_gathering (unit_id, path, kind, also, title, agenda, starts_at, ends_at, place,
  lecturer, state, why, entered_at, changed_at, sequence, version)
SELECT u.id, u.path, k.kind, CASE WHEN k.kind = 'theme_day' AND m % 3 = 0 THEN ARRAY['lesson'] ELSE '{{}}' END,
  '示例', '', at, at + interval '90 minutes', '', '', 'held', '', at, at, 0, 1
FROM scope_unit AS u
CROSS JOIN generate_series(1, 12 * {years}) AS m
CROSS JOIN (VALUES ('theme_day', 1), ('committee_meeting', 1), ('members_meeting', 3)) AS k(kind, every)
CROSS JOIN LATERAL (SELECT make_timestamptz({last} - (m - 1) / 12, 1 + (m - 1) % 12, 5 + (u.id % 20)::int,
  9, 0, 0, 'Asia/Shanghai') AS at) AS t
WHERE u.kind = 'branch' AND m % k.every = 0 AND (u.id + m) % 8 <> 0
"""
BRANCHES = """
INSERT INTO directory_branch (unit_id, path, community)
SELECT id, path, false FROM scope_unit WHERE kind = 'branch';
INSERT INTO directory_standing (branch_id, path, type, valid, known)
SELECT b.id, b.path, CASE WHEN b.id % 10 = 0 THEN 'temporary' ELSE 'branch' END,
  daterange(CASE WHEN b.id % 7 = 0 THEN date '{last}-05-20' ELSE date '2015-01-01' END, NULL),
  tstzrange('2015-01-01', NULL)
FROM directory_branch AS b;
"""
# What a unit's year needs at the least: its gatherings of the year.
BARE = """
SELECT kind, also, starts_at, state, title FROM gatherings_gathering
WHERE unit_id = %s AND starts_at >= %s AND starts_at < %s AND path >= %s AND path < %s
"""


def prepare(units: int, years: int) -> dict[str, str]:
    """A migrated, filled database of that size on the embedded server; returns its addresses."""
    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    name = f"luodi_bench_duties_{units}_{years}"
    made = CACHE / f"{name}.made"
    addresses = {
        "DATABASE_URL": cluster.dsn("luodi_app", name),
        "LUODI_MIGRATE_URL": cluster.dsn("luodi_migrate", name),
        "LUODI_SECRET_KEY": "only-for-benchmarks",
        "LUODI_SECOND_FACTOR": "offered",
        "LUODI_DATA": str(CACHE / "bench-data"),
        "ADMIN": cluster.dsn("postgres", name),
    }
    if not made.exists():
        admin = cluster.dsn("postgres", "postgres")
        drop_database(admin, dbname=name)
        bootstrap(admin, dbname=name, passwords=cluster.passwords)
        run(addresses, "prepare", units=units, years=years)
        made.touch()
    return addresses


def run(addresses: dict[str, str], job: str, **options: Any) -> dict[str, Any]:
    """Runs one job of this module in a process of its own, on the database of `addresses`."""
    words = ["--job", job, "--options", json.dumps(options)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.duties", *words],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


# --- jobs: each runs in its own process --------------------------------------------------------


def job_prepare(units: int, years: int) -> dict[str, Any]:
    """Zones of 500 branches, the shipped duties in each and three of its own, gatherings."""
    import datetime as dt

    import psycopg

    from luodi.config.ready import ready

    ready()
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting
    from luodi.rooms.duties import api

    with acting(SYSTEM):
        zones = [
            scope.create_unit(actor=SYSTEM, kind=UnitKind.ZONE, name=f"示例开发区{n}", parent=None)
            for n in range(max(units // IN_ZONE, 1))
        ]
        first = Unit.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
        share = min(units, IN_ZONE)
        Unit.objects.bulk_create(
            Unit(
                pk=first + z * share + n,
                kind=UnitKind.BRANCH,
                name=f"示例党支部{z}-{n}",
                parent=zone,
                path=f"{zone.path}{first + z * share + n}.",
                opened_on=dt.date(2015, 1, 1),
            )
            for z, zone in enumerate(zones)
            for n in range(share)
        )
        account = scope.create_account(
            actor=SYSTEM, username="office", name="示例办公室", must_change_password=False
        )
        since = dt.date(2020, 1, 1)
        scope.grant_role(actor=SYSTEM, account=account, unit=zones[0], role="office", since=since)
        for zone in zones:
            for key in api.SHIPPED:
                api.install(actor=SYSTEM, unit=zone, key=key)
            for number in range(3):
                api.add_duty(
                    actor=SYSTEM,
                    unit=zone,
                    name=f"示例事项{number}",
                    every="quarter",
                    kinds=["branch"],
                    gatherings=["visit"],
                    since=since,
                    regulation="示例",
                    at=dt.datetime(2019, 1, 1, 4, tzinfo=dt.UTC),
                )
    with psycopg.connect(os.environ["ADMIN"], autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # the trail's triggers rest
        admin.execute(BRANCHES.format(last=LAST))
        admin.execute(HELD.format(years=years, last=LAST))
        admin.execute("VACUUM ANALYZE")
    return {}


def job_measure() -> dict[str, Any]:
    """Milliseconds of each page, of reading and of its bare SQL; seconds of a year for all units."""
    import datetime as dt

    from luodi.config.ready import ready

    ready(migrate=False)
    import psycopg
    from django.conf import settings
    from django.test import Client

    from luodi.ground.scope.api import SYSTEM, Account, Unit, UnitKind, acting, actor_for
    from luodi.rooms.duties.api import year_of
    from luodi.rooms.duties.reading import slots_below

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    with acting(SYSTEM):
        office = Account.objects.get(username="office")
        client.force_login(office)
        zones = list(Unit.objects.of_kind(UnitKind.ZONE).order_by("pk"))
        branches = list(Unit.objects.of_kind(UnitKind.BRANCH).below(zones[0]).order_by("pk"))
    found: dict[str, Any] = {}
    day = dt.date(LAST, 12, 1)

    def page(address: Callable[[int], str]) -> dict[str, float]:
        answer = client.get(address(0))
        if answer.status_code != 200:
            raise SystemExit(f"{address(0)} answered {answer.status_code}")
        return spread([_timed(lambda n=n: client.get(address(n))) for n in range(ROUNDS)])  # type: ignore[misc]

    found["a unit's year"] = page(lambda n: f"/duties/units/{branches[n].pk}/?year={LAST}")
    found["a zone's board"] = page(lambda n: f"/duties/?month={LAST}-{1 + n % 12:02d}")
    with acting(actor_for(office)):
        reading = [_timed(lambda one=one: year_of(one, LAST, day)) for one in branches[:ROUNDS]]  # type: ignore[misc]
        found["reading a unit's year"] = spread(reading)
    with psycopg.connect(os.environ["ADMIN"]) as admin:
        bare = []
        for one in branches[:ROUNDS]:
            bounds = (
                dt.date(LAST, 1, 1),
                dt.date(LAST + 1, 1, 1),
                zones[0].path,
                zones[0].path[:-1] + "/",
            )
            bare.append(_timed(lambda: admin.execute(BARE, (one.pk, *bounds)).fetchall()))  # noqa: B023 - called at once
        found["its gatherings by bare SQL"] = spread(bare)
    start, laid = time.perf_counter(), 0
    with acting(SYSTEM):
        for zone in zones:
            laid += sum(
                1 for _one in slots_below(zone, wanted=lambda w: True, years=[LAST], today=day)
            )
    found["all"] = {
        "seconds": time.perf_counter() - start,
        "windows": laid,
        "units": len(zones) * len(branches),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return found


def _timed(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return (time.perf_counter() - start) * 1000


def spread(samples: list[float]) -> dict[str, float]:
    ordered = sorted(samples)
    last = ordered[min(len(ordered) - 1, round(0.95 * len(ordered) + 0.5) - 1)]
    return {"p50": statistics.median(samples), "p95": last}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {"prepare": job_prepare, "measure": job_measure}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--units", type=int, default=UNITS)
    options.add_argument("--years", type=int, default=YEARS)
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--options", default="{}", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job](**json.loads(given.options))))
        return 0
    return report(run(prepare(given.units, given.years), "measure"))


def report(found: dict[str, Any]) -> int:
    """Prints the table; returns 1 where a target is missed."""
    every = found.pop("all")
    print(f"\nDuties of {every['units']:,} units, milliseconds of server time")
    targets = {"a unit's year": YEAR_MS, "a zone's board": BOARD_MS}
    missed = 0
    for name, now in found.items():
        fine = now["p95"] <= targets.get(name, float("inf"))
        missed += not fine
        wanted = f"  ≤ {targets[name]:.0f} {'✓' if fine else '✗'}" if name in targets else ""
        print(f"  {name:<30} p50 {now['p50']:7.1f}  p95 {now['p95']:7.1f}{wanted}")
    fine = every["seconds"] <= LAID_OUT_S
    missed += not fine
    print(
        f"  a year of all units: {every['windows']:,} windows with their states in"
        f" {every['seconds']:.1f} s, {every['mb']:.0f} MB  ≤ {LAID_OUT_S:.0f} s {'✓' if fine else '✗'}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
