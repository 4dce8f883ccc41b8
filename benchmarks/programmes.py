"""A zone's programmes with 60 targets on the province-sized data set, row-level security on.

Prints the 95th percentile of reading them, of the board and of the road map as pages. The
programmes are made in a transaction that is rolled back.

    python -m benchmarks.programmes [--small]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.casework import LARGE, SMALL
from benchmarks.figures import ready_for, timed

PROGRAMMES, MEASURES, TARGETS = 4, 5, 3
ROUNDS = 20
TARGET_MS = {"60 targets read": 300.0, "board": 500.0, "road map": 500.0}
FIGURES = (
    "directory.members",
    "directory.formal_members",
    "directory.enterprises",
    "directory.organisations",
    "casework.received",
    "casework.solved",
    "casework.open",
    "casework.overdue",
)


def fill(zone: Any, since: dt.date, until: dt.date) -> None:
    """Programmes, measures and targets over a few figures."""
    from luodi.ground.scope.api import SYSTEM
    from luodi.rooms.programmes import api

    number = 0
    for place in range(PROGRAMMES):
        programme = api.save_programme(
            actor=SYSTEM, unit=zone, name=f"示例工程{place}", since=since, until=until
        )
        for turn in range(MEASURES):
            measure = api.save_measure(
                actor=SYSTEM,
                programme=programme,
                text=f"示例举措{turn}",
                owner_unit=zone,
                since=since,
                due_on=until,
            )
            for _target in range(TARGETS):
                api.set_target(
                    actor=SYSTEM,
                    measure=measure,
                    figure=FIGURES[number % len(FIGURES)],
                    comparison=">=",
                    value=str(100 + number),
                    since=since,
                    due_on=until,
                )
                number += 1


def measure() -> dict[str, dict[str, float]]:
    """Milliseconds, on this process's database."""
    from luodi.config.ready import ready

    ready()
    from django.conf import settings
    from django.db import transaction
    from django.test import Client

    from luodi.ground.scope.api import SYSTEM, Account, Unit, acting, actor_for
    from luodi.rooms.programmes.api import chapters_of

    settings.ALLOWED_HOSTS = ["testserver"]
    day = dt.date.today()  # noqa: DTZ011 - the machine's own day
    with acting(SYSTEM):
        zone = Unit.objects.filter(kind="zone").order_by("id").first()
        assert zone is not None
        account = Account.objects.get(username=f"zone{zone.pk}")
        fill(zone, day.replace(month=1, day=1), day.replace(month=12, day=31))
        client, actor = Client(), actor_for(account)
        client.force_login(account)

        def page(address: str) -> Callable[[int], object]:
            def work(_number: int) -> object:
                answer = client.get(f"{address}?unit={zone.pk}&at={day}")
                assert answer.status_code == 200, answer.status_code
                return answer

            return work

        def read(_number: int) -> object:
            with acting(actor):
                chapters = chapters_of(actor=actor, unit=zone, at=day)
            assert sum(len(one.standings) for one in chapters) == PROGRAMMES * MEASURES * TARGETS
            return chapters

        found = {
            "60 targets read": timed(read, ROUNDS),
            "board": timed(page("/programmes/"), ROUNDS),
            "road map": timed(page("/programmes/roadmap/"), ROUNDS),
        }
        transaction.set_rollback(True)
    return found


def run(addresses: dict[str, str]) -> dict[str, dict[str, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.programmes", "--measure"],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="only 100,000 cases and people")
    options.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        print(json.dumps(measure()))
        return 0
    size = SMALL if given.small else LARGE
    measured = run(ready_for(size))
    print(f"\nA zone's 60 targets on {size.cases:,} cases and people, milliseconds")
    missed = 0
    for name, one in measured.items():
        fine = one["p95"] <= TARGET_MS[name]
        missed += not fine
        told = f"≤ {TARGET_MS[name]:.0f} {'✓' if fine else '✗'}"
        print(f"  {name:<20} p50 {one['p50']:7.1f}  p95 {one['p95']:7.1f}  {told}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
