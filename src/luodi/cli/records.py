"""`luodi import` and `luodi export`: people and enterprises as Excel files."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from luodi.cli import say
from luodi.config.ready import ready
from luodi.lib.errors import UserError

Commands = Any
KINDS = ("people", "enterprises")


def add_to(commands: Commands) -> None:
    into = commands.add_parser("import", help="read people or enterprises from an Excel file")
    into.add_argument("kind", choices=KINDS)
    into.add_argument("file", type=Path)
    into.add_argument("--as", dest="account", required=True, help="login name of who imports")
    into.add_argument("--dry-run", action="store_true", help="report only, write nothing")
    into.set_defaults(run=read)
    out = commands.add_parser("export", help="write people or enterprises to an Excel file")
    out.add_argument("kind", choices=KINDS)
    out.add_argument("file", type=Path)
    out.add_argument("--as", dest="account", required=True, help="login name of who exports")
    out.add_argument("--reason", default="", help="why people's data leaves (people only; logged)")
    out.set_defaults(run=write)


def actor_of(username: str) -> Any:
    """Whoever the command acts for: their roles decide what is read and written."""
    from luodi.ground.scope.api import Account, actor_for

    account = Account.objects.filter(username=username.lower(), is_active=True).first()
    if account is None:
        raise UserError(f"没有账号“{username}”。 No such account.")
    return actor_for(account)


def read(options: argparse.Namespace) -> int:
    """0 when every row was good; 1 with a report by row when not, and nothing was written."""
    ready()
    from luodi.ground.scope.api import acting
    from luodi.rooms.directory import api as directory

    if not options.file.is_file():
        raise UserError(f"没有文件 {options.file}。 No such file.")
    verb = directory.import_people if options.kind == "people" else directory.import_enterprises
    with acting(actor_of(options.account)) as actor:
        return told(
            lambda *, dry_run: verb(actor=actor, path=options.file, dry_run=dry_run).as_dict(),
            dry_run=options.dry_run,
        )


def told(take: Callable[..., dict[str, Any]], *, dry_run: bool) -> int:
    """Tries, then writes where all rows are good; tells what came of it. The exit code."""
    outcome = take(dry_run=True)
    good = outcome["rows"] and not outcome["bad"]
    if good and not dry_run:
        outcome = take(dry_run=False)
    for one in outcome["problems"]:
        say(
            f"第 {one['row']} 行“{one['column']}” {one['value']!r}：{one['problem']}{one['accepted']}"
        )
    if outcome["more"] > 0:
        say(f"……另有 {outcome['more']} 处。 and {outcome['more']} more.")
    written = "" if good and not dry_run else "，没有写入 nothing written"
    say(
        f"{outcome['rows']} 行 rows，{outcome['bad']} 行有误 bad；新增 {outcome['created']} new，"
        f"更新 {outcome['updated']} changed，不变 {outcome['unchanged']} same{written}。"
    )
    return 0 if good else 1


def write(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.scope.api import acting
    from luodi.rooms.directory import api as directory

    with acting(actor_of(options.account)) as actor, options.file.open("wb") as stream:
        if options.kind == "people":
            count = directory.export_people(actor=actor, reason=options.reason, stream=stream)
        else:
            count = directory.export_enterprises(actor=actor, stream=stream)
    say(f"已写出 {count} 行到 {options.file}。 {count} rows written.")
    return 0
