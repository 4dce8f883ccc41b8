"""A figure over twelve months as a PNG: what a page shows as SVG, where only pictures are taken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

import typst

from luodi.ground.figures.api import Chart
from luodi.rooms.reports.outputs.fonts import chosen, folder

PIXELS_PER_INCH = 144.0  # 1,280 pixels wide: twice a phone's article column


def chart_png(title: str, chart: Chart) -> bytes:
    """The picture of a chart; the first, the last and the highest and lowest point have their words."""
    content = {
        "title": title,
        "font": chosen()["black"],
        "floor": chart.floor,
        "lines": [
            [[float(part) for part in point.split(",")] for point in line.split()]
            for line in chart.lines
        ],
        "points": [{"x": one.x, "y": one.y} for one in chart.dots],
        "values": _values(chart),
        "days": _days(chart),
    }
    fonts: list[Any] = [folder()] if folder().is_dir() else []
    made: bytes = typst.compile(
        resources.files(__package__).joinpath("chart.typ").read_bytes(),
        format="png",
        ppi=PIXELS_PER_INCH,
        font_paths=fonts,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    return made


def _values(chart: Chart) -> list[dict[str, Any]]:
    dots = chart.dots
    told = {0, len(dots) - 1}
    for extreme in (min, max):
        told.add(extreme(range(len(dots)), key=lambda at: float(dots[at].y or 0)))
    # two words side by side need the width of three months
    kept = [at for at in sorted(told) if at in (0, len(dots) - 1) or _apart(at, len(dots))]
    return [
        {"x": dots[at].x, "y": dots[at].y, "text": dots[at].text, "where": _where(at, dots)}
        for at in kept
    ]


def _apart(at: int, count: int) -> bool:
    return 2 < at < count - 3


def _days(chart: Chart) -> list[dict[str, Any]]:
    return [
        {"x": one.x, "text": one.day, "where": _where(at, chart.points)}
        for at, one in enumerate(chart.points)
        if at in (0, len(chart.points) - 1) or (at % 3 == 0 and _apart(at, len(chart.points)))
    ]


def _where(at: int, points: Sequence[object]) -> str:
    return "first" if at == 0 else "last" if at == len(points) - 1 else "middle"
