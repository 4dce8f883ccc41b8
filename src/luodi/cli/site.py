"""`luodi init-site`: a zone of one's own, and the person who gives the others their roles."""

from __future__ import annotations

import argparse
import secrets
from typing import Any

from luodi.cli import say
from luodi.config.ready import ready

Commands = Any


def add_to(commands: Commands) -> None:
    site = commands.add_parser("init-site", help="make a zone and its first security administrator")
    site.add_argument("--zone", required=True, help="the zone's name")
    site.add_argument("--county", help="the county around it, whose departments are asked for help")
    site.add_argument("--username", required=True, help="login name of the security administrator")
    site.add_argument("--name", required=True, help="that person's name")
    site.add_argument("--email", default="", help="where that person's messages go")
    site.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints a password that must be changed at the first sign-in."""
    ready()
    from luodi.ground.calendars.api import fill_announced
    from luodi.ground.scope import api as scope
    from luodi.ground.scope.api import SYSTEM, UnitKind, acting

    password = secrets.token_urlsafe(12)
    with acting(SYSTEM, why="luodi init-site"):
        county = None
        if options.county:
            county = scope.create_unit(
                actor=SYSTEM, kind=UnitKind.COUNTY, name=options.county, parent=None
            )
        zone = scope.create_unit(actor=SYSTEM, kind=UnitKind.ZONE, name=options.zone, parent=county)
        account = scope.create_account(
            actor=SYSTEM,
            username=options.username,
            name=options.name,
            password=password,
            email=options.email,
        )
        scope.grant_role(actor=SYSTEM, account=account, unit=county or zone, role="security_admin")
        fill_announced(actor=SYSTEM)
    say(f"已建立 {zone.name}。登录名 {account.username}，一次性密码 {password}（首次登录须修改）。")
    say("Sign in with the password once, change it, and give the others their accounts and roles.")
    return 0
