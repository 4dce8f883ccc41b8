"""p-centre: the smallest radius within which the sites can cover everyone.

Minieka (1970), SIAM Review 12, 138–139. Each radius is a p-median of 0 and 1 (beyond it), whose
multipliers soon prove that someone stays uncovered; else, or with a budget, it is set covering.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from ...core import Floats, Infeasible, Ints, Progress, Text
from .highs import Model, run
from .median import Median
from .median_solve import by_multipliers
from .problem import SitingProblem


@dataclass(frozen=True)
class Answer:
    """``sites`` is ``None`` when no choice covers; ``sure`` is false when time ran out."""

    sites: Ints | None
    sure: bool


def solve_centre(
    problem: SitingProblem, seconds: float, seed: int, progress: Progress
) -> tuple[Ints, float]:
    """The sites to build and a lower bound of the largest minutes. Raises :class:`Infeasible`."""
    full = problem.dense(np.inf)
    far = full[:, problem.existing].min(axis=1, initial=np.inf)
    near = np.minimum(full[:, problem.new], far[:, None])
    floor = float(np.minimum(far, near.min(axis=1, initial=np.inf)).max(initial=0.0))
    radii = np.unique(near[(near >= floor) & np.isfinite(near)])
    radii = np.union1d(radii, [r for r in (floor, far.max(initial=0.0)) if np.isfinite(r)])
    best = _farthest_first(problem, near, far)
    if best is None and len(radii):
        answer = _covers(problem, near, far, radii[-1], seconds, seed, progress)
        best = answer.sites
    if best is None:
        raise Infeasible(
            [
                Text("新建数量或预算", "the number of new sites or the budget"),
                Text("每个人都要有地方可去", "everyone must reach a site"),
            ]
        )
    low, high = 0, int(np.searchsorted(radii, _radius(near, far, best)))
    least, part = low, 1 / 8  # between low and least nobody knows yet; a radius gets a part of time
    while low < high and not progress.stopped and progress.seconds < seconds:
        if least >= high:
            least, part = low, min(2 * part, 1.0)
        progress.report(float(radii[high]), float(radii[low]))
        middle = (least + high) // 2
        share = progress.seconds + (seconds - progress.seconds) * part
        answer = _covers(problem, near, far, radii[middle], share, seed, progress)
        if answer.sites is not None:
            best = answer.sites
            high = int(np.searchsorted(radii, _radius(near, far, best)))
        else:
            least = middle + 1
            low = least if answer.sure else low
    return problem.new[best], float(radii[low])


def _radius(near: Floats, far: Floats, sites: Ints) -> float:
    return float(np.minimum(far, near[:, sites].min(axis=1, initial=np.inf)).max(initial=0.0))


def _farthest_first(problem: SitingProblem, near: Floats, far: Floats) -> Ints | None:
    """Serve the worst-off point by its nearest site until the count is used (a first radius)."""
    chosen: list[int] = []
    now, cost = far.copy(), problem.cost[problem.new]
    while len(chosen) < problem.room:
        site = int(near[int(now.argmax())].argmin())
        if site in chosen or (
            problem.budget is not None and cost[[*chosen, site]].sum() > problem.budget + 1e-9
        ):
            break
        chosen.append(site)
        now = np.minimum(now, near[:, site])
    return np.array(chosen, dtype=np.intp) if np.isfinite(now.max()) else None


def _covers(
    problem: SitingProblem,
    near: Floats,
    far: Floats,
    radius: float,
    seconds: float,
    seed: int,
    progress: Progress,
) -> Answer:
    """Sites that cover everyone within ``radius`` and fit count and budget, or proof of none."""
    rows = csr_array((near[far > radius] <= radius).astype(float))
    if not rows.shape[0]:
        return Answer(np.zeros(0, dtype=np.intp), True)
    rows = rows[_undominated_rows(rows)]
    if np.diff(rows.indptr).min() == 0 or not problem.room:
        return Answer(None, True)
    cost = problem.cost[problem.new]
    if problem.budget is None or np.sort(cost)[::-1][: problem.room].sum() <= problem.budget:
        soon = progress.seconds + (seconds - progress.seconds) / 2
        answer = _all_but_none(rows, problem.room, soon, seed, progress)
        if answer.sure or progress.stopped:
            return answer
    return _by_program(rows, problem, seconds - progress.seconds, seed)


def _all_but_none(
    rows: csr_array, count: int, seconds: float, seed: int, progress: Progress
) -> Answer:
    """As a p-median whose minutes are 0 within the radius and 1 beyond: can it be below 1?"""
    n, m = rows.shape
    p = Median(1.0 - rows.toarray(), np.ones(n), np.ones(n), np.ones(m), count, np.inf)
    chosen, bound = by_multipliers(p, seconds, seed, progress.part(), 0.0, aim=1.0)
    if p.value(chosen) < 0.5:
        return Answer(chosen, True)
    return Answer(None, bound > 1.0 - 1e-6)


def _by_program(rows: csr_array, problem: SitingProblem, seconds: float, seed: int) -> Answer:
    """The fewest sites that cover, within the budget if there is one."""
    m, cost = rows.shape[1], problem.cost[problem.new]
    budget = np.inf if problem.budget is None else problem.budget
    model = Model(
        np.ones(m),
        csc_array(vstack([rows, csr_array(cost[None])])),
        np.append(np.ones(rows.shape[0]), -np.inf),
        np.append(np.full(rows.shape[0], np.inf), budget),
        np.zeros(m),
        np.ones(m),
        np.ones(m, dtype=bool),
    )
    # a cover with at most `room` sites is enough, and a bound above `room` is proof of none
    options = {"objective_target": problem.room + 1e-6, "objective_bound": problem.room + 1 - 1e-6}
    answer = run(model, seconds=seconds, seed=seed, options=options)
    if answer.x is not None and (answer.x > 0.5).sum() <= problem.room:
        return Answer(np.flatnonzero(answer.x > 0.5), True)
    return Answer(None, answer.infeasible or answer.optimal or answer.bound > problem.room + 1e-6)


def _undominated_rows(rows: csr_array) -> Ints:
    """Points whose sites include all sites of another point are covered with that one."""
    size = np.diff(rows.indptr)
    shared = (rows @ rows.T).tocoo()
    a, b = shared.row, shared.col
    implied = (shared.data >= size[b] - 0.5) & (a != b) & ((size[a] > size[b]) | (b < a))
    keep = np.ones(rows.shape[0], dtype=bool)
    keep[a[implied]] = False
    return np.flatnonzero(keep)
