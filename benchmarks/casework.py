"""`make bench`: the pages on a province-sized data set, as an ordinary officer, row-level security on.

Prints the 95th percentile of server time for each page, the list against its bare SQL, growth from
100,000 to 1,000,000 cases, the rate of raising problems over HTTP, and the same jobs of
django-helpdesk on the same server with as many tickets. The data is made once and kept in `.cache`.

    python -m benchmarks.casework [--small] [--no-peer]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

from benchmarks.province import Size, fill, is_filled

CACHE = Path(".cache").resolve()
SMALL, LARGE = Size(10), Size(100)
ROUNDS, TURNS = 60, 3  # requests for each page, and in how many turns
TARGET_MS = {"statistics": 200.0}


def percentile(samples: list[float], share: float) -> float:
    """The nearest-rank percentile of samples, in their unit."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1)]


def prepare(size: Size) -> dict[str, str]:
    """A migrated, filled database of that size on the embedded server; returns its addresses."""
    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    name = f"luodi_bench_{size.cases}"
    admin = cluster.dsn("postgres", "postgres")
    filled = is_filled(cluster.dsn("postgres", name))
    if not filled:
        drop_database(admin, dbname=name)
        bootstrap(admin, dbname=name, passwords=cluster.passwords)
    addresses = {
        "DATABASE_URL": cluster.dsn("luodi_app", name),
        "LUODI_MIGRATE_URL": cluster.dsn("luodi_migrate", name),
        "LUODI_SECRET_KEY": "only-for-benchmarks",
        "LUODI_DATA": str(CACHE / "bench-data"),
    }
    if not filled:
        run(addresses, "prepare", admin=cluster.dsn("postgres", name), zones=size.zones)
    else:
        run(addresses, "upgrade")
    return {**addresses, "ADMIN": cluster.dsn("postgres", name)}


def run(addresses: dict[str, str], job: str, **options: Any) -> dict[str, Any]:
    """Runs one job of this module in a process of its own, on the database of `addresses`."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.casework",
            "--job",
            job,
            "--options",
            json.dumps(options),
        ],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


# --- jobs: each runs in its own process --------------------------------------------------------


def job_prepare(admin: str, zones: int) -> dict[str, Any]:
    from luodi.config.ready import ready

    ready()
    size = Size(zones)
    from luodi.rooms.casework.api import procedures
    from luodi.rooms.casework.clocks import stored_targets

    print(f"Making {size.cases:,} cases …", file=sys.stderr)
    targets = json.dumps({"targets": stored_targets(procedures()["enterprise_problem"])})
    return {"seconds": fill(admin, size, targets)}


def job_upgrade() -> dict[str, Any]:
    """Data of an earlier day gets the schema of today."""
    from luodi.config.ready import ready

    ready()
    return {}


def job_pages() -> dict[str, Any]:
    """Answers each line of its input, the name of a page, with milliseconds of server time (the whole
    middleware stack and the template) and the number of queries.

    Each address is asked once before; the slowest of these, whose rows may still lie on the disk, is
    told apart as "first"."""
    from luodi.config.ready import ready

    ready(migrate=False)
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from luodi.ground.scope.api import SYSTEM, Account, acting

    settings.ALLOWED_HOSTS = ["testserver"]
    asked: dict[str, tuple[list[Client], Callable[[int], str]]] = {}
    for role, prefix in (("office", "zone"), ("instructor", "district"), ("liaison", "enterprise")):
        accounts = list(Account.objects.filter(username__startswith=prefix).order_by("id")[:5])
        clients = []
        for account in accounts:
            client = Client()
            with acting(SYSTEM):
                client.force_login(account)
            clients.append(client)
        for name, address in pages(accounts[0], role).items():
            first_ones = clients[:1] if name == "case page" else clients  # the first one's cases
            asked[f"{role}: {name}"] = first_ones, address
            for client in first_ones:
                expect_ok(client.get(address(0)), address(0))

    def once(client: Client, place: str) -> float:
        start = time.perf_counter()
        client.get(place)
        return (time.perf_counter() - start) * 1000

    numbers: dict[str, Iterator[int]] = {}
    print(json.dumps(list(asked)), flush=True)
    for line in sys.stdin:
        clients, address = asked[line.strip()]
        first = 0.0
        if line not in numbers:
            places = dict.fromkeys((n % len(clients), address(n)) for n in range(ROUNDS))
            first = max(once(clients[which], place) for which, place in places)
        samples = [
            once(clients[number % len(clients)], address(number))
            for number in islice(numbers.setdefault(line, count()), ROUNDS // TURNS)
        ]
        with CaptureQueriesContext(connection) as captured:
            clients[0].get(address(1))
        found = {"samples": samples, "queries": len(captured), "first": first}
        print(json.dumps(found), flush=True)
    return {}


def measure_pages(sizes: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Every page on databases of several sizes, in turns: a machine that slows down slows them all."""
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.casework", "--job", "pages"],
            env={**os.environ, **addresses},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for addresses in sizes
    ]

    def answer(child: subprocess.Popen[str]) -> Any:
        assert child.stdout is not None
        return json.loads(child.stdout.readline())

    names, *_same = [answer(child) for child in children]
    results: list[dict[str, Any]] = [{} for _child in children]
    for name in names:
        samples: list[list[float]] = [[] for _child in children]
        for _turn in range(TURNS):
            for place, child in enumerate(children):
                assert child.stdin is not None
                print(name, file=child.stdin, flush=True)
                found = answer(child)
                samples[place] += found["samples"]
                before = results[place].get(name, found)
                first = max(before["first"], found["first"])
                results[place][name] = {"queries": found["queries"], "first": first}
        for result, ones in zip(results, samples, strict=True):
            result[name] |= {"p50": statistics.median(ones), "p95": percentile(ones, 0.95)}
    for child in children:
        child.communicate()
    return results


