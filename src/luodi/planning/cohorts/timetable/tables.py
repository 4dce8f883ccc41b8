"""Timetables as workbooks and reports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...core import Lang, Text
from ...output import OutSheet, write_workbook
from ...report import Report
from ...tables import Sheet, Table, number, read_workbook, text
from .problem import ClassPlan, ClassProblem, Room, Session, explain

_MANY = Text("多个以顿号隔开。", "Several are separated by commas.")
A_ROW = 5  # days of a grid side by side
SHEETS = (
    Sheet("frame", Text("日程", "Frame"), (
        number("days", "天数", "Days", "", ..., 1, 366, whole=True),
        number("slots", "每天节数", "Slots a day", "", ..., 1, 48, whole=True),
        number("most", "教员一天最多节数", "A lecturer's slots a day", "", 2, 1, 48, whole=True,
               note=Text("再多要付代价，仍可排。", "More has a price, but may be.")),
    )),
    Sheet("sessions", Text("课次", "Sessions"), (
        text("key", "课次", "Session", unique=True), text("group", "班级", "Class"),
        text("form", "形式", "Form", ""), number("slots", "节数", "Slots", "", 1, 1, 48, whole=True),
        text("lecturers", "教员", "Lecturers", "", note=_MANY), text("site", "地点", "Site", ""),
        text("after", "须在其后", "After", "", note=_MANY),
        number("day", "指定第几天", "Fixed day", "", 0, whole=True),
        number("size", "人数", "People", "", 0, whole=True),
    )),
    Sheet("rooms", Text("教室", "Rooms"), (
        text("key", "教室", "Room", unique=True), number("seats", "座位", "Seats", whole=True),
        text("site", "地点", "Site", ""), text("forms", "适合形式", "Forms", "", note=_MANY),
    )),
    Sheet("away", Text("教员没空", "Away"), (
        text("who", "教员", "Lecturer"), number("day", "第几天", "Day", low=1, whole=True),
        number("slot", "第几节", "Slot", low=1, whole=True),
    ), required=False),
    Sheet("travel", Text("往返", "Travel"), (
        text("first", "地点甲", "One site"), text("second", "地点乙", "Other site"),
        number("slots", "节数", "Slots", high=48, whole=True),
    ), required=False),
)  # fmt: skip


def read_problem(path: str | Path) -> ClassProblem:
    """Read a workbook of classes. Raises :class:`BadData` with sheet, row and column."""
    return from_tables(read_workbook(path, SHEETS))


def _words(said: str) -> tuple[str, ...]:
    return tuple(w for w in re.split(r"[、,，;；]\s*", said) if w)


def from_tables(tables: dict[str, Table]) -> ClassProblem:
    """Make the problem of tables that were read (keys as in ``SHEETS``)."""
    frame, sessions = tables["frame"].only(), tables["sessions"]
    _known(tables, frame["days"], frame["slots"])
    known = set(sessions["key"])
    for i, said in enumerate(sessions["after"]):
        for word in _words(said):
            if word not in known:
                raise sessions.bad(i, "after", f"“{word}”没有定义。", f"“{word}” is not defined.")
    lists = ("lecturers", "after")
    return ClassProblem(
        frame["days"],
        frame["slots"],
        tuple(
            Session(**row | {k: _words(row[k]) for k in lists} | {"day": row["day"] - 1})
            for row in sessions.rows()
        ),
        tuple(Room(**r | {"forms": frozenset(_words(r["forms"]))}) for r in tables["rooms"].rows()),
        frozenset((r["who"], r["day"] - 1, r["slot"] - 1) for r in tables["away"].rows()),
        {frozenset((r["first"], r["second"])): r["slots"] for r in tables["travel"].rows()},
        frame["most"],
    )


def _known(tables: dict[str, Table], days: int, slots: int) -> None:
    """Refuse lecturers, sites and days that no session or frame has: they are slips."""
    away, travel, sessions = tables["away"], tables["travel"], tables["sessions"]
    away.positions("who", [w for said in sessions["lecturers"] for w in _words(said)])
    for key in ("first", "second"):
        travel.positions(key, [*sessions["site"], *tables["rooms"]["site"]])
    for table, key, most in ((away, "day", days), (away, "slot", slots), (sessions, "day", days)):
        for i, value in enumerate(table[key]):
            if value > most:
                zh, en = f"{value} 超出日程（{most}）。", f"{value} is beyond the frame ({most})."
                raise table.bad(i, key, zh, en)


def rows_of(p: ClassProblem) -> Mapping[str, Sequence[Sequence[Any]]]:
    """Give the rows of every sheet, in column order."""
    return {
        "frame": [[p.n_days, p.n_slots, p.most]],
        "sessions": [
            [
                s.key, s.group, s.form, s.slots, "、".join(s.lecturers), s.site,
                "、".join(s.after), s.day + 1, s.size,
            ]
            for s in p.sessions
        ],
        "rooms": [[r.key, r.seats, r.site, "、".join(sorted(r.forms))] for r in p.rooms],
        "away": [[who, day + 1, slot + 1] for who, day, slot in sorted(p.away)],
        "travel": [[*sorted(pair), slots] for pair, slots in p.travel.items()],
    }  # fmt: skip


_HEAD = (
    Text("天", "Day"), Text("节", "Slot"), Text("班级", "Class"), Text("课次", "Session"),
    Text("形式", "Form"), Text("教室", "Room"), Text("教员", "Lecturers"),
)  # fmt: skip


def _lines(problem: ClassProblem, plan: ClassPlan) -> list[list[Any]]:
    out = []
    for k in np.lexsort((plan.slot, plan.day)):
        s, room = problem.sessions[k], problem.rooms[plan.room[k]].key
        day, slot = int(plan.day[k]) + 1, int(plan.slot[k]) + 1
        slots: int | str = slot if s.slots == 1 else f"{slot}–{slot + s.slots - 1}"
        out.append([day, slots, s.group, s.key, s.form, room, "、".join(s.lecturers)])
    return out


def grid(problem: ClassProblem, plan: ClassPlan, group: str) -> list[list[str]]:
    """Lay a class's timetable out: a row per slot, a column per day; what, where, who in a cell."""
    cells = [[""] * problem.n_days for _ in range(problem.n_slots)]
    for k, s in enumerate(problem.sessions):
        for u in range(int(plan.slot[k]), int(plan.slot[k]) + s.slots):
            if s.group == group:
                said = (s.key, problem.rooms[plan.room[k]].key, "、".join(s.lecturers))
                cells[u][int(plan.day[k])] = "\n".join(filter(None, said))
    return cells


