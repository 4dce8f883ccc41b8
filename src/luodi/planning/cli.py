"""``luodi plan <planner> …``, also as ``python -m luodi.planning <planner> …``.

Exit codes: 0 a plan was found, 1 no plan (a sentence says why), 2 wrong usage, 130 interrupted
before there was a plan.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from .core import (
    STATUS_TEXT,
    Lang,
    Plan,
    PlanningError,
    Progress,
    Text,
    stop_on_interrupt,
)
from .ticker import Ticker

# name -> the package that offers the functions of `Planner`; imported when it is called for
PLANNERS: dict[str, tuple[str, Text]] = {
    "energy": ("luodi.planning.energy", Text("园区绿电与碳", "green power and carbon of a park")),
    "matching": ("luodi.planning.matching", Text("供需匹配", "who should supply whom")),
    "reach": ("luodi.planning.reach", Text("十五分钟生活圈", "the 15-minute circle")),
    "tours": ("luodi.planning.tours", Text("送戏下乡排期", "touring performances")),
    "cohorts": ("luodi.planning.cohorts", Text("分批轮训", "training in batches")),
    "timetable": ("luodi.planning.cohorts.timetable", Text("课程表", "a class timetable")),
}

# published instances are text files; a neighbour with the same functions reads and solves them
INSTANCES = {
    "tours": "luodi.planning.tours.periodic",
    "reach": "luodi.planning.reach.siting",
    "matching": "luodi.planning.matching.network",
}
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}


class Planner(Protocol):
    """What a planner's package offers to the command line."""

    def read_problem(self, path: str | Path) -> Any: ...
    def write_template(self, path: str | Path, lang: Lang = "zh") -> None: ...
    def example(self) -> Any: ...
    def solve(
        self,
        problem: Any,
        *,
        time_limit: float | None = None,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Plan[Any]: ...
    def write_plan(self, path: str | Path, problem: Any, plan: Any, lang: Lang = "zh") -> None: ...
    def report(self, problem: Any, plan: Any, lang: Lang = "zh") -> str: ...


def load(name: str, problem: str | None = None) -> Planner:
    """The planner; for a ``problem`` that is no workbook, the one of published instances."""
    home = INSTANCES.get(name) if problem is not None and _is_text(problem) else None
    return cast(Planner, import_module(home or PLANNERS[name][0]))


def _is_text(problem: str) -> bool:
    return Path(problem).suffix.lower() not in WORKBOOKS


def main(argv: list[str] | None = None) -> int:
    """Run one planner. Returns the exit code; wrong usage leaves through ``SystemExit(2)``."""
    parser = _parser()
    args = parser.parse_args(argv)
    lang: Lang = args.lang
    if not (args.problem or args.template or args.example):
        parser.error("give a problem file, --example or --template FILE")
    if args.map and args.planner != "reach":
        parser.error("--map goes with reach only")
    instance = args.planner == "reach" and args.problem and _is_text(args.problem)
    if (args.count is not None or args.goal) and not instance:
        parser.error("--count and --goal go with published instances of reach only")
    try:
        if args.template:
            load(args.planner).write_template(args.template, lang)
            _say(Text(f"模板已写入 {args.template}", f"Template written to {args.template}"), lang)
            return 0
        return _run(args, lang)
    except PlanningError as error:
        sys.stderr.write(error.say(lang) + "\n")
        return 1
    except OSError as error:
        where = f"“{error.filename}”" if error.filename else ""
        words = Text(f"文件{where}不能读写", f"The file {where} cannot be read or written")
        sys.stderr.write(f"{words.say(lang)}: {error.strerror}\n")
        return 1
    except KeyboardInterrupt:
        words = Text(
            "已中断，还没写完的部分没有写出。", "Interrupted; what was not written yet is not."
        )
        sys.stderr.write(words.say(lang) + "\n")
        return 130


def _run(args: argparse.Namespace, lang: Lang) -> int:
    with Ticker(lang) as ticker:
        planner: Any = load(args.planner, args.problem)
        problem = planner.example() if args.example else planner.read_problem(**_asked(args))
        ticker.begin(Text("正在求解", "solving"))
        progress = ticker.progress
        with stop_on_interrupt(progress):
            plan = planner.solve(
                problem, time_limit=args.time_limit, seed=args.seed, progress=progress
            )
        ticker.begin(Text("正在整理", "telling"))
        sys.stdout.write(plan.explain(lang).rstrip() + "\n")
        _say(_proof(plan, progress.stopped), lang)
        if args.output:
            ticker.begin(Text("正在写方案", "writing the plan"))
            planner.write_plan(args.output, problem, plan, lang)
            _say(Text(f"方案已写入 {args.output}", f"Plan written to {args.output}"), lang)
        if args.report:
            ticker.begin(Text("正在写报告", "writing the report"))
            page = planner.report(problem, plan, lang)
            Path(args.report).write_text(page, encoding="utf-8")
            _say(Text(f"报告已写入 {args.report}", f"Report written to {args.report}"), lang)
        if args.map:
            ticker.begin(Text("正在画地图", "drawing the map"))
            Path(args.map).write_text(planner.map_page(problem, plan, lang), encoding="utf-8")
            _say(Text(f"地图已写入 {args.map}", f"Map written to {args.map}"), lang)
        broken = plan.check(problem)
    for violation in broken:
        sys.stderr.write(violation.say(lang) + "\n")
    return 1 if broken else 0


def _asked(args: argparse.Namespace) -> dict[str, Any]:
    """The file, and what it leaves open."""
    more = {"count": args.count, "goal": args.goal}
    return {"path": args.problem} | {k: v for k, v in more.items() if v is not None}


def _proof(plan: Plan[Any], stopped: bool) -> Text:
    gap = "—" if plan.gap is None else f"{plan.gap:.4%}"
    status = STATUS_TEXT[plan.status]
    words = Text(
        f"{status.zh}，差距 {gap}，用时 {plan.seconds:.2f} 秒。",
        f"{status.en}, gap {gap}, {plan.seconds:.2f} s.",
    )
    if not stopped:
        return words
    return Text(
        f"已按 Ctrl-C 停止，保留当时最好的方案。{words.zh}",
        f"Stopped by Ctrl-C; the best plan so far is kept. {words.en}",
    )


def _parser() -> argparse.ArgumentParser:
    names = "\n".join(f"  {n:9} {t.zh} / {t.en}" for n, (_, t) in PLANNERS.items())
    parser = argparse.ArgumentParser(
        prog="luodi plan",
        description="规划求解 / planners:\n" + names,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("planner", choices=list(PLANNERS))
    parser.add_argument("problem", nargs="?", help="Excel 文件 / the problem as a workbook")
    parser.add_argument("-o", "--output", metavar="XLSX", help="方案 / the plan as a workbook")
    parser.add_argument("--report", metavar="HTML", help="报告 / the plan as a report")
    parser.add_argument(
        "--map", metavar="HTML", help="reach：可移动的地图 / a map to move about in"
    )
    parser.add_argument(
        "--count", type=int, metavar="N", help="reach 公开算例：几处 / how many sites"
    )
    parser.add_argument("--goal", choices=["median", "centre"], help="reach 公开算例 / instances")
    parser.add_argument("--template", metavar="XLSX", help="写出空白模板 / write a template")
    parser.add_argument("--example", action="store_true", help="示例 / solve the example")
    parser.add_argument("--time-limit", type=float, metavar="SECONDS", help="时限 / time limit")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    return parser


def _say(text: Text, lang: Lang) -> None:
    sys.stdout.write(text.say(lang) + "\n")
