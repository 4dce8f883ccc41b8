"""Readings on the province-sized data set, as an ordinary officer, row-level security on.

Prints the 95th percentile of a reading (value, digest, a page of rows with their names) for zones of
10,000 people and 10,000 cases, today and as it was known at an instant (no target), of the page that shows it, of a board of 60 figures, of a total over
the whole province (its value; with the digest over a million rows there is no target), and how they
grow from 100,000 to 1,000,000. "first" is the slowest of the first questions to each zone, whose rows
may not be in memory yet.

    python -m benchmarks.figures [--small]
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
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.casework import LARGE, SMALL, percentile, prepare
from benchmarks.province import Size, fill_members

ROUNDS = 30
ZONES = 8
TARGET_MS = {
    "reading": 50.0,
    "as known": 0.0,
    "page": 100.0,
    "board": 300.0,
    "province": 1000.0,
    "whole province": 0.0,
}
READ = (
    "directory.members",
    "directory.formal_members",
    "directory.enterprises",
    "casework.received",
    "casework.solved",
    "casework.open",
    "casework.on_time_share",
    "casework.solution_50",
)


def timed(work: Callable[[int], object], rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of a piece of work, the argument varying what is asked.

    Each zone is asked once before; the slowest of these, whose rows may still lie on the disk, is
    told apart as "first".
    """

    def once(number: int) -> float:
        begun = time.perf_counter()
        work(number)
        return (time.perf_counter() - begun) * 1000

    first = [once(number) for number in range(ZONES)]
    samples = [once(number) for number in range(rounds)]
    return {
        "p50": statistics.median(samples),
        "p95": percentile(samples, 0.95),
        "first": max(first),
    }


def measure() -> dict[str, dict[str, float]]:
    """All figures of this process's database."""
    from luodi.config.ready import ready

    ready()
    from django.conf import settings
    from django.test import Client

    from luodi.ground.figures.api import read
    from luodi.ground.scope.api import SYSTEM, Account, Unit, acting, actor_for

    settings.ALLOWED_HOSTS = ["testserver"]
    zones = list(Unit.objects.filter(kind="zone").order_by("id")[:ZONES])
    offices = [Account.objects.get(username=f"zone{one.pk}") for one in zones]
    actors = [actor_for(one) for one in offices]
    until = dt.date.today()  # noqa: DTZ011 - the machine's own day

    before = dt.datetime.now(dt.UTC)

    def reading(key: str, known_at: dt.datetime | None = None) -> Callable[[int], object]:
        def work(number: int) -> object:
            place = number % len(zones)
            with acting(actors[place]):
                return read(
                    actor=actors[place],
                    key=key,
                    unit=zones[place],
                    until=until,
                    known_at=known_at,
                    page=number % 9 + 1,
                )

        return work

    found = {f"reading: {key}": timed(reading(key)) for key in READ}
    found |= {f"as known: {key}": timed(reading(key, before), 10) for key in READ}
    clients = [Client() for _one in zones]
    for client, office in zip(clients, offices, strict=True):
        with acting(SYSTEM):
            client.force_login(office)
    for key in READ[:4]:

        def page(number: int, key: str = key) -> object:
            answer = clients[number % ZONES].get(
                f"/figures/{key}/?until={until}&page={number % 9 + 1}"
            )
            assert answer.status_code == 200
            return answer

        found[f"page: {key}"] = timed(page)
    found["board: 60 figures of a zone"] = timed(board(actors, zones, until))
    found |= province(until)
    return found


def board(actors: Sequence[Any], zones: Sequence[Any], until: dt.date) -> Callable[[int], object]:
    """Every figure of a zone, and those of cases by kind of problem, until there are 60."""
    from luodi.ground.figures.api import Question, figures, read_values
    from luodi.ground.scope.api import acting

    all_figures = figures()
    since = until.replace(month=1, day=1)

    def work(number: int) -> object:
        place = number % len(zones)
        whole = Question(zones[place], until, since)
        questions = [(one.key, whole) for one in all_figures]
        for category in range(1, 5):
            of_one = Question(zones[place], until, since, None, {"category": str(category)})
            questions += [(one.key, of_one) for one in all_figures if "category" in one.parameters]
        with acting(actors[place]):
            read = read_values(actor=actors[place], questions=questions[:60])
        assert len(read) == 60
        return read

    return work


def province(until: dt.date) -> dict[str, dict[str, float]]:
    """The same rules over every unit there is: value alone, and with digest and rows."""
    from luodi.ground.figures.api import Columns, Figure, Kind, Question
    from luodi.ground.figures.engine import PARTS, Wanted, evaluate
    from luodi.ground.scope.api import SYSTEM, Unit, acting
    from luodi.rooms.casework.api import Case
    from luodi.rooms.directory.api import Membership

    whole = {
        "members": (lambda _q: Membership.objects.on(until), Columns("stage", key="person_id")),
        "solved": (lambda _q: Case.objects.filter(outcome="solved"), Columns("title")),
    }
    question = Question(Unit(pk=0, path="0."), until)
    found = {}
    for name, (rows, columns) in whole.items():
        figure = Figure(f"bench.{name}", name, "", Kind.COUNT, rows, "", columns=columns)
        for what, wanted in (("value", PARTS), ("value, digest, rows", Wanted())):

            def work(_number: int, figure: Any = figure, wanted: Any = wanted) -> object:
                with acting(SYSTEM):
                    return evaluate(figure, question, wanted)

            kind = "province" if wanted is PARTS else "whole province"
            found[f"{kind}: {name}, {what}"] = timed(work, rounds=8)
    return found


def run(addresses: dict[str, str]) -> dict[str, dict[str, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.figures", "--measure"],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def ready_for(size: Size) -> dict[str, str]:
    addresses = prepare(size)
    fill_members(addresses["ADMIN"], size)
    return addresses


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="only 100,000 cases and people")
    options.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        print(json.dumps(measure()))
        return 0
    sizes = [SMALL] if given.small else [SMALL, LARGE]
    measured = [run(ready_for(size)) for size in sizes]
    print(
        f"\nReadings on {sizes[-1].cases:,} cases and people, milliseconds (95th percentile; target)"
    )
    missed = 0
    for name, now in measured[-1].items():
        target = TARGET_MS[name.partition(":")[0]]
        growth = now["p50"] / measured[0][name]["p50"]
        fine = not target or now["p95"] <= target
        missed += not fine
        limit = f"≤ {target:<5.0f}" if target else "no target"
        print(
            f"  {name:<48} p50 {now['p50']:7.1f}  p95 {now['p95']:7.1f}  {limit:<9}"
            f" first {now['first']:7.1f}"
            f" ×{growth:.2f} of 100,000  {'✓' if fine else '✗'}"
        )
    print(f"\n{missed} target(s) missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
