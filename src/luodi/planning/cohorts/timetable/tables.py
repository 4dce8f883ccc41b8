"""Timetables as workbooks and reports; competition instances as ``.ctt`` files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ... import tables as excel
from ...core import Lang, Text
from ...report import Report
from ...tables import Column, OutSheet, Sheet, Table
from .classes import ClassPlan, ClassProblem, Room, Session
from .ctt import Curricula, CurriculumPlan, penalties, read_ctt

_MANY = Text("多个以顿号隔开。", "Several are separated by commas.")


def _text(key: str, zh: str, en: str, *, many: bool = False) -> Column:
    return Column(key, Text(zh, en), required=False, default="", note=_MANY if many else None)


SESSIONS = Sheet(
    "sessions",
    Text("课次", "Sessions"),
    (
        Column("key", Text("课次", "Session"), unique=True),
        Column("group", Text("班级", "Class")),
        _text("form", "形式", "Form"),
        Column("slots", Text("节数", "Slots"), "integer", "", False, 1, 1, 48),
        _text("lecturers", "教员", "Lecturers", many=True),
        _text("site", "地点", "Site"),
        _text("after", "须在其后", "After", many=True),
        Column("day", Text("指定第几天", "Fixed day"), "integer", "", False, 0, 0),
        Column("size", Text("人数", "People"), "integer", "", False, 0, 0),
    ),
)
ROOMS = Sheet(
    "rooms",
    Text("教室", "Rooms"),
    (
        Column("key", Text("教室", "Room"), unique=True),
        Column("seats", Text("座位", "Seats"), "integer", minimum=0),
        _text("site", "地点", "Site"),
        _text("forms", "适合形式", "Forms", many=True),
    ),
)
AWAY = Sheet(
    "away",
    Text("教员没空", "Away"),
    (
        Column("who", Text("教员", "Lecturer")),
        Column("day", Text("第几天", "Day"), "integer", minimum=1),
        Column("slot", Text("第几节", "Slot"), "integer", minimum=1),
    ),
    required=False,
)
TRAVEL = Sheet(
    "travel",
    Text("往返", "Travel"),
    (
        Column("first", Text("地点甲", "One site")),
        Column("second", Text("地点乙", "Other site")),
        Column("slots", Text("节数", "Slots"), "integer", minimum=0, maximum=48),
    ),
    required=False,
)
FRAME = Sheet(
    "frame",
    Text("日程", "Frame"),
    (
        Column("days", Text("天数", "Days"), "integer", minimum=1, maximum=366),
        Column("slots", Text("每天节数", "Slots a day"), "integer", minimum=1, maximum=48),
    ),
)
SHEETS = (FRAME, SESSIONS, ROOMS, AWAY, TRAVEL)


def read_problem(path: str | Path) -> ClassProblem | Curricula:
    """A workbook of classes, or a ``.ctt`` or ``.ectt`` instance. Raises :class:`BadData`."""
    if str(path).lower().endswith((".ctt", ".ectt")):
        return read_ctt(path)
    return from_tables(excel.read_workbook(path, SHEETS))


def _words(text: str) -> tuple[str, ...]:
    return tuple(w for w in re.split(r"[、,，;；]\s*", text) if w)


def from_tables(tables: dict[str, Table]) -> ClassProblem:
    frame = tables["frame"].only()
    _known(tables, frame["days"], frame["slots"])
    known = set(tables["sessions"]["key"])
    for i, text in enumerate(tables["sessions"]["after"]):
        for word in _words(text):
            if word not in known:
                zh, en = f"“{word}”没有定义。", f"“{word}” is not defined."
                raise tables["sessions"].bad(i, "after", zh, en)
    sessions = [
        Session(
            **row
            | {
                "lecturers": _words(row["lecturers"]),
                "after": _words(row["after"]),
                "day": row["day"] - 1,
            }
        )
        for row in tables["sessions"].rows()
    ]
    rooms = [
        Room(**row | {"forms": frozenset(_words(row["forms"]))}) for row in tables["rooms"].rows()
    ]
    return ClassProblem(
        frame["days"],
        frame["slots"],
        tuple(sessions),
        tuple(rooms),
        frozenset((r["who"], r["day"] - 1, r["slot"] - 1) for r in tables["away"].rows()),
        {frozenset((r["first"], r["second"])): r["slots"] for r in tables["travel"].rows()},
    )


def _known(tables: dict[str, Table], days: int, slots: int) -> None:
    """Lecturers, sites and days that no session or frame has are slips."""
    away, travel, sessions = tables["away"], tables["travel"], tables["sessions"]
    away.positions("who", [w for text in sessions["lecturers"] for w in _words(text)])
    sites = [*sessions["site"], *tables["rooms"]["site"]]
    for key in ("first", "second"):
        travel.positions(key, sites)
    for table, key, most in ((away, "day", days), (away, "slot", slots), (sessions, "day", days)):
        for i, value in enumerate(table[key]):
            if value > most:
                zh, en = f"{value} 超出日程（{most}）。", f"{value} is beyond the frame ({most})."
                raise table.bad(i, key, zh, en)


def rows_of(p: ClassProblem) -> Mapping[str, Sequence[Sequence[Any]]]:
    """The rows of every sheet, in column order."""
    return {
        "frame": [[p.n_days, p.n_slots]],
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


_Problem = ClassProblem | Curricula
_Plan = ClassPlan | CurriculumPlan
_HEAD = (
    Text("天", "Day"),
    Text("节", "Slot"),
    Text("班级", "Class"),
    Text("课次", "Session"),
    Text("形式", "Form"),
    Text("教室", "Room"),
    Text("教员", "Lecturers"),
)


def _lines(problem: _Problem, plan: _Plan) -> list[list[Any]]:
    if isinstance(problem, Curricula) and isinstance(plan, CurriculumPlan):
        rows = sorted(zip(plan.period.tolist(), plan.room.tolist(), problem.course_of, strict=True))
        return [
            [p // problem.n_slots + 1, p % problem.n_slots + 1, "", problem.courses[c].key, "",
             problem.rooms[r][0], problem.courses[c].teacher]
            for p, r, c in rows
        ]  # fmt: skip
    assert isinstance(problem, ClassProblem)
    assert isinstance(plan, ClassPlan)
    out = []
    for k in np.lexsort((plan.slot, plan.day)):
        s, room = problem.sessions[k], problem.rooms[plan.room[k]].key
        day, slot = int(plan.day[k]) + 1, int(plan.slot[k]) + 1
        slots: int | str = slot if s.slots == 1 else f"{slot}–{slot + s.slots - 1}"
        out.append([day, slots, s.group, s.key, s.form, room, "、".join(s.lecturers)])
    return out


def write_plan(path: str | Path, problem: _Problem, plan: _Plan, lang: Lang = "zh") -> None:
    """The timetable as a sheet."""
    title = Text("课表", "Timetable").say(lang)
    excel.write_workbook(
        path, [OutSheet(title, [h.say(lang) for h in _HEAD], _lines(problem, plan))]
    )


def report(problem: _Problem, plan: _Plan, lang: Lang = "zh") -> str:
    """One HTML file."""
    page = Report(Text("课表", "Timetable"), lang)
    page.words(plan.explain(lang).splitlines()[0])
    if isinstance(problem, Curricula) and isinstance(plan, CurriculumPlan):
        parts = penalties(problem, plan.period, plan.room)
        page.bullets(f"{name}: {value}" for name, value in parts.items())
    page.table(_HEAD, _lines(problem, plan))
    return page.proof(plan, problem).html()
