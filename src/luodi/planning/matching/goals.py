"""The chosen order of goals, as one figure per arc each, to be minimised one after the other."""

from __future__ import annotations

import numpy as np

from ..core import Floats, Longs
from .candidates import Arcs
from .problem import Goal, MatchingProblem

Target = tuple[Goal, int | None]


def targets(problem: MatchingProblem) -> list[Target]:
    """(goal, priority class): "served" is one goal per class of needs, the firm ones first."""
    out: list[Target] = []
    for goal in problem.order:
        if goal == "served":
            out += [("served", int(c)) for c in np.unique(problem.needs.priority)]
        else:
            out.append((goal, None))
    return out


def coefficient(
    problem: MatchingProblem, target: Target, offer: Longs, need: Longs, price: Floats
) -> Floats:
    """What one tonne on a pair adds to a goal; served and local are negative (to be minimised)."""
    goal, priority = target
    if goal == "cost":
        return price
    if goal == "local":
        return -local_pairs(problem, offer, need).astype(float)
    counts = problem.needs.priority[need] == priority
    return np.broadcast_to(-counts.astype(float), np.shape(price))


def coefficients(problem: MatchingProblem, arcs: Arcs, wanted: list[Target]) -> list[Floats]:
    return [coefficient(problem, target, arcs.offer, arcs.need, arcs.price) for target in wanted]


def local_pairs(problem: MatchingProblem, offer: Longs, need: Longs) -> np.ndarray:
    here = np.array(problem.offers.region, dtype=str)[offer]
    there = np.array(problem.needs.region, dtype=str)[need]
    return np.asarray((here == there) & (here != ""))
