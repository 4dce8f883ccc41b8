"""100,000 people in development and 1,000,000 rows of dues: a branch's pages, a zone's view.

Prints the 95th percentile of server time for each page, the number of its queries, and the growth
from a tenth. The data is made once and kept in `.cache`.

    python -m benchmarks.pathways [--small]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.registers import _timed, expect_ok, spread

CACHE = Path(".cache").resolve()
SMALL, LARGE = 10_000, 100_000
BRANCHES, ROUNDS = 200, 20
BRANCH_MS, ZONE_MS, GROWTH = 50.0, 200.0, 1.3
# By place: the n-th person belongs to the n-th branch, applied some years ago, is an activist by now.
FILL = [
    """
    CREATE TEMP TABLE place AS
    SELECT row_number() OVER (ORDER BY b.id) AS n, b.id AS branch, u.id AS unit, p.id AS home,
           u.path AS path, p.path AS home_path
    FROM directory_branch b JOIN scope_unit u ON u.id = b.unit_id JOIN scope_unit p ON p.id = u.parent_id
    """,
    """
    INSERT INTO directory_person (id, path, unit_id, name, sort_key, spelling, sex, born_on, education,
                                  identity_cipher, phone_cipher, version)
    SELECT 1000 + n, home_path, home, '示例' || n, lpad(n::text, 8, '0'), '', 'male',
           date '1980-01-01' + n %% 7000, '', '', '', 1
    FROM generate_series(1, %(people)s) AS n JOIN (SELECT n AS place, * FROM place) AS q
      ON q.place = 1 + n.n %% %(branches)s
    """,
    """
    INSERT INTO directory_membership (path, valid, known, stage, branch_id, person_id)
    SELECT q.path, daterange(date '2022-01-01' + n %% 900, NULL), tstzrange('2022-01-01', NULL),
           (ARRAY['formal', 'activist'])[1 + n %% 2], q.branch, 1000 + n
    FROM generate_series(1, %(people)s) AS n JOIN (SELECT n AS place, * FROM place) AS q
      ON q.place = 1 + n.n %% %(branches)s
    """,
    """
    INSERT INTO pathways_journey (id, path, version, plan_year, "end", ground, opened_at, person_id)
    SELECT n, p.path, 1, 2022 + n %% 5, '', '', now(), p.id
    FROM generate_series(1, %(people)s) AS n JOIN directory_person p ON p.id = 1000 + n
    """,
    """
    INSERT INTO pathways_fact (path, version, step, "on", outcome, paper, note, days, hours, entitled,
                               present, favour, months, exception, recorded_at, journey_id)
    SELECT j.path, 1, s.step, date '2022-01-01' + (j.id %% 900)::int + s.days, 'passed', '示例', '', 0, 0,
           0, 0, 0, 0, '', now(), j.id
    FROM pathways_journey j CROSS JOIN (VALUES ('apply', 0), ('talk', 20), ('choose', 60),
      ('file_activist', 65), ('contacts', 66), ('review', 240)) AS s(step, days)
    """,
    """
    INSERT INTO pathways_duesmonth (path, version, month, amount, paid_on, waiver, recorded_at, branch_id,
                                    person_id)
    SELECT m.path, 1, (date '2025-01-01' + make_interval(months => k))::date, 15, date '2025-02-01', '',
           now(), m.branch_id, m.person_id
    FROM directory_membership m CROSS JOIN generate_series(0, 9) AS k
    """,
]


def prepare(people: int) -> dict[str, str]:
    """A migrated, filled database of that size on the embedded server; returns its addresses."""
    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    name = f"luodi_bench_pathways_{people}"
    admin, made = cluster.dsn("postgres", "postgres"), CACHE / f"{name}.made"
    addresses = {
        "DATABASE_URL": cluster.dsn("luodi_app", name),
        "LUODI_MIGRATE_URL": cluster.dsn("luodi_migrate", name),
        "LUODI_SECRET_KEY": "only-for-benchmarks",
        "LUODI_DATA": str(CACHE / "bench-data"),
        "ADMIN": cluster.dsn("postgres", name),
    }
    if not made.exists():
        drop_database(admin, dbname=name)
        bootstrap(admin, dbname=name, passwords=cluster.passwords)
        run(addresses, "prepare", people=people)
        made.touch()
    return addresses


def run(addresses: dict[str, str], job: str, **options: Any) -> dict[str, Any]:
    """Runs one job of this module in a process of its own, on the database of `addresses`."""
    words = ["--job", job, "--options", json.dumps(options)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pathways", *words],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def job_prepare(people: int) -> dict[str, Any]:
    """A zone with 200 enterprises, a branch in each, its people, files and dues."""
    import datetime as dt

    import psycopg

    from luodi.config.ready import ready

    ready()
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, UnitKind, acting
    from luodi.rooms.directory import api as directory

    since = dt.date(2020, 1, 1)
    with acting(SYSTEM):

        def unit(kind: UnitKind, name: str, parent: Any) -> Any:
            return scope.create_unit(actor=SYSTEM, kind=kind, name=name, parent=parent)

        zone = unit(UnitKind.ZONE, "示例开发区", None)
        district = unit(UnitKind.DISTRICT, "示例党建区", zone)
        firms = [unit(UnitKind.ENTERPRISE, f"示例企业{n}", district) for n in range(BRANCHES)]
        for number, firm in enumerate(firms):
            directory.found_branch(
                actor=SYSTEM, parent=firm, name=f"示例党支部{number}",
                type=directory.BranchType.BRANCH, founded_on=since, term_started_on=since,
            )  # fmt: skip
        for role, place in (("office", zone), ("branch_secretary", firms[1])):
            account = scope.create_account(
                actor=SYSTEM, username=role, name=f"示例{role}", must_change_password=False
            )
            scope.grant_role(actor=SYSTEM, account=account, unit=place, role=role, since=since)
    with psycopg.connect(os.environ["ADMIN"], autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # the trail's triggers rest
        for one in FILL:
            admin.execute(one, {"people": people, "branches": BRANCHES})
        admin.execute("VACUUM ANALYZE")
    return {}


def job_measure() -> dict[str, Any]:
    """Milliseconds of server time for each page, and its queries."""
    from luodi.config.ready import ready

    ready(migrate=False)
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from luodi.ground.scope.api import SYSTEM, Account, acting
    from luodi.rooms.directory.api import Branch
    from luodi.rooms.pathways.api import Journey

    settings.ALLOWED_HOSTS = ["testserver"]
    with acting(SYSTEM):
        branch = Branch.objects.order_by("id")[1]
        journey = Journey.objects.filter(path__startswith=branch.unit.parent.path).first()  # type: ignore[union-attr]
    results: dict[str, Any] = {}
    for role, pages in (
        ("branch_secretary", {
            "list": "/pathways/?page={n}", "roll": "/pathways/rolls/activists/?page={n}",
            "a file": f"/pathways/{journey.pk if journey else 1}/",
            "dues of a year": f"/pathways/dues/{branch.pk}/2025/",
        }),
        ("office", {
            "zone's view": "/pathways/?page={n}", "of a year's plan": "/pathways/?plan_year=2024&page={n}",
        }),
    ):  # fmt: skip
        client, account = Client(), Account.objects.get(username=role)
        with acting(SYSTEM):
            client.force_login(account)
        for name, address in pages.items():
            expect_ok(client.get(address.format(n=1)), address)
            samples = [
                _timed(partial(client.get, address.format(n=n % 3 + 1))) for n in range(ROUNDS)
            ]
            with CaptureQueriesContext(connection) as captured:
                client.get(address.format(n=1))
            results[f"{role}: {name}"] = {**spread(samples), "queries": len(captured)}
    return results


JOBS: dict[str, Callable[..., dict[str, Any]]] = {"prepare": job_prepare, "measure": job_measure}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="only 10,000 people")
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--options", default="{}", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job](**json.loads(given.options))))
        return 0
    return report([SMALL] if given.small else [SMALL, LARGE])


def report(sizes: list[int]) -> int:
    """Prints the table; returns 1 where a target is missed."""
    found = {size: run(prepare(size), "measure") for size in sizes}
    missed = 0
    for name, last in found[sizes[-1]].items():
        wanted = ZONE_MS if name.startswith("office") else BRANCH_MS
        growth = last["p50"] / found[sizes[0]][name]["p50"]
        is_missed = last["p95"] > wanted
        missed += is_missed
        print(
            f"{name:36} p50 {last['p50']:7.1f} ms  p95 {last['p95']:7.1f} ms (≤ {wanted:.0f})"
            f"  queries {last['queries']:3d}  growth {growth:4.2f} (≤ {GROWTH})"
            f"{'  MISSED' if is_missed else ''}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
