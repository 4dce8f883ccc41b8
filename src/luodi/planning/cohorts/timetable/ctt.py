"""Curriculum-based course timetabling: the format and the penalties of the 2007 competition.

Source: L. Di Gaspero, B. McCollum, A. Schaerf, "The Second International Timetabling Competition
(ITC-2007): Curriculum-based Course Timetabling (Track 3)", technical report, 2007. Hard: every
lecture placed, no two of a course, teacher or curriculum at once, one lecture a room and period,
availabilities. Soft: room capacity 1 per student without a seat, minimum working days 5 per missing
day, curriculum compactness 2 per isolated lecture, room stability 1 per further room of a course.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...core import BadData, Lang, Plan, Text, Violation

CAPACITY, DAYS, COMPACT, STABLE = 1, 5, 2, 1


@dataclass(frozen=True)
class Course:
    key: str
    teacher: str
    lectures: int
    min_days: int
    students: int


@dataclass(frozen=True, eq=False)
class Curricula:
    """An instance: ``n_days`` × ``n_slots`` periods; ``curricula``: courses that share students.

    ``unavailable``: (course, period) that must not be used. Lectures are numbered course by course.
    ``uncounted``: conditions of the file that are none of the competition's (``.ectt``).
    """

    name: str
    n_days: int
    n_slots: int
    courses: tuple[Course, ...]
    rooms: tuple[tuple[str, int], ...]
    curricula: tuple[tuple[str, tuple[int, ...]], ...]
    unavailable: frozenset[tuple[int, int]]
    uncounted: tuple[str, ...] = ()

    @property
    def n_periods(self) -> int:
        return self.n_days * self.n_slots

    @cached_property
    def course_of(self) -> list[int]:
        """The course of each lecture."""
        return [c for c, course in enumerate(self.courses) for _ in range(course.lectures)]

    @cached_property
    def conflicts(self) -> list[set[int]]:
        """Per course the other courses that share a teacher or a curriculum."""
        out: list[set[int]] = [set() for _ in self.courses]
        groups = [list(members) for _, members in self.curricula]
        teachers = {course.teacher for course in self.courses}
        groups += [[c for c, k in enumerate(self.courses) if k.teacher == t] for t in teachers]
        for group in groups:
            for c in group:
                out[c].update(d for d in group if d != c)
        return out


def read_ctt(path: str | Path) -> Curricula:
    """Read a ``.ctt`` file. Raises :class:`BadData` with the line."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise BadData(Text(f"无法读取“{path}”。", f"“{path}” cannot be read.")) from error
    head: dict[str, str] = {}
    parts: dict[str, list[list[str]]] = {}
    section = ""
    for number, line in enumerate(lines, start=1):
        words = line.split()
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not words or line.strip().upper() in ("END.", "END"):
            continue
        if colon and not value and name.isupper() and name != "NAME":
            section = name
            parts[section] = []
        elif section:
            parts[section].append([*words, str(number)])
        elif colon:
            head[name.lower()] = value
    try:
        return _build(head, parts)
    except (KeyError, ValueError, IndexError) as error:
        text = Text(f"“{path}”不合 CTT 格式：{error}。", f"“{path}” is not in CTT format: {error}.")
        raise BadData(text) from error


def _build(head: dict[str, str], parts: dict[str, list[list[str]]]) -> Curricula:
    courses = [Course(r[0], r[1], int(r[2]), int(r[3]), int(r[4])) for r in parts["COURSES"]]
    place = {course.key: c for c, course in enumerate(courses)}
    slots = int(head["periods_per_day"])
    return Curricula(
        head.get("name", ""),
        int(head["days"]),
        slots,
        tuple(courses),
        tuple((r[0], int(r[1])) for r in parts["ROOMS"]),
        tuple((r[0], tuple(place[k] for k in r[2:-1])) for r in parts["CURRICULA"]),
        frozenset(
            (place[r[0]], int(r[1]) * slots + int(r[2]))
            for r in parts.get("UNAVAILABILITY_CONSTRAINTS", [])
        ),
        _uncounted(head, parts),
    )


