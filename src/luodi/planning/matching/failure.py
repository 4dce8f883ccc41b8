"""Dependencies of supply: what fails when one supplier stops, and the cheapest second source.

Complementary enterprises and competing ones, from what each makes and uses.

Complementary ones band together (one makes what the other uses); competing ones cooperate (they
buy the same and can buy or ship together). Rankings are of pairs of enterprises, by tonnes.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..core import Text
from ..geo import kilometres
from .plan import TOLERANCE, MatchingPlan
from .problem import FIRM, Contracts, MatchingProblem
from .solve import solve

LOST = 0.5  # tonnes: less is rounding of the solver, not a loss


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
        return self.lost > LOST

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
    largest = [k for k in np.argsort(-tonnes)[:most] if tonnes[k] > LOST]
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
    hit = [(problem.needs.key[j], float(loss[j])) for j in np.argsort(-loss) if loss[j] > LOST]
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
        if int(j) in served and extra > LOST:
            more.append((problem.needs.key[j], problem.offers.key[i], extra))
    return sorted(more, key=lambda line: -line[2])


LOAD_T, TRIP_YUAN_KM, NEAR_KM = 33.0, 7.0, 30.0  # a vehicle; buyers that can share one


@dataclass(frozen=True)
class Enterprise:
    """``makes`` and ``uses``: tonnes per period by product code."""

    name: str
    makes: Mapping[str, float] = field(default_factory=dict)
    uses: Mapping[str, float] = field(default_factory=dict)
    longitude: float = math.nan
    latitude: float = math.nan


@dataclass(frozen=True)
class Pair:
    """Two enterprises that should talk: about ``tonnes`` of ``product``, and why.

    Partners: ``first`` could supply ``second``. Rivals: both buy or both sell it.
    """

    first: str
    second: str
    product: str
    tonnes: float
    km: float
    reason: Text


def enterprises(problem: MatchingProblem) -> list[Enterprise]:
    """Make profiles from offers and needs; one name that sells and buys is one enterprise."""
    makes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    uses: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    place: dict[str, tuple[float, float]] = {}
    o, n = problem.offers, problem.needs
    for part, names, into in ((o, o.supplier, makes), (n, n.buyer, uses)):
        mean = part.tonnes.mean(axis=1)
        for k, name in enumerate(names):
            into[name][part.product[k]] += float(mean[k])
            place.setdefault(name, (float(part.longitude[k]), float(part.latitude[k])))
    return [Enterprise(name, makes[name], uses[name], *at) for name, at in place.items()]


def partners(
    firms: Sequence[Enterprise], names: Mapping[str, str] | None = None, *, most: int = 50
) -> list[Pair]:
    """List makers and users whose tonnes fit, most first. ``names``: of product codes."""
    found = []
    for b, a in itertools.product(firms, firms):
        for want, have in itertools.product(b.uses, a.makes):
            if a.name == b.name or not have.startswith(want):
                continue
            tonnes, km, product = min(a.makes[have], b.uses[want]), _km(a, b), have
            share = tonnes / b.uses[want] if b.uses[want] else 0.0
            far = (
                Text(f"，直线相距 {km:.0f} 公里", f", {km:.0f} km away")
                if km == km
                else Text("", "")
            )
            product = (names or {}).get(have, have)
            reason = Text(
                f"{a.name}生产的{product}正是{b.name}所需，可满足其 {share:.0%}{far.zh}。",
                f"{a.name} makes the {product} that {b.name} uses: {share:.0%} of its need{far.en}.",
            )
            found.append(Pair(a.name, b.name, have, tonnes, km, reason))
    found.sort(key=lambda p: (-p.tonnes, p.km if p.km == p.km else math.inf))
    return found[:most]


def _km(a: Enterprise, b: Enterprise) -> float:
    return float(kilometres(a.longitude, a.latitude, b.longitude, b.latitude))


def rivals(
    firms: Sequence[Enterprise], names: Mapping[str, str] | None = None, *, most: int = 50
) -> list[Pair]:
    """List pairs that buy, or sell, the same product; most tonnes first."""
    found = []
    for buying in (True, False):
        verb = Text("都采购", "both buy") if buying else Text("都销售", "both sell")
        how = Text("可联合分担订单、统一发运", "could share orders and ship together")
        if buying:
            how = Text("可联合询价、拼车运输", "could ask for prices and fill vehicles together")
        for a, b in itertools.combinations(firms, 2):
            x, y = (a.uses, b.uses) if buying else (a.makes, b.makes)
            for code in (c for c in x if c in y):
                product = (names or {}).get(code, code)
                reason = Text(
                    f"{a.name}与{b.name}{verb.zh}{product}，{how.zh}。",
                    f"{a.name} and {b.name} {verb.en} {product}: they {how.en}.",
                )
                found.append(Pair(a.name, b.name, code, x[code] + y[code], _km(a, b), reason))
    found.sort(key=lambda p: -p.tonnes)
    return found[:most]


def joint_shipping(
    problem: MatchingProblem, plan: MatchingPlan
) -> list[tuple[str, str, str, float]]:
    """List (offer, need, need, yuan saved) where near buyers fill vehicles together."""
    by_offer: dict[int, list[int]] = defaultdict(list)
    for k in np.flatnonzero(plan.tonnes.sum(axis=1) > TOLERANCE):
        by_offer[int(plan.offer[k])].append(int(k))
    n, found = problem.needs, []
    for i, lines in by_offer.items():
        for a, b in itertools.combinations(lines, 2):
            j, h = plan.need[a], plan.need[b]
            apart = float(kilometres(n.longitude[j], n.latitude[j], n.longitude[h], n.latitude[h]))
            far = max(plan.km[a], plan.km[b])
            if not (apart <= NEAR_KM and far == far):
                continue
            alone = sum(np.ceil(plan.tonnes[k] / LOAD_T) for k in (a, b))
            both = np.ceil((plan.tonnes[a] + plan.tonnes[b]) / LOAD_T)
            trips = float((alone - both).sum())
            saving = (trips * far - float(both.sum() > 0) * apart) * TRIP_YUAN_KM
            if saving > 0:
                found.append((problem.offers.key[i], n.key[j], n.key[h], saving))
    return sorted(found, key=lambda line: -line[3])
