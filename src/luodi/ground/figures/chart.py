"""A line of values over time, drawn on the server: every point is a link to its reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from luodi.ground.figures.definition import Value

WIDTH, HEIGHT = 640, 190
LEFT, RIGHT, TOP, BOTTOM = 16, 16, 30, 28


@dataclass(frozen=True, slots=True)
class Point:
    """A value's place in the picture, its texts and its address; `y` is None for no data."""

    x: float
    y: float | None
    day: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Chart:
    points: list[Point]
    lines: list[str]  # one for each stretch without a gap, as points of a polyline
    floor: float

    @property
    def dots(self) -> list[Point]:
        return [one for one in self.points if one.y is not None]


def months_until(until: dt.date, count: int = 12) -> list[dt.date]:
    """The last days of the months before, and the day itself."""
    days = [until]
    first = until.replace(day=1)
    while len(days) < count:
        last = first - dt.timedelta(days=1)
        days.append(last)
        first = last.replace(day=1)
    return days[::-1]


def drawn(values: Sequence[tuple[dt.date, Value, str, str]]) -> Chart | None:
    """A chart of (day, value, text, address); None where fewer than two values are numbers.

    The line starts from zero, unless all values lie in the upper half: then from a little less than
    the least, as a mean age would otherwise be a flat line.
    """
    numbers = [float(one) for _d, one, _t, _u in values if isinstance(one, Decimal)]
    if len(numbers) < 2:
        return None
    low, high = min(numbers), max(numbers)
    base = low - (high - low) * 0.3 if low > high / 2 and high > low else min(low, 0.0)
    span = (high - base) or 1.0
    floor = HEIGHT - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / (len(values) - 1)
    points = []
    for place, (day, value, text, url) in enumerate(values):
        x = round(LEFT + place * step, 1)
        y = (
            round(floor - (float(value) - base) / span * (floor - TOP), 1)
            if isinstance(value, Decimal)
            else None
        )
        points.append(Point(x, y, f"{day:%Y-%m}", text, url))
    return Chart(points, _lines(points), floor)


def _lines(points: Sequence[Point]) -> list[str]:
    stretches: list[list[str]] = [[]]
    for one in points:
        if one.y is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{one.x},{one.y}")
    return [" ".join(stretch) for stretch in stretches if len(stretch) > 1]
