"""The sheets of a reach workbook."""

from __future__ import annotations

from ..core import Text
from ..tables import LAT, LON, Column, Sheet, flag, number, text
from .access import MODES
from .siting import GOALS

NAME, KIND = text("name", "名称", "name", unique=True), text("kind", "类别", "kind")
CAPACITY = number("capacity", "容量", "capacity", "", 1.0)
SHEETS = (
    Sheet("settings", Text("设置", "settings"), (
        Column("mode", Text("出行方式", "mode"), choices=MODES),
        number("flat_kmh", "平路速度", "flat speed", "km/h", None, 0.5, 60,
               note=Text("空：步行 4，骑行 15", "empty: 4 on foot, 15 by bicycle")),
        number("horizon", "搜索范围", "horizon", "min", 60.0, 1),
        text("streets", "路网文件", "street file", None, note=Text(
            "GeoJSON 或 .osm.pbf；空：用“节点”和“路段”两表",
            "GeoJSON or .osm.pbf; empty: the sheets nodes and edges",
        )),
    )),
    Sheet("nodes", Text("节点", "nodes"), (
        text("id", "编号", "id", unique=True), LON, LAT,
        number("elevation", "高程", "elevation", "m", None, None),
    ), required=False),
    Sheet("edges", Text("路段", "edges"), (
        text("start", "起点", "from"), text("end", "终点", "to"),
        number("metres", "长度", "length", "m", None), flag("walk", "可步行", "walk", True),
        flag("cycle", "可骑行", "cycle", True), flag("oneway", "单行", "one-way", False),
    ), required=False),
    Sheet("kinds", Text("设施类别", "kinds"), (NAME, number("minutes", "时限", "limit", "min", low=1))),
    Sheet("places", Text("设施", "places"), (NAME, KIND, LON, LAT, CAPACITY)),
    Sheet("people", Text("人口", "people"),
          (text("area", "村（社区）", "village or community"), LON, LAT), series=True,
          series_minimum=0, series_units=("人",),
          note=Text("其余各列是年龄组人数，例如“0–14 岁”。", "Further columns: people by age group.")),
    Sheet("siting", Text("选址", "siting"), (
        KIND, Column("goal", Text("目标", "goal"), choices=GOALS),
        number("count", "新建数量", "count", "", None, whole=True),
        number("budget", "预算", "budget", "", None), text("group", "年龄组", "age group", None),
        number("target", "人均容量目标", "capacity per head wanted", "", 1.0, 1e-9),
    ), required=False, note=Text("至多一行；空表则只测算。", "At most one row; empty: only measured.")),
    Sheet("candidates", Text("候选点", "candidates"),
          (NAME, LON, LAT, number("cost", "造价", "cost", "", 1.0), CAPACITY), required=False),
)  # fmt: skip
