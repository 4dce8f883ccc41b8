"""The timetable of one or more classes over some days: lecturers, rooms, forms, sites with travel.

Days have ``n_slots`` equal slots; a session takes whole slots of one day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ...core import BadData, Lang, Longs, Plan, Status, Text, Violation

# prices: an empty slot inside a day, a lecturer's day, a slot beyond what spares him, a repeated
# form, a slot more or less than a class's even day
GAP, TRIP, TIRED, FORM, UNEVEN = 4, 2, 3, 1, 1


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

    ``most``: slots a day that spare a lecturer. Objective: see the prices above, summed over
    classes, lecturers and days. Raises :class:`BadData`.
    """

    n_days: int
    n_slots: int
    sessions: tuple[Session, ...]
    rooms: tuple[Room, ...]
    away: frozenset[tuple[str, int, int]] = frozenset()
    travel: dict[frozenset[str], int] = field(default_factory=dict)
    most: int = 2

    def __post_init__(self) -> None:
        keys = {s.key for s in self.sessions}
        if len(keys) != len(self.sessions):
            raise BadData("课次编号重复。", "Two sessions have the same key.")
        for s in self.sessions:
            if not 1 <= s.slots <= self.n_slots or s.day >= self.n_days or set(s.after) - keys:
                zh, en = f"课次“{s.key}”的时长、日期或先后不对。", f"Session “{s.key}” is wrong."
                raise BadData(zh, en)

    def rooms_of(self, s: Session) -> list[int]:
        """List rooms at the session's site that are large enough and suit its form."""
        return [
            k
            for k, room in enumerate(self.rooms)
            if room.site == s.site
            and room.seats >= s.size
            and (not room.forms or s.form in room.forms)
        ]

    def between(self, a: str, b: str) -> int:
        return 0 if a == b else self.travel.get(frozenset((a, b)), 0)

    def even(self, group: str) -> tuple[int, int]:
        """Give least and most slots of an even day of a class: its mean, but no less than half."""
        total = sum(s.slots for s in self.sessions if s.group == group)
        half = -(-self.n_slots // 2) * self.n_days
        total = min(max(total, half), self.n_slots * self.n_days)
        return total // self.n_days, -(-total // self.n_days)


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassPlan(Plan[ClassProblem]):
    """``day``, ``slot`` (first) and ``room`` of each session."""

    day: Longs
    slot: Longs
    room: Longs

    def check(self, problem: ClassProblem) -> list[Violation]:
        out = [*_check_each(problem, self), *_check_pairs(problem, self)]
        value = float(sum(prices(problem, self.day, self.slot).values()))
        if value != self.objective:
            text = Text("目标值不符", "the objective is wrong")
            out.append(Violation(text, abs(value - self.objective)))
        return out


PRICE = {"gap": GAP, "trip": TRIP, "tired": TIRED, "form": FORM, "uneven": UNEVEN}
WORDS = {
    "gap": Text("一天中间的空节", "empty slots inside a day"),
    "trip": Text("教员到校人次（天）", "lecturers' days"),
    "tired": Text("教员一天超出的节数", "slots beyond what spares a lecturer"),
    "form": Text("同一天重复的形式", "repeated forms in a day"),
    "uneven": Text("各天不匀的节数", "slots of uneven days"),
}


def prices(problem: ClassProblem, day: Longs, slot: Longs) -> dict[str, int]:
    """Sum the objective by its parts, from the timetable alone."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    taught: dict[tuple[str, int], int] = defaultdict(int)
    forms: dict[tuple[str, int, str], int] = defaultdict(int)
    for k, s in enumerate(problem.sessions):
        d, start = int(day[k]), int(slot[k])
        spans[s.group, d].append((start, start + s.slots))
        for who in s.lecturers:
            taught[who, d] += s.slots
        forms[s.group, d, s.form] += 1
    gaps = uneven = 0
    for (group, _), held in spans.items():
        load = sum(e - b for b, e in held)
        low, high = problem.even(group)
        gaps += max(e for _, e in held) - min(b for b, _ in held) - load
        uneven += max(0, load - high) + max(0, low - load)
    return {
        "gap": GAP * gaps,
        "trip": TRIP * len(taught),
        "tired": TIRED * sum(max(0, n - problem.most) for n in taught.values()),
        "form": FORM * sum(n - 1 for (_, _, form), n in forms.items() if form),
        "uneven": UNEVEN * uneven,
    }


def explain(problem: ClassProblem, plan: ClassPlan, lang: Lang = "zh") -> str:
    """Tell the timetable in two sentences: what was placed, and what it costs whom."""
    n = len(set(plan.day.tolist()))
    said = Text(
        f"{len(problem.sessions)} 次课排入 {n} 天，教室、教员、往返时间都不冲突。",
        f"{len(problem.sessions)} sessions in {n} days; rooms, lecturers and travel do not clash.",
    ).say(lang)
    cost = prices(problem, plan.day, plan.slot)
    told = "、".join(f"{WORDS[k].say(lang)} {v // PRICE[k]}" for k, v in cost.items() if v)
    proven = plan.status is Status.OPTIMAL
    more = Text(
        f"代价 {plan.objective:g}（{told or '无'}），"
        + ("已证明没有更好的。" if proven else f"任何课表都不会低于 {plan.bound or 0:g}。"),
        f"Its price is {plan.objective:g} ({told or 'nothing'}); "
        + ("none is better." if proven else f"none is below {plan.bound or 0:g}."),
    ).say(lang)
    return f"{said}\n{more}"


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
        for j, t in enumerate(problem.sessions[:k]):
            if plan.day[j] != plan.day[k]:
                continue
            later, sooner = plan.slot[k] - plan.slot[j], plan.slot[j] - plan.slot[k]
            apart = max(int(later) - t.slots, int(sooner) - s.slots)
            shared = s.group == t.group or set(s.lecturers) & set(t.lecturers)
            need = problem.between(s.site, t.site) if shared else 0
            if (shared or plan.room[j] == plan.room[k]) and apart < need:
                text = Text("同时占用或来不及往返", "held at once, or no time to travel")
                out.append(Violation(text, need - apart, f"{t.key}、{s.key}"))
    return out
