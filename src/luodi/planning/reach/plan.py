"""The measured circle, and the sites that were chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ..core import Flags, Floats, Ints, Lang, Plan, Text, Violation
from ..geo import flat_metres
from . import siting
from .problem import ReachProblem, siting_problem
from .siting import SitingPlan

DETOUR = 1.3  # streets against straight lines


def people_minutes(problem: ReachProblem, minutes: Floats) -> Floats:
    """kinds × people minutes, from kinds × street nodes; infinity beyond the horizon."""
    total = minutes[..., problem.homes.node] + problem.way(problem.homes)
    return np.where(total <= problem.horizon_minutes, total, np.inf)


def covered(problem: ReachProblem, minutes: Floats) -> Flags:
    """kinds × people: within the limit of the kind."""
    return people_minutes(problem, minutes) <= problem.limit_minutes[:, None] + 1e-9


def share_covered(problem: ReachProblem, minutes: Floats) -> float:
    """Share of people within the limit of every kind."""
    whole = covered(problem, minutes).all(axis=0)
    return float(problem.people.total[whole].sum() / problem.people.total.sum())


@dataclass(frozen=True)
class Gap:
    """People of one village or community beyond the limit, about as many as one place serves."""

    people: float
    lon: float
    lat: float
    area: str
    homes: Ints


@dataclass(frozen=True, kw_only=True)
class ReachPlan(Plan[ReachProblem]):
    """``minutes``, ``place``: kinds × street nodes, minutes to and position of the nearest place of
    the kind (infinity and −1 beyond the horizon). ``after``: minutes per node for the kind of
    ``sites`` once they are built."""

    minutes: Floats
    place: Ints
    sites: SitingPlan | None = None
    after: Floats | None = None

    def covered(self, problem: ReachProblem) -> Flags:
        return covered(problem, self.minutes)

    def shares(self, problem: ReachProblem) -> Floats:
        """kinds × (groups, then everyone): share of people within the limit."""
        count = np.column_stack([problem.people.count, problem.people.total])
        inside = self.covered(problem).astype(float) @ count
        total = count.sum(axis=0)
        return np.asarray(inside / np.where(total > 0, total, 1.0))

    def by_area(self, problem: ReachProblem) -> tuple[Floats, Floats, Floats]:
        """Per area: people, kinds × areas shares within the limit, kinds × areas mean minutes."""
        p, size = problem.people, len(problem.people.areas)
        people = np.bincount(p.area, weights=p.total, minlength=size).astype(float)
        minutes = people_minutes(problem, self.minutes)
        inside = self.covered(problem) * p.total
        capped = np.minimum(minutes, problem.horizon_minutes) * p.total
        shares = [np.bincount(p.area, weights=w, minlength=size) for w in inside]
        means = [np.bincount(p.area, weights=w, minlength=size) for w in capped]
        safe = np.maximum(people, 1e-9)
        return people, np.array(shares) / safe, np.array(means) / safe

    def load(self, problem: ReachProblem) -> Floats:
        """People within the limit whose nearest place it is, per place."""
        total = np.zeros(len(problem.places.names))
        inside = self.covered(problem)
        for k in range(len(problem.kinds)):
            own = np.flatnonzero(problem.places.kind == k)
            who = self.place[k, problem.homes.node]
            use = inside[k] & (who >= 0)
            total[own] = np.bincount(
                who[use], weights=problem.people.total[use], minlength=len(own)
            )[: len(own)]
        return total

    def gaps(self, problem: ReachProblem, kind: int) -> list[Gap]:
        """List gaps, most people first: as people would split them, by village and by reach.

        In each village or community, again and again, the home with most people around it (as
        far as the limit goes, streets taken as ``DETOUR`` times the straight line) takes them all.
        """
        p, found = problem.people, []
        outside = ~self.covered(problem)[kind] & (p.total > 0)
        way = problem.limit_minutes[kind] * problem.flat_kmh * 1000 / 60 / DETOUR
        at = flat_metres(p.lon, p.lat, float(p.lat.mean()))
        for a in np.unique(p.area[outside]).tolist():
            left = np.flatnonzero(outside & (p.area == a))
            while len(left):
                near = cKDTree(at[left]).query_ball_point(at[left], way)
                around = [float(p.total[left[n]].sum()) for n in near]
                here = left[near[int(np.argmax(around))]]
                w = p.total[here]
                lon, lat = np.average(p.lon[here], weights=w), np.average(p.lat[here], weights=w)
                found.append(Gap(float(w.sum()), float(lon), float(lat), p.areas[a], here))
                left = np.setdiff1d(left, here)
        return sorted(found, key=lambda gap: -gap.people)

    def check(self, problem: ReachProblem) -> list[Violation]:
        found = []
        for k, name in enumerate(problem.kinds):
            off = _misfit(problem, problem.sources(k), self.minutes[k])
            if off > 1e-6:
                what = Text("到最近设施的分钟数", "minutes to the nearest")
                found.append(Violation(what, off, name))
        if self.sites is None:
            truth = share_covered(problem, self.minutes)
            if abs(truth - self.objective) > 1e-9:
                off = abs(truth - self.objective)
                found.append(Violation(Text("覆盖比例", "share covered"), off))
            return found
        assert problem.siting is not None
        found += self.sites.check(siting_problem(problem))
        old = problem.sources(problem.siting.kind)
        built = problem.candidates[self.sites.chosen - len(old)]
        assert self.after is not None
        off = _misfit(problem, np.concatenate([old, built]), self.after)
        if off > 1e-6:
            found.append(Violation(Text("建成后的分钟数", "minutes once built"), off))
        return found


def explain(problem: ReachProblem, plan: ReachPlan, lang: Lang = "zh") -> str:
    """Tell the share of people within every limit, or what the new sites change."""
    if plan.sites is not None:
        return siting.explain(plan.sites, lang)
    share = plan.objective
    return Text(
        f"{share:.1%} 的居民在各类设施的时限之内。", f"{share:.1%} of people reach every kind."
    ).say(lang)


def _misfit(problem: ReachProblem, sources: Ints, minutes: Floats) -> float:
    """How far ``minutes`` are from the shortest ones, by Bellman's conditions, without a search.

    No arc may lead to a node sooner than told, and each told time needs a way that takes it.
    """
    n, graph = len(problem.network.lon), problem.graph
    told = np.full(graph.shape[0], np.inf)
    told[:n], told[sources] = minutes, 0.0
    row = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    by_arc = told[row] + graph.data
    best = np.full(graph.shape[0], np.inf)
    np.minimum.at(best, graph.indices, by_arc)
    best = np.where(best <= problem.horizon_minutes, best, np.inf)[:n]
    both = np.isfinite(best) & np.isfinite(minutes)
    if (np.isfinite(best) != np.isfinite(minutes)).any():
        return float("inf")
    return float(np.abs(best[both] - minutes[both]).max(initial=0.0))
