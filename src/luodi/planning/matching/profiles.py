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
from .candidates import great_circle
from .plan import TOLERANCE, MatchingPlan
from .problem import MatchingProblem


@dataclass(frozen=True)
class Enterprise:
    """``makes`` and ``uses``: tonnes per period by product code."""

    name: str
    makes: Mapping[str, float] = field(default_factory=dict)
    uses: Mapping[str, float] = field(default_factory=dict)
    longitude: float = math.nan
    latitude: float = math.nan


@dataclass(frozen=True)
class Partner:
    """``maker`` could supply ``user``: ``tonnes`` that fit (0 if only the industry suggests it)."""

    maker: str
    user: str
    product: str
    tonnes: float
    km: float
    reason: Text


@dataclass(frozen=True)
class JointTerms:
    """What buying and shipping together is worth.

    ``tiers``: per product code steps (from tonnes, yuan/t off), rising; ``load``: tonnes a vehicle
    carries; ``trip``: yuan per vehicle and km; ``near_km``: buyers that can share a vehicle.
    """

    tiers: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    load: float = 33.0
    trip: float = 7.0
    near_km: float = 30.0


@dataclass(frozen=True)
class Rival:
    """Two that buy or sell the same ``product``; ``saving`` yuan per period by acting together."""

    first: str
    second: str
    product: str
    buying: bool
    tonnes: float
    saving: float
    reason: Text


def enterprises(problem: MatchingProblem) -> list[Enterprise]:
    """Profiles from offers and needs; one name that sells and buys is one enterprise."""
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
    firms: Sequence[Enterprise],
    coefficients: Mapping[tuple[str, str], float] | None = None,
    names: Mapping[str, str] | None = None,
    *,
    least: float = 0.01,
    most: int = 50,
) -> list[Partner]:
    """Possible partners: those whose tonnes fit (most first), then those an industry suggests.

    ``coefficients``: (input code, output code) → yuan of input per yuan of output, from an
    input–output table; pairs of at least ``least`` suggest a maker to a firm that makes the output.
    """
    makers: dict[str, list[Enterprise]] = defaultdict(list)
    for firm in firms:
        for code in firm.makes:
            makers[code].append(firm)
    found = [
        _partner(a, b, have, want, names or {})
        for b in firms
        for want in b.uses
        for have in makers
        if have.startswith(want)
        for a in makers[have]
        if a.name != b.name
    ]
    found.sort(key=lambda p: (-p.tonnes, p.km if p.km == p.km else math.inf))
    known = {(p.maker, p.user) for p in found}
    suggested = [
        _suggestion(a, b, have, share, names or {})
        for (have, output), share in sorted((coefficients or {}).items(), key=lambda c: -c[1])
        if share >= least
        for a in makers.get(have, ())
        for b in makers.get(output, ())
        if a.name != b.name and (a.name, b.name) not in known
    ]
    return (found + suggested)[:most]


def _distance(a: Enterprise, b: Enterprise) -> float:
    at = (np.array(v) for v in (a.longitude, a.latitude, b.longitude, b.latitude))
    return float(great_circle(*at))


def _partner(
    a: Enterprise, b: Enterprise, have: str, want: str, names: Mapping[str, str]
) -> Partner:
    tonnes, km = min(a.makes[have], b.uses[want]), _distance(a, b)
    product, share = names.get(have, have), tonnes / b.uses[want] if b.uses[want] else 0.0
    far = Text(f"，直线相距 {km:.0f} 公里", f", {km:.0f} km away") if km == km else Text("", "")
    reason = Text(
        f"{a.name}生产的{product}正是{b.name}所需，可满足其 {share:.0%}{far.zh}。",
        f"{a.name} makes the {product} that {b.name} uses: {share:.0%} of its need{far.en}.",
    )
    return Partner(a.name, b.name, have, tonnes, km, reason)


