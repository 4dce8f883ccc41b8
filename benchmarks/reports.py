"""A report of 60 figures on the province-sized data set, as an ordinary officer, row-level security on.

Prints how long a draft of 60 figures takes to read, how long who asks for it to be published waits,
how long the worker is at it (all rows frozen and signed), and its Word and PDF files; and the most memory that each took.

    python -m benchmarks.reports [--small]
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.casework import LARGE, SMALL
from benchmarks.figures import ready_for

ROUNDS = 5
TARGET_MS = {"draft": 2000.0, "asked": 1000.0}
DAY_FIGURES = ("members", "formal_members", "enterprises", "organisations", "branches", "districts")
CASE_FIGURES = ("received", "solved", "open", "overdue", "on_time", "late")


def template() -> str:
    """Sixty readings: each figure in several periods."""
    days = ["报告期", "上年末", "上月末", "年初", "上季度"]
    lines = [
        f"到{day}，有{{figure: directory.{key} period={day}}}。"
        for key in DAY_FIGURES
        for day in days
    ]
    periods = ["本年", "上年", "本月", "上月", "累计"]
    lines += [
        f"{period}有{{figure: casework.{key} period={period}}}。"
        for key in CASE_FIGURES
        for period in periods
    ]
    return "# 情况\n" + "\n".join(lines)


def measure() -> dict[str, dict[str, float]]:
    """Milliseconds and megabytes of each step, on this process's database."""
    from luodi.config.ready import ready

    ready()
    from django.conf import settings
    from django.db import transaction

    from luodi.ground.scope.api import Account, Unit, acting, actor_for
    from luodi.rooms.reports import api
    from luodi.rooms.reports.exports.files import OfficialDocument
    from luodi.rooms.reports.verbs.publishing import carry_out_publishing

    settings.DATA_DIR = Path(tempfile.mkdtemp())  # a signing key of its own
    zone = Unit.objects.filter(kind="zone").order_by("id").first()
    assert zone is not None
    actor = actor_for(Account.objects.get(username=f"zone{zone.pk}"))
    until = dt.date.today()  # noqa: DTZ011 - the machine's own day
    found: dict[str, dict[str, float]] = {}
    with acting(actor):
        draft = api.draft_report(
            actor=actor,
            template="annual",
            unit=zone,
            since=until.replace(month=1, day=1),
            until=until,
        )
        draft = api.write_report(actor=actor, report=draft, title="示例", text=template())
        made = api.draft_of(actor, draft)
        assert len(made.readings) == 60, (len(made.readings), made.problems[:3])
        found["draft: 60 figures read"] = timed(lambda: api.draft_of(actor, draft))
        found["asked: to publish 60 figures"] = timed(
            lambda: api.ask_to_publish(actor=actor, report=draft), 1
        )
        found["publish: 60 figures with all rows, signed"] = timed(
            lambda: carry_out_publishing(draft.pk), 1
        )
        report = api.Report.objects.select_related("unit").get(pk=draft.pk)
        found["sealed report, MB"] = {
            "ms": 0,
            "mb": len(api.sealed_bytes(actor=actor, report=report)) / 1e6,
        }
        document: OfficialDocument = api.official_document(actor=actor, report=report)
        found["docx"] = timed(document.docx)
        found["pdf"] = timed(document.pdf)
        sealed = io.BytesIO(api.sealed_bytes(actor=actor, report=report))
        found["verify the sealed report"] = timed(lambda: api.verify(sealed), 1)
        transaction.set_rollback(True)
    return found


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> dict[str, float]:
    """The slowest of some rounds in milliseconds, and the process's most memory so far."""
    slowest = 0.0
    for _round in range(rounds):
        begun = time.perf_counter()
        work()
        slowest = max(slowest, (time.perf_counter() - begun) * 1000)
    return {"ms": slowest, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def run(addresses: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reports", "--measure"],
        env={**os.environ, **addresses},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
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
    print(f"\nA report of 60 figures on {size.cases:,} cases and people (slowest; target)")
    missed = 0
    for name, one in measured.items():
        target = TARGET_MS.get(name.split(":")[0])
        missed += bool(target and one["ms"] > target)
        told = f"  ≤ {target:.0f} {'✗' if one['ms'] > target else '✓'}" if target else ""
        print(f"  {name:<45} {one['ms']:8.0f} ms {one['mb']:7.1f} MB{told}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
