"""Energy against PyPSA (``io_api="direct"``), interleaved, each run in a process of its own.

``python -m benchmarks.planning.energy --run ours|pypsa CASE`` measures one run and prints JSON.
"""

import gc
import json
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.planning import peers
from benchmarks.planning.measure import Run, middle, note, peak_mb, stopped

CASES = {"sort": (10, 0), "battery": (10, 1)}
LABELS = {
    "sort": ("10 enterprises x 8,760 h, no battery", 100),
    "battery": ("10 enterprises x 8,760 h, a battery", 3.5),
}
ROUNDS = 3
# the peer's fastest solver; the rest is to build the same problem
FASTEST = ("highspy==1.16.*", "xlsxwriter", "python-calamine", "chinesecalendar", "scipy")


def main(small: bool = False) -> None:
    python = peers.install("pypsa", "pypsa>=1.0,<2", *FASTEST)
    for case in CASES:
        runs: list[Run] = []
        theirs: list[Run] = []
        for _ in range(1 if small else ROUNDS):
            runs.append(peers.run(sys.executable, __spec__.name, "--run", "ours", case))
            if not stopped(theirs):
                other = peers.attempt(python, __spec__.name, "--run", "pypsa", case)
                theirs += [other] if other else []
        _compare(case, runs, theirs)
    run = peers.run(sys.executable, __spec__.name, "--run", "warm", "battery")
    s = run["seconds"]
    note("energy: warm re-solve, +5 % volume", f"{s:.3f} s", target="<= 0.3 s", met=s <= 0.3)
    n = 20 if small else 100
    big = peers.run(sys.executable, __spec__.name, "--run", "big", str(n))
    note(
        f"energy: {n} enterprises x 8,760 h, batteries, demand charges",
        f"{big['seconds']:.0f} s, gap {big['gap']:.3%}, {big['mb']:,.0f} MB",
        target="< 8,000 MB",
        met=big["mb"] < 8000,
    )


def _compare(case: str, runs: list[Run], theirs: list[Run]) -> None:
    mine, mb = middle(runs), middle(runs, "mb")
    label, target = LABELS[case]
    if not theirs:
        note(f"energy: {label}", f"{mine:.3f} s")
        return
    if late := stopped(theirs):
        said = f"PyPSA direct > {late:.0f} s, stopped"
        note(f"energy: {label}", f"{mine:.3f} s", peer=said, target=f">= {target} x")
        return
    peer = middle(theirs)
    ours, other = runs[0]["objective"], theirs[0]["objective"]
    assert abs(ours - other) <= 1e-6 * abs(other), f"optima differ: {ours} {other}"
    memory = mb / middle(theirs, "mb")
    note(
        f"energy: {label}",
        f"{mine:.3f} s",
        peer=f"PyPSA direct {peer:.2f} s, same optimum",
        times=(mine, peer),
        mb=(mb, middle(theirs, "mb")),
        target=f">= {target} x, memory <= 0.20",
        met=peer / mine >= target and memory <= 0.2,
    )


def ours(case: str) -> dict[str, float]:
    from luodi.planning.energy import benchmark_park, solve

    n, batteries = CASES[case]
    problem = benchmark_park(n, batteries=batteries)
    began = time.perf_counter()
    plan = solve(problem)
    seconds = time.perf_counter() - began
    assert plan.check(problem) == []
    return {"seconds": seconds, "objective": plan.objective, "mb": peak_mb()}


def warm(case: str) -> dict[str, float]:
    from luodi.planning.energy import Session, benchmark_park

    n, batteries = CASES[case]
    session = Session(benchmark_park(n, batteries=batteries))
    session.solve()
    session.set_volume(0, session.problem.contracts[0].volume_mwh * 1.05)
    began = time.perf_counter()
    plan = session.solve()
    seconds = time.perf_counter() - began
    assert plan.check(session.problem) == []
    return {"seconds": seconds, "objective": plan.objective, "mb": peak_mb()}


def big(n: str) -> dict[str, float]:
    from luodi.planning.energy import benchmark_park, solve

    problem = benchmark_park(int(n), batteries=int(n), demand=True)
    began = time.perf_counter()
    plan = solve(problem, time_limit=180)
    seconds = time.perf_counter() - began
    assert plan.check(problem) == []
    assert plan.gap is not None
    return {"seconds": seconds, "gap": plan.gap, "mb": peak_mb()}


def pypsa(case: str) -> dict[str, float]:
    """The same problem as a PyPSA network: a bus per enterprise and one for the contract.

    HiGHS keeps its own choice of presolve: with it off, PyPSA's larger rows took nine minutes.
    """
    import logging
    import warnings

    import pypsa as peer

    from luodi.planning.energy.example import benchmark_park

    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    n, batteries = CASES[case]
    p = benchmark_park(n, batteries=batteries)
    c = p.contracts[0]
    gc.collect()
    began = time.perf_counter()
    net = peer.Network()
    net.set_snapshots(np.arange(p.steps))
    net.add("Bus", "green")
    most = float(c.profile_mwh.max())
    net.add(
        "Generator",
        "green",
        bus="green",
        p_nom=most,
        p_max_pu=c.profile_mwh / most,
        marginal_cost=float(c.unit_cost[0]),
        e_sum_max=c.volume_mwh,
    )
    for e in p.enterprises:
        net.add("Bus", e.name)
        net.add("Load", e.name, bus=e.name, p_set=e.load_mwh)
        top = float(e.load_mwh.max()) * 2
        net.add("Generator", f"grid {e.name}", bus=e.name, p_nom=top, marginal_cost=e.grid_price)
        net.add("Link", f"green {e.name}", bus0="green", bus1=e.name, p_nom=top)
        if e.battery:
            b = e.battery
            net.add(
                "StorageUnit",
                e.name,
                bus=e.name,
                p_nom=b.power_mw,
                max_hours=b.energy_mwh / b.power_mw,
                efficiency_store=b.efficiency,
                efficiency_dispatch=b.efficiency,
                marginal_cost=b.degradation,
                cyclic_state_of_charge=True,
            )
    options = {"log_to_console": False, "output_flag": False}
    net.optimize(solver_name="highs", io_api="direct", **options)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "objective": float(net.objective), "mb": peak_mb()}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        sides = {"ours": ours, "pypsa": pypsa, "warm": warm, "big": big}
        print(json.dumps(sides[sys.argv[2]](sys.argv[3])))
    else:
        sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
        main()
