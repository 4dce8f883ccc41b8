"""A 15-day class for 45 cadres, then batches for everyone, after a news item's figures.

All units and people are invented (示例).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..core import Lang
from ..output import write_template as write_sheets
from ..tables import parse_table
from .problem import CohortProblem
from .tables import SHEETS, from_tables

UNITS, PER_UNIT, YOUNG = 30, 16, 45
FIRST = dt.date(2026, 3, 2)


def _people() -> list[list[Any]]:
    """45 young section-level cadres for the first class, 435 others of three levels."""
    r = np.random.default_rng(15)
    rows: list[list[Any]] = []
    for k in range(UNITS * PER_UNIT):
        unit, rank = k % UNITS, k // UNITS
        level = "科级" if rank < 4 else "股级" if rank < 9 else "党员"
        course = "中青班" if k < YOUNG else "轮训"
        blocked = ""
        if course == "轮训" and r.random() < 0.3:
            start = FIRST + dt.timedelta(days=int(r.integers(20, 100)))
            blocked = f"{start}~{start + dt.timedelta(days=int(r.integers(2, 12)))}"
        urgency = 5 if course == "中青班" else int(r.integers(1, 4))
        group = "女" if r.random() < 0.4 else "男"
        rows.append(
            [f"示例{k + 1:03d}", f"示例单位{unit + 1:02d}", level, course, urgency, blocked, group]
        )
    return rows


def _cohorts() -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["中青班", "中青班", FIRST, FIRST + dt.timedelta(days=14), 40, 45, "科级、股级"]
    ]
    for k in range(12):
        start = FIRST + dt.timedelta(days=21 + 7 * k)
        levels = ("科级、股级", "", "股级、党员")[k % 3]
        rows.append([f"第{k + 1}期", "轮训", start, start + dt.timedelta(days=4), 20, 42, levels])
    return rows


def _pairs() -> list[list[Any]]:
    """Head and deputy of every other unit, and a few couples."""
    rows: list[list[Any]] = [
        [f"示例{unit + 61:03d}", f"示例{unit + 91:03d}", "正副职"] for unit in range(0, UNITS, 2)
    ]
    return [*rows, ["示例200", "示例331", "夫妻"], ["示例251", "示例402", "轮流照护家人"]]


def example_rows() -> Mapping[str, Sequence[Sequence[Any]]]:
    return {
        "people": _people(),
        "cohorts": _cohorts(),
        "units": [[f"示例单位{unit + 1:02d}", 3] for unit in range(UNITS)],
        "apart": _pairs(),
        "after": [["示例121", "示例151"], ["示例122", "示例152"]],
        "settings": [[2]],
    }


def example() -> CohortProblem:
    """480 invented people of 30 units, 13 cohorts."""
    rows = example_rows()
    return from_tables(
        {
            s.key: parse_table(s, s.title.zh, [[c.key for c in s.columns], *rows[s.key]])
            for s in SHEETS
        }
    )


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """A workbook ready to fill, with the example in it."""
    write_sheets(path, SHEETS, example_rows(), lang)
