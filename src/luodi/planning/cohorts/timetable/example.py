"""A 15-day class of 45 people, invented (示例): lectures, cases, videos, visits and discussions."""

from __future__ import annotations

from pathlib import Path

from ...core import Lang
from ...output import write_template as write_sheets
from .problem import ClassProblem, Room, Session
from .tables import SHEETS, rows_of

LECTURERS = ("示例教员甲", "示例教员乙", "示例教员丙", "示例教员丁")
FORMS = ("讲授", "案例", "视频", "研讨")


def example() -> ClassProblem:
    """Give 38 sessions in 15 days of 4 slots, at a school and three other sites."""
    sessions = [Session("开班仪式", "中青班", "仪式", site="党校", day=0, size=45)]
    for k in range(32):
        form = FORMS[k % 4]
        who = () if form == "视频" else (LECTURERS[k % 4 if form != "研讨" else (k // 4) % 4],)
        sessions.append(
            Session(f"专题{k + 1}", "中青班", form, 1, who, "党校", ("开班仪式",), size=45)
        )
    for k, site in enumerate(("红色教育基地", "警示教育基地", "红色教育基地", "开发区企业")):
        sessions.append(
            Session(
                f"现场教学{k + 1}", "中青班", "现场", 2, (), site, (f"专题{4 * k + 1}",), size=45
            )
        )
    lessons = tuple(s.key for s in sessions)
    sessions.append(Session("结业", "中青班", "仪式", 1, (), "党校", lessons, 14, 45))
    rooms = (
        Room("一号报告厅", 120, "党校"),
        Room("二号教室", 50, "党校"),
        Room("展厅一", 60, "红色教育基地"),
        Room("展厅二", 60, "警示教育基地"),
        Room("车间会议室", 60, "开发区企业"),
    )
    away = {(LECTURERS[0], day, slot) for day in range(0, 15, 2) for slot in range(4)}
    away |= {(LECTURERS[1], day, slot) for day in range(15) for slot in (0, 1)}
    sites = [r.site for r in rooms[1:]]
    travel = {frozenset((a, b)): 1 for a in sites for b in sites if a != b}
    return ClassProblem(15, 4, tuple(sessions), rooms, frozenset(away), travel)


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """Write a workbook ready to fill, with the example in it."""
    write_sheets(path, SHEETS, rows_of(example()), lang)
