"""The timetable of one or more classes over some days: lecturers, rooms, forms, sites with travel.

Days have ``n_slots`` equal slots; a session takes whole slots of one day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...core import BadData, Lang, Plan, Text, Violation

GAP, TRIP, FORM = 4, 2, 1  # prices: an empty slot inside a day, a lecturer's day, a repeated form


@dataclass(frozen=True)
class Session:
    """``lecturers`` are needed all through; ``form``: lecture, case, video, on site, discussion …

    ``after``: keys of sessions that come before it. ``day``: fixed day (−1: any). ``size`` people.
    """

    key: str
    group: str
    form: str = ""
    slots: int = 1
    lecturers: tuple[str, ...] = ()
    site: str = ""
    after: tuple[str, ...] = ()
    day: int = -1
    size: int = 0


@dataclass(frozen=True)
class Room:
    key: str
    seats: int
    site: str = ""
    forms: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class ClassProblem:
    """``away``: (lecturer, day, slot) that do not suit. ``travel`` slots between two sites.

    Objective: empty slots inside a class's day, days that lecturers must come, sessions of one form
    beyond the first of a class's day. Raises :class:`BadData`.
    """

    n_days: int
    n_slots: int
    sessions: tuple[Session, ...]
    rooms: tuple[Room, ...]
    away: frozenset[tuple[str, int, int]] = frozenset()
    travel: dict[frozenset[str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keys = {s.key for s in self.sessions}
        if len(keys) != len(self.sessions):
            raise BadData("课次编号重复。", "Two sessions have the same key.")
        for s in self.sessions:
            if not 1 <= s.slots <= self.n_slots or s.day >= self.n_days or set(s.after) - keys:
                raise BadData(
                    f"课次“{s.key}”的时长、日期或先后不对。", f"Session “{s.key}” is wrong."
                )

    def rooms_of(self, s: Session) -> list[int]:
        """Rooms at the session's site that are large enough and suit its form."""
        return [
            k
            for k, room in enumerate(self.rooms)
            if room.site == s.site
            and room.seats >= s.size
            and (not room.forms or s.form in room.forms)
        ]

    def between(self, a: str, b: str) -> int:
        return 0 if a == b else self.travel.get(frozenset((a, b)), 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassPlan(Plan[ClassProblem]):
    """``day``, ``slot`` (first) and ``room`` of each session."""

    day: NDArray[np.int64]
    slot: NDArray[np.int64]
    room: NDArray[np.int64]
    problem: ClassProblem = field(repr=False)

    def check(self, problem: ClassProblem) -> list[Violation]:
        out = [*_check_each(problem, self), *_check_pairs(problem, self)]
        value = price(problem, self.day, self.slot)
        if value != self.objective:
            text = Text("目标值不符", "the objective is wrong")
            out.append(Violation(text, abs(value - self.objective)))
        return out

    def explain(self, lang: Lang = "zh") -> str:
        p = self.problem
        lines = [
            Text(
                f"{len(p.sessions)} 次课排入 {len(set(self.day.tolist()))} 天，"
                f"教室、教员、往返时间都不冲突。",
                f"{len(p.sessions)} sessions in {len(set(self.day.tolist()))} days; rooms, "
                "lecturers and travel do not clash.",
            ).say(lang)
        ]
        for k in np.lexsort((self.slot, self.day)):
            s = p.sessions[k]
            first, last = int(self.slot[k]) + 1, int(self.slot[k]) + s.slots
            slots = f"{first}" if first == last else f"{first}–{last}"
            room = p.rooms[self.room[k]].key
            who = "、".join(s.lecturers)
            lines.append(
                Text(
                    f"第 {self.day[k] + 1} 天第 {slots} 节：{s.group} {s.key}（{s.form}），"
                    f"{room} {who}".rstrip(),
                    f"Day {self.day[k] + 1}, slot {slots}: {s.group} {s.key} ({s.form}), "
                    f"{room} {who}".rstrip(),
                ).say(lang)
            )
        return "\n".join(lines)


def price(problem: ClassProblem, day: NDArray[np.int64], slot: NDArray[np.int64]) -> float:
    """The objective from the timetable alone."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    trips: set[tuple[str, int]] = set()
    forms: dict[tuple[str, int, str], int] = defaultdict(int)
    for k, s in enumerate(problem.sessions):
        d, start = int(day[k]), int(slot[k])
        spans[s.group, d].append((start, start + s.slots))
        trips |= {(who, d) for who in s.lecturers}
        forms[s.group, d, s.form] += 1
    gaps = sum(
        max(e for _, e in held) - min(b for b, _ in held) - sum(e - b for b, e in held)
        for held in spans.values()
    )
    repeats = sum(n - 1 for (_, _, form), n in forms.items() if form)
    return float(GAP * gaps + TRIP * len(trips) + FORM * repeats)


def _check_each(problem: ClassProblem, plan: ClassPlan) -> list[Violation]:
    out, at = [], {s.key: k for k, s in enumerate(problem.sessions)}
    for k, s in enumerate(problem.sessions):
        d, b, e = int(plan.day[k]), int(plan.slot[k]), int(plan.slot[k]) + s.slots
        if not 0 <= d < problem.n_days or b < 0 or e > problem.n_slots or s.day not in (-1, d):
            out.append(Violation(Text("时段不对", "the time is wrong"), 1, s.key))
        if int(plan.room[k]) not in problem.rooms_of(s):
            out.append(Violation(Text("教室不合适", "the room does not suit"), 1, s.key))
        if any((who, d, t) in problem.away for who in s.lecturers for t in range(b, e)):
            out.append(Violation(Text("教员没有空", "a lecturer is away"), 1, s.key))
        for key in s.after:
            j = at[key]
            end = (int(plan.day[j]), int(plan.slot[j]) + problem.sessions[j].slots)
            if end > (d, b):
                out.append(Violation(Text("先后不对", "the order is wrong"), 1, f"{key} → {s.key}"))
    return out


def _check_pairs(problem: ClassProblem, plan: ClassPlan) -> list[Violation]:
    out = []
    for k, s in enumerate(problem.sessions):
        for j in range(k):
            t = problem.sessions[j]
            if plan.day[j] != plan.day[k]:
                continue
            apart = max(
                int(plan.slot[k] - plan.slot[j]) - t.slots,
                int(plan.slot[j] - plan.slot[k]) - s.slots,
            )
            shared = s.group == t.group or set(s.lecturers) & set(t.lecturers)
            need = problem.between(s.site, t.site) if shared else 0
            if (shared or plan.room[j] == plan.room[k]) and apart < need:
                text = Text("同时占用或来不及往返", "held at once, or no time to travel")
                out.append(Violation(text, need - apart, f"{t.key}、{s.key}"))
    return out
