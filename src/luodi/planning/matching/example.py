"""An invented zone after the page's two deals: bauxite to an alumina works, washed coal to a coker.

Every enterprise, quantity and price here is invented (示例).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core import Lang
from ..output import write_template as write_sheets
from ..tables import parse_table
from .problem import MatchingProblem
from .tables import SHEETS, from_tables

_OFFERS: list[list[Any]] = [
    # key, supplier, product, t, yuan/t, minimum lot,
    # minimum term, longitude, latitude, region, name
    ["示例东山铝土矿", "示例东山矿业", "1012", 60_000, 310, 0,
     0, 111.20, 36.98, "本区", "铝土矿"],
    ["示例西沟铝土矿", "示例西沟矿业", "1012", 45_000, 285, 0,
     6, 111.31, 37.09, "本区", "铝土矿"],
    ["示例外省铝土矿", "示例远运公司", "1012", 120_000, 265, 20_000,
     12, 112.90, 35.40, "外地", "铝土矿"],
    ["示例一号精煤", "示例川河洗煤", "0610", 30_000, 1180, 0,
     0, 111.15, 37.02, "本区", "洗精煤"],
    ["示例二号精煤", "示例北岭洗煤", "0610", 50_000, 1120, 5_000,
     0, 111.80, 37.30, "本市", "洗精煤"],
    ["示例高硫精煤", "示例南湾洗煤", "0610", 40_000, 1010, 5_000,
     0, 111.55, 36.70, "本市", "洗精煤"],
    ["示例石灰", "示例白崖石灰", "3011", 25_000, 330, 0,
     0, 111.25, 37.05, "本区", "石灰"],
    ["示例外地石灰", "示例远运公司", "3011", 60_000, 300, 10_000,
     0, 112.10, 36.60, "外地", "石灰"],
    ["示例液碱", "示例河东化工", "2613", 9_000, 2600, 0,
     0, 111.90, 36.20, "外地", "液碱"],
]  # fmt: skip
_NEEDS: list[list[Any]] = [
    # key, buyer, product, t, cap, priority,
    # blend, sources, share, term, longitude, latitude, region, name
    ["示例氧化铝·铝土矿", "示例氧化铝厂", "1012", 150_000, 460, 0,
     True, 0, 0.6, 12, 111.22, 37.00, "本区", "铝土矿"],
    ["示例氧化铝·石灰", "示例氧化铝厂", "3011", 30_000, 420, 1,
     False, 2, 1, 12, 111.22, 37.00, "本区", "石灰"],
    ["示例氧化铝·液碱", "示例氧化铝厂", "2613", 12_000, 2750, 1,
     False, 0, 1, 12, 111.22, 37.00, "本区", "液碱"],
    ["示例焦化·精煤", "示例焦化厂", "0610", 70_000, 1260, 1,
     True, 0, 1, 6, 111.28, 37.06, "本区", "洗精煤"],
    ["示例耐材·铝土矿", "示例耐火材料厂", "1012", 20_000, 420, 2,
     False, 1, 1, 6, 111.10, 37.15, "本区", "铝土矿"],
]  # fmt: skip
EXAMPLE_ROWS: Mapping[str, Sequence[Sequence[Any]]] = {
    "offers": _OFFERS,
    "needs": _NEEDS,
    "offer_quality": [
        ["示例东山铝土矿", "铝硅比", 6.2, 7.0],
        ["示例西沟铝土矿", "铝硅比", 4.4, 5.0],
        ["示例外省铝土矿", "铝硅比", 5.2, 5.6],
        ["示例一号精煤", "硫分 %", 0.5, 0.6],
        ["示例二号精煤", "硫分 %", 0.6, 0.7],
        ["示例高硫精煤", "硫分 %", 1.2, 1.4],
    ],
    "need_quality": [
        ["示例氧化铝·铝土矿", "铝硅比", 5.2, None],
        ["示例耐材·铝土矿", "铝硅比", 5.0, None],
        ["示例焦化·精煤", "硫分 %", None, 0.8],
    ],
    "contracts": [["示例一号精煤", "示例焦化·精煤", 10_000, 1195]],
    "distances": [["示例外省铝土矿", "示例氧化铝·铝土矿", 260, 118]],
    "settings": [["served,cost", 0.45, 1.35, None, 0, False]],
}


def example() -> MatchingProblem:
    """Nine offers and five needs of an invented zone."""
    tables = {}
    for sheet in SHEETS:
        rows = [[c.key for c in sheet.columns], *EXAMPLE_ROWS[sheet.key]]
        tables[sheet.key] = parse_table(sheet, sheet.title.zh, rows)
    return from_tables(tables)


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """A workbook ready to fill, with the example in it."""
    write_sheets(path, SHEETS, EXAMPLE_ROWS, lang)
