"""`luodi programme board|roadmap|workplan|case`: how a unit's programmes stand; a case for a gap."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from luodi.cli import say
from luodi.cli.records import actor_of
from luodi.config.ready import ready
from luodi.lib.errors import UserError

Commands = Any


def add_to(commands: Commands) -> None:
    top = commands.add_parser("programme", help="the programmes of a unit: how they stand")
    views = top.add_subparsers(dest="view", metavar="VIEW", required=True)
    for name, words in (
        ("board", "targets with their lights"),
        ("roadmap", "targets, gaps, and who answers for them"),
        ("workplan", "measures with their duties and cases"),
    ):
        view = views.add_parser(name, help=words)
        view.add_argument("--unit", help="its name or number (default: the first with programmes)")
        view.add_argument("--at", type=dt.date.fromisoformat, help="a day, 2022-12-22 (today)")
        if name != "board":
            view.add_argument("--xlsx", type=Path, metavar="FILE", help="write an Excel file")
            view.add_argument("--svg", type=Path, metavar="FILE", help="write the picture")
        view.set_defaults(run=run)
    case = views.add_parser("case", help="open a case for a target's gap, or say which is open")
    case.add_argument("target", type=int, help="its number, as `board` prints it")
    case.add_argument("--as", dest="account", required=True, help="login name of who acts")
    case.set_defaults(run=open_case)


def run(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.scope.api import SYSTEM, acting, today
    from luodi.rooms.programmes import api
    from luodi.shell.cells import sheet_response

    rows_of = api.workplan_rows if options.view == "workplan" else api.roadmap_rows
    with acting(SYSTEM):
        unit = _unit(options.unit)
        at = options.at or today()
        chapters = api.chapters_of(actor=SYSTEM, unit=unit, at=at)
        headings, rows = rows_of(chapters)
        if getattr(options, "svg", None):
            sections_of = getattr(api, f"{options.view}_sections")
            picture = api.time_picture(f"{unit} {at}", sections_of(chapters), at)
            options.svg.write_text(picture)
            say(f"已写出 {options.svg}。 Written.")
            return 0
        if getattr(options, "xlsx", None):
            answer, count = sheet_response(f"{unit} {at}", headings, rows)
            options.xlsx.write_bytes(b"".join(answer.streaming_content))  # type: ignore[arg-type]
            say(f"已写出 {count} 行到 {options.xlsx}。 {count} rows written.")
            return 0
        say(f"{unit.name} {at}")
        if options.view == "board":
            _board(chapters)
        else:
            for row in rows:
                say("  ".join(str(one) for one in row if one != ""))
    return 0


def _board(chapters: Any) -> None:
    for chapter in chapters:
        say(f"{chapter.programme}")
        for one in chapter.standings:
            gap = f"（{one.gap_text}）" if one.gap_text else ""
            due = one.pledge.due_on
            say(f"{one.target.pk:>5}  [{one.light.label}] {one.promise}：{one.text}{gap}  {due}")


def open_case(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.scope.api import acting
    from luodi.rooms.programmes import api

    with acting(actor_of(options.account)) as actor:
        rows = api.Target.objects.select_related("measure__programme__unit")
        target = rows.filter(pk=options.target).first()
        if target is None:
            raise UserError("没有这个目标，或这个账号无权查看。 No such target.")
        case = api.open_case(actor=actor, target=target)
    say(f"{case.code}  {case.title}")
    return 0


def _unit(wanted: str | None) -> Any:
    from luodi.rooms.programmes.api import units_with_programmes

    units = units_with_programmes()
    found = [one for one in units if wanted in (None, one.name, one.short_name, str(one.pk))]
    if not found:
        raise UserError("没有这个单位，或它还没有工程。 No such unit with programmes.")
    return found[0]
