"""Maps of the circle as SVG.

A map to move about in: one HTML file with Leaflet inside, which fetches nothing.
"""

from __future__ import annotations

import json
import re
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ..core import BadData, Floats, Lang, Text
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


def leaflet_parts() -> tuple[str, str]:
    """Leaflet's script and style, as shipped with the package. Raises :class:`BadData`."""
    spec = find_spec("luodi")
    home = Path(spec.origin).parent if spec is not None and spec.origin else Path()
    script, style = (home / "shell/static/vendor" / f"leaflet.{end}" for end in ("js", "css"))
    if not (script.is_file() and style.is_file()):
        raise BadData("没有安装地图部件 leaflet。", "The map part leaflet is not installed.")
    plain = re.sub(r"url\(images/[^)]*\)", "none", style.read_text(encoding="utf-8"))
    return script.read_text(encoding="utf-8"), plain


def map_page(
    problem: ReachProblem, plan: ReachPlan, lang: Lang = "zh", *, tiles: str | None = None
) -> str:
    """The streets are the background; ``tiles`` may name a server (a URL template) for another."""
    script, style = leaflet_parts()
    title = Text("十五分钟生活圈", "The 15-minute circle").say(lang)
    content = json.dumps(_data(problem, plan, lang, tiles), ensure_ascii=False)
    return (
        f'<!doctype html><html lang="{"zh-Hans" if lang == "zh" else "en"}"><head>'
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{style}{STYLE}</style></head>"
        f'<body><div id="map"></div><script>{script}</script><script>'
        f"var D={content.replace('</', '<' + chr(92) + '/')};{DRAW}</script></body></html>\n"
    )


def _data(problem: ReachProblem, plan: ReachPlan, lang: Lang, tiles: str | None) -> dict[str, Any]:
    p, places, net = problem.people, problem.places, problem.network
    minutes = people_minutes(problem, plan.minutes)
    unit = Text("分钟", "min").say(lang)
    half = len(net.tail) // 2
    every = max(1, half // STREETS)
    ends = [net.tail[:half:every], net.head[:half:every]]
    streets = np.stack([v[e] for e in ends for v in (net.lat, net.lon)], axis=1)
    return {
        "kinds": problem.kinds,
        "streets": np.round(streets, 5).tolist(),
        "homes": [
            [round(float(p.lat[i]), 5), round(float(p.lon[i]), 5), p.areas[p.area[i]], p.total[i]]
            + [None if np.isinf(m) else round(float(m), 1) for m in minutes[:, i]]
            + [shade(m) for m in minutes[:, i]]
            for i in range(len(p.lon))
        ],
        "places": [
            [float(y), float(x), n, int(k)]
            for n, k, x, y in zip(places.names, places.kind, places.lon, places.lat, strict=True)
        ],
        "sites": [[y, x, n] for n, x, y in new_sites(problem, plan)],
        "legend": [[f"≤ {s:g} {unit}", c] for s, c in zip(STEPS, SHADES, strict=False)]
        + [[f"> {STEPS[-1]:g} {unit}", SHADES[-1]]],
        "words": {
            "people": Text("人", "people").say(lang),
            "minutes": unit,
            "none": Text("走不到", "out of reach").say(lang),
            "place": Text("现有设施", "existing").say(lang),
            "site": Text("建议新建", "proposed").say(lang),
        },
        "tiles": tiles,
    }


STYLE = """
html,body,#map{height:100%;margin:0;background:#f7f9f8}
.leaflet-container{font:14px/1.5 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
background:#f7f9f8}
.key{background:#fff;padding:8px 12px;border-radius:6px;box-shadow:0 1px 4px #0003}
.key i{display:inline-block;width:11px;height:11px;border-radius:50%;margin-right:6px}
"""

DRAW = """
var W=D.words,map=L.map('map',{preferCanvas:true,attributionControl:false,zoomSnap:.25});
map.fitBounds(D.homes.map(function(h){return [h[0],h[1]]}),{padding:[20,20]});
if(D.tiles)L.tileLayer(D.tiles).addTo(map);
else L.polyline(D.streets.map(function(s){return [[s[0],s[1]],[s[2],s[3]]]}),
{color:'#c9d3ce',weight:1,interactive:false}).addTo(map);
function text(s){var e=document.createElement('span');e.textContent=s;return e}
function dot(at,r,c,s,g,line){L.circleMarker(at,{radius:r,stroke:line,color:'#fff',weight:2,
fillColor:c,fillOpacity:line?1:.8}).bindTooltip(text(s)).addTo(g)}
var n=D.kinds.length,layers={};D.kinds.forEach(function(name,k){var g=L.layerGroup();
D.homes.forEach(function(h){var m=h[4+k];dot([h[0],h[1]],4,h[4+n+k],
h[2]+' · '+h[3]+' '+W.people+' · '+(m===null?W.none:m+' '+W.minutes),g,false)});
D.places.forEach(function(p){if(p[3]===k)dot([p[0],p[1]],7,'#26302d',p[2],g,true)});
layers[name]=g});
layers[D.kinds[0]].addTo(map);
var sites=L.layerGroup().addTo(map);
D.sites.forEach(function(s){dot([s[0],s[1]],9,'#b3261e',s[2],sites,true)});
map.on('baselayerchange',function(){sites.eachLayer(function(s){s.bringToFront()})});
L.control.layers(layers,null,{collapsed:false}).addTo(map);
L.control.scale({imperial:false}).addTo(map);
var key=L.control({position:'bottomright'});key.onAdd=function(){
var box=L.DomUtil.create('div','key');D.legend.concat([[W.place,'#26302d']],
D.sites.length?[[W.site,'#b3261e']]:[]).forEach(function(r){
var row=L.DomUtil.create('div','',box),mark=L.DomUtil.create('i','',row);
mark.style.background=r[1];row.appendChild(text(r[0]))});return box};key.addTo(map);
"""
