"""Dependencies of supply: what fails when one supplier stops, and the cheapest second source."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..core import Text
from .plan import MatchingPlan
from .problem import FIRM, Contracts, MatchingProblem
from .solve import solve

TOLERANCE = 0.5  # tonnes: less is rounding of the solver, not a loss


@dataclass(frozen=True)
class Failure:
    """The best plan without ``supplier``, against the best plan with it.

    ``lost`` tonnes can no longer be met at all, ``extra`` yuan is the dearer supply of the rest;
    ``hit``: needs that lose tonnes; ``second``: (need, offer, tonnes) that step in, largest first.
    """

    supplier: str
    tonnes: float
    lost: float
    extra: float
    hit: tuple[tuple[str, float], ...]
    second: tuple[tuple[str, str, float], ...]

    @property
    def single_point(self) -> bool:
        return self.lost > TOLERANCE

    def say(self) -> Text:
        zh = f"“{self.supplier}”停供（{self.tonnes:,.0f} 吨）："
        en = f"If “{self.supplier}” stops ({self.tonnes:,.0f} t): "
        if self.single_point:
            names = "、".join(f"{n} 少 {t:,.0f} 吨" for n, t in self.hit[:3])
            zh += f"{self.lost:,.0f} 吨无处可补（{names}）；"
            names = ", ".join(f"{n} lacks {t:,.0f} t" for n, t in self.hit[:3])
            en += f"{self.lost:,.0f} t cannot be replaced ({names}); "
        if self.second:
            need, offer, tonnes = self.second[0]
            zh += f"最便宜的第二来源是“{offer}”（供{need} {tonnes:,.0f} 吨），"
            en += f"the cheapest second source is “{offer}” ({tonnes:,.0f} t for {need}), "
        if self.extra >= 0:
            return Text(
                zh + f"总成本增加 {self.extra:,.0f} 元。",
                en + f"total cost {self.extra:,.0f} yuan more.",
            )
        return Text(
            zh + f"因供得少，总支出减少 {-self.extra:,.0f} 元。",
            en + f"since less is delivered, {-self.extra:,.0f} yuan less is spent.",
        )


def failures(problem: MatchingProblem, plan: MatchingPlan, *, most: int = 20) -> list[Failure]:
    """The ``most`` suppliers that deliver most, each taken away in turn; worst loss first."""
    supplier = np.array(problem.offers.supplier)
    names, place = np.unique(supplier, return_inverse=True)
    tonnes = np.bincount(place, plan.drawn(problem).sum(axis=1), len(names))
    largest = [k for k in np.argsort(-tonnes)[:most] if tonnes[k] > TOLERANCE]
    found = [_without(problem, plan, names[k], float(tonnes[k])) for k in largest]
    return sorted(found, key=lambda f: (-f.lost, -f.extra))


def _without(problem: MatchingProblem, plan: MatchingPlan, name: str, tonnes: float) -> Failure:
    gone = np.array(problem.offers.supplier) == name
    c = problem.contracts
    kept = ~gone[c.offer]
    needs = replace(  # a loss is to be told, not refused
        problem.needs,
        priority=np.where(problem.needs.priority == FIRM, 0, problem.needs.priority) + 1,
    )
    smaller = replace(
        problem,
        offers=replace(problem.offers, tonnes=np.where(gone[:, None], 0.0, problem.offers.tonnes)),
        needs=needs,
        contracts=Contracts(c.offer[kept], c.need[kept], c.tonnes[kept], c.price[kept]),
    )
    other = solve(smaller)
    loss = (plan.delivered(problem) - other.delivered(smaller)).sum(axis=1)
    hit = [(problem.needs.key[j], float(loss[j])) for j in np.argsort(-loss) if loss[j] > TOLERANCE]
    return Failure(
        str(name),
        tonnes,
        float(loss.sum()),
        other.objective - plan.objective,
        tuple(hit),
        tuple(_second_sources(problem, plan, other, gone)),
    )


def _second_sources(
    problem: MatchingProblem, plan: MatchingPlan, other: MatchingPlan, gone: np.ndarray
) -> list[tuple[str, str, float]]:
    """Offers that deliver more than before to the needs that lose a supplier."""
    before: dict[tuple[int, int], float] = {}
    served = set()
    for i, j, tonnes, _ in zip(*plan.all_lines(problem), strict=True):
        before[int(i), int(j)] = before.get((int(i), int(j)), 0.0) + float(tonnes.sum())
        if gone[i]:
            served.add(int(j))
    more = []
    for i, j, tonnes in zip(other.offer, other.need, other.tonnes, strict=True):
        extra = float(tonnes.sum()) - before.get((int(i), int(j)), 0.0)
        if int(j) in served and extra > TOLERANCE:
            more.append((problem.needs.key[j], problem.offers.key[i], extra))
    return sorted(more, key=lambda line: -line[2])
