"""Complementary enterprises and competing ones, from what each makes and uses.

Complementary ones band together (one makes what the other uses); competing ones cooperate (they
buy the same and can buy or ship together). Rankings are of pairs of enterprises, by tonnes.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core import Text
from ..geo import kilometres
from .plan import TOLERANCE, MatchingPlan
from .problem import MatchingProblem

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
