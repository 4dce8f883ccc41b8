"""Gatherings of a province: lists, a unit's year, a theme day with 50 people saved; and how many fields a
secretary types from plan to minutes.

Prints the 95th percentile of server time for each, the list's time against its bare SQL, the growth
from the small size, and the count over the forms. The data is made once and kept in `.cache`. No peer
of gatherings can be installed here (hitobito, OpenSlides and Decidim are Ruby and Go; Indico's
minutes need its own server), so there is none beside it.

    python -m benchmarks.gatherings [--small | --tiny]
"""

from __future__ import annotations

import argparse
import datetime as dt
import html.parser
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

CACHE = Path(".cache").resolve()
ROUNDS = 30
TARGET_MS, RATIO, GROWTH, FIELDS = 50.0, 3.0, 1.3, 6
PEOPLE, MEMBERS = 10, 50  # members of a branch; of the first one
ZONES_FIRST, BRANCHES_FIRST = 1_000, 100_000  # ids that nothing else has


class Size(NamedTuple):
    zones: int
    branches: int  # of each zone
    gatherings: int  # of each branch, over three years


TINY, SMALL, LARGE = Size(2, 20, 40), Size(2, 500, 20), Size(20, 500, 200)

# Zones, an enterprise and its branch each; the members; what was held, and who came.
FILL = [
    """INSERT INTO scope_unit (id, kind, name, short_name, path, sort_key, version)
    SELECT %(zone)s + z, 'zone', '示例开发区' || z, '', (%(zone)s + z) || '.', z, 1
    FROM generate_series(1, %(zones)s) z""",
    """INSERT INTO scope_unit (id, kind, name, short_name, path, sort_key, version, parent_id)
    SELECT %(branch)s + 2 * n, 'enterprise', '示例企业' || n, '',
           (%(zone)s + z) || '.' || (%(branch)s + 2 * n) || '.', n, 1, %(zone)s + z
    FROM generate_series(1, %(zones)s * %(branches)s) n,
         LATERAL (SELECT (n - 1) / %(branches)s + 1 AS z) z""",
    """INSERT INTO scope_unit (id, kind, name, short_name, path, sort_key, version, parent_id)
    SELECT id + 1, 'branch', name || '党支部', '', path || (id + 1) || '.', sort_key, 1, id
    FROM scope_unit WHERE kind = 'enterprise'""",
    "INSERT INTO directory_branch (id, path, community, unit_id)"
    " SELECT id, path, false, id FROM scope_unit WHERE kind = 'branch'",
    """INSERT INTO directory_standing (path, valid, known, type, branch_id)
    SELECT path, '[2021-01-01,)', '[2021-01-01,)', 'branch', id FROM directory_branch""",
    """INSERT INTO directory_person (path, name, sort_key, spelling, sex, education,
           identity_cipher, phone_cipher, version, unit_id)
    SELECT path, '示例' || id || '-' || n, id || '-' || n, '', 'male', '', '', '', 1, id
    FROM scope_unit, LATERAL generate_series(1, CASE WHEN id = %(branch)s + 2 THEN %(members)s
                                             ELSE %(people)s END) n WHERE kind = 'enterprise'""",
    """INSERT INTO directory_membership (path, valid, known, stage, person_id, branch_id)
    SELECT u.path, '[2021-01-01,)', '[2021-01-01,)', 'formal', p.id, u.id
    FROM directory_person p JOIN scope_unit u ON u.parent_id = p.unit_id AND u.kind = 'branch'""",
    """INSERT INTO gatherings_gathering (path, version, kind, also, title, agenda, starts_at, ends_at,
           place, lecturer, state, why, entered_at, recorded_at, changed_at, sequence, unit_id)
    SELECT u.path, 1, (ARRAY['theme_day', 'members_meeting', 'lesson', 'committee_meeting'])[1 + n %% 4],
           '{}', '示例活动' || n, '', start, start + interval '90 minutes', '活动室', '', 'held', '',
           start, start, start, 0, u.id
    FROM scope_unit u, generate_series(1, %(gatherings)s) n,
         LATERAL (SELECT timestamptz '2023-01-01 15:00+08'
                         + n * (interval '1000 days' / %(gatherings)s) AS start) s
    WHERE u.kind = 'branch'""",
    """INSERT INTO gatherings_attendance (path, guest, guest_of, by_rule, answer, state, reason,
           gathering_id, person_id)
    SELECT g.path, '', '', true, '', CASE WHEN p.id %% 17 = g.id %% 17 THEN 'excused' ELSE 'came' END,
           '', g.id, p.id
    FROM gatherings_gathering g JOIN scope_unit u ON u.id = g.unit_id
    JOIN directory_person p ON p.unit_id = u.parent_id AND p.unit_id <> %(branch)s + 2""",
]
# What a list's first page needs at the least: the newest fifty of a range.
BARE = """
SELECT id, title, starts_at FROM gatherings_gathering
WHERE path >= %s AND path < %s ORDER BY starts_at DESC, id DESC LIMIT 50
"""


