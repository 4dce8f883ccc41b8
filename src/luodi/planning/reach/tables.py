"""Reach problems and plans as workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..core import BadData, Lang, Text
from ..geo import kilometres
from ..output import OutSheet, write_workbook
from ..output import write_template as write_sheets
from ..tables import Table, read_workbook
from .example import example
from .network import Network, snap
from .plan import ReachPlan, people_minutes
from .problem import People, Places, ReachProblem, Siting
from .readers import read_streets
from .sheets import SHEETS

FAR_M = 50_000.0  # a place as far from any street is a slip in its coordinates


def read_problem(path: str | Path) -> ReachProblem:
    """Read a workbook; the street file is looked for beside it. Raises :class:`BadData`."""
    t = read_workbook(path, SHEETS)
    settings = t["settings"].only()
    kinds = t["kinds"]["name"]
    places, people = t["places"], t["people"]
    if not people.series:
        raise BadData("缺少人数列，例如“人数”。", "needs a column with people.", sheet=people.name)
    for table in (t["nodes"], people, places, t["candidates"]):
        table.check_places("lon", "lat")
    areas = tuple(dict.fromkeys(people["area"]))
    problem = ReachProblem(
        network=_network(t, settings["streets"], Path(path).parent),
        places=Places(
            names=tuple(places["name"]),
            kind=places.positions("kind", kinds),
            lon=places.array("lon"),
            lat=places.array("lat"),
            capacity=places.array("capacity"),
        ),
        people=People(
            lon=people.array("lon"),
            lat=people.array("lat"),
            area=people.positions("area", areas),
            areas=areas,
            count=np.column_stack(list(people.series.values())),
            groups=tuple(people.series),
        ),
        kinds=tuple(kinds),
        limit_minutes=t["kinds"].array("minutes"),
        mode=settings["mode"],
        flat_kmh=settings["flat_kmh"] or 0.0,
        horizon_minutes=settings["horizon"],
        siting=_siting(t, kinds) if len(t["siting"]) else None,
    )
    for table in (people, places, *([t["candidates"]] if problem.siting else [])):
        _near_streets(problem, table)
    return problem


def _near_streets(problem: ReachProblem, table: Table) -> None:
    at = snap(problem.network, problem.mode, table.array("lon"), table.array("lat"))
    for i in np.flatnonzero(at.metres > FAR_M):
        km = at.metres[i] / 1000
        zh, en = f"离最近的街道 {km:,.0f} 公里。", f"is {km:,.0f} km from the nearest street."
        raise table.bad(int(i), "lat", zh, en)


def _network(t: dict[str, Table], streets: str | None, folder: Path) -> Network:
    if streets:
        return read_streets(folder / streets)
    nodes, edges = t["nodes"], t["edges"]
    if not len(nodes) or not len(edges):
        raise BadData(
            "请给出路网文件，或填写“节点”和“路段”。",
            "Give a street file, or fill the sheets nodes and edges.",
        )
    height = np.array([np.nan if e is None else e for e in nodes["elevation"]], dtype=float)
    if 0 < np.isnan(height).sum() < len(height):
        i = int(np.flatnonzero(np.isnan(height))[0])
        raise nodes.bad(i, "elevation", "要么都填，要么都不填。", "fill all or none.")
    length = np.array([np.nan if m is None else m for m in edges["metres"]], dtype=float)
    lon, lat = nodes.array("lon"), nodes.array("lat")
    start, end = (edges.positions(key, nodes["id"]) for key in ("start", "end"))
    line = 1000 * kilometres(lon[start], lat[start], lon[end], lat[end])
    for i in np.flatnonzero(length < line / 2 - 10).tolist():
        zh = f"{length[i]:g} 米，而两端直线相距 {line[i]:,.0f} 米；单位应为米。"
        en = f"{length[i]:g} m, but the ends are {line[i]:,.0f} m apart: give metres."
        raise edges.bad(i, "metres", zh, en)
    return Network.from_edges(
        lon,
        lat,
        start,
        end,
        metres=length,
        elevation=None if np.isnan(height).any() else height,
        walk=np.array(edges["walk"], dtype=bool),
        cycle=np.array(edges["cycle"], dtype=bool),
        oneway=np.array(edges["oneway"], dtype=bool),
    )


def _siting(t: dict[str, Table], kinds: list[str]) -> Siting:
    wish, sites = t["siting"], t["candidates"]
    if len(wish) > 1:
        raise wish.bad(1, "kind", "至多一行。", "only one row.")
    row = wish.rows()[0]
    if not len(sites):
        zh, en = "要选址，就要有候选点。", "needs candidates to choose from."
        raise BadData(zh, en, sheet=sites.name)
    groups = list(t["people"].series)
    if row["group"] is not None and row["group"] not in groups:
        raise wish.bad(0, "group", f"“{row['group']}”没有定义。", f"“{row['group']}” is unknown.")
    if row["count"] is None and row["budget"] is None:
        raise wish.bad(0, "count", "请给出新建数量或预算。", "give a count or a budget.")
    if row["count"] is not None and row["count"] > len(sites):
        zh, en = f"候选点只有 {len(sites)} 个。", f"there are only {len(sites)} candidates."
        raise wish.bad(0, "count", zh, en)
    return Siting(
        kind=int(wish.positions("kind", kinds)[0]),
        goal=row["goal"],
        names=tuple(sites["name"]),
        lon=sites.array("lon"),
        lat=sites.array("lat"),
        cost=sites.array("cost"),
        capacity=sites.array("capacity"),
        count=row["count"],
        budget=row["budget"],
        group=None if row["group"] is None else groups.index(row["group"]),
        target=row["target"],
    )


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """A workbook to fill, with the example as its content."""
    write_problem(path, example(), lang)


def write_problem(path: str | Path, p: ReachProblem, lang: Lang = "zh") -> None:
    net, q, c = p.network, p.people, p.places
    half = len(net.tail) // 2
    ends = [np.char.add("n", v[:half].astype(str)).tolist() for v in (net.tail, net.head)]
    n = len(net.lon)
    height = [None] * n if net.elevation is None else net.elevation
    oneway = net.cycle[:half] & ~net.cycle[half:]
    flags = [v.tolist() for v in (net.walk[:half], net.cycle[:half], oneway)]
    areas, kinds = [q.areas[a] for a in q.area], [p.kinds[k] for k in c.kind]
    rows: dict[str, Any] = {
        "settings": [[p.mode, p.flat_kmh, p.horizon_minutes, None]],
        "nodes": zip([f"n{i}" for i in range(n)], net.lon, net.lat, height, strict=True),
        "edges": zip(*ends, net.metres[:half], *flags, strict=True),
        "kinds": zip(p.kinds, p.limit_minutes, strict=True),
        "places": zip(c.names, kinds, c.lon, c.lat, c.capacity, strict=True),
        "people": ([a, *rest] for a, *rest in zip(areas, q.lon, q.lat, *q.count.T, strict=True)),
    }
    if p.siting is not None:
        s = p.siting
        group = None if s.group is None else q.groups[s.group]
        rows["siting"] = [[p.kinds[s.kind], s.goal, s.count, s.budget, group, s.target]]
        rows["candidates"] = zip(s.names, s.lon, s.lat, s.cost, s.capacity, strict=True)
    write_sheets(path, SHEETS, rows, lang, {"people": q.groups})


def write_plan(path: str | Path, problem: ReachProblem, plan: ReachPlan, lang: Lang = "zh") -> None:
    """Write areas, groups, places, gaps, homes, and the sites to build."""
    p, places, kinds = problem.people, problem.places, problem.kinds
    people, shares, means = plan.by_area(problem)
    minutes, load, every = (
        people_minutes(problem, plan.minutes),
        plan.load(problem),
        plan.shares(problem),
    )
    degrees = (Text("经度", "longitude"), Text("纬度", "latitude"))
    area, count = Text("村（社区）", "area"), Text("人数", "people")
    kind, fine = Text("类别", "kind"), "#,##0.0000"
    limit = [Text(f"{k} 时限内比例", f"{k} share within limit") for k in kinds]
    mean = [Text(f"{k} 平均分钟", f"{k} mean minutes") for k in kinds]
    sheets = [
        OutSheet(
            Text("各村", "areas"),
            [area, count, *limit, *mean],
            ([a, round(people[i]), *shares[:, i], *means[:, i]] for i, a in enumerate(p.areas)),
        ),
        OutSheet(
            Text("各年龄组", "age groups"),
            [kind, *p.groups, Text("全体", "everyone")],
            ([k, *every[i]] for i, k in enumerate(kinds)),
        ),
        OutSheet(
            Text("设施服务人数", "places"),
            [Text("设施", "place"), kind, count, Text("容量", "capacity")],
            (
                [n, kinds[places.kind[i]], round(load[i]), places.capacity[i]]
                for i, n in enumerate(places.names)
            ),
        ),
        OutSheet(
            Text("空白区", "gaps"),
            [kind, count, *degrees, area],
            (
                [k, round(g.people), g.lon, g.lat, g.area]
                for i, k in enumerate(kinds)
                for g in plan.gaps(problem, i)
            ),
            number_format=fine,
        ),
        OutSheet(
            Text("居民点", "homes"),
            [area, *degrees, count, *kinds],
            (
                [p.areas[p.area[i]], p.lon[i], p.lat[i], round(p.total[i])]
                + [m if np.isfinite(m) else None for m in minutes[:, i]]
                for i in range(len(p.lon))
            ),
            number_format=fine,
        ),
    ]
    if problem.siting is not None and plan.sites is not None:
        wish = problem.siting
        built = plan.sites.chosen - len(problem.sources(wish.kind))
        sheets.append(
            OutSheet(
                Text("建议新建", "new sites"),
                [Text("候选点", "site"), *degrees, Text("造价", "cost")],
                ([wish.names[i], wish.lon[i], wish.lat[i], wish.cost[i]] for i in built),
                number_format=fine,
            )
        )
    write_workbook(path, sheets, lang)
