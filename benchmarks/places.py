"""Rooms by the thousand, bookings by the million: searches and calendars; and fifty at once for a minute.

Prints the 95th percentile of server time of each page as an ordinary officer, the search against its
bare SQL, the growth from a tenth of the size; then how many bookings were made, refused, doubled and
deadlocked while many booked the same rooms. No peer: Indico's room booking needs Python 3.12 and
Redis, so its wheel does not install beside this one.

    python -m benchmarks.places [--tiny | --small] [--seconds 60] [--workers 50]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.registers import expect_ok, spread

CACHE = Path(".cache").resolve()
TINY, SMALL, LARGE = (40, 4_000), (200, 100_000), (2_000, 1_000_000)  # rooms, bookings
ROUNDS = 20
TARGET_MS, GROWTH = 50.0, 1.5
FILL = """
INSERT INTO places_venue (name, kind, address, step_free, open_to, keeper, unit_id, path, version)
SELECT '示例场所' || n, 'centre', '', true, 'unit', '', u.id, u.path, 1
FROM generate_series(1, %(rooms)s / 20) AS n, scope_unit AS u WHERE u.kind = 'zone';
INSERT INTO places_room (name, kind, seats, equipment, step_free, ground, bookable, needs_approval,
                         setup_minutes, clear_minutes, door, venue_id, path, version)
SELECT '示例' || n, 'meeting', 6 + n %% 60, CASE WHEN n %% 3 = 0 THEN '{screen}' ELSE '{}' END::varchar[],
       true, '', true, false, 0, 0, '', v.id, v.path, 1
FROM places_venue AS v, generate_series(1, 20) AS n;
INSERT INTO places_openinghours (venue_id, path, version, weekdays, opens, closes, note)
SELECT id, path, 1, '{1,2,3,4,5,6,7}', '08:00', '18:00', '' FROM places_venue;
INSERT INTO places_booking (id, title, repeat, every, weekdays, skip_holidays, booked_at, unit_id, venue_id, path, version)
SELECT n, '示例会议' || n, 'once', 1, '{}', false, now(), u.id, r.venue_id, u.path, 1
FROM generate_series(1, %(bookings)s) AS n
JOIN (SELECT id, venue_id, row_number() OVER (ORDER BY id) - 1 AS place FROM places_room) AS r
  ON r.place = n %% %(rooms)s
CROSS JOIN LATERAL (SELECT id, path FROM scope_unit WHERE kind = 'enterprise' ORDER BY id OFFSET n %% 50 LIMIT 1) AS u;
INSERT INTO places_occurrence (id, booking_id, venue_id, path, version, starts_at, ends_at, state, why, changed_at)
SELECT b.id, b.id, b.venue_id, b.path, 1, at, at + interval '2 hours', 'held', '', now()
FROM places_booking AS b
CROSS JOIN LATERAL (SELECT (current_date - 250 + (b.id / %(rooms)s)::int + (8 + b.id %% 8) * interval '1 hour')
                    AT TIME ZONE 'Asia/Shanghai' AS at) AS t;
INSERT INTO places_hold (occurrence_id, venue_id, room_id, unit_id, resource, starts_at, ends_at, holding, path)
SELECT o.id, o.venue_id, r.id, b.unit_id, 2 * r.id, o.starts_at, o.ends_at, true, v.path
FROM places_occurrence AS o JOIN places_booking AS b ON b.id = o.booking_id
JOIN places_venue AS v ON v.id = o.venue_id
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM places_room) AS r
  ON r.place = o.id %% %(rooms)s;
SELECT setval(pg_get_serial_sequence('places_booking', 'id'), (SELECT max(id) FROM places_booking));
SELECT setval(pg_get_serial_sequence('places_occurrence', 'id'), (SELECT max(id) FROM places_occurrence));
"""
# What a search for a week needs at the least: the holds of a hundred fitting rooms.
BARE = """
SELECT hold.resource, hold.starts_at, hold.ends_at FROM places_hold AS hold
WHERE hold.holding AND hold.starts_at < %(until)s AND hold.starts_at > %(since)s AND hold.resource IN (
  SELECT 2 * id FROM places_room WHERE bookable AND seats >= 20 AND equipment @> '{screen}'
  ORDER BY seats LIMIT 100)