def prepare(size: Size) -> dict[str, str]:
    """A migrated, filled database of that size on the embedded server; returns its addresses."""
    from luodi.lib.postgres import Cluster, bootstrap, drop_database

    cluster = Cluster(CACHE / "bench-postgres")
    cluster.start()
    name = f"luodi_bench_gatherings_{'_'.join(map(str, size))}"
    made = CACHE / f"{name}.made"
    addresses = {
        "DATABASE_URL": cluster.dsn("luodi_app", name),
        "LUODI_MIGRATE_URL": cluster.dsn("luodi_migrate", name),
        "LUODI_SECRET_KEY": "only-for-benchmarks",
        "LUODI_SECOND_FACTOR": "offered",
        "LUODI_DATA": str(CACHE / "bench-data"),
        "ADMIN": cluster.dsn("postgres", name),
    }
    if made.exists():
        run(addresses, "upgrade")
    else:
        drop_database(cluster.dsn("postgres", "postgres"), dbname=name)
        bootstrap(cluster.dsn("postgres", "postgres"), dbname=name, passwords=cluster.passwords)
        run(addresses, "prepare", size=size)
        made.touch()
    return addresses


def run(addresses: dict[str, str], job: str, **options: Any) -> dict[str, Any]:
    """Runs one job of this module in a process of its own, on the database of `addresses`."""
    words = ["--job", job, "--options", json.dumps(options)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.gatherings", *words],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


# --- jobs: each runs in its own process -----------------------------------------------------------


def job_prepare(size: list[int]) -> dict[str, Any]:
    """The tree, members, what was held; an office of the first zone, a secretary of the first branch."""
    import psycopg

    from luodi.config.ready import ready

    ready()
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, Unit, acting

    of = Size(*size)
    known = {
        **of._asdict(), "zone": ZONES_FIRST, "branch": BRANCHES_FIRST,
        "people": PEOPLE, "members": MEMBERS,
    }  # fmt: skip
    with psycopg.connect(os.environ["ADMIN"], autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # the trail's triggers rest
        for statement in FILL:
            admin.execute(statement, known)
        admin.execute("VACUUM ANALYZE")
    with acting(SYSTEM):
        for role, pk in (("office", ZONES_FIRST + 1), ("branch_secretary", BRANCHES_FIRST + 2)):
            account = scope.create_account(
                actor=SYSTEM, username=role, name=f"示例{role}", must_change_password=False
            )
            unit, since = Unit.objects.get(pk=pk), dt.date(2020, 1, 1)
            scope.grant_role(actor=SYSTEM, account=account, unit=unit, role=role, since=since)
    return {}


def job_upgrade() -> dict[str, Any]:
    """Brings a database that an earlier version made up to date."""
    from luodi.config.ready import ready

    ready()
    return {}


def clients() -> dict[str, Any]:
    """Somebody signed in for each role."""
    from django.conf import settings
    from django.test import Client

    from luodi.ground.scope.api import SYSTEM, Account, acting

    settings.ALLOWED_HOSTS = ["testserver"]
    found = {}
    for role in ("office", "branch_secretary"):
        found[role] = Client()
        with acting(SYSTEM):
            found[role].force_login(Account.objects.get(username=role))
    return found


def job_measure() -> dict[str, Any]:
    """Milliseconds of server time for each page, for what other rooms ask, and of bare SQL."""
    from luodi.config.ready import ready

    ready(migrate=False)
    import psycopg

    from luodi.ground.scope.api import SYSTEM, Account, Unit, acting, actor_for, below
    from luodi.rooms.gatherings.api import Gathering, held

    signed_in = clients()
    with acting(SYSTEM):
        branch = Unit.objects.get(pk=BRANCHES_FIRST + 3)
        other = list(Gathering.objects.filter(unit_id=BRANCHES_FIRST + 5).order_by("pk")[:ROUNDS])
    results: dict[str, Any] = {}
    for role, client in signed_in.items():
        addresses = {
            "list": "/gatherings/?page={}",
            "list, by kind": "/gatherings/?kind=lesson&page={}",
        }
        for name, address in addresses.items():
            results[f"{role}: {name}"] = timed(partial(got, client, address))
    pages = [f"/gatherings/{one.pk}/" for one in other]
    results["office: a gathering"] = timed(
        lambda n: got(signed_in["office"], pages[n % len(pages)])
    )
    office = actor_for(Account.objects.get(username="office"))
    with acting(office):
        units = list(Unit.objects.filter(kind="branch").values_list("pk", flat=True)[:500])

        def year(of: list[int], n: int) -> None:
            since = dt.date(2023 + n % 3, 1, 1)
            rows = held(units=of, since=since, until=since + dt.timedelta(days=364))
            list(rows.counted())

        results["a unit's year"] = timed(lambda n: year([units[n % len(units)]], n))
        rows = Gathering.objects.order_by("-starts_at", "-pk").values_list("pk", "title")[:50]
        results["the list's SQL"] = timed(lambda n: list(rows.all()))
    with psycopg.connect(os.environ["ADMIN"]) as admin:
        path = below(f"{ZONES_FIRST + 1}.")
        bare = timed(lambda n: admin.execute(BARE, path).fetchall())
        results["the list's SQL"]["bare"] = bare["p50"]
    results["saving a theme day with 50 people"] = saving(signed_in["branch_secretary"], branch)
    return results


def saving(client: Any, branch: Any) -> dict[str, float]:
    """Planned before, saved in the measure: 50 rows of attendance, the gathering, their trail."""
    from luodi.ground.scope.api import SYSTEM, acting
    from luodi.rooms.gatherings.api import plan_gathering

    day = dt.datetime(2022, 1, 1, 15, tzinfo=dt.UTC)
    with acting(SYSTEM):
        made = [
            plan_gathering(
                actor=SYSTEM, unit=branch, kind="theme_day", again=True, tell=False,
                starts_at=day + dt.timedelta(days=n),
            )
            for n in range(ROUNDS + 1)
        ]  # fmt: skip

    def save(n: int) -> None:
        answer = client.post(f"/gatherings/{made[n].pk}/attendance/", {"guests": ""})
        if answer.status_code != 302:
            raise SystemExit(f"saving answered {answer.status_code}")

    found = timed(save)
    with acting(SYSTEM):
        assert made[0].people.count() == MEMBERS
    return found


def got(client: Any, address: str, n: int = 0) -> None:
    response = client.get(address.format(n % 3 + 1))
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")


def timed(do: Callable[[int], object]) -> dict[str, float]:
    """The spread over the rounds; the first is not counted."""
    do(0)
    samples = []
    for n in range(1, ROUNDS + 1):
        start = time.perf_counter()
        do(n)
        samples.append((time.perf_counter() - start) * 1000)
    ordered = sorted(samples)
    last = ordered[min(len(ordered) - 1, round(0.95 * len(ordered) + 0.5) - 1)]
    return {"p50": statistics.median(samples), "p95": last}


# --- how many fields are typed --------------------------------------------------------------------


class Form(html.parser.HTMLParser):
    """The fields of a page's main form, with what is preset: texts to type, choices to tap."""

    TYPED = ("text", "datetime-local", "date", "number", "time", "email", "textarea")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.taps: dict[str, str] = {}
        self.inside, self.area = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = "data-keep" in given
        if not self.inside or not (name := given.get("name")):
            return
        kind = tag if tag == "textarea" else given.get("type", "text")
        if kind in self.TYPED:
            self.texts[name] = given.get("value", "")
            self.area = name if tag == "textarea" else ""
        elif kind == "hidden" or "checked" in given:
            self.taps[name] = given.get("value", "" if kind == "hidden" else "on")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.texts[self.area] = data.strip()

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area

    def typed(self, sent: dict[str, str]) -> list[str]:
        """The texts of what was sent that were not there before."""
        return [name for name in self.texts if sent.get(name, "") != self.texts[name]]


def job_count() -> dict[str, Any]:
    """Walks from the plan of a theme day to its signed minutes over the pages' own forms."""
    from luodi.config.ready import ready

    ready(migrate=False)
    from django.utils import timezone

    from luodi.ground.scope.api import SYSTEM, acting
    from luodi.rooms.gatherings.api import Gathering

    client = clients()["branch_secretary"]
    hour = timezone.localtime() - dt.timedelta(hours=2)
    said = {"starts_at": f"{hour:%Y-%m-%dT%H:%M}", "agenda": "学习条例\n义务劳动"}
    with acting(SYSTEM):
        if Gathering.objects.filter(kind="theme_day", starts_at__date=hour.date()).exists():
            said["again"] = "on"  # this bench ran before today
    typed: dict[str, list[str]] = {}

    def step(name: str, address: str, sent: dict[str, str]) -> str:
        form = Form(client.get(address).content.decode())
        whole = {**form.taps, **form.texts, **sent}
        typed[name] = form.typed(whole)
        answer = client.post(address, whole)
        if answer.status_code != 302:
            said = re.findall(r'role="alert"[^>]*>(.*?)</div>', answer.content.decode(), re.DOTALL)
            raise SystemExit(f"{address} answered {answer.status_code}: {said}")
        return str(answer["Location"])

    attendance = step("plan", "/gatherings/new/?kind=theme_day", said)
    minutes = step("attendance", attendance, {})
    page = step("minutes", minutes, {"text": "学习并讨论，到车间义务劳动。", "sign": "1"})
    pk = int(page.split("/")[2])
    with acting(SYSTEM):
        signed = Gathering.objects.get(pk=pk).minutes.get().state
    return {"typed": typed, "signed": signed}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": job_prepare,
    "upgrade": job_upgrade,
    "measure": job_measure,
    "count": job_count,
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="only 20,000 gatherings")
    options.add_argument("--tiny", action="store_true", help="to see that it works")
    options.add_argument("--job", help=argparse.SUPPRESS)
    options.add_argument("--options", default="{}", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job](**json.loads(given.options))))
        return 0
    return report([TINY] if given.tiny else [SMALL] if given.small else [SMALL, LARGE])


