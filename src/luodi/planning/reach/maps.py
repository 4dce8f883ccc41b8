"""Maps of the circle: a static SVG, and a Leaflet page that fetches no tiles."""

from __future__ import annotations

import json
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core import BadData, Lang, Text
from .network import flat_metres
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

    def __call__(self, lon: Any, lat: Any) -> NDArray[np.float64]:
        at = flat_metres(np.atleast_1d(lon), np.atleast_1d(lat), self.lat0)
        x = 10 + (at[:, 0] - self.low[0]) * self.scale
        y = 34 + (self.top - at[:, 1]) * self.scale
        return np.column_stack([x, y])


def static_map(
    problem: ReachProblem, kind: int, minutes: NDArray[np.float64], plan: ReachPlan, lang: Lang
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


def leaflet_parts(folder: Path | None = None) -> tuple[str, str]:
    """Leaflet's script and style from a folder with ``leaflet.js`` and ``leaflet.css``.

    Without one, from the parts that the web application ships. Raises :class:`BadData`.
    """
    spec = find_spec("luodi")
    homes = [folder] if folder else []
    if spec is not None and spec.origin is not None:
        homes.append(Path(spec.origin).parent / "shell/static/vendor")
    for home in homes:
        script, style = home / "leaflet.js", home / "leaflet.css"
        if script.is_file() and style.is_file():
            return script.read_text(encoding="utf-8"), style.read_text(encoding="utf-8")
    raise BadData(
        Text("找不到 leaflet.js 和 leaflet.css。", "leaflet.js and leaflet.css are not found.")
    )


def leaflet_page(
    problem: ReachProblem,
    plan: ReachPlan,
    lang: Lang = "zh",
    *,
    leaflet: Path | None = None,
    tiles: str | None = None,
) -> str:
    """One HTML file with everything inside. A background is drawn only if ``tiles`` names one."""
    script, style = leaflet_parts(leaflet)
    p = problem.people
    minutes = people_minutes(problem, plan.minutes)
    data = {
        "kinds": problem.kinds,
        "homes": [
            [round(float(p.lat[i]), 6), round(float(p.lon[i]), 6), p.areas[p.area[i]], p.total[i]]
            + [shade(m) for m in minutes[:, i]]
            for i in range(len(p.lon))
        ],
        "places": [
            [float(y), float(x), n, int(k)]
            for n, k, x, y in zip(
                problem.places.names,
                problem.places.kind,
                problem.places.lon,
                problem.places.lat,
                strict=True,
            )
        ],
        "sites": [[y, x, n] for n, x, y in new_sites(problem, plan)],
        "tiles": tiles,
    }
    title = Text("十五分钟生活圈", "The 15-minute circle").say(lang)
    content = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}html,body,#map{{height:100%;margin:0}}</style></head>"
        f'<body><div id="map"></div><script>{script}</script><script>'
        f"const D={content};{DRAW}</script></body></html>\n"
    )


DRAW = """
var map=L.map('map',{preferCanvas:true});if(D.tiles)L.tileLayer(D.tiles).addTo(map);
var layers={};D.kinds.forEach(function(name,k){var g=L.layerGroup();
D.homes.forEach(function(h){L.circleMarker([h[0],h[1]],{radius:4,stroke:false,fillOpacity:.8,
fillColor:h[4+k]}).bindTooltip(h[2]).addTo(g)});
D.places.forEach(function(p){if(p[3]===k)L.circleMarker([p[0],p[1]],{radius:7,color:'#fff',
weight:2,fillColor:'#26302d',fillOpacity:1}).bindTooltip(p[2]).addTo(g)});layers[name]=g});
D.sites.forEach(function(s){L.circleMarker([s[0],s[1]],{radius:9,color:'#fff',weight:2,
fillColor:'#b3261e',fillOpacity:1}).bindTooltip(s[2]).addTo(map)});
layers[D.kinds[0]].addTo(map);L.control.layers(layers,null,{collapsed:false}).addTo(map);
map.fitBounds(D.homes.map(function(h){return [h[0],h[1]]}));
"""
