"""Maximal covering location: Church and ReVelle (1974), Papers of the RSA 32, 101–118."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, identity, vstack

from ...core import Floats, Ints, Progress
from .cover_search import Cover, lagrange, search, undecided
from .highs import Model, run
from .problem import SitingProblem


def merge(near: csr_array, people: Floats) -> tuple[csr_array, Floats]:
    """Add up demand points that the same sites cover; points without any site are dropped."""
    full = np.diff(near.indptr) > 0
    near, people = near[full], people[full]
    if not near.shape[0]:
        return near, people
    rng = np.random.default_rng(0)
    marks = rng.integers(1, 2**63, size=(2, near.shape[1]), dtype=np.uint64)
    keys = np.stack([np.add.reduceat(m[near.indices], near.indptr[:-1]) for m in marks], axis=1)
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return near[first], np.bincount(group.ravel(), weights=people).astype(float)


def undominated(p: Cover) -> Ints:
    """Sites that no other covers as much as for as little: the rest can never be needed."""
    shared = (p.near.T @ p.near).tocoo()
    size = np.asarray(p.near.sum(axis=0))
    j, k = shared.row, shared.col
    inside = (shared.data >= size[j] - 0.5) & (p.cost[k] <= p.cost[j]) & (j != k)
    twins = (size[j] == size[k]) & (p.cost[k] == p.cost[j])
    beaten = inside & (~twins | (k < j))
    keep = size > 0
    keep[j[beaten]] = False
    return np.flatnonzero(keep)


def model(p: Cover) -> Model:
    """y: build the site; u: the point stays uncovered. Minimises the people left uncovered."""
    n, m = p.near.shape
    rows, caps = [hstack([p.near, identity(n, format="csr")])], []
    for weights, cap in ((np.ones(m), float(p.count)), (p.cost, p.budget)):
        if np.isfinite(cap):
            rows.append(csr_array(np.concatenate([weights, np.zeros(n)])[None]))
            caps.append(cap)
    return Model(
        cost=np.concatenate([np.zeros(m), p.people]),
        matrix=csc_array(vstack(rows)),
        row_lower=np.concatenate([np.ones(n), np.full(len(caps), -np.inf)]),
        row_upper=np.concatenate([np.full(n, np.inf), caps]),
        lower=np.zeros(m + n),
        upper=np.concatenate([np.ones(m), np.full(n, np.inf)]),
        integer=np.arange(m + n) < m,
    )


def solve_cover(
    problem: SitingProblem, seconds: float, seed: int, progress: Progress
) -> tuple[Ints, float]:
    """The sites to build and an upper bound of the people covered.

    Exact reductions first: merged points, dominated sites, and sites that multipliers or reduced
    costs rule out against the best known choice; only what is left goes to the branching.
    """
    near = problem.within(problem.limit)
    new, served = problem.new, np.asarray(near[:, problem.existing].sum(axis=1)) > 0
    already = float(problem.people[served].sum())
    rest, people = merge(csr_array(near[~served][:, new]), problem.people[~served])
    budget = np.inf if problem.budget is None else problem.budget
    p = Cover(rest, people, problem.cost[new], problem.room, budget)
    if np.isfinite(budget) and np.sort(p.cost)[::-1][: p.count].sum() <= budget:
        p = replace(p, budget=np.inf)
    if not len(people) or not p.count:
        return np.zeros(0, dtype=np.intp), already
    kept = undominated(p)
    small = only(p, kept)
    chosen, bound = _choose(small, seconds, seed, progress, already)
    return new[kept[chosen]], already + bound


def _choose(
    p: Cover, seconds: float, seed: int, progress: Progress, plus: float
) -> tuple[Ints, float]:
    chosen = search(p, np.zeros(0, dtype=np.intp), 0.0, seed)
    best, bound = p.value(chosen), float(p.people.sum())
    left = np.arange(len(p.cost))
    if np.isinf(p.budget) and bound > best:
        first = lagrange(p, best)
        better = search(p, first.trial, min(2.0, seconds / 10), seed, first.bound)
        chosen = max(chosen, better, key=p.value)
        best, bound = p.value(chosen), min(bound, first.bound)
        _, may = undecided(first, min(p.count, len(left)), best)
        left = np.flatnonzero(may)
    progress.report(plus + best, plus + bound)
    if bound <= best * (1 + 1e-9) or progress.stopped:
        return chosen, max(best, bound if progress.stopped else best)
    # IPX rather than the dual simplex: 1 s against more than 15 s on 10,000 merged points
    small = only(p, left)
    everyone = float(small.people.sum())
    relaxed = run(
        model(small),
        seconds=seconds - progress.seconds,
        relax=True,
        options={"solver": "ipm"},
    )
    if relaxed.optimal:
        bound = max(best, min(bound, everyone - relaxed.objective))
        progress.report(plus + best, plus + bound)
        # a site at 0 whose use would cost more than the whole gap cannot be in a better choice
        left = left[relaxed.reduced[: len(left)] <= bound - best + 1e-6]
    if bound <= best * (1 + 1e-9) or progress.stopped or not relaxed.optimal:
        return chosen, bound
    return _branch(p, left, chosen, bound, seconds, seed, progress, plus)


def only(p: Cover, sites: Ints) -> Cover:
    near, people = merge(csr_array(p.near[:, sites]), p.people)
    return Cover(near, people, p.cost[sites], p.count, p.budget)


def _branch(
    p: Cover,
    left: Ints,
    chosen: Ints,
    bound: float,
    seconds: float,
    seed: int,
    progress: Progress,
    plus: float,
) -> tuple[Ints, float]:
    """Branch and bound over the sites ``left``; the known choice stands if none is better."""
    small = only(p, left)
    everyone = float(small.people.sum())
    known = np.isin(left, chosen)
    start = None
    if known.sum() == len(chosen):
        uncovered = np.asarray(small.near[:, known].sum(axis=1)) == 0
        start = np.concatenate([known, uncovered]).astype(float)
    answer = run(
        model(small),
        seconds=seconds - progress.seconds,
        seed=seed,
        start=start,
        progress=progress,
        view=(-1.0, plus + everyone),
    )
    if answer.x is not None:
        found = left[answer.x[: len(left)] > 0.5]
        chosen = max(chosen, found, key=p.value)
    return chosen, min(bound, max(p.value(chosen), everyone - answer.bound))
