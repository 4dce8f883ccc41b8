"""Tours: the season of 72 performances, periodic instances, and OR-tools routing at equal time.

Periodic instances in Cordeau's format are looked for in the folder that ``LUODI_PVRP`` names, with
the best published lengths in ``best.csv`` (name,length); without it, invented ones are made.
"""

import csv
import json
import os
import sys
from pathlib import Path

import numpy as np

from benchmarks.planning import peers

SECONDS = 60.0


def main() -> None:
    season = peers.run(sys.executable, __spec__.name, "--run", "season")
    verdict = "met" if season["seconds"] <= 30 and season["broken"] == 0 else "MISSED"
    print(
        f"   72 performances: {season['seconds']:.1f} s, weighs {season['objective']:,.0f} km, "
        f"proven not below {season['bound']:,.0f} (gap {season['gap']:.1%}; target 30 s with a "
        f"stated bound: {verdict})\n      the plan by hand weighs {season['hand']:,.0f} km"
    )
    folder = os.environ.get("LUODI_PVRP")
    if folder:
        _published(Path(folder))
    else:
        print("   no periodic instances: set LUODI_PVRP to a folder with files and best.csv")
    ours = peers.run(sys.executable, __spec__.name, "--run", "days", "ours")
    theirs = peers.run(sys.executable, __spec__.name, "--run", "days", "ortools")
    better = theirs["objective"] / ours["objective"] - 1
    print(
        f"   interchangeable days (100 visits, 5 days × 2 vehicles, 20 s each): luodi "
        f"{ours['objective']:,.1f}, OR-tools {theirs['objective']:,.1f} ({better:+.1%})"
    )


def _published(folder: Path) -> None:
    with (folder / "best.csv").open() as file:
        best = {row[0]: float(row[1]) for row in csv.reader(file)}
    gaps = []
    for name, length in best.items():
        try:
            run = peers.run(sys.executable, __spec__.name, "--run", "file", str(folder / name))
        except RuntimeError as error:
            print(f"   {name}: {str(error).strip().splitlines()[-1]}")
            continue
        gap = run["objective"] / length - 1
        gaps.append(gap)
        met = "met" if gap <= 0.01 else "MISSED"
        print(
            f"   {name}: {run['objective']:,.2f} against {length:,.2f}: {gap:+.2%}"
            f" in {run['seconds']:.0f} s (target 1 %: {met})",
            flush=True,
        )
    met = sum(g <= 0.01 for g in gaps)
    print(f"   {met} of {len(gaps)} within 1 %, mean {np.mean(gaps):+.2%}")


def season() -> dict[str, float]:
    from luodi.planning.tours import example, solve

    problem = example()
    plan = solve(problem, time_limit=28.0)
    hand = sum(plan.by_hand.values()) if plan.by_hand else float("nan")
    return {
        "seconds": plan.seconds,
        "objective": plan.objective,
        "bound": plan.bound or 0.0,
        "gap": plan.gap or 0.0,
        "hand": hand,
        "broken": len(plan.check(problem)),
    }


def from_file(path: str) -> dict[str, float]:
    from luodi.planning.tours.periodic import read_cordeau, solve

    problem = read_cordeau(path)
    plan = solve(problem, time_limit=SECONDS)
    assert plan.check(problem) == []
    return {"seconds": plan.seconds, "objective": plan.objective}


def days(side: str) -> dict[str, float]:
    """Anyone on any day: one CVRP of days × vehicles for both sides."""
    rng = np.random.default_rng(5)
    x, y = rng.integers(0, 100, 101), rng.integers(0, 100, 101)
    demand = rng.integers(1, 20, 100)
    if side == "ours":
        return {"objective": _days_ours(x, y, demand)}
    return {"objective": _days_ortools(x, y, demand)}


def _days_ours(x: np.ndarray, y: np.ndarray, demand: np.ndarray) -> float:
    from luodi.planning.tours.periodic import PeriodicProblem, solve

    problem = PeriodicProblem(
        x=x.astype(float),
        y=y.astype(float),
        service=np.zeros(100),
        demand=demand.astype(float),
        patterns=(tuple((d,) for d in range(5)),) * 100,
        vehicles=2,
        longest=np.full(5, np.inf),
        capacity=np.full(5, 120.0),
    )
    plan = solve(problem, time_limit=20.0)
    assert plan.check(problem) == []
    return plan.objective


def _days_ortools(x: np.ndarray, y: np.ndarray, demand: np.ndarray) -> float:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    far = np.rint(1000 * np.hypot(x[:, None] - x, y[:, None] - y)).astype(int)
    load = [0, *demand.tolist()]
    manager = pywrapcp.RoutingIndexManager(101, 10, 0)
    routing = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode
    way = routing.RegisterTransitCallback(lambda a, b: int(far[node(a), node(b)]))
    routing.SetArcCostEvaluatorOfAllVehicles(way)
    carried = routing.RegisterUnaryTransitCallback(lambda a: load[node(a)])
    routing.AddDimensionWithVehicleCapacity(carried, 0, [120] * 10, True, "load")
    wish = pywrapcp.DefaultRoutingSearchParameters()
    wish.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    wish.time_limit.FromSeconds(20)
    return float(routing.SolveWithParameters(wish).ObjectiveValue()) / 1000


if __name__ == "__main__":
    work = {"season": season, "file": from_file, "days": days}
    print(json.dumps(work[sys.argv[2]](*sys.argv[3:])))