def report(sizes: list[Size]) -> int:
    """Prints the tables; returns 1 where a target is missed."""
    addresses = [prepare(size) for size in sizes]
    counted = run(addresses[0], "count")
    names = [f"{page}: {', '.join(names)}" for page, names in counted["typed"].items() if names]
    total = sum(map(len, counted["typed"].values()))
    missed = int(total > FIELDS or counted["signed"] != "signed")
    print(f"\nFrom the plan of a theme day to its signed minutes: {total} fields typed, ≤ {FIELDS}")
    print(f"  {'; '.join(names)}  {'✗' if missed else '✓'}")
    measured = [run(one, "measure") for one in addresses]
    last = sizes[-1]
    number = last.zones * last.branches * last.gatherings
    print(
        f"\nServer time with {number:,} gatherings, {number * PEOPLE:,} attendances, milliseconds"
    )
    for name, now in measured[-1].items():
        growth = now["p50"] / measured[0][name]["p50"]
        ratio = now["p50"] / now["bare"] if "bare" in now else 0
        fine = now["p95"] <= TARGET_MS and ratio <= RATIO
        fine = fine and (len(sizes) == 1 or growth <= GROWTH or now["p50"] < 10)
        missed += not fine
        print(
            f"  {name:<36} p50 {now['p50']:7.1f}  p95 {now['p95']:7.1f}  ≤ {TARGET_MS:.0f}"
            f"  ×{growth:.2f} of the small size"
            f"{f'  ×{ratio:.2f} of bare SQL' if ratio else ''}  {'✓' if fine else '✗'}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
