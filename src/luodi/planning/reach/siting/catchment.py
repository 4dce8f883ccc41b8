"""Where new capacity leaves the least shortage per head, by the two-step catchment index.

The index of a point is a sum over the open sites in reach (see ``plan.catchment_index``), so the
shortage max(0, target − index) is linear in the choice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack, identity, vstack

from ...core import Ints, Progress
from .cover import merge
from .highs import Model, run
from .problem import SitingProblem, catchment_index, supply_ratio


def solve_catchment(
    problem: SitingProblem, seconds: float, seed: int, progress: Progress
) -> tuple[Ints, float]:
    """The sites to build and a lower bound of the people short of the target."""
    new, ratio = problem.new, supply_ratio(problem)
    have = catchment_index(problem, np.flatnonzero(problem.existing))
    lack = np.maximum(problem.target - have, 0.0) / problem.target
    near = problem.within(problem.limit)[:, new]
    open_to = np.asarray(near.sum(axis=1)) > 0
    always = float(problem.people[~open_to] @ lack[~open_to])
    short = open_to & (lack > 0)
    # points with the same sites in reach and the same lack are one
    tagged = hstack([near[short], csr_array(lack[short][:, None])], format="csr")
    groups, people = _merge(tagged, problem.people[short])
    if not len(people) or not problem.room:
        return np.zeros(0, dtype=np.intp), always + float(problem.people[short] @ lack[short])
    n, m = groups.shape[0], len(new)
    gain = csr_array(groups[:, :m] * (ratio[new] / problem.target)[None])
    need = groups[:, [m]].toarray().ravel()
    rows = [hstack([gain, identity(n, format="csr")])]
    upper = []
    for weights, cap in ((np.ones(m), float(problem.room)), (problem.cost[new], problem.budget)):
        if cap is not None:
            rows.append(csr_array(np.concatenate([weights, np.zeros(n)])[None]))
            upper.append(cap)
    model = Model(
        cost=np.concatenate([np.zeros(m), people]),
        matrix=csc_array(vstack(rows)),
        row_lower=np.concatenate([need, np.full(len(upper), -np.inf)]),
        row_upper=np.concatenate([np.full(n, np.inf), upper]),
        lower=np.zeros(m + n),
        upper=np.concatenate([np.ones(m), np.full(n, np.inf)]),
        integer=np.arange(m + n) < m,
    )
    answer = run(
        model, seconds=seconds - progress.seconds, seed=seed, progress=progress, view=(1.0, always)
    )
    if answer.x is None:
        return np.zeros(0, dtype=np.intp), always
    return new[answer.x[:m] > 0.5], always + answer.bound


def _merge(tagged: csr_array, people: NDArray[np.float64]) -> tuple[csr_array, NDArray[np.float64]]:
    """As :func:`cover.merge`, with the last column's value as part of the key."""
    levels, level = np.unique(tagged[:, [-1]].toarray().ravel(), return_inverse=True)
    parts = [merge(csr_array(tagged[level == k]), people[level == k]) for k in range(len(levels))]
    if not parts:
        return tagged, people
    return csr_array(vstack([p[0] for p in parts])), np.concatenate([p[1] for p in parts])
