"""Small inline SVG charts: line, bar, stacked area, map / network. Text out, nothing loaded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#2f6f62", "#c98a3b", "#4f7cac", "#a8503f", "#7d6b9e", "#8a9a4b", "#5a6670", "#c9a7a0")
W, H, LEFT, RIGHT, TOP, BOTTOM = 760, 300, 64, 16, 34, 40
Numbers = Sequence[float]
STYLE = (
    "svg .grid{stroke:#e6ece9;stroke-width:1}svg .tick,svg .unit{font-size:12px;fill:#66736f}"
    "svg .line{fill:none;stroke-width:1.8;stroke-linejoin:round}"
    "svg .edge{stroke:#9fb3ab;opacity:.7}"
)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers that span low..high."""
    if high <= low:
        high = low + 1
    raw = (high - low) / count
    power = 10 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first = math.floor(low / step)
    return [round(step * i, 10) for i in range(first, math.ceil(high / step - 1e-9) + 1)]


def short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


class _Frame:
    """Axes with a linear vertical scale; x runs over ``count`` slots."""

    def __init__(self, low: float, high: float, count: int, unit: str) -> None:
        self.marks = ticks(min(low, 0.0) if low < 0 or low < 0.5 * high else low, high)
        self.low, self.high, self.count = self.marks[0], self.marks[-1], count
        self.parts = [f'<text class="unit" x="{LEFT}" y="{TOP - 18}">{escape(unit)}</text>']
        for mark in self.marks:
            y = self.y(mark)
            self.parts.append(
                f'<line class="grid" x1="{LEFT}" x2="{W - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
                f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
                f"{short(mark)}</text>"
            )

    def x(self, slot: float) -> float:
        return LEFT + (W - LEFT - RIGHT) * slot / max(self.count, 1)

    def y(self, value: float) -> float:
        return TOP + (H - TOP - BOTTOM) * (self.high - value) / (self.high - self.low)

    def labels(self, labels: Sequence[str], centre: float) -> None:
        """As many as there is room for; where some are blank, all the others."""
        said = [i for i, label in enumerate(labels) if label]
        widest = max(map(_width, labels), default=0.0) + 14
        every = max(1, math.ceil(len(said) * widest / (W - LEFT - RIGHT)))
        for i in said[::every]:
            self.parts.append(
                f'<text class="tick" x="{self.x(i + centre):.1f}" y="{H - BOTTOM + 18}" '
                f'text-anchor="middle">{escape(labels[i])}</text>'
            )

    def legend(self, names: Sequence[str]) -> None:
        """From the left, where a narrow screen shows it."""
        x = LEFT + 50.0
        for i, name in enumerate(names):
            self.parts.append(
                f'<rect x="{x:.0f}" y="{TOP - 27}" width="9" height="9" rx="2" fill="{colour(i)}"/>'
                f'<text class="tick" x="{x + 13:.0f}" y="{TOP - 18}">{escape(name)}</text>'
            )
            x += 28 + _width(name)


def standalone(svg: str) -> str:
    """A chart as a file of its own: with its style and a white ground."""
    begin = svg.index(">") + 1
    style = f"<style>{STYLE}svg{{font-family:sans-serif}}</style>"
    return svg[:begin] + style + '<rect width="100%" height="100%" fill="#fff"/>' + svg[begin:]


def _width(said: str) -> float:
    """Pixels of a label, about."""
    return sum(12.5 if ord(c) > 255 else 7 for c in said)


def colour(i: int) -> str:
    return COLOURS[i % len(COLOURS)]


