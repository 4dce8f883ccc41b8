"""Reach against networkx, pandana and spopt, interleaved, each run in a process of its own.

``python -m benchmarks.planning.reach --run ours|networkx|pandana|siting|spopt|median`` measures
one of them and prints JSON. Streets are an invented grid with blocks of 80 to 160 m.
"""

import json
import os
import sys
import time

import numpy as np

from benchmarks.planning import peers
from benchmarks.planning.measure import middle, note, stopped

SIDE, PLACES, LIMIT = 1000, 500, 15.0
ROUNDS = 3
MEDIANS = ((200, 20), (400, 40), (900, 90), (900, 10))


def main(small: bool = False) -> None:
    networkx = peers.install("networkx-only", "networkx>=3", "numpy>=2", "scipy>=1.17")
    spatial = peers.install("spatial", "pandana", "spopt", "pandas<3", "scipy>=1.17")
    for limit, words in ((np.inf, "no limit"), (LIMIT, "15 minutes")):
        _nearest(networkx, limit, words, 1 if small or np.isinf(limit) else ROUNDS)
    _pandana(spatial)
    _siting(spatial, small)
    for nodes, count in MEDIANS[: 2 if small else None]:
        run = peers.run(sys.executable, __spec__.name, "--run", "median", str(nodes), str(count))
        note(
            f"reach: p-median, {nodes} nodes, p = {count}",
            f"{run['seconds']:.1f} s, gap {run['gap']:.2%}",
        )


def _nearest(networkx: object, limit: float, words: str, rounds: int) -> None:
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(peers.run(sys.executable, __spec__.name, "--run", "ours", str(limit)))
        if not stopped(theirs):
            other = peers.attempt(networkx, __spec__.name, "--run", "networkx", str(limit))
            theirs += [other] if other else []
    while len(ours) < ROUNDS:
        ours.append(peers.run(sys.executable, __spec__.name, "--run", "ours", str(limit)))
    a, case = middle(ours), f"reach: 1,000,000 nodes, 500 places, {words}"
    said = f"{a:.3f} s after {middle(ours, 'load'):.1f} s to load"
    if not theirs or stopped(theirs):
        late = f"networkx > {stopped(theirs):.0f} s, stopped" if theirs else ""
        note(case, said, peer=late)
        return
    b = middle(theirs)
    assert abs(ours[0]["sum"] - theirs[0]["sum"]) < 1e-6 * theirs[0]["sum"]
    note(
        case,
        said,
        peer=f"networkx {b:.2f} s, same minutes",
        times=(a, b),
        mb=(middle(ours, "mb"), middle(theirs, "mb")),
        target=">= 10 x",
        met=b >= 10 * a,
    )


def _pandana(python: object) -> None:
    run = peers.attempt(python, __spec__.name, "--run", "pandana")
    ours = peers.run(sys.executable, __spec__.name, "--run", "small")
    mine = ours["load"] + ours["seconds"]
    if run is None or stopped([run]):
        late = f"pandana > {stopped([run]):.0f} s, stopped" if run else ""
        note("reach: 14,400 nodes, loading included", f"{mine:.2f} s", peer=late)
        return
    peer = run["load"] + run["seconds"]
    note(
        "reach: 14,400 nodes, loading included",
        f"{ours['load']:.2f} + {ours['seconds']:.3f} s",
        peer=f"pandana {run['load']:.1f} + {run['seconds']:.3f} s",
        times=(mine, peer),
        mb=(ours["mb"], run["mb"]),
        target="ahead",
        met=mine < peer,
    )


def _siting(python: object, small: bool) -> None:
    ours = peers.run(sys.executable, __spec__.name, "--run", "siting")
    met = ours["seconds"] <= 15 and ours["gap"] == 0
    case, said = "reach: 20 of 1,000 sites for 20,000 points", f"{ours['seconds']:.2f} s, proven"
    peer = None if small else peers.attempt(python, __spec__.name, "--run", "spopt")
    if peer is None or stopped([peer]):
        late = f"spopt > {stopped([peer]):.0f} s, stopped" if peer else ""
        note(case, said, peer=late, target="proven <= 15 s", met=met)
        return
    same = abs(peer["objective"] - ours["objective"]) < 0.5
    note(
        case,
        said,
        peer=f"spopt {peer['seconds']:.1f} s, {'same' if same else 'worse'} optimum",
        times=(ours["seconds"], peer["seconds"]),
        mb=(ours["mb"], peer["mb"]),
        target="proven <= 15 s",
        met=met,
    )


