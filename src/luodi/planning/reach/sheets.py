"""The sheets of a reach workbook."""

from __future__ import annotations

from ..core import Text
from ..tables import Column, Sheet
from .siting import GOALS
from .speed import MODES

LON = Column("lon", Text("经度", "longitude"), "number", "°", minimum=-180, maximum=180)
LAT = Column("lat", Text("纬度", "latitude"), "number", "°", minimum=-90, maximum=90)
NAME = Column("name", Text("名称", "name"), unique=True)
CAPACITY = Column(
    "capacity", Text("容量", "capacity"), "number", required=False, default=1.0, minimum=0
)
KIND = Column("kind", Text("类别", "kind"))
YES = {"required": False, "default": True}

SHEETS = (
    Sheet(
        "settings",
        Text("设置", "settings"),
        (
            Column("mode", Text("出行方式", "mode"), choices=MODES),
            Column(
                "flat_kmh",
                Text("平路速度", "flat speed"),
                "number",
                "km/h",
                required=False,
                minimum=0.5,
                maximum=60,
                note=Text("空：步行 4，骑行 15", "empty: 4 on foot, 15 by bicycle"),
            ),
            Column(
                "horizon",
                Text("搜索范围", "horizon"),
                "number",
                "min",
                required=False,
                default=60.0,
                minimum=1,
            ),
            Column(
                "streets",
                Text("路网文件", "street file"),
                required=False,
                note=Text(
                    "GeoJSON 或 .osm.pbf；空：用“节点”和“路段”两表",
                    "GeoJSON or .osm.pbf; empty: the sheets nodes and edges",
                ),
            ),
        ),
    ),
    Sheet(
        "nodes",
        Text("节点", "nodes"),
        (
            Column("id", Text("编号", "id"), unique=True),
            LON,
            LAT,
            Column("elevation", Text("高程", "elevation"), "number", "m", required=False),
        ),
        required=False,
    ),
    Sheet(
        "edges",
        Text("路段", "edges"),
        (
            Column("start", Text("起点", "from")),
            Column("end", Text("终点", "to")),
            Column("metres", Text("长度", "length"), "number", "m", required=False, minimum=0),
            Column("walk", Text("可步行", "walk"), "boolean", **YES),  # type: ignore[arg-type]
            Column("cycle", Text("可骑行", "cycle"), "boolean", **YES),  # type: ignore[arg-type]
            Column("oneway", Text("单行", "one-way"), "boolean", required=False, default=False),
        ),
        required=False,
    ),
    Sheet(
        "kinds",
        Text("设施类别", "kinds"),
        (NAME, Column("minutes", Text("时限", "limit"), "number", "min", minimum=1)),
    ),
    Sheet("places", Text("设施", "places"), (NAME, KIND, LON, LAT, CAPACITY)),
    Sheet(
        "people",
        Text("人口", "people"),
        (Column("area", Text("村（社区）", "village or community")), LON, LAT),
        series=True,
        series_minimum=0,
        note=Text("其余各列是年龄组人数，例如“0–14 岁”。", "Further columns: people by age group."),
    ),
    Sheet(
        "siting",
        Text("选址", "siting"),
        (
            KIND,
            Column("goal", Text("目标", "goal"), choices=GOALS),
            Column("count", Text("新建数量", "count"), "integer", required=False, minimum=0),
            Column("budget", Text("预算", "budget"), "number", required=False, minimum=0),
            Column("group", Text("年龄组", "age group"), required=False),
            Column(
                "target",
                Text("人均容量目标", "capacity per head wanted"),
                "number",
                required=False,
                default=1.0,
                minimum=1e-9,
            ),
        ),
        required=False,
        note=Text("至多一行；空表则只测算。", "At most one row; without it only measured."),
    ),
    Sheet(
        "candidates",
        Text("候选点", "candidates"),
        (
            NAME,
            LON,
            LAT,
            Column("cost", Text("造价", "cost"), "number", required=False, default=1.0, minimum=0),
            CAPACITY,
        ),
        required=False,
    ),
)
