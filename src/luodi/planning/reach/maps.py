"""Maps of the circle as SVG."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from ..core import Floats, Lang, Text
from ..geo import flat_metres
from .plan import ReachPlan, people_minutes
from .problem import ReachProblem

STEPS = (5.0, 10.0, 15.0, 30.0)
SHADES = ("#1f6f5c", "#6fae8f", "#c9c46a", "#d98f3f", "#a8412f")
WIDTH, DOTS, STREETS = 760, 6000, 15000


def shade(minutes: float) -> str:
    return SHADES[int(np.searchsorted(STEPS, minutes - 1e-9))]


def legend(lang: Lang) -> str:
    names = [f"≤ {s:g}" for s in STEPS] + [f"> {STEPS[-1]:g}"]
    unit = Text("分钟", "min").say(lang)
    return "".join(
        f'<circle cx="{14 + 92 * i}" cy="14" r="5" fill="{c}"/>'
        f'<text class="tick" x="{24 + 92 * i}" y="18">{escape(n)} {unit}</text>'
        for i, (n, c) in enumerate(zip(names, SHADES, strict=True))
    )


class Frame:
    """Degrees to pixels."""

    def __init__(self, problem: ReachProblem) -> None:
        net = problem.network
        self.lat0 = float(net.lat.mean())
        at = flat_metres(net.lon, net.lat, self.lat0)
        self.low, high = at.min(axis=0), at.max(axis=0)
        self.scale = (WIDTH - 20) / max(high[0] - self.low[0], (high[1] - self.low[1]) * 0.8, 1.0)
        self.top = float(high[1])
        self.height = (high[1] - self.low[1]) * self.scale + 46

    def __call__(self, lon: Any, lat: Any) -> Floats:
        at = flat_metres(np.atleast_1d(lon), np.atleast_1d(lat), self.lat0)
        x = 10 + (at[:, 0] - self.low[0]) * self.scale
        y = 34 + (self.top - at[:, 1]) * self.scale
        return np.column_stack([x, y])


def static_map(
    problem: ReachProblem, kind: int, minutes: Floats, plan: ReachPlan, lang: Lang
) -> str:
    """One kind as inline SVG: homes by minutes, its places, and new sites if it is their kind.

    ``minutes``: per street node. Many homes are thinned out evenly.
    """
    to, net, p = Frame(problem), problem.network, problem.people
    half = len(net.tail) // 2
    parts = [legend(lang)]
    if half <= STREETS:
        a, b = to(net.lon, net.lat)[net.tail[:half]], to(net.lon, net.lat)[net.head[:half]]
        path = "".join(
            f"M{x:.0f} {y:.0f}L{u:.0f} {v:.0f}" for (x, y), (u, v) in zip(a, b, strict=True)
        )
        parts.append(f'<path d="{path}" stroke="#dde4e0" fill="none"/>')
    far = people_minutes(problem, minutes[None])[0]
    every = max(1, len(far) // DOTS)
    size = np.clip(np.sqrt(p.total) * 0.45, 1.2, 6)
    for i, (x, y) in enumerate(to(p.lon, p.lat)):
        if i % every == 0:
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size[i]:.1f}" fill="{shade(far[i])}" '
                'opacity=".85"/>'
            )
    own = np.flatnonzero(problem.places.kind == kind)
    for i, (x, y) in zip(
        own.tolist(), to(problem.places.lon[own], problem.places.lat[own]), strict=True
    ):
        parts.append(
            f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="#26302d" '
            f'stroke="#fff"><title>{escape(problem.places.names[i])}</title></rect>'
        )
    for name, lon, lat in new_sites(problem, plan) if is_sited(problem, kind) else []:
        x, y = to(lon, lat)[0]
        parts.append(
            f'<path d="M{x:.1f} {y - 9:.1f}l8 14h-16z" fill="#b3261e" stroke="#fff">'
            f"<title>{escape(name)}</title></path>"
        )
    return (
        f'<svg viewBox="0 0 {WIDTH} {to.height:.0f}" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="{escape(problem.kinds[kind])}">{"".join(parts)}</svg>'
    )


def is_sited(problem: ReachProblem, kind: int) -> bool:
    return problem.siting is not None and problem.siting.kind == kind


def new_sites(problem: ReachProblem, plan: ReachPlan) -> list[tuple[str, float, float]]:
    s = problem.siting
    if s is None or plan.sites is None:
        return []
    built = plan.sites.chosen - len(problem.sources(s.kind))
    return [(s.names[i], float(s.lon[i]), float(s.lat[i])) for i in built]
