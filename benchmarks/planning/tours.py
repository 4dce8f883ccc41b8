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
from benchmarks.planning.measure import note

SECONDS = 60.0


def main(small: bool = False) -> None:
    season = peers.run(sys.executable, __spec__.name, "--run", "season", "8" if small else "28")
    note(
        "tours: 72 performances, all side conditions",
        f"{season['seconds']:.1f} s, {season['objective']:,.0f} km, proven >= "
        f"{season['bound']:,.0f}, gap {season['gap']:.1%}",
        peer=f"list order by hand {season['hand']:,.0f} km",
        target="30 s, a stated bound",
        met=season["seconds"] <= 30 and season["broken"] == 0,
    )
    seconds = 5 if small else 20
    ours = peers.run(sys.executable, __spec__.name, "--run", "days", "ours", str(seconds))
    theirs = peers.run(sys.executable, __spec__.name, "--run", "days", "ortools", str(seconds))
    note(
        f"tours: 100 visits, interchangeable days, {seconds} s each",
        f"{ours['objective']:,.1f}",
        peer=f"OR-tools routing {theirs['objective']:,.1f} "
        f"({theirs['objective'] / ours['objective'] - 1:+.1%})",
        mb=(ours["mb"], theirs["mb"]),
    )
    folder = os.environ.get("LUODI_PVRP")
    if folder:
        _published(Path(folder))
    else:
        print("   no periodic instances: set LUODI_PVRP to a folder with files and best.csv")


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
        gaps.append(run["objective"] / length - 1)
        note(
            f"tours: {name}, {run['seconds']:.0f} s",
            f"{run['objective']:,.2f}",
            peer=f"best published {length:,.2f} ({gaps[-1]:+.2%})",
            target="within 1 %",
            met=gaps[-1] <= 0.01,
        )
    print(f"   {sum(g <= 0.01 for g in gaps)} of {len(gaps)} within 1 %, mean {np.mean(gaps):+.2%}")


def season(seconds: str) -> dict[str, float]:
    from luodi.planning.tours import example, solve

    problem = example()
    plan = solve(problem, time_limit=float(seconds))
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


def days(side: str, seconds: str) -> dict[str, float]:
    """Anyone on any day: one CVRP of days × vehicles for both sides."""
    rng = np.random.default_rng(5)
    x, y = rng.integers(0, 100, 101), rng.integers(0, 100, 101)
    demand = rng.integers(1, 20, 100)
    if side == "ours":
        return {"objective": _days_ours(x, y, demand, int(seconds))}
    return {"objective": _days_ortools(x, y, demand, int(seconds))}


def _days_ours(x: np.ndarray, y: np.ndarray, demand: np.ndarray, seconds: int) -> float:
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
    plan = solve(problem, time_limit=seconds)
    assert plan.check(problem) == []
    return plan.objective


def _days_ortools(x: np.ndarray, y: np.ndarray, demand: np.ndarray, seconds: int) -> float:
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
    wish.time_limit.FromSeconds(seconds)
    return float(routing.SolveWithParameters(wish).ObjectiveValue()) / 1000


if __name__ == "__main__":
    work = {"season": season, "file": from_file, "days": days}
    print(json.dumps(work[sys.argv[2]](*sys.argv[3:])))
