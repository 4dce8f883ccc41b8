"""Which offer can serve which need at all: filters on pairs, and the cheapest pairs of large ones.

A pair is an arc of the network. Price caps, strict quality, contract length and distance are
filters on arcs, so they cost the solver nothing.

The chosen order of goals, as one figure per arc each, to be minimised one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..core import Floats, Longs, Text
from ..geo import kilometres
from .problem import Goal, MatchingProblem

BLOCK = 2_000_000  # pairs judged at once
SLACK = 1e-9


class Verdict(IntEnum):
    """Why a pair of one product may or may not trade."""

    GOOD = 0
    PRICE = 1
    QUALITY = 2
    UNSTATED = 3
    TERM = 4
    DISTANCE = 5


VERDICTS = {
    Verdict.PRICE: Text("到厂价高于限价", "the delivered price is above the cap"),
    Verdict.QUALITY: Text("质量不合要求", "the quality does not fit"),
    Verdict.UNSTATED: Text("未说明所要求的质量指标", "a required quality is not stated"),
    Verdict.TERM: Text("合同期不够长", "the contract would be too short"),
    Verdict.DISTANCE: Text("距离太远", "it is too far away"),
}


@dataclass(frozen=True, eq=False)
class Arcs:
    """Pairs that may trade: ``price`` is delivered yuan/t; ``rejected`` counts (m, verdicts)."""

    offer: Longs
    need: Longs
    price: Floats
    km: Floats
    rejected: NDArray[np.int64]
    complete: bool = True

    def __len__(self) -> int:
        return len(self.offer)

    def take(self, k: Longs) -> Arcs:
        """The arcs at places ``k``."""
        return replace(
            self, offer=self.offer[k], need=self.need[k], price=self.price[k], km=self.km[k]
        )


def find_arcs(problem: MatchingProblem) -> Arcs:
    """All pairs that may trade; with ``transport.nearest`` only the cheapest of each side."""
    rejected = np.zeros((len(problem.needs), len(Verdict)), dtype=np.int64)
    ranges = _Ranges(problem)
    found = [_listed(problem, ranges, rejected)]
    if not problem.transport.listed_only:
        k = problem.transport.nearest
        for o, w in ranges.blocks(by_offer=False):
            found.append(_block(problem, o, w, k, 0, rejected))
        for o, w in ranges.blocks(by_offer=True) if k else ():
            found.append(_block(problem, o, w, k, 1, None))
    return _merge(problem, found, rejected)


def price_out(
    problem: MatchingProblem, worse: Callable[[Longs, Longs, Floats], NDArray[np.bool_]], limit: int
) -> Arcs:
    """Pairs for which ``worse(offer, need, price)`` is false, at most ``limit`` per need.

    The proof of a plan on candidates: no other pair can improve it when none is found.
    """
    rejected = np.zeros((len(problem.needs), len(Verdict)), dtype=np.int64)
    found = []
    for o, w in _Ranges(problem).blocks(by_offer=False):
        price, km, verdict = judge(problem, o[:, None], w[None, :])
        good = (verdict == 0) & ~worse(o[:, None], w[None, :], price)
        good &= np.cumsum(good, axis=0) <= limit
        i, j = np.nonzero(good)
        found.append((o[i], w[j], price[i, j], km[i, j]))
    return _merge(problem, found, rejected)


def judge(
    problem: MatchingProblem,
    o: Longs,
    w: Longs,
    km: Floats | None = None,
    yuan: Floats | None = None,
) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """Delivered price (yuan/t), km and verdict of pairs of offers ``o`` and needs ``w``.

    ``o`` and ``w`` broadcast against each other. A stated ``km`` or ``yuan`` (yuan/t of freight)
    replaces the computed one where it is not NaN.
    """
    offers, needs, transport = problem.offers, problem.needs, problem.transport
    far = kilometres(offers.longitude[o], offers.latitude[o], needs.longitude[w], needs.latitude[w])
    far = far * transport.detour
    if km is not None:
        far = np.where(np.isnan(km), far, km)
    freight = np.nan_to_num(far) * transport.rate
    if yuan is not None:
        freight = np.where(np.isnan(yuan), freight, yuan)
    price = offers.price[o] + freight
    verdict = np.zeros(price.shape, dtype=np.int8)
    verdict[far > transport.max_km] = Verdict.DISTANCE
    verdict[np.broadcast_to(offers.min_term[o] > needs.term[w], price.shape)] = Verdict.TERM
    for q in range(len(problem.attributes)):
        _judge_quality(problem, o, w, q, verdict)
    verdict[price > needs.cap[w] + SLACK] = Verdict.PRICE
    return price, far, verdict


def _judge_quality(
    problem: MatchingProblem, o: Longs, w: Longs, q: int, verdict: NDArray[np.int8]
) -> None:
    low, high = problem.offers.quality_low[o, q], problem.offers.quality_high[o, q]
    least, most = problem.needs.quality_low[w, q], problem.needs.quality_high[w, q]
    unstated = (~np.isnan(least) & np.isnan(low)) | (~np.isnan(most) & np.isnan(high))
    outside = ((low < least - SLACK) | (high > most + SLACK)) & ~problem.needs.blend[w]
    verdict[outside] = Verdict.QUALITY
    verdict[unstated] = Verdict.UNSTATED


class _Ranges:
    """Offers sorted by product code: a need's code covers one range of them (prefix match)."""

    def __init__(self, problem: MatchingProblem) -> None:
        codes = np.array(problem.offers.product, dtype=str)
        self.order = np.argsort(codes, kind="stable").astype(np.int64)
        wanted, self.group = np.unique(np.array(problem.needs.product, str), return_inverse=True)
        ends = np.array([code + chr(0x10FFFF) for code in wanted], dtype=str)
        self.low = np.searchsorted(codes[self.order], wanted)
        self.high = np.searchsorted(codes[self.order], ends)
        self.place = np.empty(len(codes), dtype=np.int64)
        self.place[self.order] = np.arange(len(codes))

    def fits(self, o: Longs, w: Longs) -> NDArray[np.bool_]:
        g = self.group[w]
        return np.asarray((self.place[o] >= self.low[g]) & (self.place[o] < self.high[g]))

    def blocks(self, *, by_offer: bool) -> Iterator[tuple[Longs, Longs]]:
        """(offers, needs) of one code, cut along the needs or along the offers."""
        members = np.argsort(self.group, kind="stable").astype(np.int64)
        bounds = np.searchsorted(self.group[members], np.arange(len(self.low) + 1))
        for g in range(len(self.low)):
            o = self.order[self.low[g] : self.high[g]]
            w = members[bounds[g] : bounds[g + 1]]
            if len(o) == 0:
                continue
            whole, cut = (w, o) if by_offer else (o, w)
            step = max(1, BLOCK // len(whole))
            for start in range(0, len(cut), step):
                part = cut[start : start + step]
                yield (part, w) if by_offer else (o, part)


_Found = tuple[Longs, Longs, Floats, Floats]


def _listed(problem: MatchingProblem, ranges: _Ranges, rejected: NDArray[np.int64]) -> _Found:
    t = problem.transport
    fits = ranges.fits(t.offer, t.need)
    o, w = t.offer[fits], t.need[fits]
    price, km, verdict = judge(problem, o, w, t.km[fits], t.yuan[fits])
    np.add.at(rejected, (w, verdict), 1)
    if not t.listed_only:  # the blocks will count these pairs with computed figures
        np.subtract.at(rejected, (w, judge(problem, o, w)[2]), 1)
    good = verdict == 0
    return o[good], w[good], price[good], km[good]


def _block(
    problem: MatchingProblem, o: Longs, w: Longs, k: int, axis: int, rejected: Longs | None
) -> _Found:
    """Judge a block; keep the ``k`` cheapest along ``axis`` (0: per need, 1: per offer; 0: all)."""
    price, km, verdict = judge(problem, o[:, None], w[None, :])
    good = verdict == 0
    if rejected is not None:
        for v in Verdict:
            rejected[w, v] += (verdict == v).sum(axis=0)
    if 0 < k < price.shape[axis]:
        worth = np.where(good, price, np.inf)
        best = np.argpartition(worth, k - 1, axis=axis).take(range(k), axis=axis)
        kept = np.zeros_like(good)
        np.put_along_axis(kept, best, True, axis=axis)
        good &= kept
    i, j = np.nonzero(good)
    return o[i], w[j], price[i, j], km[i, j]


def _merge(problem: MatchingProblem, found: list[_Found], rejected: NDArray[np.int64]) -> Arcs:
    """One arc per pair; a pair with its own figures (they come first) is not computed again."""
    o, w, price, km = (np.concatenate(parts) for parts in zip(*found, strict=True))
    t, m = problem.transport, len(problem.needs)
    own = len(found[0][0]) if found else 0
    keys = o * m + w
    if len(found) > 1 and len(t.offer):
        stated = np.isin(keys, t.offer * m + t.need)
        stated[:own] = False
        o, w, price, km, keys = (v[~stated] for v in (o, w, price, km, keys))
    _, first = np.unique(keys, return_index=True)
    good = rejected[:, Verdict.GOOD].sum()
    return Arcs(o[first], w[first], price[first], km[first], rejected, len(first) >= good)


def join(problem: MatchingProblem, arcs: Arcs, more: Arcs) -> Arcs:
    """``arcs`` and ``more`` in one; still not complete."""
    found = [(a.offer, a.need, a.price, a.km) for a in (arcs, more)]
    o, w, price, km = (np.concatenate(parts) for parts in zip(*found, strict=True))
    _, first = np.unique(o * len(problem.needs) + w, return_index=True)
    return Arcs(o[first], w[first], price[first], km[first], arcs.rejected, complete=False)


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
