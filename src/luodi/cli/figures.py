"""`luodi figure`: which figures there are, and what one says."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

from luodi.cli import say
from luodi.config.ready import ready
from luodi.lib.errors import UserError

Commands = Any


def add_to(commands: Commands) -> None:
    figure = commands.add_parser("figure", help="the figures: list them, read one")
    jobs = figure.add_subparsers(dest="job", metavar="JOB", required=True)
    lists = jobs.add_parser("list", help="every figure with its key")
    lists.add_argument("text", nargs="?", default="", help="only those that it finds")
    lists.set_defaults(run=show_list)
    reads = jobs.add_parser("read", help="one reading: value, rows, digest")
    reads.add_argument("key", help="as `luodi figure list` prints it")
    reads.add_argument("--unit", default="", help="name or id (default: the zone)")
    reads.add_argument("--until", type=_day, help="a day, 2022-12-22 (default: today)")
    reads.add_argument("--since", type=_day, help="the first day, for a figure of a period")
    reads.add_argument("--known-at", type=_instant, help="as it was known then: 2022-12-22T18:00")
    reads.add_argument(
        "--with", dest="parameters", action="append", default=[], metavar="NAME=VALUE"
    )
    reads.add_argument(
        "--as", dest="account", default="", help="read as this login (default: everything)"
    )
    reads.add_argument("--json", action="store_true", help="print the whole reading as JSON")
    reads.add_argument("--xlsx", type=Path, help="write all rows to this Excel file")
    reads.set_defaults(run=show_reading)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def show_list(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.figures.api import figures, found_by
    from luodi.ground.scope.api import SYSTEM, acting

    with acting(SYSTEM):
        for one in found_by(figures(), options.text):
            say(f"{one.key:<40} {one.name}（{one.unit or one.kind}）")
    return 0


def show_reading(options: argparse.Namespace) -> int:
    ready()
    from django.core.serializers.json import DjangoJSONEncoder
    from django.utils import timezone

    from luodi.ground.figures.api import read, reading_out
    from luodi.ground.scope.api import acting, today

    known_at = options.known_at
    if known_at is not None and timezone.is_naive(known_at):
        known_at = timezone.make_aware(known_at)
    with acting(_actor(options.account)) as actor:
        found = read(
            actor=actor,
            key=options.key,
            unit=_unit(options.unit),
            until=options.until or today(),
            since=options.since,
            known_at=known_at,
            parameters=_parameters(options.parameters),
            per_page=0,
        )
        if options.xlsx:
            _write(options.xlsx, found)
        if options.json:
            whole = reading_out(found)
            say(json.dumps(whole, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder))
            return 0
    say(f"{found.figure.name}  {found.text}")
    say(f"{found.figure.definition}")
    for row in found.rows:
        amount = "" if row.amount is None else f"{round(row.amount, 4).normalize():f}"
        on = row.on.isoformat() if row.on else ""
        say(f"  {row.key:<32} {amount:>12}  {on:<10}  {row.word or row.label}")
    say(f"{found.count} 条 rows，SHA-256 {found.digest}")
    return 0


def _actor(username: str) -> Any:
    from luodi.ground.scope.api import SYSTEM, Account, actor_for

    if not username:
        return SYSTEM
    account = Account.objects.filter(username=username.lower(), is_active=True).first()
    if account is None:
        raise UserError(f"没有账号“{username}”。 No such account.")
    return actor_for(account)


def _unit(text: str) -> Any:
    """The unit of that name or number; without one, the zone, where there is one alone."""
    from django.db.models import Q

    from luodi.ground.scope.api import Unit, UnitKind

    if text.isdecimal():
        rows = Unit.objects.filter(pk=int(text))
    elif text:
        rows = Unit.objects.filter(Q(name=text) | Q(short_name=text))
    else:
        rows = Unit.objects.filter(kind=UnitKind.ZONE)
    found = list(rows[:2])
    if len(found) != 1:
        raise UserError(f"请用 --unit 写明单位：“{text}”不是唯一的一个。 Say which unit.")
    return found[0]


def _parameters(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if any(not sign for _name, sign, _value in pairs):
        raise UserError("参数写作 名称=值。 A parameter is written NAME=VALUE.")
    return {name: value for name, _sign, value in pairs}


def _write(path: Path, found: Any) -> None:
    from luodi.ground.figures.api import sheet_of

    path.write_bytes(sheet_of(found).getvalue())
    say(f"已写出 {found.count} 行到 {path}。 {found.count} rows written.")
