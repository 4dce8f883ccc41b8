"""Cohort problems and plans as workbooks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .. import tables as excel
from ..core import BadData, Lang, Text
from ..tables import Column, OutSheet, Sheet, Table
from .plan import CohortPlan
from .problem import After, Apart, CohortProblem, Cohorts, People

_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
PEOPLE = Sheet(
    "people",
    Text("人员", "People"),
    (
        Column("key", Text("姓名或编号", "Person"), unique=True),
        Column("unit", Text("单位", "Unit")),
        Column("level", Text("层级", "Level"), required=False, default=""),
        Column("course", Text("课程", "Course"), required=False, default=""),
        Column("urgency", Text("紧迫度", "Urgency"), "integer", "", False, 1, 0, 1000),
        Column(
            "blocked",
            Text("不便日期", "Blocked days"),
            required=False,
            default="",
            note=Text(
                "如 2026-03-02~2026-03-06；2026-04-01，以分号隔开。",
                "2026-03-02~2026-03-06; 2026-04-01, separated by semicolons.",
            ),
        ),
        Column("group", Text("均衡分组", "Group to balance"), required=False, default=""),
    ),
)
COHORTS = Sheet(
    "cohorts",
    Text("班次", "Cohorts"),
    (
        Column("key", Text("班次", "Cohort"), unique=True),
        Column("course", Text("课程", "Course"), required=False, default=""),
        Column("starts", Text("开始", "Starts"), "date"),
        Column("ends", Text("结束", "Ends"), "date"),
        Column("min_size", Text("最少人数", "At least"), "integer", "", False, 0, 0),
        Column("max_size", Text("最多人数", "At most"), "integer", minimum=0),
        Column(
            "levels",
            Text("面向层级", "Levels"),
            required=False,
            default="",
            note=Text("以顿号或逗号隔开；空：不限。", "Separated by commas; empty: all."),
        ),
    ),
)
UNITS = Sheet(
    "units",
    Text("单位", "Units"),
    (
        Column("unit", Text("单位", "Unit"), unique=True),
        Column(
            "cap", Text("同时离岗不超过", "Away at once at most"), "integer", "", False, None, 0
        ),
    ),
    required=False,
    note=Text(
        "填了这张表，每个人的单位都要列出；不限的单位人数留空。",
        "Once filled, it lists every unit; one without a limit has an empty number.",
    ),
)
_PAIR = (Column("first", Text("甲", "First")), Column("second", Text("乙", "Second")))
APART = Sheet(
    "apart",
    Text("不同期", "Not together"),
    (*_PAIR, Column("reason", Text("原因", "Reason"), required=False, default="")),
    required=False,
    note=Text("正副职、夫妻、照护家人等。", "Head and deputy, couples, carers."),
)
AFTER = Sheet(
    "after",
    Text("先后", "Order"),
    (
        Column("before", Text("先参加", "Goes before")),
        Column("later", Text("后参加", "Goes later")),
    ),
    required=False,
)
SETTINGS = Sheet(
    "settings",
    Text("设置", "Settings"),
    (Column("balance", Text("均衡权重", "Weight of balance"), "integer", "", False, 0, 0, 10**6),),
    required=False,
)
SHEETS = (PEOPLE, COHORTS, UNITS, APART, AFTER, SETTINGS)


def read_problem(path: str | Path) -> CohortProblem:
    """Raises :class:`BadData` with sheet, row and column."""
    if str(path).lower().endswith((".ctt", ".ectt")):
        raise BadData(
            Text(
                f"“{path}”是排课竞赛的实例，请用 luodi plan timetable；分批轮训读 Excel 工作簿。",
                f"“{path}” is a timetabling instance: use luodi plan timetable; cohorts are read "
                "from a workbook.",
            )
        )
    return from_tables(excel.read_workbook(path, SHEETS))


def from_tables(tables: dict[str, Table]) -> CohortProblem:
    """The problem in tables that were read (keys as in ``SHEETS``)."""
    people, cohorts = tables["people"], tables["cohorts"]
    names = people["key"]
    apart, after = tables["apart"], tables["after"]
    settings = tables["settings"].only() if len(tables["settings"]) else {"balance": 0}
    _units(people, tables["units"])
    _limits(cohorts)
    return CohortProblem(
        People(
            key=tuple(names),
            unit=tuple(people["unit"]),
            level=tuple(people["level"]),
            course=tuple(people["course"]),
            urgency=np.array(people["urgency"], dtype=np.int64),
            blocked=tuple(_spans(people, i) for i in range(len(people))),
            group=tuple(people["group"]),
        ),
        Cohorts(
            key=tuple(cohorts["key"]),
            course=tuple(cohorts["course"]),
            starts=np.array([d.toordinal() for d in cohorts["starts"]], dtype=np.int64),
            ends=np.array([d.toordinal() for d in cohorts["ends"]], dtype=np.int64),
            min_size=np.array(cohorts["min_size"], dtype=np.int64),
            max_size=np.array(cohorts["max_size"], dtype=np.int64),
            levels=tuple(
                frozenset(w for w in re.split(r"[、,，;；\s]+", text) if w)
                for text in cohorts["levels"]
            ),
        ),
        {r["unit"]: r["cap"] for r in tables["units"].rows() if r["cap"] is not None},
        tuple(
            Apart(int(a), int(b), why)
            for a, b, why in zip(
                apart.positions("first", names),
                apart.positions("second", names),
                apart["reason"],
                strict=True,
            )
        ),
        tuple(
            After(int(a), int(b))
            for a, b in zip(
                after.positions("before", names), after.positions("later", names), strict=True
            )
        ),
        settings["balance"],
    )


def _units(people: Table, units: Table) -> None:
    """A unit in one sheet and not in the other is a slip: its limit would hold for nobody."""
    if len(units):
        people.positions("unit", units["unit"])
        units.positions("unit", people["unit"])


def _limits(cohorts: Table) -> None:
    for i, row in enumerate(cohorts.rows()):
        if row["ends"] < row["starts"]:
            raise cohorts.bad(i, "ends", "早于开始日期。", "is before the start.")
        if row["min_size"] > row["max_size"]:
            raise cohorts.bad(i, "min_size", "多于最多人数。", "is more than the most.")


def _spans(table: Table, i: int) -> tuple[tuple[int, int], ...]:
    out = []
    for part in re.split(r"[;；、\n]+", table["blocked"][i]):
        days = re.findall(_DAY, part)
        if not part.strip():
            continue
        if not 1 <= len(days) <= 2:
            raise table.bad(i, "blocked", f"“{part}”不是日期区间。", f"“{part}” is no span.")
        try:
            ends = [dt.date(*map(int, re.split(r"[-/.]", d))).toordinal() for d in days]
        except ValueError:
            raise table.bad(i, "blocked", f"“{part}”不是日期。", f"“{part}” is no date.") from None
        if ends[-1] < ends[0]:
            raise table.bad(i, "blocked", f"“{part}”首尾颠倒。", f"“{part}” is upside down.")
        out.append((ends[0], ends[-1]))
    return tuple(out)


def write_plan(
    path: str | Path, problem: CohortProblem, plan: CohortPlan, lang: Lang = "zh"
) -> None:
    """Everyone with a cohort, and every cohort with its size."""
    p, c = problem.people, problem.cohorts

    def people() -> Iterator[list[Any]]:
        for i, j in enumerate(plan.chosen.tolist()):
            dates = (
                [dt.date.fromordinal(int(v[j])) for v in (c.starts, c.ends)]
                if j >= 0
                else [None, None]
            )
            cohort = c.key[j] if j >= 0 else Text("未能安排", "not placed").say(lang)
            yield [p.key[i], p.unit[i], p.level[i], cohort, *dates]

    def cohorts() -> Iterator[list[Any]]:
        for j in range(len(c)):
            dates = [dt.date.fromordinal(int(v[j])) for v in (c.starts, c.ends)]
            size = int((plan.chosen == j).sum())
            yield [c.key[j], *dates, size, int(c.min_size[j]), int(c.max_size[j])]

    def head(*pairs: tuple[str, str]) -> list[str]:
        return [Text(*pair).say(lang) for pair in pairs]

    dates = (("开始", "Starts"), ("结束", "Ends"))
    excel.write_workbook(
        path,
        [
            OutSheet(
                Text("安排", "Placement").say(lang),
                head(
                    ("姓名", "Person"), ("单位", "Unit"), ("层级", "Level"), ("班次", "Cohort"),
                    *dates,
                ),
                people(),
            ),
            OutSheet(
                Text("班次", "Cohorts").say(lang),
                head(
                    ("班次", "Cohort"), *dates, ("人数", "People"), ("最少", "At least"),
                    ("最多", "At most"),
                ),
                cohorts(),
            ),
        ],
    )  # fmt: skip