def _svg(parts: Sequence[str], label: str, height: float = H) -> str:
    body = "".join(parts)
    return (
        f'<svg viewBox="0 0 {W} {height:.0f}" role="img" aria-label="{escape(label)}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


def _points(frame: _Frame, values: Numbers, centre: float) -> str:
    return " ".join(f"{frame.x(i + centre):.1f},{frame.y(v):.1f}" for i, v in enumerate(values))


def line(labels: Sequence[str], series: Mapping[str, Numbers], unit: str = "") -> str:
    """One line per series over common labels."""
    values = [v for s in series.values() for v in s]
    frame = _Frame(min(values), max(values), len(labels), unit)
    for i, s in enumerate(series.values()):
        points = _points(frame, s, 0.5)
        frame.parts.append(f'<polyline class="line" stroke="{colour(i)}" points="{points}"/>')
    frame.labels(labels, 0.5)
    frame.legend(list(series))
    return _svg(frame.parts, "、".join(series))


def bar(
    labels: Sequence[str], series: Mapping[str, Numbers], unit: str = "", *, stacked: bool = False
) -> str:
    """Bars per label, side by side or stacked (positive parts up, negative parts down)."""
    n, k = len(labels), len(series)
    up, down = [0.0] * n, [0.0] * n
    for s in series.values():
        for i, v in enumerate(s):
            up[i] = up[i] + max(v, 0) if stacked else max(up[i], v)
            down[i] = down[i] + min(v, 0) if stacked else min(down[i], v)
    frame = _Frame(min(0.0, *down), max(0.0, *up), n, unit)
    top, bottom = [0.0] * n, [0.0] * n
    width = 0.7 / (1 if stacked else k)
    for j, (name, s) in enumerate(series.items()):
        for i, v in enumerate(s):
            base = (top[i] if v >= 0 else bottom[i]) if stacked else 0.0
            if stacked:
                top[i], bottom[i] = top[i] + max(v, 0), bottom[i] + min(v, 0)
            x = frame.x(i + 0.15 + (0 if stacked else j * width))
            y0, y1 = sorted((frame.y(base), frame.y(base + v)))
            frame.parts.append(
                f'<rect x="{x:.1f}" y="{y0:.1f}" width="{frame.x(width) - LEFT:.1f}" '
                f'height="{y1 - y0:.1f}" fill="{colour(j)}">'
                f"<title>{escape(labels[i])} {escape(name)}: {short(v)}</title></rect>"
            )
    frame.labels(labels, 0.5)
    frame.legend(list(series))
    return _svg(frame.parts, "、".join(series))


def area(labels: Sequence[str], series: Mapping[str, Numbers], unit: str = "") -> str:
    """Non-negative series stacked on each other."""
    n = len(labels)
    total = [sum(s[i] for s in series.values()) for i in range(n)]
    frame = _Frame(0.0, max(total, default=1.0), n, unit)
    base = [0.0] * n
    for j, s in enumerate(series.values()):
        top = [b + v for b, v in zip(base, s, strict=True)]
        there = _points(frame, top, 0.5)
        back = " ".join(reversed(_points(frame, base, 0.5).split(" ")))
        frame.parts.append(f'<polygon fill="{colour(j)}" opacity=".88" points="{there} {back}"/>')
        base = top
    frame.labels(labels, 0.5)
    frame.legend(list(series))
    return _svg(frame.parts, "、".join(series))


def scatter(
    points: Sequence[tuple[float, float]],
    *,
    labels: Sequence[str] = (),
    groups: Sequence[int] = (),
    sizes: Numbers = (),
    edges: Sequence[tuple[int, int, float]] = (),
    names: Sequence[str] = (),
    geographic: bool = False,
    outward: bool = False,
) -> str:
    """A map or network. ``points`` are (x, y) with y up, or (longitude, latitude) if geographic.

    ``groups`` chooses a colour per point (``names`` is its legend), ``sizes`` radii in pixels,
    ``edges`` are (from, to, width in pixels). ``outward``: labels of the left half stand left of
    their points.
    """
    stretch = math.cos(math.radians(sum(p[1] for p in points) / len(points))) if geographic else 1.0
    xs, ys = [p[0] * stretch for p in points], [p[1] for p in points]
    margin = 80 + 2 * max(map(_width, labels), default=0.0) * outward
    scale = (W - margin) / max(max(xs) - min(xs), (max(ys) - min(ys)) * 1.4, 1e-9)
    height = (max(ys) - min(ys)) * scale + 90
    left = (W - (max(xs) - min(xs)) * scale) / 2
    at = [
        (left + (x - min(xs)) * scale, 50 + (max(ys) - y) * scale)
        for x, y in zip(xs, ys, strict=True)
    ]
    parts = [
        f'<line class="edge" x1="{at[a][0]:.1f}" y1="{at[a][1]:.1f}" x2="{at[b][0]:.1f}" '
        f'y2="{at[b][1]:.1f}" stroke-width="{w:.1f}"/>'
        for a, b, w in edges
    ]
    for i, (x, y) in enumerate(at):
        r = sizes[i] if sizes else 4
        name = labels[i] if labels else ""
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" '
            f'fill="{colour(groups[i] if groups else 0)}"><title>{escape(name)}</title></circle>'
        )
        if name and len(points) <= 60:
            to_left = x < W / 2 if outward else x + r + _width(name) > W
            at_x, anchor = (x - r - 3, ' text-anchor="end"') if to_left else (x + r + 3, "")
            parts.append(
                f'<text class="tick" x="{at_x:.1f}" y="{y + 4:.1f}"{anchor}>{escape(name)}</text>'
            )
    legend = _Frame.__new__(_Frame)
    legend.parts = parts
    legend.legend(list(names))
    return _svg(parts, "、".join(names), height)
