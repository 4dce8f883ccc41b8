"""A desk with 2,000 offers and 2,000 needs: a plan from its rows, and the partners of one enterprise.

Prints how long reading, the planner, and what is made of its plan take; the same pairs given to the
planner from memory stand beside. Partners are timed as the page asks for them. The data is made once and
kept in `.cache`.

    python -m benchmarks.exchange [--small]
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
SMALL, LARGE = 200, 2000  # offers, and as many needs
KINDS = 40  # commodities: 2,000 × 2,000 / 40 are 100,000 pairs that may trade
ROUNDS = 20
PLAN_S, PARTNERS_MS = 3.0, 100.0
PARTIES = """
INSERT INTO exchange_party (id, unit_id, name, place, contact, longitude, latitude, broker_id, version)
SELECT 1000 + n, NULL, '示例企业' || n, '', '', 111 + (n %% 97) / 97.0, 36.5 + (n %% 89) / 89.0, %(zone)s, 1
FROM generate_series(1, %(many)s * 2) AS n"""
COMMODITIES = """
INSERT INTO exchange_commodity (name, code, catalogue_code, measure, synonyms, qualities, waste, version)
SELECT '示例商品' || n, (880000 + n * 100)::text, '', '吨', '', '', '', 1
FROM generate_series(1, %(kinds)s) AS n"""
OFFERS = """
INSERT INTO exchange_offer (party_id, broker_id, way, words, commodity_id, quantity, measure, per, price,
  quality, place, contact, paper, note, came, entered_at, expires_on, closed_why, version)
SELECT 1000 + n, %(zone)s, CASE WHEN n <= %(many)s THEN 'have' ELSE 'want' END, c.name, c.id,
  50 + n %% 400, '吨', 'month', CASE WHEN n <= %(many)s THEN 100 + n %% 83 ELSE 900 + n %% 71 END,
  '{}', '', '', '', '', 'file', now(), current_date + 60, '', 1
FROM generate_series(1, %(many)s * 2) AS n
JOIN (SELECT id, name, row_number() OVER (ORDER BY id) AS place FROM exchange_commodity
      WHERE code LIKE '88%%' AND name LIKE '示例%%') AS c ON c.place = 1 + n %% %(kinds)s"""


def prepare(many: int) -> dict[str, str]:
    """A migrated, filled database of that size on the embedded server; returns its addresses."""
    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    name = f"luodi_bench_exchange_{many}"
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
        run(addresses, "prepare", many=many)
        made.touch()
    return addresses


def run(addresses: dict[str, str], job: str, **options: Any) -> dict[str, Any]:
    """Runs one job of this module in a process of its own, on the database of `addresses`."""
    words = ["--job", job, "--options", json.dumps(options)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.exchange", *words],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def job_prepare(many: int) -> dict[str, Any]:
    """One zone, its office, and the parties with an offer or a need each."""
    import datetime as dt

    import psycopg

    from luodi.config.ready import ready

    ready()
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, UnitKind, acting

    with acting(SYSTEM):
        zone = scope.create_unit(actor=SYSTEM, kind=UnitKind.ZONE, name="示例开发区", parent=None)
        account = scope.create_account(
            actor=SYSTEM, username="office", name="示例办公", must_change_password=False
        )
        scope.grant_role(
            actor=SYSTEM, account=account, unit=zone, role="office", since=dt.date(2020, 1, 1)
        )
    with psycopg.connect(os.environ["ADMIN"], autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # the trail's triggers rest
        for statement in (PARTIES, COMMODITIES, OFFERS):
            admin.execute(statement, {"zone": zone.pk, "many": many, "kinds": KINDS})
        admin.execute("VACUUM ANALYZE")
    return {}


def job_upgrade() -> dict[str, Any]:
    """Brings a database that an earlier version made up to date."""
    from luodi.config.ready import ready

    ready()
    return {}


def job_measure() -> dict[str, Any]:
    """Seconds of a plan in its parts, of the planner from memory, milliseconds of partners."""
    from luodi.config.ready import ready

    ready(migrate=False)
    from django.db import connection

    from luodi.ground.scope.api import Account, acting, actor_for, today
    from luodi.planning.matching import solve
    from luodi.rooms.exchange.models import Party
    from luodi.rooms.exchange.network import possible
    from luodi.rooms.exchange.problem import (
        answers_of,
        by_heading,
        lines_of,
        problem_of,
        read_book,
    )

    parts: dict[str, float] = {}

    def timed(name: str, do: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        made = do()
        parts[name] = time.perf_counter() - begin
        return made

    with acting(actor_for(Account.objects.get(username="office"))):
        read_book(today())  # what is asked once a process
        book = timed("read", lambda: read_book(today()))
        headings = timed("problems", lambda: [(one, problem_of(one)) for one in by_heading(book)])
        plans = timed("planner", lambda: [(one, solve(problem)) for one, problem in headings])
        lines = timed(
            "lines",
            lambda: [line for one, plan in plans for line in lines_of(one, plan, worth=False)],
        )
        timed("answers", lambda: answers_of(book, lines))
        whole = sum(parts.values())
        at_once = problem_of(book)
        timed("all in one problem", lambda: solve(at_once))
        parties = list(Party.objects.order_by("id")[:: max(1, Party.objects.count() // ROUNDS)])
        found = [_ms(lambda party=party: possible(party)) for party in parties]
        with connection.cursor() as cursor:
            bare = _ms(lambda: cursor.execute("SELECT * FROM exchange_offer"))
    return {
        "parts": parts,
        "whole": whole,
        "pairs": sum(plan.n_arcs for _one, plan in plans),
        "partners": {"p50": statistics.median(found), "p95": sorted(found)[-2]},
        "bare": bare,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _ms(do: Callable[[], object]) -> float:
    begin = time.perf_counter()
    do()
    return (time.perf_counter() - begin) * 1000


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": job_prepare,
    "upgrade": job_upgrade,
    "measure": job_measure,
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help=f"only {SMALL} offers")
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--options", default="{}", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job](**json.loads(given.options))))
        return 0
    return report([SMALL] if given.small else [SMALL, LARGE])


def report(sizes: list[int]) -> int:
    """Prints the table; returns 1 where a target is missed."""
    missed = 0
    for many in sizes:
        found = run(prepare(many), "measure")
        parts = ", ".join(f"{name} {value:.2f}" for name, value in found["parts"].items())
        print(f"{many} × {many}, {found['pairs']} pairs: plan {found['whole']:.2f} s ({parts})")
        ratio = found["whole"] / found["parts"]["planner"]
        print(
            f"  {ratio:.1f} × the planner alone; bare SELECT {found['bare']:.0f} ms; {found['megabytes']} MB"
        )
        partners = found["partners"]
        print(f"  partners of one: p50 {partners['p50']:.0f} ms, p95 {partners['p95']:.0f} ms")
        if found["whole"] > PLAN_S or partners["p95"] > PARTNERS_MS:
            missed = 1
            print(f"  missed: {PLAN_S} s, {PARTNERS_MS} ms")
    return missed


if __name__ == "__main__":
    sys.exit(main())