def _uncounted(head: dict[str, str], parts: dict[str, list[list[str]]]) -> tuple[str, ...]:
    """What the extended format knows beyond the competition's rules, as far as this file uses it.

    Source: A. Bonutti, F. De Cesco, L. Di Gaspero, A. Schaerf, "Benchmarking curriculum-based course
    timetabling: formulations, data formats, instances, validation, visualization, and results",
    Annals of Operations Research 194, 2012: the competition's rules are its formulation UD2.
    """
    found = {
        "Min_Max_Daily_Lectures": "min_max_daily_lectures" in head,
        "ROOM_CONSTRAINTS": bool(parts.get("ROOM_CONSTRAINTS")),
        "double lectures": any(len(r) > 6 and r[5] != "0" for r in parts["COURSES"]),
        "buildings": len({r[2] for r in parts["ROOMS"] if len(r) > 3}) > 1,
    }
    return tuple(name for name, used in found.items() if used)


@dataclass(frozen=True, kw_only=True, eq=False)
class CurriculumPlan(Plan[Curricula]):
    """``period`` and ``room`` of each lecture; ``objective``: the competition's penalty."""

    period: NDArray[np.int64]
    room: NDArray[np.int64]
    uncounted: tuple[str, ...] = ()

    def check(self, problem: Curricula) -> list[Violation]:
        out = hard_violations(problem, self.period, self.room)
        value = sum(penalties(problem, self.period, self.room).values())
        if value != self.objective:
            text = Text("目标值不符", "the objective is wrong")
            out.append(Violation(text, abs(value - self.objective)))
        return out

    def explain(self, lang: Lang = "zh") -> str:
        zh = (
            f"{len(self.period)} 节课全部排定，软约束罚分 {self.objective:g}"
            "（按 2007 年国际排课竞赛第三赛道的计分）。"
        )
        en = (
            f"{len(self.period)} lectures are placed, penalty {self.objective:g} (as scored in "
            "track 3 of the 2007 competition)."
        )
        if self.uncounted:
            names = ", ".join(self.uncounted)
            zh += f"文件里还有竞赛规则以外的条件，没有计入：{names}。"
            en += f" The file has conditions beyond the competition's, not counted: {names}."
        return Text(zh, en).say(lang)

    def solution_text(self, problem: Curricula) -> str:
        """The competition's solution format: course room day slot."""
        rows = zip(problem.course_of, self.period.tolist(), self.room.tolist(), strict=True)
        return "".join(
            f"{problem.courses[c].key} {problem.rooms[r][0]} "
            f"{p // problem.n_slots} {p % problem.n_slots}\n"
            for c, p, r in rows
        )


def penalties(
    problem: Curricula, period: NDArray[np.int64], room: NDArray[np.int64]
) -> dict[str, int]:
    """The four soft penalties, weighted."""
    course = np.array(problem.course_of)
    students = np.array([c.students for c in problem.courses])[course]
    seats = np.array([size for _, size in problem.rooms])[room]
    out = {"capacity": CAPACITY * int(np.maximum(students - seats, 0).sum())}
    days = stable = 0
    for c, info in enumerate(problem.courses):
        mine = course == c
        days += max(0, info.min_days - len(set((period[mine] // problem.n_slots).tolist())))
        stable += max(0, len(set(room[mine].tolist())) - 1)
    alone = 0
    for _, members in problem.curricula:
        held = period[np.isin(course, members)].tolist()
        used = set(held)
        for p in held:
            day = p // problem.n_slots
            near = {q for q in (p - 1, p + 1) if q // problem.n_slots == day}
            alone += not (near & used)
    return out | {"days": DAYS * days, "compact": COMPACT * alone, "stable": STABLE * stable}


def hard_violations(
    problem: Curricula, period: NDArray[np.int64], room: NDArray[np.int64]
) -> list[Violation]:
    course, out = problem.course_of, []
    for text, keys in (
        (
            Text("同一教室同时两节课", "two lectures in one room"),
            list(zip(period, room, strict=True)),
        ),
        (
            Text("同一课程同时两节课", "two lectures of one course"),
            list(zip(period, course, strict=True)),
        ),
    ):
        if len(set(keys)) < len(keys):
            out.append(Violation(text, len(keys) - len(set(keys))))
    for p in range(problem.n_periods):
        here = [course[k] for k in np.flatnonzero(period == p)]
        clash = sum(d in problem.conflicts[c] for i, c in enumerate(here) for d in here[:i])
        if clash:
            out.append(Violation(Text("教师或课程组冲突", "teacher or curriculum clash"), clash))
    banned = sum((c, int(p)) in problem.unavailable for c, p in zip(course, period, strict=True))
    if banned:
        out.append(Violation(Text("占用不可用时段", "an unavailable period is used"), banned))
    if (period < 0).any() or (period >= problem.n_periods).any():
        out.append(Violation(Text("课未排定", "a lecture is not placed"), 1))
    return out