def _suggestion(
    a: Enterprise, b: Enterprise, have: str, share: float, names: Mapping[str, str]
) -> Partner:
    reason = Text(
        f"按投入产出表，{b.name}所在行业每元产出平均投入 {share:.2f} 元{names.get(have, have)}，"
        f"{a.name}正生产它。",
        f"By the input–output table, {b.name}'s industry uses {share:.2f} yuan of "
        f"{names.get(have, have)} per yuan of output, and {a.name} makes it.",
    )
    return Partner(a.name, b.name, have, 0.0, _distance(a, b), reason)


def rivals(
    firms: Sequence[Enterprise],
    terms: JointTerms | None = None,
    names: Mapping[str, str] | None = None,
    *,
    most: int = 50,
) -> list[Rival]:
    """Pairs that buy, or sell, the same product; largest saving together first."""
    terms, found = terms or JointTerms(), []
    for buying in (True, False):
        groups: dict[str, list[Enterprise]] = defaultdict(list)
        for firm in firms:
            for code in firm.uses if buying else firm.makes:
                groups[code].append(firm)
        for code, members in groups.items():
            for a, b in itertools.combinations(members, 2):
                found.append(_rival(a, b, code, buying, terms, (names or {}).get(code, code)))
    found.sort(key=lambda r: (-r.saving, -r.tonnes))
    return found[:most]


def _rival(
    a: Enterprise, b: Enterprise, code: str, buying: bool, terms: JointTerms, product: str
) -> Rival:
    x, y = (f.uses[code] if buying else f.makes[code] for f in (a, b))
    saving = joint_purchase(terms, code, (x, y)) if buying else 0.0
    verb = Text("都采购", "both buy") if buying else Text("都销售", "both sell")
    how = Text("可联合分担订单、统一发运", "could share orders and ship together")
    if saving > 0:
        how = Text(
            f"联合采购 {x + y:,.0f} 吨可省 {saving:,.0f} 元",
            f"buying {x + y:,.0f} t together saves {saving:,.0f} yuan",
        )
    elif buying:
        how = Text("可联合询价、拼车运输", "could ask for prices and fill vehicles together")
    reason = Text(
        f"{a.name}与{b.name}{verb.zh}{product}，{how.zh}。",
        f"{a.name} and {b.name} {verb.en} {product}: they {how.en}."
        if saving <= 0
        else f"{a.name} and {b.name} {verb.en} {product}: {how.en}.",
    )
    return Rival(a.name, b.name, code, buying, x + y, saving, reason)


def joint_purchase(terms: JointTerms, code: str, tonnes: Sequence[float]) -> float:
    """Yuan saved per period when the quantities reach a discount step together."""

    def discount(t: float) -> float:
        return t * max((off for start, off in terms.tiers.get(code, ()) if t >= start), default=0.0)

    return discount(sum(tonnes)) - sum(discount(t) for t in tonnes)


def joint_shipping(
    problem: MatchingProblem, plan: MatchingPlan, terms: JointTerms
) -> list[tuple[str, str, str, float]]:
    """(offer, need, need, yuan saved over all periods) where near buyers fill vehicles together."""
    by_offer: dict[int, list[int]] = defaultdict(list)
    for k in np.flatnonzero(plan.tonnes.sum(axis=1) > TOLERANCE):
        by_offer[int(plan.offer[k])].append(int(k))
    needs, found = problem.needs, []
    for i, lines in by_offer.items():
        for a, b in itertools.combinations(lines, 2):
            j, h = plan.need[a], plan.need[b]
            apart = float(
                great_circle(
                    needs.longitude[j], needs.latitude[j], needs.longitude[h], needs.latitude[h]
                )
            )
            far = max(plan.km[a], plan.km[b])
            if not (apart <= terms.near_km and far == far):
                continue
            full = [np.ceil(plan.tonnes[k] / terms.load) for k in (a, b)]
            both = np.ceil((plan.tonnes[a] + plan.tonnes[b]) / terms.load)
            trips = float((full[0] + full[1] - both).sum())
            saving = (trips * far - float(both.sum() > 0) * apart) * terms.trip
            if saving > 0:
                found.append((problem.offers.key[i], needs.key[j], needs.key[h], saving))
    return sorted(found, key=lambda line: -line[3])
