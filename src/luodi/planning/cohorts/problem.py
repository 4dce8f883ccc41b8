"""What a cohort problem is: who is to be trained, in which cohorts, under which conditions.

Dates are proleptic ordinals (``date.toordinal``), both ends included. ``P`` seats to fill (a person
who needs two courses has two), ``C`` cohorts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..core import BadData, Flags, Longs


@dataclass(frozen=True, eq=False)
class People:
    """Seats to fill. ``urgency``: weight of one day of waiting (whole number ≥ 0).

    ``blocked``: per seat the spans (first day, last day) that do not suit. ``group``: a label by
    which cohorts are balanced (empty: none).
    """

    key: tuple[str, ...]
    unit: tuple[str, ...]
    level: tuple[str, ...]
    course: tuple[str, ...]
    urgency: Longs
    blocked: tuple[tuple[tuple[int, int], ...], ...]
    group: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class Cohorts:
    """``levels``: levels a cohort takes (empty: all). A cohort that runs has ≥ ``min_size``."""

    key: tuple[str, ...]
    course: tuple[str, ...]
    starts: Longs
    ends: Longs
    min_size: Longs
    max_size: Longs
    levels: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True)
class Apart:
    """Two seats that must not be away at the same time (head and deputy, couple, carer)."""

    first: int
    second: int
    reason: str = ""


@dataclass(frozen=True)
class After:
    """``later`` may begin only when ``before`` has ended (prerequisite)."""

    before: int
    later: int


@dataclass(frozen=True, eq=False)
class CohortProblem:
    """Everyone exactly once. ``unit_cap``: people of a unit away at once (absent: no limit).

    Objective: Σ urgency × days from ``first_day`` to the cohort's start, plus ``balance`` for every
    person above an even share of a cohort (of all, and of each group), plus ``miss_cost`` for
    everyone left out. Raises :class:`BadData`.
    """

    people: People
    cohorts: Cohorts
    unit_cap: Mapping[str, int] = field(default_factory=dict)
    apart: tuple[Apart, ...] = ()
    after: tuple[After, ...] = ()
    balance: int = 0

    def __post_init__(self) -> None:
        p, c = self.people, self.cohorts
        for part in (p, c):
            for name, value in vars(part).items():
                if len(value) != len(part):
                    raise BadData(f"“{name}”的个数不对。", f"“{name}” has a wrong length.")
            if len(set(part.key)) != len(part):
                raise BadData("编号重复。", "A key appears twice.")
        if not len(p) or not len(c):
            raise BadData("没有人员或没有班次。", "There are no people or no cohorts.")
        if (c.ends < c.starts).any():
            raise BadData("班次结束早于开始。", "A cohort ends before it starts.")
        if (c.min_size > c.max_size).any() or (c.min_size < 0).any():
            raise BadData("班次人数上下限不对。", "A cohort's size limits are upside down.")
        if (p.urgency < 0).any() or self.balance < 0:
            raise BadData("紧迫度与均衡权重不得为负。", "Weights must not be negative.")
        pairs = [(a.first, a.second) for a in self.apart] + [
            (a.before, a.later) for a in self.after
        ]
        for a, b in pairs:
            if not (0 <= a < len(p) and 0 <= b < len(p) and a != b):
                raise BadData("成对条件引用了不存在的人。", "A pair names unknown people.")

    @cached_property
    def first_day(self) -> int:
        return int(self.cohorts.starts.min(initial=2**40))

    @cached_property
    def units(self) -> tuple[tuple[str, ...], Longs]:
        """Unit names, and each seat's place in them."""
        names, place = np.unique(np.array(self.people.unit, dtype=str), return_inverse=True)
        return tuple(names.tolist()), place.astype(np.int64)

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], Longs]:
        names, place = np.unique(np.array(self.people.group, dtype=str), return_inverse=True)
        return tuple(names.tolist()), place.astype(np.int64)

    @cached_property
    def eligible(self) -> Flags:
        """(P, C): course and level fit, and no blocked day falls into the cohort."""
        return self.fits & ~self.clashing

    @cached_property
    def fits(self) -> Flags:
        """(P, C): course and level fit."""
        c, p = self.cohorts, self.people
        pairs = list(zip(p.course, p.level, strict=True))
        kinds = {pair: k for k, pair in enumerate(dict.fromkeys(pairs))}
        table = np.array(
            [
                [
                    c.course[j] == course and (not c.levels[j] or level in c.levels[j])
                    for j in range(len(c))
                ]
                for course, level in kinds
            ],
            dtype=bool,
        ).reshape(len(kinds), len(c))
        return table[[kinds[pair] for pair in pairs]]

    @cached_property
    def clashing(self) -> Flags:
        """(P, C): a blocked span of the person touches the cohort."""
        spans = [(i, a, b) for i, row in enumerate(self.people.blocked) for a, b in row]
        out = np.zeros((len(self.people), len(self.cohorts)), dtype=bool)
        if spans:
            i, a, b = (np.array(v) for v in zip(*spans, strict=True))
            touch = (a[:, None] <= self.cohorts.ends) & (b[:, None] >= self.cohorts.starts)
            np.logical_or.at(out, i, touch)
        return out

    @cached_property
    def cost(self) -> Longs:
        """(P, C): urgency × days of waiting."""
        wait = self.cohorts.starts - self.first_day
        return np.asarray(self.people.urgency[:, None] * wait[None, :])

    @cached_property
    def miss_cost(self) -> int:
        """Leaving one person out weighs more than moving one person in every cohort twice."""
        most = int(self.cost.max(initial=0)) + 2 * self.balance
        return 2 * (len(self.cohorts) + 1) * most + 1

    def even_share(self, people: int) -> Longs:
        """(C,) the even share of ``people`` among cohorts, by their sizes, rounded up."""
        total = max(int(self.cohorts.max_size.sum()), 1)
        return -(-people * self.cohorts.max_size // total)

    @cached_property
    def overlap(self) -> Flags:
        """(C, C): two cohorts share a day."""
        c = self.cohorts
        return (c.starts[:, None] <= c.ends) & (c.ends[:, None] >= c.starts)

    @cached_property
    def moments(self) -> list[Longs]:
        """Sets of cohorts that run at the same time, the largest ones only."""
        c = self.cohorts
        sets = {
            tuple(np.flatnonzero((c.starts <= day) & (c.ends >= day)).tolist())
            for day in np.unique(c.starts)
        }
        kept = [s for s in sets if not any(s != t and set(s) <= set(t) for t in sets)]
        return [np.array(s, dtype=np.int64) for s in sorted(kept)]


def make_people(key: list[str], unit: list[str], urgency: object = 1, **more: object) -> People:
    """People with everything that is not given left open."""
    n = len(key)
    filled: dict[str, object] = {
        "level": ("",) * n,
        "course": ("",) * n,
        "blocked": ((),) * n,
        "group": ("",) * n,
    }
    weight = np.broadcast_to(np.asarray(urgency, dtype=np.int64), n).copy()
    return People(key=tuple(key), unit=tuple(unit), urgency=weight, **(filled | more))  # type: ignore[arg-type]