def expect_ok(response: Any, address: str) -> None:
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")


def pages(account: Any, role: str) -> dict[str, Callable[[int], str]]:
    """The addresses of each job; the argument varies what is asked for, so nothing is cached."""
    from benchmarks.province import WORDS
    from luodi.ground.scope.api import acting, actor_for
    from luodi.rooms.casework.api import Case

    with acting(actor_for(account)):
        codes = list(Case.objects.order_by("-id").values_list("code", flat=True)[:ROUNDS])
    return {
        "workbench": lambda n: "/",
        "case list": lambda n: f"/cases/problems/?page={n % 3 + 1}",
        "case list, filtered, sorted": lambda n: (
            f"/cases/problems/?light=red&sort=raised_at&category={n % 4 + 1}"
        ),
        "search": lambda n: f"/cases/problems/?q={WORDS[n % 60]}",
        "case page": lambda n: f"/cases/{codes[n % len(codes)]}/",
        "statistics": lambda n: "/cases/statistics/",
    }


def job_list_sql() -> dict[str, Any]:
    """The list's query under row-level security against the same query with an explicit range."""
    from luodi.config.ready import ready

    ready(migrate=False)
    import psycopg

    from luodi.ground.scope.api import Account, acting, actor_for
    from luodi.rooms.casework.api import Case

    account = Account.objects.get(username=f"zone{_first_zone()}")
    actor = actor_for(account)
    with acting(actor):
        sql, params = Case.objects.open().order_by("next_due_at", "id")[:50].query.sql_with_params()
        from django.db import connection

        guarded = _time(connection.cursor(), sql, params)
    start, end = actor.scope.ranges[0]
    bare_sql = sql.replace(
        "WHERE ", "WHERE casework_case.path >= %s AND casework_case.path < %s AND ", 1
    )
    with psycopg.connect(os.environ["ADMIN"]) as admin:
        bare = _time(admin.cursor(), bare_sql, (start, end, *params))
    return {"guarded": guarded, "bare": bare, **_page_and_its_sql(account)}


