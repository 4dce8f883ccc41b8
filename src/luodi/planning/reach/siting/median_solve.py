"""Solving the p-median: exchanges, multipliers, fixing, and branching over what is left.

With a budget that binds the multipliers' problem is no longer easy: the radius formulation then.

Branch and bound over sites, best bound first, with Lagrange multipliers at every node.

Christofides and Beasley (1982), EJOR 10, 196–211; sites are fixed by what they save at the
multipliers (Beasley, 1985, EJOR 21, 270–273).

The radius formulation of the p-median as a sparse model for HiGHS.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array

from ...core import Flags, Floats, Ints, Progress
from .highs import Model, run
from .median import Median, Ranked, Relaxed, exchange, greedy, kicked, reduce, relax
from .problem import SitingProblem, value

ROUNDS = 60  # of 100 steps each
AIMED_ROUNDS = 12  # where a bound is wanted only if it comes soon
RADII = 5_000  # radii of all points up to which the radius formulation is quicker


def solve_median(
    problem: SitingProblem, seconds: float, seed: int, progress: Progress
) -> tuple[Ints, float]:
    """The sites to build and a lower bound of the person-minutes."""
    p, nothing = reduce(problem), np.zeros(0, dtype=np.intp)
    if not len(p.people) or not p.count:
        return nothing, value(problem, nothing)
    # what the merged problem leaves out (people whom no new site can help) is the same in any plan
    constant = value(problem, problem.new[:1]) - p.value(np.zeros(1, dtype=np.intp))
    if np.isinf(p.budget) or np.sort(p.cost)[::-1][: p.count].sum() <= p.budget:
        p = replace(p, budget=np.inf)
        chosen, bound = by_multipliers(p, seconds, seed, progress, constant)
    else:
        ranked = Ranked.of(p)
        chosen = exchange(p, ranked, greedy(p, ranked))
        none, bound = np.zeros(len(p.cost), dtype=bool), float(p.people @ p.near.min(axis=1))
        chosen, bound = _by_radius(p, chosen, bound, none, ~none, seconds, seed, progress, constant)
    return problem.new[chosen], constant + bound


def by_multipliers(
    p: Median,
    seconds: float,
    seed: int,
    progress: Progress,
    plus: float,
    aim: float = np.inf,
) -> tuple[Ints, float]:
    """Sites and a bound; no budget. With an ``aim`` only what is below it is looked for: the bound
    reaches the aim where there is nothing."""
    everything = np.ones(len(p.cost), dtype=bool)
    if p.count >= len(p.cost):
        return np.flatnonzero(everything), min(aim, p.value(np.flatnonzero(everything)))
    ranked = Ranked.of(p)
    chosen = exchange(p, ranked, greedy(p, ranked))
    chosen, root = _root(p, ranked, chosen, seconds, progress, plus, aim)
    best = min(aim, p.value(chosen))
    if root.bound <= limit(p, best):
        third = progress.seconds + (seconds - progress.seconds) / 3
        chosen = kicked(p, ranked, chosen, third, seed, progress)
        best = min(aim, p.value(chosen))
    if root.bound > limit(p, best):
        return chosen, best
    must, never = root.decided(everything, limit(p, best))
    small = _left(p, np.flatnonzero(must), np.flatnonzero(~must & ~never))
    useful = int((small.near < small.far[:, None]).sum())
    if useful < RADII and np.isinf(aim):
        return _by_radius(
            p, chosen, root.bound, must, ~must & ~never, seconds, seed, progress, plus
        )
    keep = np.flatnonzero(~never)
    small = replace(p, near=p.near[:, keep], cost=p.cost[keep])
    tree = Tree(small, ranked.only(~never), np.zeros(0, dtype=np.intp), best)
    left = replace(root, worth=root.worth[keep], top=root.top[keep], often=root.often[keep])
    tree.prove(left, seconds, progress, plus)
    return keep[tree.chosen] if tree.best < best else chosen, min(tree.bound, tree.best)


def _root(
    p: Median, ranked: Ranked, chosen: Ints, seconds: float, progress: Progress, plus: float,
    aim: float,
) -> tuple[Ints, Relaxed]:  # fmt: skip
    """Multipliers for all sites, and exchanges from the sites that they open on the way."""
    m, best = len(p.cost), p.value(chosen)
    price, step, found = ranked.cost[:, min(m // p.count, m - 1)], 1.5, None
    direction = np.zeros(len(price))
    for _ in range(ROUNDS if np.isinf(aim) else AIMED_ROUNDS):
        enough = limit(p, min(aim, best))
        last = relax(
            ranked, ranked.cap, np.ones(m, dtype=bool), p.count, price, best, enough,
            steps=100, step=step, direction=direction,
        )  # fmt: skip
        found = last if found is None or last.bound > found.bound else found
        price, step = found.price, last.step
        if found.bound <= enough:
            chosen = min(chosen, exchange(p, ranked, np.flatnonzero(last.top)), key=p.value)
            best = p.value(chosen)
        progress.report(plus + best, plus + found.bound)
        done = found.bound > limit(p, min(aim, best)) or step < 1e-3
        if done or progress.stopped or progress.seconds > seconds:
            break
    assert found is not None
    return chosen, found


def _left(p: Median, fixed: Ints, free: Ints) -> Median:
    """What is left when some sites are built and of the others only the ``free`` may be."""
    far = np.minimum(p.far, p.near[:, fixed].min(axis=1, initial=np.inf))
    return replace(
        p,
        near=np.minimum(p.near[:, free], far[:, None]),
        far=far,
        cost=p.cost[free],
        count=p.count - len(fixed),
        budget=p.budget - p.cost[fixed].sum(),
    )


def _by_radius(
    p: Median, chosen: Ints, bound: float, must: Flags, undecided: Flags,
    seconds: float, seed: int, progress: Progress, plus: float,
) -> tuple[Ints, float]:  # fmt: skip
    """The radius formulation over the undecided sites; built ones shorten every point's radii."""
    best = p.value(chosen)
    progress.report(plus + best, plus + bound)
    if bound > limit(p, best) or progress.stopped:
        return chosen, min(bound, best)
    fixed, free = np.flatnonzero(must), np.flatnonzero(undecided)
    small = _left(p, fixed, free)
    model, constant = radius_model(small)
    answer = run(
        model,
        seconds=seconds - progress.seconds,
        seed=seed,
        progress=progress,
        start=_start(small, np.isin(free, chosen)),
        view=(1.0, plus + constant),
    )
    if answer.x is not None:
        found = np.sort(np.concatenate([fixed, free[answer.x[: len(free)] > 0.5]]))
        chosen = min(chosen, found, key=p.value)
    if answer.infeasible:  # nothing better than the known choice can be built
        return chosen, best
    return chosen, max(bound, min(p.value(chosen), best, answer.bound + constant))


