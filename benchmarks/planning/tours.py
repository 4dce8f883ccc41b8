"""Tours: the season of 72 performances, against the plan that someone makes by hand."""

import json
import sys

from benchmarks.planning import peers
from benchmarks.planning.measure import note


def main(small: bool = False) -> None:
    season = peers.run(sys.executable, __spec__.name, "--run", "8" if small else "28")
    note(
        "tours: 72 performances, all side conditions",
        f"{season['seconds']:.1f} s, {season['objective']:,.0f} km, proven >= "
        f"{season['bound']:,.0f}, gap {season['gap']:.1%}",
        peer=f"list order by hand {season['hand']:,.0f} km",
        target="30 s, a stated bound",
        met=season["seconds"] <= 30 and season["broken"] == 0,
    )


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


if __name__ == "__main__":
    print(json.dumps(season(sys.argv[2])))
