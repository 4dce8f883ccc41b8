"""Cohort problems and plans as workbooks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..core import Lang, Text
from ..output import OutSheet, write_workbook
from ..tables import Sheet, Table, day, number, read_workbook, text
from .plan import CohortPlan
from .problem import After, Apart, CohortProblem, Cohorts, People

_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
SHEETS = (
    Sheet("people", Text("人员", "People"), (
        text("key", "姓名或编号", "Person", unique=True), text("unit", "单位", "Unit"),
        text("level", "层级", "Level", ""), text("course", "课程", "Course", ""),
        number("urgency", "紧迫度", "Urgency", "", 1, 0, 1000, whole=True),
        text("blocked", "不便日期", "Blocked days", "", note=Text(
            "如 2026-03-02~2026-03-06；2026-04-01，以分号隔开。",
            "2026-03-02~2026-03-06; 2026-04-01, separated by semicolons.",
        )),
        text("group", "均衡分组", "Group to balance", ""),
    )),
    Sheet("cohorts", Text("班次", "Cohorts"), (
        text("key", "班次", "Cohort", unique=True), text("course", "课程", "Course", ""),
        day("starts", "开始", "Starts"), day("ends", "结束", "Ends"),
        number("min_size", "最少人数", "At least", "", 0, whole=True),
        number("max_size", "最多人数", "At most", whole=True),
        text("levels", "面向层级", "Levels", "",
             note=Text("以顿号或逗号隔开；空：不限。", "Separated by commas; empty: all.")),
    )),
    Sheet("units", Text("单位", "Units"), (
        text("unit", "单位", "Unit", unique=True),
        number("cap", "同时离岗不超过", "Away at once at most", "", None, whole=True),
    ), required=False, note=Text(
        "填了这张表，每个人的单位都要列出；不限的单位人数留空。",
        "Once filled, it lists every unit; one without a limit has an empty number.",
    )),
    Sheet("apart", Text("不同期", "Not together"), (
        text("first", "甲", "First"), text("second", "乙", "Second"),
        text("reason", "原因", "Reason", ""),
    ), required=False, note=Text("正副职、夫妻、照护家人等。", "Head and deputy, couples, carers.")),
    Sheet("after", Text("先后", "Order"), (
        text("before", "先参加", "Goes before"), text("later", "后参加", "Goes later"),
    ), required=False),
    Sheet("settings", Text("设置", "Settings"), (
        number("balance", "均衡权重", "Weight of balance", "", 0, 0, 10**6, whole=True),
    ), required=False),
)  # fmt: skip


def read_problem(path: str | Path) -> CohortProblem:
    """Read a workbook. Raises :class:`BadData` with sheet, row and column."""
    return from_tables(read_workbook(path, SHEETS))


def from_tables(tables: dict[str, Table]) -> CohortProblem:
    """The problem in tables that were read (keys as in ``SHEETS``)."""
    people, cohorts = tables["people"], tables["cohorts"]
    names = people["key"]
    apart, after = tables["apart"], tables["after"]
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
        tables["settings"].only()["balance"],
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
    """Write everyone with a cohort, and every cohort with its size."""
    dates = (Text("开始", "Starts"), Text("结束", "Ends"))
    person = (Text("姓名", "Person"), Text("单位", "Unit"), Text("层级", "Level"))
    cohort = Text("班次", "Cohort")
    sizes = (Text("人数", "People"), Text("最少", "At least"), Text("最多", "At most"))
    sheets = [
        OutSheet(Text("安排", "Placement"), [*person, cohort, *dates], _people(problem, plan)),
        OutSheet(Text("班次", "Cohorts"), [cohort, *dates, *sizes], cohort_rows(problem, plan)),
    ]
    write_workbook(path, sheets, lang)


def _people(problem: CohortProblem, plan: CohortPlan) -> Iterator[list[Any]]:
    p, c = problem.people, problem.cohorts
    for i, j in enumerate(plan.chosen.tolist()):
        placed: list[Any] = [Text("未能安排", "not placed"), None, None]
        if j >= 0:
            placed = [c.key[j], *(dt.date.fromordinal(int(v[j])) for v in (c.starts, c.ends))]
        yield [p.key[i], p.unit[i], p.level[i], *placed]


def cohort_rows(problem: CohortProblem, plan: CohortPlan) -> Iterator[list[Any]]:
    """Give key, first and last day, size, least and most of every cohort, by their start."""
    c = problem.cohorts
    for j in np.argsort(c.starts, kind="stable").tolist():
        dates = (dt.date.fromordinal(int(v[j])) for v in (c.starts, c.ends))
        size = int((plan.chosen == j).sum())
        yield [c.key[j], *dates, size, int(c.min_size[j]), int(c.max_size[j])]