def _start(p: Median, known: Flags) -> NDArray[np.float64] | None:
    """Site values only, with the radii they imply; None if the known sites do not fit here."""
    sites = np.flatnonzero(known)
    if not p.fits(sites):
        return None
    n = len(p.people)
    minutes = np.sort(p.near, axis=1)
    fresh = (minutes < p.far[:, None]) & np.column_stack(
        [np.ones(n, bool), minutes[:, 1:] > minutes[:, :-1]]
    )
    now = np.minimum(p.far, p.near[:, sites].min(axis=1, initial=np.inf))
    beyond = (minutes < now[:, None])[fresh]
    return np.concatenate([known, beyond]).astype(float)


CLOSE = 1e-7  # share of the objective that counts as nothing where the numbers are not whole


@dataclass(frozen=True)
class Node:
    """``opened`` sites, the person-minutes by them (``cap``, n), and the ``free`` sites (m flags),
    of which more than enough are left; ``price`` and ``often`` as in ``Relaxed``."""

    opened: Ints
    cap: Floats
    free: Flags
    price: Floats
    often: Floats


class Tree:
    """At most ``p.count`` sites of ``p``, whatever they cost.

    :meth:`prove` improves ``chosen``; ``best`` is its value, ``bound`` what is proven.
    """

    def __init__(self, p: Median, ranked: Ranked, chosen: Ints, best: float) -> None:
        self.p, self.ranked, self.chosen, self.best = p, ranked, chosen, best
        self.cost = np.ascontiguousarray((p.near * p.people[:, None]).T)
        self.heap: list[tuple[float, int, Node]] = []
        self.bound = -np.inf
        self.kept = 0

    def prove(self, root: Relaxed, seconds: float, progress: Progress, plus: float) -> None:
        """Branch until nothing is left, or time is up, or someone wishes to stop."""
        none, everything = np.zeros(0, dtype=np.intp), np.ones(len(self.p.cost), dtype=bool)
        self._keep(none, self.ranked.cap, everything, root, root.bound)
        while self.heap and self.heap[0][0] <= limit(self.p, self.best):
            self.bound = self.heap[0][0]
            progress.report(plus + self.best, plus + self.bound)
            if progress.stopped or progress.seconds > seconds:
                return
            bound, _, node = heapq.heappop(self.heap)
            site = int(np.argmin(np.where(node.free, np.abs(node.often - 0.5), np.inf)))
            free = node.free.copy()
            free[site] = False
            with_it = np.minimum(node.cap, self.cost[site])
            self._visit(np.append(node.opened, site), with_it, free, node.price, bound)
            self._visit(node.opened, node.cap, free, node.price, bound)
        self.bound = self.best

    def _visit(self, opened: Ints, cap: Floats, free: Flags, price: Floats, bound: float) -> None:
        count, enough = self.p.count - len(opened), limit(self.p, self.best)
        if count == 0 or free.sum() <= count:
            self._try(np.append(opened, np.flatnonzero(free)) if count else opened)
            return
        found = relax(self.ranked, cap, free, count, price, self.best, enough, steps=80, step=0.5)
        if max(bound, found.bound) <= enough:
            self._try(exchange(self.p, self.ranked, np.append(opened, np.flatnonzero(found.top))))
            self._keep(opened, cap, free, found, bound)

    def _keep(self, opened: Ints, cap: Floats, free: Flags, found: Relaxed, bound: float) -> None:
        """Fix what the multipliers decide, then wait in the heap; or settle the node here."""
        must, never = found.decided(free, limit(self.p, self.best))
        opened, free = np.append(opened, np.flatnonzero(must)), free & ~must & ~never
        count = self.p.count - len(opened)
        if count == 0 or free.sum() <= count:
            self._try(np.append(opened, np.flatnonzero(free)) if count else opened)
            return
        if must.any():
            cap = np.minimum(cap, self.cost[must].min(axis=0))
        node = Node(opened, cap, free, np.minimum(found.price, cap), found.often)
        self.kept += 1
        heapq.heappush(self.heap, (max(bound, found.bound), self.kept, node))

    def _try(self, sites: Ints) -> None:
        if (value := self.p.value(sites)) < self.best:
            self.chosen, self.best = np.sort(sites), value


