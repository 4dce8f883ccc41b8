"""Reach problems and plans as workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import slips
from ..core import BadData, Lang, Text
from ..tables import OutSheet, Table, read_workbook, write_workbook
from ..tables import write_template as write_sheets
from .example import example
from .network import Network, metres_between, snap
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
        raise BadData(
            "缺少人数列，例如“人数”。", "needs a column with people.", sheet=people.name
        )
    for table in (t["nodes"], people, places, t["candidates"]):
        slips.misplaced(table, "lon", "lat")
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
                "Give a street file, or fill the sheets nodes and edges."
        )
    height = np.array([np.nan if e is None else e for e in nodes["elevation"]], dtype=float)
    if 0 < np.isnan(height).sum() < len(height):
        i = int(np.flatnonzero(np.isnan(height))[0])
        raise nodes.bad(i, "elevation", "要么都填，要么都不填。", "fill all or none.")
    length = np.array([np.nan if m is None else m for m in edges["metres"]], dtype=float)
    lon, lat = nodes.array("lon"), nodes.array("lat")
    start, end = (edges.positions(key, nodes["id"]) for key in ("start", "end"))
    line = metres_between(lon[start], lat[start], lon[end], lat[end])
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
    net, one = p.network, p.network.tail[: len(p.network.tail) // 2]
    half = len(one)
    rows: dict[str, Any] = {
        "settings": [[p.mode, p.flat_kmh, p.horizon_minutes, None]],
        "nodes": [
            [f"n{i}", float(x), float(y), None if net.elevation is None else net.elevation[i]]
            for i, (x, y) in enumerate(zip(net.lon, net.lat, strict=True))
        ],
        "edges": [
            [f"n{a}", f"n{b}", float(m), bool(w), bool(c), bool(c and not back)]
            for a, b, m, w, c, back in zip(
                net.tail[:half],
                net.head[:half],
                net.metres[:half],
                net.walk[:half],
                net.cycle[:half],
                net.cycle[half:],
                strict=True,
            )
        ],
        "kinds": list(zip(p.kinds, p.limit_minutes, strict=True)),
        "places": [
            [n, p.kinds[k], x, y, c]
            for n, k, x, y, c in zip(
                p.places.names,
                p.places.kind,
                p.places.lon,
                p.places.lat,
                p.places.capacity,
                strict=True,
            )
        ],
        "people": [
            [p.people.areas[a], x, y, *n]
            for a, x, y, n in zip(
                p.people.area, p.people.lon, p.people.lat, p.people.count, strict=True
            )
        ],
    }
    if p.siting is not None:
        s = p.siting
        group = None if s.group is None else p.people.groups[s.group]
        rows["siting"] = [[p.kinds[s.kind], s.goal, s.count, s.budget, group, s.target]]
        rows["candidates"] = list(zip(s.names, s.lon, s.lat, s.cost, s.capacity, strict=True))
    write_sheets(path, SHEETS, rows, lang, {"people": p.people.groups})


def write_plan(path: str | Path, problem: ReachProblem, plan: ReachPlan, lang: Lang = "zh") -> None:
    """Sheets: areas, groups, places, gaps, homes, and the sites to build."""

    def title(zh: str, en: str) -> str:
        return Text(zh, en).say(lang)

    p = problem.people
    people, shares, means = plan.by_area(problem)
    minutes = people_minutes(problem, plan.minutes)
    load = plan.load(problem)
    degrees = (title("经度", "longitude"), title("纬度", "latitude"))
    limit = title("时限内比例", "share within limit")
    mean = title("平均分钟", "mean minutes")
    sheets = [
        OutSheet(
            title("各村", "areas"),
            [
                title("村（社区）", "area"),
                title("人数", "people"),
                *(f"{k} {limit}" for k in problem.kinds),
                *(f"{k} {mean}" for k in problem.kinds),
            ],
            ([a, people[i], *shares[:, i], *means[:, i]] for i, a in enumerate(p.areas)),
        ),
        OutSheet(
            title("各年龄组", "age groups"),
            [title("类别", "kind"), *p.groups, title("全体", "everyone")],
            ([k, *plan.shares(problem)[i]] for i, k in enumerate(problem.kinds)),
        ),
        OutSheet(
            title("设施服务人数", "places"),
            [title(*t) for t in (("设施", "place"), ("类别", "kind"), ("人数", "people"))]
            + [title("容量", "capacity")],
            (
                [n, problem.kinds[problem.places.kind[i]], load[i], problem.places.capacity[i]]
                for i, n in enumerate(problem.places.names)
            ),
        ),
        OutSheet(
            title("空白区", "gaps"),
            [title("类别", "kind"), title("人数", "people"), *degrees, title("涉及", "areas")],
            (
                [k, g.people, g.lon, g.lat, "、".join(g.areas)]
                for i, k in enumerate(problem.kinds)
                for g in plan.gaps(problem, i)
            ),
            number_format="#,##0.0000",
        ),
        OutSheet(
            title("居民点", "homes"),
            [title("村（社区）", "area"), *degrees, title("人数", "people"), *problem.kinds],
            (
                [p.areas[p.area[i]], p.lon[i], p.lat[i], p.total[i]]
                + [m if np.isfinite(m) else None for m in minutes[:, i]]
                for i in range(len(p.lon))
            ),
            number_format="#,##0.0000",
        ),
    ]
    if plan.sites is not None:
        sheets.append(_new_sites(problem, plan, lang))
    write_workbook(path, sheets)


def _new_sites(problem: ReachProblem, plan: ReachPlan, lang: Lang) -> OutSheet:
    wish = problem.siting
    assert wish is not None
    assert plan.sites is not None
    built = plan.sites.chosen - len(problem.sources(wish.kind))
    headers = (("候选点", "site"), ("经度", "longitude"), ("纬度", "latitude"), ("造价", "cost"))
    return OutSheet(
        Text("建议新建", "new sites").say(lang),
        [Text(*h).say(lang) for h in headers],
        ([wish.names[i], wish.lon[i], wish.lat[i], wish.cost[i]] for i in built),
        number_format="#,##0.0000",
    )