"""


def prepare(rooms: int, bookings: int) -> dict[str, str]:
    """A migrated, filled database of that size on the embedded server; returns its addresses."""
    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    name = f"luodi_bench_places_{bookings}"
    admin, made = cluster.dsn("postgres", "postgres"), CACHE / f"{name}.made"
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
        run(addresses, "prepare", rooms=rooms, bookings=bookings)
        made.touch()
    return addresses


def run(addresses: dict[str, str], job: str, **options: Any) -> dict[str, Any]:
    """Runs one job of this module in a process of its own, on the database of `addresses`."""
    words = ["--job", job, "--options", json.dumps(options)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.places", *words],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


# --- jobs: each runs in its own process --------------------------------------------------------


def job_prepare(rooms: int, bookings: int) -> dict[str, Any]:
    """A zone with fifty enterprises, its venues and rooms, and a booking a day in each."""
    import psycopg

    from luodi.config.ready import ready

    ready()
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, UnitKind, acting

    with acting(SYSTEM):

        def unit(kind: UnitKind, name: str, parent: Any) -> Any:
            return scope.create_unit(actor=SYSTEM, kind=kind, name=name, parent=parent)

        zone = unit(UnitKind.ZONE, "示例开发区", None)
        district = unit(UnitKind.DISTRICT, "示例党建区", zone)
        firms = [unit(UnitKind.ENTERPRISE, f"示例企业{n}", district) for n in range(50)]
        for role, place in (("office", zone), ("liaison", firms[0])):
            account = scope.create_account(
                actor=SYSTEM, username=role, name=f"示例{role}", must_change_password=False
            )
            since = dt.date(2020, 1, 1)
            scope.grant_role(actor=SYSTEM, account=account, unit=place, role=role, since=since)
    with psycopg.connect(
        os.environ["ADMIN"], autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as admin:
        admin.execute("SET session_replication_role = replica")  # the trail's triggers rest
        admin.execute(FILL.encode(), {"rooms": rooms, "bookings": bookings})
        admin.execute("VACUUM ANALYZE")
    return {}


def job_upgrade() -> dict[str, Any]:
    """Brings a database that an earlier version made up to date."""
    from luodi.config.ready import ready

    ready()
    return {}


def job_measure() -> dict[str, Any]:
    """Milliseconds of server time for each page, and of the search's bare SQL."""
    from luodi.config.ready import ready

    ready(migrate=False)
    import psycopg
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from luodi.ground.scope.api import SYSTEM, Account, acting
    from luodi.rooms.places.models import Venue

    settings.ALLOWED_HOSTS, settings.SECOND_FACTOR_DEMANDED = ["testserver"], False
    with acting(SYSTEM):
        venue = Venue.objects.order_by("pk")[1]
    results: dict[str, Any] = {}
    for role in ("office", "liaison"):
        client, account = Client(), Account.objects.get(username=role)
        with acting(SYSTEM):
            client.force_login(account)
        for name, address in pages(venue.pk, timezone.localdate()).items():
            expect_ok(client.get(address(0)), address(0))
            samples = [_timed(partial(client.get, address(n))) for n in range(ROUNDS)]
            with CaptureQueriesContext(connection) as captured:
                client.get(address(1))
            results[f"{role}: {name}"] = {**spread(samples), "queries": len(captured)}
    with psycopg.connect(os.environ["ADMIN"]) as admin:
        now = timezone.now()
        known = {"since": now, "until": now + dt.timedelta(days=7)}
        bare = spread(
            [_timed(lambda: admin.execute(BARE, known).fetchall()) for _ in range(ROUNDS)]
        )
    results["liaison: search, a week"]["bare"] = bare["p50"]
    return results


def pages(venue: int, today: dt.date) -> dict[str, Callable[[int], str]]:
    """The addresses of each job; the argument varies what is asked for, so nothing is cached."""

    def day(n: int) -> str:
        return (today + dt.timedelta(days=n % 9)).isoformat()

    wanted = "people=20&equipment=screen&starts=08:00&ends=12:00&minutes=60"
    home = f"/places/venues/{venue}/calendar/"
    return {
        "search, a week": lambda n: (
            f"/places/?{wanted}&since={day(n)}"
            f"&until={(today + dt.timedelta(days=n % 9 + 6)).isoformat()}"
        ),
        "calendar, a day": lambda n: f"{home}?view=day&day={day(n)}",
        "calendar, a week": lambda n: f"{home}?view=week&day={day(n)}",
        "calendar, a month": lambda n: f"{home}?view=month&day={day(n)}",
        "list of bookings": lambda n: f"/places/bookings/?since={day(n)}",
    }