def _page_and_its_sql(account: Any) -> dict[str, float]:
    """Milliseconds of the list's page, and of the statements that it sends, without the page."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from luodi.ground.scope.api import SYSTEM, acting, actor_for

    settings.ALLOWED_HOSTS = ["testserver"]
    client, sent = Client(), []
    with acting(SYSTEM):
        client.force_login(account)

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    def page() -> None:
        expect_ok(client.get("/cases/problems/"), "the list")

    def statements() -> None:
        with connection.cursor() as cursor:
            for sql, params in sent:
                cursor.execute(sql, params)
                cursor.fetchall()

    page()
    with connection.execute_wrapper(keep):
        page()
    actor, whole, alone = actor_for(account), [], []
    for _turn in range(30):  # in turns: a machine that slows down slows both
        whole.append(_ms(page))
        with acting(actor):
            alone.append(_ms(statements))
    return {"page": statistics.median(whole), "statements": statistics.median(alone)}


def _first_zone() -> int:
    from luodi.ground.scope.api import Unit

    return Unit.objects.filter(kind="zone").order_by("id").values_list("id", flat=True)[0]


def _time(cursor: Any, sql: str, params: Any) -> float:
    return statistics.median(
        _ms(lambda: cursor.execute(sql, params) and cursor.fetchall()) for _ in range(30)
    )


def _ms(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return (time.perf_counter() - start) * 1000


def job_raise(admin: str) -> dict[str, Any]:
    """Problems raised per second over HTTP, one server process group, eight clients at once."""
    import http.client
    import socket
    import threading
    import uuid

    from luodi.config.ready import ready

    ready(migrate=False)
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, Account, Unit, acting

    with acting(SYSTEM):
        unit = Unit.objects.filter(kind="enterprise").order_by("id")[0]
        account = Account.objects.get(username=f"enterprise{unit.pk}")
        Account.objects.filter(pk=account.pk).update(is_service=True)
        account.refresh_from_db()
        _token, secret = scope.issue_token(
            actor=SYSTEM,
            account=account,
            name="bench",
            expires_on=scope.today() + dt.timedelta(days=1),
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "luodi", "serve", "--no-worker", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done: list[float] = []
    refused: list[str] = []
    try:
        _wait_for(port)
        stop_at = time.perf_counter() + 10

        def client() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            while time.perf_counter() < stop_at:
                begun = time.perf_counter()
                connection.request(
                    "POST",
                    "/api/v1/cases",
                    json.dumps({"unit": unit.pk, "text": "示例：电力线路受阻"}),
                    {
                        "Authorization": f"Bearer {secret}",
                        "Content-Type": "application/json",
                        "Idempotency-Key": str(uuid.uuid4()),
                    },
                )
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 201:
                    refused.append(f"{answer.status} {body[:200]!r}")
                    return
                done.append((time.perf_counter() - begun) * 1000)

        begun = time.perf_counter()
        threads = [threading.Thread(target=client) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begun
    finally:
        server.terminate()
        server.wait(timeout=30)
    if refused:
        raise SystemExit(f"raising answered {refused[0]}")
    return {"per_second": len(done) / seconds, "p95": percentile(done, 0.95)}


def _wait_for(port: int) -> None:
    import socket

    for _ in range(300):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": job_prepare,
    "upgrade": job_upgrade,
    "pages": job_pages,
    "list_sql": job_list_sql,
    "raise": job_raise,
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="only 100,000 cases")
    options.add_argument("--no-peer", action="store_true", help="without django-helpdesk")
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--options", default="{}", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job](**json.loads(given.options))))
        return 0
    return report(given)


def report(given: argparse.Namespace) -> int:
    """Prints the tables; returns 1 where a target is missed."""
    missed = 0
    small = prepare(SMALL)
    sizes = [(SMALL, small)] if given.small else [(SMALL, small), (LARGE, prepare(LARGE))]
    measured = measure_pages([addresses for _size, addresses in sizes])
    last_size, last = sizes[-1]
    print(f"\nServer time on {last_size.cases:,} cases, milliseconds (95th percentile; target)")
    for name, now in measured[-1].items():
        target = TARGET_MS.get(name.split(": ")[1], 50.0)
        growth = now["p50"] / measured[0][name]["p50"]
        fine = now["p95"] <= target and (given.small or growth <= 1.3 or now["p50"] < 10)
        missed += not fine
        print(
            f"  {name:<42} p50 {now['p50']:7.1f}  p95 {now['p95']:7.1f}  ≤ {target:.0f}"
            f"  first {now['first']:6.1f}  {now['queries']:3} queries  ×{growth:.2f} of 100,000"
            f"  {'✓' if fine else '✗'}"
        )
    sql = run(last, "list_sql")
    ratio = sql["guarded"] / sql["bare"]
    missed += ratio > 3
    print(
        f"\nThe list's query under row-level security {sql['guarded']:.2f} ms, with an explicit range"
        f" {sql['bare']:.2f} ms: ×{ratio:.2f} (target ≤ 3)"
    )
    print(
        f"The list's page {sql['page']:.1f} ms, the statements that it sends {sql['statements']:.1f} ms"
        f" by themselves: ×{sql['page'] / sql['statements']:.2f}"
    )
    raised = run(small, "raise", admin=small["ADMIN"])
    missed += raised["per_second"] < 100
    print(
        f"Raising problems over HTTP: {raised['per_second']:.0f}/s, p95 {raised['p95']:.0f} ms"
        " (target ≥ 100/s)"
    )
    if not given.no_peer:
        peer(last_size, measured[-1])
    print(f"\n{missed} target(s) missed")
    return 1 if missed else 0


def peer(size: Size, ours: dict[str, Any]) -> None:
    """The same jobs on django-helpdesk, on the same server, with as many tickets."""
    import psycopg

    from luodi.lib.postgres import Cluster

    venv = CACHE / "helpdesk"
    if not (venv / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        packages = ["django-helpdesk==2.6.1", "django<5.3", "psycopg[binary]"]
        subprocess.run([venv / "bin/pip", "install", "--quiet", *packages], check=True)
    cluster = Cluster(CACHE / "bench-postgres")
    name = f"helpdesk_bench_{size.cases}"
    with psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            admin.execute(f"CREATE DATABASE {name}")
    done = subprocess.run(
        [
            venv / "bin/python",
            Path(__file__).with_name("helpdesk_peer.py"),
            cluster.dsn("postgres", name),
            str(size.cases),
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    theirs = json.loads(done.stdout.splitlines()[-1])
    print(
        f"\ndjango-helpdesk 2.6.1 with {size.cases:,} tickets, same server (median; ratio to ours)"
    )
    for job, figures in theirs.items():
        mine = ours.get(f"office: {job}")
        ratio = f"  ours {mine['p50']:7.1f}  ×{figures['p50'] / mine['p50']:.1f}" if mine else ""
        print(f"  {job:<20} {figures['p50']:8.1f} ms{ratio}")


if __name__ == "__main__":
    sys.exit(main())
