"""The p-median as arrays, and its sites ranked by every point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ...core import BadData, Floats, Ints
from .problem import SitingProblem


@dataclass(frozen=True)
class Median:
    """``far``: n minutes when nothing new is built; ``near``: n × m minutes by a new site."""

    near: Floats
    far: Floats
    people: Floats
    cost: Floats
    count: int
    budget: float

    def value(self, sites: Ints) -> float:
        return float(self.people @ np.minimum(self.far, _least(self.near[:, sites])))

    def fits(self, sites: Ints) -> bool:
        return len(sites) <= self.count and self.cost[sites].sum() <= self.budget + 1e-9

    @property
    def grain(self) -> float:
        """Two different values differ by at least this much (1 for whole numbers, else 0)."""
        whole = all(
            (np.isfinite(a) & (a == np.round(a))).all() for a in (self.near, self.far, self.people)
        )
        return 1.0 if whole else 0.0


def _least(minutes: Floats) -> Floats:
    return np.asarray(minutes.min(axis=1, initial=np.inf))


def reduce(problem: SitingProblem) -> Median:
    """Existing sites become the minutes that anyone has already; equal rows are added up."""
    full = problem.dense(problem.unreachable)
    if not np.isfinite(full).all():
        raise BadData("有到不了的点，请给出上限。", "Some pairs are unreachable: cap them.")
    far = np.minimum(_least(full[:, problem.existing]), problem.unreachable)
    near = full[:, problem.new]
    if near.size:
        far = np.minimum(far, near.max(axis=1)) if not np.isfinite(far).all() else far
    near = np.minimum(near, far[:, None])
    people = problem.people
    helped = (near < far[:, None]).any(axis=1)
    near, far, people = near[helped], far[helped], people[helped]
    if len(people):
        mark = np.random.default_rng(0).random((near.shape[1], 2))
        keys = np.column_stack([near @ mark, far])
        _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        same = (near == near[first][group.ravel()]).all(axis=1)
        if same.all():
            people = np.bincount(group.ravel(), weights=people).astype(float)
            near, far = near[first], far[first]
    budget = np.inf if problem.budget is None else problem.budget
    return Median(near, far, people, problem.cost[problem.new], problem.room, budget)


@dataclass(frozen=True)
class Ranked:
    """``sites``: n × m, of every point the nearest first; ``cost``: its person-minutes by them,
    ascending; ``cap``: n person-minutes by what it has without any of them."""

    sites: NDArray[np.int32]
    cost: Floats
    cap: Floats

    @classmethod
    def of(cls, p: Median) -> Self:
        order = np.argsort(p.near, axis=1, kind="stable")
        cost = np.take_along_axis(p.near, order, axis=1) * p.people[:, None]
        return cls(order.astype(np.int32), cost, p.far * p.people)

    def only(self, keep: NDArray[np.bool_]) -> Self:
        """Without some sites; those kept (m flags) are numbered anew in their order."""
        here, n = keep[self.sites], len(self.cap)
        number = (np.cumsum(keep) - 1).astype(np.int32)
        return type(self)(
            number[self.sites[here]].reshape(n, -1), self.cost[here].reshape(n, -1), self.cap
        )
