"""Matching against networkx, OR-tools and HiGHS models, interleaved in processes of their own.

``--run ours|networkx|highs CASE`` measures one run and prints JSON. Ours runs from tables (read
and validated) to the plan, candidates and filters included; peers start from finished arcs.
"""

import json
import sys
import time

import numpy as np

from benchmarks.planning import peers
from benchmarks.planning.measure import Run, middle, note, peak_mb, stopped

N, ARCS, ROUNDS = 2000, 100_000, 3
COMMON = ("highspy>=1.12,<1.15", "ortools>=9.15,<9.16", "scipy>=1.17", "numpy>=2")
EXCEL = ("xlsxwriter", "python-calamine", "chinesecalendar")


def main(small: bool = False) -> None:
    python = peers.install("networkx", "networkx>=3.2", *COMMON, *EXCEL)
    rounds = 1 if small else ROUNDS
    ours = [_run("ours", "pure") for _ in range(rounds)]
    slow = [r for _ in range(rounds) if (r := peers.attempt(python, *_call("networkx", "pure")))]
    plain = [_peer("highs", "pure") for _ in range(rounds)]
    _line("2,000 x 2,000 x 100,000", "networkx network simplex", ours, slow, best=0.5, ratio=10)
    _line("2,000 x 2,000 x 100,000", "HiGHS dual simplex", ours, plain)
    blend = [_run("ours", "blend") for _ in range(rounds)]
    _line("the same, blending limits", "HiGHS default", blend, [_peer("highs", "blend")], best=2.0)
    if small:
        return
    big = _run("ours", "province")
    note(
        "matching: 100,000 x 100,000 by candidate search",
        f"{big['seconds']:.1f} s, gap {big['gap']:.1e}, {big['mb']:,.0f} MB",
    )


def _call(side: str, case: str) -> tuple[str, ...]:
    return __spec__.name, "--run", side, case


def _run(side: str, case: str) -> Run:
    return peers.run(sys.executable, *_call(side, case))


def _peer(side: str, case: str) -> Run:
    return peers.run(sys.executable, *_call(side, case), limit_s=peers.LIMIT_S)


def _line(
    case: str,
    peer: str,
    ours: list[Run],
    other: list[Run],
    *,
    best: float | None = None,
    ratio: float | None = None,
) -> None:
    a = middle(ours)
    targets = [f"<= {best} s"] if best else []
    met = a <= best if best else None
    if not other:
        note(f"matching: {case}", f"{a:.3f} s", target=targets[0] if targets else "", met=met)
        return
    if late := stopped(other):
        met = bool(met) and (ratio is None or late / a >= ratio) if best else None
        said = f"{peer} > {late:.0f} s, stopped"
        note(f"matching: {case}", f"{a:.3f} s", peer=said, target=", ".join(targets), met=met)
        return
    b = middle(other)
    same = abs(ours[0]["cost"] - other[0]["cost"]) <= 1e-5 * abs(other[0]["cost"])
    assert same, f"optima differ: {ours[0]['cost']} {other[0]['cost']}"
    if ratio:
        targets.append(f">= {ratio} x")
        met = bool(met) and b / a >= ratio
    note(
        f"matching: {case}",
        f"{a:.3f} s",
        peer=f"{peer} {b:.2f} s, same optimum",
        times=(a, b),
        mb=(middle(ours, "mb"), middle(other, "mb")),
        target=", ".join(targets),
        met=met,
    )


def instance(case: str) -> dict[str, list[list[object]]]:
    """Rows of the sheets: 2,000 offers, 2,000 needs, 100,000 listed pairs with freight."""
    r = np.random.default_rng(7)
    offers = [
        [f"s{i}", None, "A", float(t), float(p)]
        for i, (t, p) in enumerate(
            zip(r.integers(10, 1000, N), r.integers(100, 900, N), strict=True)
        )
    ]
    blend = case == "blend"
    needs = [[f"d{j}", "A", float(t), blend] for j, t in enumerate(r.integers(10, 1000, N))]
    keys = r.choice(N * N, ARCS, replace=False)
    pairs = [
        [f"s{k // N}", f"d{k % N}", float(c)]
        for k, c in zip(keys.tolist(), r.integers(10, 300, ARCS).tolist(), strict=False)
    ]
    sheets: dict[str, list[list[object]]] = {
        "offers": [["key", "supplier", "product", "tonnes", "price"], *offers],
        "needs": [["key", "product", "tonnes", "blend"], *needs],
        "distances": [["offer", "need", "yuan"], *pairs],
        "settings": [["listed_only"], [True]],
        "contracts": [],
        "offer_quality": [],
        "need_quality": [],
    }
    if blend:
        ash = r.uniform(0, 10, N).round(2).tolist()
        sheets["offer_quality"] = [
            ["key", "attribute", "low", "high"],
            *([f"s{i}", "ash", a, a + 1] for i, a in enumerate(ash)),
        ]
        sheets["need_quality"] = [
            ["key", "attribute", "low", "high"],
            *([f"d{j}", "ash", None, 7.0] for j in range(N)),
        ]
    return sheets


