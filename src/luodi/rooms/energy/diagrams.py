"""Pictures of a year's costs: parts by month, the price against the cap, where the power came from and went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.rooms.energy.costs import PARTS, MonthCost
from luodi.rooms.energy.pictures import nice, svg

COLOURS = {
    "green": "#1f6f4c",
    "certificate": "#76b394",
    "other": "#c2a14d",
    "grid": "#6d7f91",
    "delivery": "#94a3b3",
    "line_loss": "#b4bfca",
    "system": "#c9d1d9",
    "funds": "#dde2e8",
    "demand": "#a68a79",
}
CAP = Decimal("0.35")  # the page's promise: no more than this for green power


def cost_bars(costs: Sequence[MonthCost], *, narrow: bool = False) -> SafeString:
    """A bar for each month, in 10,000 yuan, made of its parts."""
    width, height, left, top = (360.0 if narrow else 760.0), 240.0, 44.0, 12.0
    inner_w, inner_h = width - left - 8, height - top - 28
    scale = nice(max((max(one.total, 0) for one in costs), default=1) / 1e4 or 1)
    parts = _grid(width, left, top, inner_h, scale)
    step = inner_w / max(len(costs), 1)
    for at, one in enumerate(costs):
        x, y = left + at * step + step * 0.18, top + inner_h
        for key in PARTS:
            yuan = one.parts[key]
            if yuan <= 0:
                continue
            size = yuan / 1e4 / scale * inner_h
            y -= size
            title = f"{one.month:%Y-%m} {PARTS[key]} {yuan / 1e4:,.1f}"
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{step * 0.64:.1f}" height="{max(size, 0):.1f}"'
                f' fill="{COLOURS[key]}"><title>{conditional_escape(title)}</title></rect>'
            )
        if not narrow or at % 2 == 0:
            parts.append(_month(left + (at + 0.5) * step, height, one.month))
    return svg(width, height, _("各月电费构成（万元）"), parts)


def price_line(costs: Sequence[MonthCost], *, narrow: bool = False) -> SafeString:
    """The price of green power, and of all power, in yuan per kWh by month; the cap as a line."""
    width, height, left, top = (360.0 if narrow else 760.0), 200.0, 44.0, 12.0
    inner_w, inner_h = width - left - 8, height - top - 28
    values = [one for cost in costs for one in (cost.price, cost.green_price) if one]
    scale = nice(max([*values, float(CAP)]) * 1.05)
    parts = _grid(width, left, top, inner_h, scale, places=2)
    step = inner_w / max(len(costs), 1)

    def y(value: float) -> float:
        return top + inner_h * (1 - value / scale)

    cap = y(float(CAP))
    parts.append(
        f'<line x1="{left}" x2="{width - 8}" y1="{cap:.1f}" y2="{cap:.1f}" stroke="#9b2c23"'
        f' stroke-dasharray="5 4"/><text x="{width - 8}" y="{cap - 4:.1f}" class="pt" text-anchor="end">{CAP}</text>'
    )
    for name, colour in (("price", "#6d7f91"), ("green_price", "#1f6f4c")):
        way = ""
        for at, cost in enumerate(costs):
            value = getattr(cost, name)
            if value is None:
                continue
            x = left + (at + 0.5) * step
            way += f"{'L' if way else 'M'}{x:.1f} {y(value):.1f}"
            title = conditional_escape(f"{cost.month:%Y-%m} {value:.4f}")
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y(value):.1f}" r="3.2" fill="{colour}"><title>{title}</title></circle>'
            )
        if way:
            parts.append(f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
    parts += [
        _month(left + (at + 0.5) * step, height, one.month)
        for at, one in enumerate(costs)
        if not narrow or at % 2 == 0
    ]
    return svg(width, height, _("各月每千瓦时电价（元）"), parts)


def _month(x: float, height: float, month: dt.date) -> str:
    label = f"{month:%Y-%m}" if month.month == 1 else f"{month.month}"
    return f'<text x="{x:.1f}" y="{height - 8:.0f}" class="pt" text-anchor="middle">{label}</text>'


def _grid(
    width: float, left: float, top: float, inner_h: float, scale: float, places: int = 0
) -> list[str]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = top + inner_h * (1 - share)
        text = f"{scale * share:,.{places if places else (1 if scale < 10 else 0)}f}"
        parts.append(
            f'<line x1="{left}" x2="{width - 8}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
            f'<text x="{left - 5}" y="{y + 4:.1f}" class="pt" text-anchor="end">{text}</text>'
        )
    return parts


@dataclass(frozen=True, slots=True)
class Flow:
    """So much from one to another."""

    source: str
    target: str
    amount: float


def sankey(flows: Sequence[Flow], measure: str, *, narrow: bool = False) -> SafeString:
    """Bands from sources at the left to targets at the right, as wide as what flows."""
    flows = [one for one in flows if one.amount > 0]
    sources = _sums(flows, "source")
    targets = _sums(flows, "target")
    width, gap, top = (360.0 if narrow else 760.0), 12.0, 8.0
    total = sum(sources.values()) or 1
    scale = 260.0 / total
    begin = {
        "source": _places(sources, scale, gap, top),
        "target": _places(targets, scale, gap, top),
    }
    ends = [begin["source"].end, begin["target"].end]
    height = max(*ends, 120.0) + 4
    bar, inset = 12.0, (92.0 if narrow else 190.0)
    left, right = inset, width - inset - bar
    used = {"source": dict.fromkeys(sources, 0.0), "target": dict.fromkeys(targets, 0.0)}
    parts = []
    for one in flows:
        size = one.amount * scale
        y0 = begin["source"].at[one.source] + used["source"][one.source]
        y1 = begin["target"].at[one.target] + used["target"][one.target]
        used["source"][one.source] += size
        used["target"][one.target] += size
        x0, x1 = left + bar, right
        middle = (x0 + x1) / 2
        title = conditional_escape(f"{one.source} → {one.target} {one.amount:,.1f} {measure}")
        parts.append(
            f'<path d="M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}'
            f"v{size:.1f}C{middle:.1f} {y1 + size:.1f} {middle:.1f} {y0 + size:.1f} {x0:.1f} {y0 + size:.1f}z"
            f'" fill="{_colour(one.source)}" fill-opacity="0.45"><title>{title}</title></path>'
        )
    for side, amounts, x in (("source", sources, left), ("target", targets, right)):
        for name, amount in amounts.items():
            y, size = begin[side].at[name], max(amount * scale, 1)
            anchor, at = ("end", x - 6) if side == "source" else ("start", x + bar + 6)
            short = name if not narrow or len(name) <= 7 else name[:6] + "…"
            words = conditional_escape(short)
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{bar}" height="{size:.1f}"'
                f' fill="{_colour(name) if side == "source" else "#4b5a68"}"/>'
                f'<text x="{at:.1f}" y="{y + size / 2 - 1:.1f}" class="pt-big" text-anchor="{anchor}">{words}</text>'
                f'<text x="{at:.1f}" y="{y + size / 2 + 11:.1f}" class="pt" text-anchor="{anchor}">{amount:,.1f}</text>'
            )
    return svg(
        width, height, _("绿电从哪里来、到哪里去（%(measure)s）") % {"measure": measure}, parts
    )


def _colour(name: str) -> str:
    return "#8b98a5" if name == str(_("电网")) else "#2f8a62"


def _sums(flows: Sequence[Flow], side: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in flows:
        name = getattr(one, side)
        found[name] = found.get(name, 0.0) + one.amount
    return found


@dataclass(frozen=True, slots=True)
class _Column:
    """Where each bar of a column begins, and where the last one ends."""

    at: Mapping[str, float]
    end: float


def _places(amounts: Mapping[str, float], scale: float, gap: float, top: float) -> _Column:
    """A bar has at least the height of its two lines of words."""
    found, y = {}, top
    for name, amount in amounts.items():
        found[name] = y
        y += max(amount * scale, 24.0) + gap
    return _Column(found, y)
