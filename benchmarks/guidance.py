"""Guides: what one evaluation costs, beside the bare decision of the same rules, and how it grows.

An evaluation says what comes out, or which question can still change it, with the rule and what the
outcome depends on. Bare is the first rule that holds and nothing else. No database is needed.

    python -m benchmarks.guidance [--small]
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import statistics
import tempfile
import time
import tracemalloc
from typing import Any

TARGET_MS = 1.0
DAY = dt.date(2022, 12, 22)
MANY = 20  # questions and rules of the largest guide


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true", help="fewer rounds")
    given, _rest = options.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"LUODI_DATA": folder, "LUODI_SECRET_KEY": "only-for-benchmarks"}
        os.environ.setdefault("DATABASE_URL", "postgres://none@localhost/none")
        os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.config.settings"
        import django

        django.setup()
        return measure(400 if given.small else 4000)


def measure(rounds: int) -> int:
    """Prints a line for each guide; returns 1 where the target is missed."""
    from luodi.rooms.guidance.verbs import SHIPPED, shipped

    guides = {key: shipped(key) for key in SHIPPED} | {f"{MANY} questions": large()}
    missed = 0
    print("\nEvaluating a guide, milliseconds")
    for name, document in guides.items():
        tracemalloc.start()
        began = time.perf_counter()
        document.diagram(document.read_on(DAY))
        made = (time.perf_counter() - began) * 1000
        memory = tracemalloc.get_traced_memory()[1] / 1024
        tracemalloc.stop()
        whole, bare = timed(document, rounds)
        p95 = sorted(whole)[int(0.95 * len(whole))]
        ratio = statistics.median(whole) / statistics.median(bare)
        fine = p95 <= TARGET_MS
        missed += not fine
        print(
            f"  {name:<16} p50 {statistics.median(whole):7.4f}  p95 {p95:7.4f}  ≤ {TARGET_MS:.0f}"
            f"  ×{ratio:.1f} of the bare decision  diagram once {made:6.1f} ms, {memory:5.0f} kB"
            f"  {'✓' if fine else '✗'}"
        )
    return 1 if missed else 0


def timed(document: Any, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each evaluation of random answers, and of the bare decision of the same."""
    from luodi.rooms.guidance.evaluating import evaluate
    from luodi.rooms.guidance.logic import decide

    day = document.read_on(DAY)
    diagram, seed = document.diagram(day), random.Random(1)
    whole, bare = [], []
    for _round in range(rounds):
        answers = {
            one.key: seed.choice(diagram.classes[place])
            for place, one in enumerate(document.questions)
            if seed.random() < 0.7
        }
        began = time.perf_counter()
        evaluate(document, answers, DAY)
        between = time.perf_counter()
        for condition in diagram.rules:
            if decide(condition, answers, diagram.parameters) is not False:
                break
        ended = time.perf_counter()
        whole.append((between - began) * 1000)
        bare.append((ended - between) * 1000)
    return whole, bare


def large() -> Any:
    """A guide as large as one may be: each rule asks two questions."""
    from luodi.rooms.guidance.document import document_of

    keys = [f"q{place}" for place in range(MANY)]
    return document_of(
        {
            "title": "large",
            "summary": "large",
            "sources": [{"key": "s", "title": "s"}],
            "questions": [
                {"key": key, "kind": "number", "text": key, "label": key} for key in keys
            ],
            "rules": [
                *(
                    {"when": f"{a} > 3 and {b} <= 5", "outcome": a, "source": "s", "why": "w"}
                    for a, b in zip(keys[::2], keys[1::2], strict=True)
                ),
                {"when": "True", "outcome": "end", "source": "s", "why": "w"},
            ],
            "outcomes": [
                {"key": key, "title": key, "steps": "s"} for key in (*keys[::2], "end", "unsure")
            ],
        }
    )


if __name__ == "__main__":
    raise SystemExit(main())
