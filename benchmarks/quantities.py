"""Precision and recall of `luodi.lib.quantities` on labelled sentences, and its speed.

    python -m benchmarks.quantities [--only unseen] [--errors]

Each sentence of `benchmarks/sentences/*.txt` is followed by what it says, one quantity a line:
`span | comparison | value[..upper] | unit | subject`. A quantity is found where the spans overlap and
the values agree; of those found, the shares with the right unit, comparison, exact span and subject
(equal or one within the other; and word for word) are printed. `fresh.txt` was written lot by lot
before the rules were mended by it; the errors of `unseen.txt` were never looked at.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from luodi.lib.quantities import Quantity, extract

FOLDER = Path(__file__).parent / "sentences"
DETAILS = ("span", "unit", "comparison", "subject", "subject word for word")


@dataclass(frozen=True, slots=True)
class Expected:
    text: str
    start: int
    comparison: str
    value: Decimal
    upper: Decimal | None
    unit: str
    subject: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class Sentence:
    text: str
    kind: str
    expected: list[Expected] = field(default_factory=list)


def sentences(path: Path) -> list[Sentence]:
    found: list[Sentence] = []
    kind, at = "", 0
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("@"):
            kind = line[1:].strip()
        elif line.startswith("  "):
            one = found[-1]
            span, comparison, number, unit, subject = (part.strip() for part in line.split("|"))
            start = one.text.index(span, at)
            at = start + len(span)
            low, _, high = number.partition("..")
            upper = Decimal(high) if high else None
            one.expected.append(
                Expected(span, start, comparison, Decimal(low), upper, unit, subject)
            )
        elif line and not line.startswith("#"):
            found.append(Sentence(line, kind))
            at = 0
    return found


def same(want: Expected, have: Quantity) -> bool:
    """Found: the spans overlap and the values agree (to four places)."""
    overlap = want.start < have.end and have.start < want.end
    return overlap and abs(want.value - have.value) <= Decimal("0.0001")


def about_same(want: str, have: str) -> bool:
    return want == have or (bool(have and want) and (want in have or have in want))


def score(found: list[Sentence]) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    errors: list[str] = []
    for one in found:
        have = extract(one.text)
        left = list(have)
        counts["expected"] += len(one.expected)
        counts["found"] += len(have)
        for want in one.expected:
            match = next((each for each in left if same(want, each)), None)
            if match is None:
                errors.append(f"MISSED {want.text} | {one.text}")
                continue
            left.remove(match)
            counts["right"] += 1
            for name, good in _details(want, match):
                counts[name] += good
                if not good and name != "subject word for word":
                    errors.append(f"{name}: want {want}\n    have {match}\n    | {one.text}")
        errors += [f"EXTRA {each.text} ({each.subject}) | {one.text}" for each in left]
    return counts, errors


def _details(want: Expected, have: Quantity) -> Iterator[tuple[str, bool]]:
    yield "span", (want.start, want.end) == (have.start, have.end)
    yield "unit", want.unit == have.unit
    yield "comparison", want.comparison == have.comparison
    yield "subject", about_same(want.subject, have.subject)
    yield "subject word for word", want.subject == have.subject


def report(name: str, *, show: bool) -> None:
    found = sentences(FOLDER / f"{name}.txt")
    counts, errors = score(found)
    right = counts["right"] or 1
    precision, recall = right / (counts["found"] or 1), right / (counts["expected"] or 1)
    details = ", ".join(f"{key} {counts[key] / right:.1%}" for key in DETAILS)
    print(
        f"{name}: {len(found)} sentences, {counts['expected']} quantities: "
        f"precision {precision:.1%}, recall {recall:.1%}; of these {details}"
    )
    if show:
        print(*errors, sep="\n")


def speed() -> None:
    """Characters a second on the labelled text repeated, twice the size, and on hostile texts."""
    text = "\n".join(one.text for one in sentences(FOLDER / "tuned.txt")) + "\n"
    for size in (100_000, 200_000):
        sample = (text * (size // len(text) + 1))[:size]
        started = time.perf_counter()
        extract(sample)
        print(
            f"speed: {size / (time.perf_counter() - started):,.0f} characters a second at {size:,}"
        )
    for name, unit in {
        "digits": "1",
        "numerals": "十",
        "commas": "1,",
        "scales": "万",
        "lists": "3、",
        "ranges": "3-",
        "changes": "从1到",
        "quotes": "“一",
    }.items():
        started = time.perf_counter()
        extract((unit * 1_000_000)[:1_000_000])
        print(f"hostile 1 MB of {name}: {time.perf_counter() - started:.1f} s")
    tracemalloc.start()
    extract((text * 40)[:100_000])
    print(f"memory: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB at 100,000 characters")
    tracemalloc.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="print what went wrong")
    parser.add_argument("--only", help="one file of sentences")
    options = parser.parse_args()
    for name in [options.only] if options.only else ["tuned", "held_out", "fresh", "unseen"]:
        report(name, show=options.errors)
    if not options.only:
        speed()


if __name__ == "__main__":
    main()
