"""A figure over twelve months as a PNG: what a page shows as SVG, where only pictures are taken."""

from __future__ import annotations

from collections.abc import Sequence

from luodi.ground.figures.api import Chart
from luodi.rooms.reports.outputs.fonts import chosen, typeset

PIXELS_PER_INCH = 144.0  # 1,280 pixels wide: twice a phone's article column


def chart_png(title: str, chart: Chart) -> bytes:
    """The picture of a chart; the first, the last and the highest and lowest point have their words."""
    dots, points = chart.dots, chart.points
    last = len(dots) - 1
    heights = [float(one.y or 0) for one in dots]
    extremes = {heights.index(min(heights)), heights.index(max(heights))}
    # two words side by side need the width of three months
    told = sorted({0, last} | {at for at in extremes if 2 < at < last - 2})
    dated = [at for at in range(0, len(points), 3) if at == 0 or 2 < at < len(points) - 3]
    content = {
        "title": title,
        "font": chosen()["black"],
        "floor": chart.floor,
        "lines": [
            [[float(part) for part in point.split(",")] for point in line.split()]
            for line in chart.lines
        ],
        "points": [{"x": one.x, "y": one.y} for one in dots],
        "values": [
            {"x": dots[at].x, "y": dots[at].y, "text": dots[at].text, "where": _where(at, dots)}
            for at in told
        ],
        "days": [
            {"x": points[at].x, "text": points[at].day, "where": _where(at, points)}
            for at in (*dated, len(points) - 1)
        ],
    }
    return typeset("chart.typ", content, format="png", ppi=PIXELS_PER_INCH)


def _where(at: int, points: Sequence[object]) -> str:
    return "first" if at == 0 else "last" if at == len(points) - 1 else "middle"