def job_at_once(seconds: float, workers: int) -> dict[str, Any]:
    """Many book ten rooms at once, move and cancel what they got: what was made, refused, doubled."""
    from luodi.config.ready import ready

    ready(migrate=False)
    from django.db import OperationalError, connection
    from django.utils import timezone

    from luodi.ground.scope.api import SYSTEM, Account, Unit, acting, actor_for
    from luodi.rooms.places import api
    from luodi.rooms.places.models import Hold, Room

    with acting(SYSTEM):
        of = Room.objects.select_related("venue__unit").order_by("venue", "pk")
        rooms = list(of[:10])
        unit = Unit.objects.filter(kind="enterprise").order_by("pk")[0]
    actor = actor_for(Account.objects.get(username="liaison"))
    day = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    until = time.monotonic() + seconds

    def work(number: int) -> tuple[Counter[str], list[float]]:
        chance, counts, waits = random.Random(number), Counter[str](), []
        while time.monotonic() < until:
            start = day + dt.timedelta(days=700 + chance.randrange(5), hours=chance.randrange(9))
            begun = time.perf_counter()
            try:
                with acting(actor):
                    made = api.book_rooms(
                        actor=actor,
                        rooms=chance.sample(rooms, chance.choice([1, 1, 3])),
                        starts_at=start,
                        ends_at=start + dt.timedelta(hours=1),
                        title="示例",
                        unit=unit,
                        at=timezone.now(),
                    )
                counts["booked"] += 1
                with acting(actor):
                    api.cancel_booking(actor=actor, booking=made, at=timezone.now())
            except api.Taken:
                counts["refused, and told who has it"] += 1
            except OperationalError as problem:
                counts["deadlocked" if "deadlock" in str(problem) else "failed"] += 1
            waits.append((time.perf_counter() - begun) * 1000)
        connection.close()
        return counts, waits

    with ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(work, range(workers)))
    counts: Counter[str] = sum((one for one, _waits in done), Counter())
    with acting(SYSTEM):
        spans: dict[int, list[Any]] = {}
        for one in Hold.objects.filter(holding=True, resource__in=[2 * room.pk for room in rooms]):
            spans.setdefault(one.resource, []).append((one.starts_at, one.ends_at))
    doubled = sum(
        a[1] > b[0]
        for ones in spans.values()
        for a, b in zip(sorted(ones), sorted(ones)[1:], strict=False)
    )
    return {
        "counts": dict(counts),
        "doubled": doubled,
        **spread([w for _c, ws in done for w in ws]),
    }


def _timed(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return (time.perf_counter() - start) * 1000


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": job_prepare,
    "upgrade": job_upgrade,
    "measure": job_measure,
    "at_once": job_at_once,
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="only 200 rooms, 100,000 bookings")
    options.add_argument("--tiny", action="store_true", help="40 rooms: to see that it works")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--workers", type=int, default=50)
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--options", default="{}", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job](**json.loads(given.options))))
        return 0
    sizes = [TINY] if given.tiny else [SMALL] if given.small else [SMALL, LARGE]
    return report(sizes, given.seconds, given.workers)


def report(sizes: list[tuple[int, int]], seconds: float, workers: int) -> int:
    """Prints the tables; returns 1 where a target is missed."""
    addresses = [prepare(*size) for size in sizes]
    measured = [run(one, "measure") for one in addresses]
    rooms, bookings = sizes[-1]
    print(f"\nServer time with {rooms:,} rooms and {bookings:,} bookings, milliseconds")
    missed = 0
    for name, now in measured[-1].items():
        growth = now["p50"] / measured[0][name]["p50"]
        ratio = now["p50"] / now["bare"] if "bare" in now else 0
        fine = now["p95"] <= TARGET_MS and (len(sizes) == 1 or growth <= GROWTH or now["p50"] < 15)
        missed += not fine
        print(
            f"  {name:<28} p50 {now['p50']:7.1f}  p95 {now['p95']:7.1f}  ≤ {TARGET_MS:.0f}"
            f"  {now['queries']:3} queries  ×{growth:.2f} of {sizes[0][1]:,}"
            f"{f'  ×{ratio:.2f} of bare SQL' if ratio else ''}  {'✓' if fine else '✗'}"
        )
    done = run(addresses[0], "at_once", seconds=seconds, workers=workers)
    bad = done["doubled"] + sum(done["counts"].get(one, 0) for one in ("deadlocked", "failed"))
    print(f"\n{workers} at once for {seconds:.0f} s on ten rooms: {done['counts']}")
    print(
        f"  doubled {done['doubled']}, deadlocked {done['counts'].get('deadlocked', 0)};"
        f" p50 {done['p50']:.1f} ms, p95 {done['p95']:.1f} ms  {'✗' if bad else '✓'}"
    )
    return 1 if missed or bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
