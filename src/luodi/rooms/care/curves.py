"""Curves of observations, drawn as plain SVG: no script, prints as it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from luodi.rooms.care.measures import KINDS
from luodi.rooms.care.models import Observation

WIDTH, HEIGHT, EDGE = 320, 90, 8
LEAST = 2  # points that make a curve


@dataclass(frozen=True, slots=True)
class Curve:
    """One kind: its lines as SVG points, its bounds and its last value."""

    label: str
    unit: str
    lines: list[str]
    low: str
    high: str
    last: str
    since: str
    until: str


def curves_of(rows: Sequence[Observation]) -> list[Curve]:
    """The curves of those kinds that have been observed at least twice; rows are the latest first."""
    found = []
    for kind, measured in KINDS.items():
        points = [one for one in reversed(rows) if one.kind == kind]
        if len(points) < LEAST:
            continue
        numbers = [[one.one, one.two, one.three][: measured.numbers] for one in points]
        flat = [value for row in numbers for value in row if value is not None]
        low, high = min(flat), max(flat)
        begin, end = points[0].at, points[-1].at
        whole = max((end - begin).total_seconds(), 1)
        lines = []
        for place in range(measured.numbers):
            pairs = []
            for one, row in zip(points, numbers, strict=True):
                if (value := row[place]) is None:
                    continue
                across = EDGE + (WIDTH - 2 * EDGE) * (one.at - begin).total_seconds() / whole
                share = float((value - low) / (high - low)) if high > low else 0.5
                pairs.append(f"{across:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share:.1f}")
            lines.append(" ".join(pairs))
        last = "/".join(f"{value.normalize():f}" for value in numbers[-1] if value is not None)
        found.append(
            Curve(
                str(measured.label),
                measured.unit,
                lines,
                f"{low.normalize():f}",
                f"{high.normalize():f}",
                last,
                f"{begin:%m-%d}",
                f"{end:%m-%d}",
            )
        )
    return found