def grid(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends and minutes of the streets of a side × side grid."""
    number = np.arange(side * side).reshape(side, side)
    a = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    b = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    return a, b, np.random.default_rng(0).uniform(80, 160, len(a)) / (4000 / 60)


def places(side: int) -> np.ndarray:
    return np.random.default_rng(1).choice(side * side, PLACES, replace=False)


def ours(side: int, limit: float) -> dict[str, float]:
    from luodi.planning.reach.access import minutes_to_nearest
    from luodi.planning.reach.network import Network

    a, b, minutes = grid(side)
    began = time.perf_counter()
    x, y = np.divmod(np.arange(side * side), side)
    net = Network.from_edges(x / 1000, y / 1000, a, b, metres=minutes * 4000 / 60)
    graph = net.minutes("walk", 4.0)
    loaded = time.perf_counter()
    far = minutes_to_nearest(graph, places(side), limit)
    done = time.perf_counter()
    total = float(far[np.isfinite(far)].sum())
    return {"load": loaded - began, "seconds": done - loaded, "sum": total}


def with_networkx(limit: float) -> dict[str, float]:
    import networkx as peer

    a, b, minutes = grid(SIDE)
    graph = peer.Graph()
    graph.add_weighted_edges_from(zip(a.tolist(), b.tolist(), minutes.tolist(), strict=True))
    began = time.perf_counter()
    far = peer.multi_source_dijkstra_path_length(graph, set(places(SIDE).tolist()), cutoff=limit)
    return {"seconds": time.perf_counter() - began, "sum": float(sum(far.values()))}


def with_pandana(side: int) -> dict[str, float]:
    import pandana as peer
    import pandas as pd

    a, b, minutes = grid(side)
    x, y = np.divmod(np.arange(side * side), side)
    x, y = pd.Series(x.astype(float)), pd.Series(y.astype(float))
    began = time.perf_counter()
    net = peer.Network(x, y, pd.Series(a), pd.Series(b), pd.DataFrame({"m": minutes}))
    net.precompute(LIMIT)
    loaded = time.perf_counter()
    at = places(side)
    net.set_pois("p", LIMIT, 1, x[at], y[at])
    net.nearest_pois(LIMIT, "p", num_pois=1)
    return {"load": loaded - began, "seconds": time.perf_counter() - loaded}


def cover_instance() -> tuple[np.ndarray, np.ndarray, float]:
    """20,000 points and 1,000 sites in a square of 20 km, covered within 1.2 km."""
    rng = np.random.default_rng(3)
    at, sites = rng.uniform(0, 20, (20000, 2)), rng.uniform(0, 20, (1000, 2))
    people = rng.integers(1, 100, 20000).astype(float)
    return people, np.hypot(*(at[:, None] - sites[None]).transpose(2, 0, 1)), 1.2


def siting() -> dict[str, float]:
    from luodi.planning.reach.siting import SitingProblem, solve

    people, km, limit = cover_instance()
    began = time.perf_counter()
    problem = SitingProblem(people=people, minutes=km, goal="cover", count=20, limit=limit)
    plan = solve(problem, time_limit=60)
    seconds = time.perf_counter() - began
    assert plan.check(problem) == []
    assert plan.gap is not None
    return {"seconds": seconds, "objective": plan.objective, "gap": plan.gap}


def with_spopt() -> dict[str, float]:
    import pulp
    from spopt.locate import MCLP

    people, km, limit = cover_instance()
    began = time.perf_counter()
    model = MCLP.from_cost_matrix(km, people, service_radius=limit, p_facilities=20)
    model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=120))
    objective = float(pulp.value(model.problem.objective))
    return {"seconds": time.perf_counter() - began, "objective": objective}


def median(nodes: int, count: int) -> dict[str, float]:
    """A random graph made as OR-Library's pmed instances were."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    from luodi.planning.reach.siting import SitingProblem, solve

    rng = np.random.default_rng(nodes + count)
    many = nodes * nodes // 50
    full = np.full((nodes, nodes), np.inf)
    ring = np.arange(nodes)
    a = np.concatenate([rng.integers(0, nodes, many), ring])
    b = np.concatenate([rng.integers(0, nodes, many), (ring + 1) % nodes])
    np.minimum.at(full, (a, b), rng.integers(1, 101, many + nodes).astype(float))
    full = np.minimum(full, full.T)
    full[np.isinf(full)] = 0.0
    minutes = dijkstra(csr_array(full))
    problem = SitingProblem(
        people=np.ones(nodes),
        minutes=minutes,
        goal="median",
        count=count,
        unreachable=float(minutes.max()),
    )
    plan = solve(problem, time_limit=60)
    assert plan.check(problem) == []
    return {"seconds": plan.seconds, "gap": plan.gap or 0.0}


if __name__ == "__main__":
    work = {
        "ours": lambda: ours(SIDE, float(sys.argv[3]) if len(sys.argv) > 3 else LIMIT),
        "small": lambda: ours(120, LIMIT),
        "networkx": lambda: with_networkx(float(sys.argv[3])),
        "pandana": lambda: with_pandana(120),
        "siting": siting,
        "spopt": with_spopt,
        "median": lambda: median(int(sys.argv[3]), int(sys.argv[4])),
    }
    print("\n" + json.dumps(work[sys.argv[2]]()), flush=True)  # pandana leaves a line open
    os._exit(0)  # and would print more at the end
