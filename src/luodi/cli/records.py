"""`luodi import` and `luodi export`: ledgers of every kind from files; people, enterprises to one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from luodi.cli import say
from luodi.config.ready import ready
from luodi.lib.errors import UserError

Commands = Any
KINDS = ("people", "enterprises")


def add_to(commands: Commands) -> None:
    into = commands.add_parser("import", help="read a ledger from an .xlsx or .csv file")
    into.add_argument("kind", help="people, enterprises, cases, register-NUMBER, …")
    take_from(into)
    into.add_argument("--as", dest="account", required=True, help="login name of who imports")
    into.set_defaults(run=read)
    out = commands.add_parser("export", help="write people or enterprises to an Excel file")
    out.add_argument("kind", choices=KINDS)
    out.add_argument("file", type=Path)
    out.add_argument("--as", dest="account", required=True, help="login name of who exports")
    out.add_argument("--reason", default="", help="why people's data leaves (people only; logged)")
    out.set_defaults(run=write)


def take_from(parser: argparse.ArgumentParser) -> None:
    """What every import is told."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
    parser.add_argument(
        "--answer", action="append", default=[], metavar="KEY=VALUE", help="answers a question"
    )


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

    with acting(actor_of(options.account)) as actor:
        return take_in(actor, options.kind, options)


def take_in(actor: Any, kind: str, options: argparse.Namespace) -> int:
    """Tries, then writes where all rows are good; tells what came of it. The exit code."""
    from luodi.ground.imports.api import importer_for, take

    if not options.file.is_file():
        raise UserError(f"没有文件 {options.file}。 No such file.")
    answers = dict(one.split("=", 1) for one in options.answer if "=" in one)
    found = take(importer_for(actor, kind), options.file, write=False, answers=answers)
    good = bool(found.rows) and found.whole
    if good and not options.dry_run:
        found = take(importer_for(actor, kind), options.file, write=True, answers=answers)
    tell(found.as_dict(), written=good and not options.dry_run)
    return 0 if good else 1


def tell(report: dict[str, Any], *, written: bool) -> None:
    """Says what was understood, asked, wrong, changed and left out."""
    for sheet in report["sheets"]:
        columns = "，".join(f"{one['title']}→{one['key']}" for one in sheet["columns"])
        say(f"{sheet['name']} {sheet['why'] or columns}")
    for one in report["questions"]:
        options = " | ".join(f"{of['value']}：{of['label']}" for of in one["options"])
        answered = one["answer"] or "?"
        say(f"{one['text']} --answer '{one['key']}={answered}'（{options}）")
    for one in report["problems"]:
        say(
            f"第 {one['row']} 行“{one['column']}” {one['value']!r}：{one['problem']}{one['accepted']}"
        )
    if (more := report["problem_count"] - len(report["problems"])) > 0:
        say(f"……另有 {more} 处。 and {more} more.")
    for one in report["changes"]:
        say(f"第 {one['row']} 行 {one['column']}：{one['before']!r} → {one['after']!r}")
    for one in report["left_rows"]:
        say(f"第 {one['row']} 行 {one['why']}")
    end = "" if written else "，没有写入 nothing written"
    say(
        f"{report['missing']}{report['rows']} 行 rows，{report['bad']} 行有误 bad；"
        f"新增 {report['new']} new，更新 {report['changed']} changed，不变 {report['same']} same，"
        f"不写 {report['left']} left out{end}。"
    )


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