def limit(p: Median, best: float) -> float:
    """A choice that is better than ``best`` stays at or below this."""
    return best - max(p.grain - 1e-6, CLOSE * best)


def radius_model(p: Median) -> tuple[Model, float]:
    """The model and the constant to add. Columns: m sites y, then z per point and radius.

    For a point with distinct radii r1 < … < rK (rK: what it has without any new site), z_k = 1 if
    no open site is within r_k: people · (r1 + Σ (r_{k+1} − r_k) z_k), where z_k plus the sites at
    exactly r_k must reach z_{k−1} (z_0 = 1).
    """
    n, m = p.near.shape
    order = np.argsort(p.near, axis=1, kind="stable")
    minutes = np.take_along_axis(p.near, order, axis=1)
    useful = minutes < p.far[:, None]
    fresh = useful & np.column_stack([np.ones(n, bool), minutes[:, 1:] > minutes[:, :-1]])
    row_of = np.cumsum(fresh.ravel()).reshape(n, m) - 1
    total = int(fresh.sum())
    point = np.repeat(np.arange(n), m).reshape(n, m)[fresh]
    radius = minutes[fresh]
    last = np.append(point[1:] != point[:-1], True) if total else np.zeros(0, bool)
    first = np.append(True, point[1:] != point[:-1]) if total else np.zeros(0, bool)
    following = np.where(last, p.far[point], np.append(radius[1:], 0.0))
    r, s = row_of[useful], order[useful]
    later = np.flatnonzero(~first)
    entries = coo_array(
        (
            np.concatenate([np.ones(len(s)), np.ones(total), -np.ones(len(later))]),
            (
                np.concatenate([r, np.arange(total), later]),
                np.concatenate([s, m + np.arange(total), m + later - 1]),
            ),
        ),
        shape=(total, m + total),
    )
    extra, caps = [], []
    for weights, cap in ((np.ones(m), float(p.count)), (p.cost, p.budget)):
        if np.isfinite(cap):
            extra.append(np.concatenate([weights, np.zeros(total)]))
            caps.append(cap)
    block = coo_array(np.array(extra).reshape(len(extra), m + total))
    matrix = csc_array(
        coo_array(
            (
                np.concatenate([entries.data, block.data]),
                (
                    np.concatenate([entries.row, block.row + total]),
                    np.concatenate([entries.col, block.col]),
                ),
            ),
            shape=(total + len(caps), m + total),
        )
    )
    least = np.minimum(p.far, p.near.min(axis=1, initial=np.inf))
    model = Model(
        cost=np.concatenate([np.zeros(m), p.people[point] * (following - radius)]),
        matrix=matrix,
        row_lower=np.concatenate([first.astype(float), np.full(len(caps), -np.inf)]),
        row_upper=np.concatenate([np.full(total, np.inf), np.array(caps)]),
        lower=np.zeros(m + total),
        upper=np.concatenate([np.ones(m), np.full(total, np.inf)]),
        integer=np.arange(m + total) < m,
    )
    return model, float(p.people @ least)
