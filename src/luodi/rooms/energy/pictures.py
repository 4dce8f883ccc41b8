"""Pictures drawn by the server: a year as a heat map, a day as a curve. Each has its words beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

SHADES = ("#f3f6f4", "#d5e6dc", "#a9cfba", "#76b394", "#43926d", "#1f6f4c", "#0b4a30")
GAP = "#d9d4cb"
CELL_W, CELL_H = 2.6, 7.0
LEFT, TOP = 30.0, 14.0


def heat_map(
    since: dt.date, until: dt.date, hours: Mapping[dt.date, Sequence[int | None]]
) -> SafeString:
    """Days from left to right, hours from top to bottom; the darker, the more. A gap is grey."""
    days = [since + dt.timedelta(days=at) for at in range((until - since).days + 1)]
    known = sorted(one for day in days for one in hours.get(day, ()) if one is not None)
    most = known[min(len(known) - 1, int(len(known) * 0.99))] if known else 1
    steps = len(SHADES)
    paths: dict[str, list[str]] = {shade: [] for shade in (*SHADES, GAP)}
    for at, day in enumerate(days):
        theirs = hours.get(day)
        if theirs is None:
            paths[GAP].append(_cell(at, 0, 24))
            continue
        begin, now = 0, _shade(theirs[0], most, steps)
        for hour in range(1, 25):
            shade = _shade(theirs[hour], most, steps) if hour < 24 else ""
            if shade != now:
                paths[now].append(_cell(at, begin, hour))
                begin, now = hour, shade
    width, height = LEFT + len(days) * CELL_W + 4, TOP + 24 * CELL_H + 4
    parts = [
        f'<path fill="{shade}" d="{"".join(cells)}"/>' for shade, cells in paths.items() if cells
    ]
    for at, day in enumerate(days):
        if day.day == 1:
            x = LEFT + at * CELL_W
            label = f"{day.month}" if day.month > 1 else f"{day.year}"
            parts.append(f'<text x="{x:.1f}" y="10" class="pt">{label}</text>')
    for hour in (0, 6, 12, 18, 24):
        y = TOP + hour * CELL_H + 3
        parts.append(
            f'<text x="{LEFT - 5:.0f}" y="{y:.1f}" class="pt" text-anchor="end">{hour}</text>'
        )
    return svg(width, height, _("一年中每小时的用电量热图"), parts)


def _shade(wh: int | None, most: int, steps: int) -> str:
    if wh is None:
        return GAP
    return SHADES[min(steps - 1, wh * steps // max(most, 1))]


def _cell(at: int, begin: int, end: int) -> str:
    x, y = LEFT + at * CELL_W, TOP + begin * CELL_H
    return f"M{x:.1f} {y:.0f}h{CELL_W:.1f}v{(end - begin) * CELL_H:.0f}h-{CELL_W:.1f}z"


def day_curve(day: dt.date, wh: Sequence[int | None], quality: str) -> SafeString:
    """A day's mean power by quarter, in kW; where nothing is known the line breaks."""
    width, height, left, top = 640.0, 220.0, 52.0, 12.0
    kw = [None if one is None else one / 250 for one in wh]
    most = max((one for one in kw if one is not None), default=0) or 1
    scale = nice(most)
    inner_w, inner_h = width - left - 12, height - top - 26

    def x(at: float) -> float:
        return left + inner_w * at / 96

    def y(value: float) -> float:
        return top + inner_h * (1 - value / scale)

    parts = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        at = y(scale * share)
        parts.append(
            f'<line x1="{left}" x2="{width - 12}" y1="{at:.1f}" y2="{at:.1f}" class="grid"/>'
        )
        parts.append(
            f'<text x="{left - 6}" y="{at + 4:.1f}" class="pt" text-anchor="end">{scale * share:,.0f}</text>'
        )
    parts += [
        f'<text x="{x(hour * 4):.1f}" y="{height - 8}" class="pt" text-anchor="middle">{hour:02}:00</text>'
        for hour in range(0, 25, 4)
    ]
    line, begun = [], False
    for at, value in enumerate(kw):
        if value is None:
            parts.append(
                f'<rect x="{x(at):.1f}" y="{top}" width="{inner_w / 96:.1f}" height="{inner_h}" fill="{GAP}"/>'
            )
            begun = False
            continue
        line.append(f"{'L' if begun else 'M'}{x(at):.1f} {y(value):.1f}H{x(at + 1):.1f}")
        begun = True
    for at, letter in enumerate(quality):
        if letter in "er":
            parts.append(
                f'<rect x="{x(at):.1f}" y="{top + inner_h}" width="{inner_w / 96:.1f}" height="4" fill="#b9770e"/>'
            )
    parts.append(f'<path d="{"".join(line)}" fill="none" stroke="#1f6f4c" stroke-width="1.6"/>')
    return svg(width, height, _("%(day)s 的负荷曲线（千瓦）") % {"day": day}, parts)


def nice(value: float) -> float:
    """The next round number above: 1, 2, 2.5, 5 or 10 times a power of ten."""
    size = 1.0
    while size * 10 < value:
        size *= 10
    while size > value:
        size /= 10
    return next(step * size for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * size >= value)


def svg(width: float, height: float, title: str, parts: Sequence[str]) -> SafeString:
    inner = mark_safe("".join(parts))  # noqa: S308 - numbers and our own words
    return format_html(
        '<svg class="picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"'
        ' aria-label="{}"><title>{}</title>{}</svg>',
        f"{width:.0f}",
        f"{height:.0f}",
        title,
        title,
        inner,
    )
