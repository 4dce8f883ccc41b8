"""Precision and recall of `luodi.lib.quantities` on labelled sentences, its speed, and how a check
of claims does.

    python -m benchmarks.quantities [--only unseen] [--errors]
    python -m benchmarks.quantities --claims [--errors]     # builds the demonstration zone

Each sentence of `benchmarks/sentences/*.txt` is followed by what it says, one quantity a line:
`span | comparison | value[..upper] | unit | subject`. A quantity is found where the spans overlap and
the values agree; of those found, the shares with the right unit, comparison, exact span and subject
(equal or one within the other; and word for word) are printed. `fresh.txt` was written lot by lot
before the rules were mended by it; the errors of `unseen.txt` were never looked at. `claims_*.txt` say of the demonstration zone what its records say (a), or do not
(d), what is of somebody else (o) or stays open (u): false green is what is marked ✓ and is not a, a
false alarm what is marked ✗ and is not d.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from luodi.lib.quantities import Quantity, extract

if TYPE_CHECKING:
    from luodi.ground.figures.api import Checked

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


CLAIM = re.compile(r"\{([^{}|]+)\|([adou])\}")
CLAIMS = ("claims_tuned", "claims_held_out", "claims_unseen")


def claims(name: str) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Each sentence of a file of claims, with where its numbers stand and what they are."""
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if not line or line[0] in "#@":
            continue
        text, wanted, at = "", [], 0
        for found in CLAIM.finditer(line):
            text += line[at : found.start()]
            wanted.append((len(text), len(text) + len(found[1]), found[2]))
            text, at = text + found[1], found.end()
        yield text + line[at:], wanted


def judged(
    name: str, check: Callable[[str], Sequence[Checked]]
) -> tuple[Counter[tuple[str, str]], list[str]]:
    """How many claims of each kind got which verdict, and those that went wrong.

    A quantity that is not marked in the file counts as one that stays open.
    """
    counts: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for text, wanted in claims(name):
        left = list(check(text))
        for start, end, kind in wanted:
            one = next((x for x in left if x.quantity.start < end and start < x.quantity.end), None)
            verdict = one.verdict.value if one else "not found"
            left = [x for x in left if x is not one]
            counts[kind, verdict] += 1
            if (kind, verdict) not in RIGHT and not (kind in "ou" and verdict in OPEN):
                wrong.append(f"{kind} {verdict}: {text[start:end]} | {text} | {one and one.why}")
        for one in left:
            counts["u", one.verdict.value] += 1
            if one.verdict.value not in OPEN:
                wrong.append(f"? {one.verdict.value}: {one.quantity.text} | {text}")
    return counts, wrong


RIGHT = frozenset([("a", "agrees"), ("d", "differs")])
OPEN = ("unsure", "no-ledger", "not found")


def rates(counts: Counter[tuple[str, str]]) -> tuple[int, int, float, float]:
    """False greens, false alarms, the share of true claims that agree, of false ones that differ."""
    green = sum(n for (kind, verdict), n in counts.items() if verdict == "agrees" and kind != "a")
    alarms = sum(n for (kind, verdict), n in counts.items() if verdict == "differs" and kind != "d")
    true, false = (sum(n for (kind, _v), n in counts.items() if kind == one) or 1 for one in "ad")
    return green, alarms, counts["a", "agrees"] / true, counts["d", "differs"] / false


def report_claims(*, show: bool) -> None:
    """Builds the demonstration zone in a folder of its own, and checks the claims."""
    with tempfile.TemporaryDirectory(prefix="luodi-claims-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server's own user must pass
        os.environ["LUODI_DATA"] = folder
        from luodi.config.ready import cluster, ready

        ready()
        from luodi import demo
        from luodi.ground.figures.api import check_text
        from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting

        demo.build()
        with acting(SYSTEM):
            zone, at = Unit.objects.get(kind=UnitKind.ZONE), dt.date(2022, 12, 22)
            for name in CLAIMS:
                counts, wrong = judged(
                    name, lambda text: check_text(actor=SYSTEM, text=text, unit=zone, at=at)
                )
                green, alarms, agree, differ = rates(counts)
                print(
                    f"{name}: {counts.total()} numbers: false green {green}, false alarms {alarms}, "
                    f"true claims that agree {agree:.0%}, false ones that differ {differ:.0%}"
                )
                if show:
                    print(*wrong, sep="\n")
        cluster().stop("immediate")


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
    parser.add_argument(
        "--claims", action="store_true", help="check the claims of the demonstration"
    )
    parser.add_argument("--only", help="one file of sentences")
    options = parser.parse_args()
    if options.claims:
        report_claims(show=options.errors)
        return
    for name in [options.only] if options.only else ["tuned", "held_out", "fresh", "unseen"]:
        report(name, show=options.errors)
    if not options.only:
        speed()


if __name__ == "__main__":
    main()