def _day_heads(days: range) -> list[Text]:
    return [Text("节", "Slot"), *(Text(f"第 {d + 1} 天", f"Day {d + 1}") for d in days)]


def write_plan(path: str | Path, problem: ClassProblem, plan: ClassPlan, lang: Lang = "zh") -> None:
    """Write the timetable as a list, and as a grid for each class."""
    sheets = [OutSheet(Text("课表", "Timetable"), _HEAD, _lines(problem, plan))]
    for group in dict.fromkeys(s.group for s in problem.sessions):
        rows = [[u + 1, *row] for u, row in enumerate(grid(problem, plan, group))]
        sheets.append(OutSheet(Text(group, group), _day_heads(range(problem.n_days)), rows))
    write_workbook(path, sheets, lang)


def report(problem: ClassProblem, plan: ClassPlan, lang: Lang = "zh") -> str:
    """Write one HTML file: the grid of every class, then the list."""
    page = Report(Text("课表", "Timetable"), lang).words(explain(problem, plan, lang))
    for group in dict.fromkeys(s.group for s in problem.sessions):
        page.heading(Text(f"{group}课表", f"{group}"))
        cells = grid(problem, plan, group)
        for first in range(0, problem.n_days, A_ROW):
            days = range(first, min(first + A_ROW, problem.n_days))
            rows = [[u + 1, *(row[d] for d in days)] for u, row in enumerate(cells)]
            page.table(_day_heads(days), rows)
    page.heading(Text("逐次", "Session by session")).table(_HEAD, _lines(problem, plan))
    return page.proof(plan, problem).html()
