"""``luodi plan <planner> …``, also as ``python -m luodi.planning <planner> …``.

Exit codes: 0 a plan was found, 1 no plan (a sentence says why), 2 wrong usage, 130 interrupted
before there was a plan.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from .core import STATUS_TEXT, Lang, Plan, PlanningError, Progress, Text, stop_on_interrupt
from .ticker import Ticker

# name -> the module that offers the functions of `Planner`; imported when it is called for
PLANNERS: dict[str, tuple[str, Text]] = {
    "energy": ("energy", Text("园区绿电与碳", "green power and carbon of a park")),
    "volumes": ("energy.scenarios", Text("绿电该签多少", "how much green power to sign for")),
    "variants": ("energy.variants", Text("绿电方案逐个比较", "variants of a park compared")),
    "rolling": ("energy.rolling", Text("绿电滚动运行", "a park planned day by day")),
    "matching": ("matching", Text("供需匹配", "who should supply whom")),
    "reach": ("reach", Text("十五分钟生活圈", "the 15-minute circle")),
    "tours": ("tours", Text("送戏下乡排期", "touring performances")),
    "cohorts": ("cohorts", Text("分批轮训", "training in batches")),
    "timetable": ("cohorts.timetable", Text("课程表", "a class timetable")),
}


class Planner(Protocol):
    """What a planner offers to the command line."""

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
    def explain(self, problem: Any, plan: Any, lang: Lang = "zh") -> str: ...
    def write_plan(self, path: str | Path, problem: Any, plan: Any, lang: Lang = "zh") -> None: ...
    def report(self, problem: Any, plan: Any, lang: Lang = "zh") -> str: ...


def load(name: str) -> Planner:
    return cast(Planner, import_module(f"luodi.planning.{PLANNERS[name][0]}"))


def main(argv: list[str] | None = None) -> int:
    """Run one planner. Gives the exit code; wrong usage leaves through ``SystemExit(2)``."""
    parser = _parser()
    args = parser.parse_args(argv)
    lang: Lang = args.lang
    _check_usage(parser, args)
    try:
        if args.template:
            _keep(args.template, load(args.planner).write_template, lang, lang)
            return 0
        return _run(args, lang)
    except PlanningError as error:
        sys.stderr.write(error.say(lang) + "\n")
        return 1
    except KeyboardInterrupt:
        words = Text(
            "已中断，还没写完的部分没有写出。", "Interrupted; what was not written is lost."
        )
        sys.stderr.write(words.say(lang) + "\n")
        return 130


def _check_usage(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Leave with exit code 2 before anything is solved that could not be kept."""
    if not (args.problem or args.template or args.example):
        parser.error("give a problem file, --example or --template FILE")
    if args.map and args.planner != "reach":
        parser.error("--map goes with reach only")
    if args.actual and args.planner != "energy":
        parser.error("--actual goes with energy only")
    if args.time_limit is not None and not 0 < args.time_limit < 1e7:
        parser.error("--time-limit: seconds above 0")
    if args.seed < 0:
        parser.error("--seed: a whole number from 0 on")
    for path, ends in (
        (args.output, (".xlsx",)), (args.template, (".xlsx",)),
        (args.report, (".html", ".htm")), (args.map, (".html", ".htm")),
    ):  # fmt: skip
        if path is None:
            continue
        if Path(path).suffix.lower() not in ends:
            parser.error(f"{path}: the name must end in {ends[0]}")
        if not Path(path).absolute().parent.is_dir():
            parser.error(f"{path}: there is no such folder")


def _run(args: argparse.Namespace, lang: Lang) -> int:
    with Ticker(lang) as ticker:
        planner: Any = load(args.planner)
        problem = planner.example() if args.example else planner.read_problem(args.problem)
        more = {"actual": planner.read_actual(args.actual, problem)} if args.actual else {}
        ticker.begin(Text("正在求解", "solving"))
        progress = ticker.progress
        with stop_on_interrupt(progress):
            plan = planner.solve(
                problem, time_limit=args.time_limit, seed=args.seed, progress=progress
            )
        ticker.begin(Text("正在整理", "telling"))
        sys.stdout.write(planner.explain(problem, plan, lang).rstrip() + "\n")
        _say(_proof(plan, progress.stopped), lang)

        def page(path: str | Path, make: Callable[..., str], **more: Any) -> None:
            Path(path).write_text(make(problem, plan, lang, **more), encoding="utf-8")

        if args.output:
            ticker.begin(Text("正在写方案", "writing the plan"))
            _keep(args.output, planner.write_plan, lang, problem, plan, lang, **more)
        if args.report:
            ticker.begin(Text("正在写报告", "writing the report"))
            _keep(args.report, page, lang, planner.report, **more)
        if args.map:
            ticker.begin(Text("正在画地图", "drawing the map"))
            _keep(args.map, page, lang, planner.map_page)
        broken = plan.check(problem)
    for violation in broken:
        sys.stderr.write(violation.say(lang) + "\n")
    return 1 if broken else 0


def _keep(wanted: str, write: Callable[..., None], lang: Lang, *given: Any, **more: Any) -> None:
    """Write a file; where it is open in Excel or must not be written, write it beside or elsewhere.

    What has been computed is never lost, and a sentence says where it is.
    """
    path = Path(wanted)
    beside = [path.with_stem(f"{path.stem}-{k}") for k in range(2, 10)]
    with tempfile.TemporaryDirectory(prefix="luodi-") as folder:
        made = Path(folder) / path.name
        write(made, *given, **more)
        for place in (path, *(p for p in beside if not p.exists()), Path.home() / path.name):
            try:
                place.write_bytes(made.read_bytes())
            except OSError:
                continue
            if place != path:
                zh, en = (
                    f"{path} 打不开或不能写，改写到 {place}",
                    f"{path} cannot be written: {place}",
                )
                _say(Text(zh, en), lang)
            else:
                _say(Text(f"已写入 {path}", f"Written to {path}"), lang)
            return
        last = Path(tempfile.mkdtemp(prefix="luodi-")) / path.name
        last.write_bytes(made.read_bytes())
        _say(Text(f"{path} 不能写，改写到 {last}", f"{path} cannot be written: {last}"), lang)


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
    add = parser.add_argument
    add("planner", choices=list(PLANNERS))
    add("problem", nargs="?", help="Excel 文件 / the problem as a workbook")
    add("-o", "--output", metavar="XLSX", help="方案 / the plan as a workbook")
    add("--report", metavar="HTML", help="报告 / the plan as a report")
    add("--map", metavar="HTML", help="reach：可移动的地图 / a map to move about in")
    add("--actual", metavar="XLSX", help="energy：实际发生的时序，按它结算 / what came true")
    add("--template", metavar="XLSX", help="写出空白模板 / write a template")
    add("--example", action="store_true", help="示例 / solve the example")
    add("--time-limit", type=float, metavar="SECONDS", help="时限 / time limit")
    add("--seed", type=int, default=0)
    add("--lang", choices=["zh", "en"], default="zh")
    return parser


def _say(text: Text, lang: Lang) -> None:
    sys.stdout.write(text.say(lang) + "\n")
