"""`luodi doctor` and `luodi check-database`: what a deployment lacks, what a database cannot do."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import psycopg

from luodi.cli import say
from luodi.config.ready import ready
from luodi.lib.errors import UserError

Commands = Any
MARKS = {"good": "✓", "warn": "!", "bad": "✗"}


def add_to(commands: Commands) -> None:
    doctor = commands.add_parser("doctor", help="look over a deployment and say what it lacks")
    doctor.add_argument("--backups", type=Path, metavar="FOLDER", help="where backups are put")
    doctor.set_defaults(run=look_over)
    check = commands.add_parser(
        "check-database", help="try on a server what Luodi relies on; nothing stays behind"
    )
    check.add_argument("url", help="postgresql://…, of a role that may make roles and schemas")
    check.set_defaults(run=check_database)


def look_over(options: argparse.Namespace) -> int:
    """0 when nothing is bad; 1 with a sentence for each thing that is."""
    if options.backups and not options.backups.is_dir():
        raise UserError(f"没有文件夹 {options.backups}。 No such folder.")
    ready(migrate=False)
    from luodi.config.doctor import findings
    from luodi.ground.scope.api import SYSTEM, acting

    bad = 0
    with acting(SYSTEM):
        for one in findings(options.backups):
            say(f"{MARKS[one.state]} {one.what}：{one.says}")
            bad += one.state == "bad"
    return 1 if bad else 0


def check_database(options: argparse.Namespace) -> int:
    """0 when everything works there; 1 with what is missing, and whether another guard could do."""
    from luodi.config.compatible import tried, version_of

    try:
        say(version_of(options.url))
        found = list(tried(options.url))
    except psycopg.OperationalError as problem:
        raise UserError(
            f"连不上 cannot connect：{str(problem).strip().splitlines()[0]}"
        ) from problem
    for one in found:
        say(f"{'✗' if one.fault else '✓'} {one.feature.name}：{one.fault or one.feature.why}")
    lacking = [one for one in found if one.fault]
    if any(one.feature.guards for one in lacking):
        say("这个数据库管不住谁能看哪些记录，不能用。 It cannot guard the rows: do not use it.")
    elif lacking:
        say(f"缺 {len(lacking)} 项，不能用。 {len(lacking)} features are missing: it will not do.")
    else:
        say(f"{len(found)} 项都能用。 All {len(found)} features work.")
    return 1 if lacking else 0