def _problem(case: str):  # type: ignore[no-untyped-def]
    from luodi.planning.matching.tables import SHEETS, from_tables
    from luodi.planning.tables import parse_table

    sheets = instance(case)
    return from_tables({s.key: parse_table(s, s.key, sheets[s.key]) for s in SHEETS})


def _ours(case: str) -> dict[str, float]:
    from luodi.planning.matching.solve import solve

    if case == "province":
        return _province()
    sheets = instance(case)
    from luodi.planning.matching.tables import SHEETS, from_tables
    from luodi.planning.tables import parse_table

    tables = {s.key: parse_table(s, s.key, sheets[s.key]) for s in SHEETS}
    began = time.perf_counter()
    problem = from_tables(tables)
    read = time.perf_counter() - began
    plan = solve(problem)
    took = time.perf_counter() - began
    assert plan.check(problem) == []
    return {"seconds": took, "read": read, "cost": plan.objective, "mb": peak_mb()}


def _province() -> dict[str, float]:
    """100,000 offers and needs of 200 products over four degrees; 12 candidates per side."""
    from luodi.planning.matching import (
        Contracts,
        MatchingProblem,
        Transport,
        make_needs,
        make_offers,
    )
    from luodi.planning.matching.solve import solve

    r, k = np.random.default_rng(3), 100_000
    place = [{"longitude": r.uniform(110, 114, k), "latitude": r.uniform(35, 40, k)} for _ in "on"]
    codes = [[f"P{g:03d}" for g in r.integers(0, 200, k)] for _ in "on"]
    offers = make_offers(
        [f"s{i}" for i in range(k)],
        codes[0],
        r.integers(10, 1000, k),
        r.integers(100, 900, k).astype(float),
        **place[0],
    )
    needs = make_needs([f"d{j}" for j in range(k)], codes[1], r.integers(10, 1000, k), **place[1])
    problem = MatchingProblem(offers, needs, Contracts.none(1), Transport(nearest=12))
    began = time.perf_counter()
    plan = solve(problem)
    took = time.perf_counter() - began
    assert plan.check(problem) == []
    gap = -1.0 if plan.gap is None else plan.gap
    return {"seconds": took, "gap": gap, "arcs": plan.n_arcs, "mb": peak_mb(), "cost": 0.0}


def _arcs(case: str):  # type: ignore[no-untyped-def]
    from luodi.planning.matching.candidates import find_arcs

    problem = _problem(case)
    return problem, find_arcs(problem)


def _networkx(case: str) -> dict[str, float]:
    """Network simplex; what cannot be served goes over a dear stand-in."""
    import networkx as nx

    problem, arcs = _arcs(case)
    supply, demand = (v.tonnes[:, 0].astype(int) for v in (problem.offers, problem.needs))
    began = time.perf_counter()
    graph = nx.DiGraph()
    for i, t in enumerate(supply.tolist()):
        graph.add_node(i, demand=-t)
        graph.add_edge(i, "rest", weight=0)
    for j, t in enumerate(demand.tolist()):
        graph.add_node(N + j, demand=t)
        graph.add_edge("none", N + j, weight=10_000_000)
    graph.add_node("none", demand=-int(demand.sum()))
    graph.add_node("rest", demand=int(supply.sum()))
    graph.add_edge("none", "rest", weight=0)
    graph.add_weighted_edges_from(
        zip(
            arcs.offer.tolist(),
            (N + arcs.need).tolist(),
            arcs.price.astype(int).tolist(),
            strict=False,
        )
    )
    _, flow = nx.network_simplex(graph)
    took = time.perf_counter() - began
    cost = sum(
        p * flow[i][N + j]
        for i, j, p in zip(
            arcs.offer.tolist(), arcs.need.tolist(), arcs.price.tolist(), strict=False
        )
    )
    return {"seconds": took, "cost": cost, "mb": peak_mb()}


def _highs(case: str) -> dict[str, float]:
    """The straightforward program with a large reward for what is served, default options."""
    import highspy

    from luodi.planning.matching.model import Model
    from luodi.planning.matching.solve import remaining

    problem, arcs = _arcs(case)
    began = time.perf_counter()
    model = Model(problem, arcs, remaining(problem))
    solver: highspy.Highs = model.start(0)
    solver.setOptionValue("solver", "choose")
    columns = np.arange(model.width, dtype=np.int32)
    solver.changeColsCost(model.width, columns, arcs.price - 10_000)
    solver.run()
    x = np.array(solver.getSolution().col_value)
    took = time.perf_counter() - began
    return {"seconds": took, "cost": float(x @ arcs.price), "mb": peak_mb()}


if __name__ == "__main__":
    if "--run" in sys.argv:
        side, case = sys.argv[-2:]
        measure = {"ours": _ours, "networkx": _networkx, "highs": _highs}[side]
        print(json.dumps(measure(case)))
    else:
        main()
