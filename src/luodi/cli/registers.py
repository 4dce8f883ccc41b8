"""`luodi register`: the registers of a unit, their entries in and out as Excel files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from luodi.cli import say
from luodi.cli.records import actor_of, take_from, take_in
from luodi.config.ready import ready
from luodi.lib.errors import UserError

Commands = Any


def add_to(commands: Commands) -> None:
    top = commands.add_parser("register", help="registers 台账: list, import, export, install")
    does = top.add_subparsers(dest="does", metavar="WHAT", required=True)
    listing = does.add_parser("list", help="the registers that an account sees")
    listing.set_defaults(run=show)
    out = does.add_parser("export", help="write a register's entries to an Excel file")
    out.add_argument("key")
    out.add_argument("file", type=Path)
    out.set_defaults(run=write)
    into = does.add_parser("import", help="read entries from an Excel file: all rows or none")
    into.add_argument("key")
    take_from(into)
    into.set_defaults(run=read)
    new = does.add_parser("install", help="open a shipped register for the account's unit")
    new.add_argument("key")
    new.set_defaults(run=install)
    for command in (listing, out, into, new):
        command.add_argument("--as", dest="account", required=True, help="login name of who acts")


def _found(key: str) -> Any:
    from luodi.rooms.registers.api import Register

    found = list(Register.objects.filter(key=key).select_related("unit")[:2])
    if len(found) != 1:
        raise UserError(f"没有代码为“{key}”的台账，或有几本。 No one register of this key.")
    return found[0]


def show(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.scope.api import acting
    from luodi.rooms.registers.api import Register

    with acting(actor_of(options.account)) as actor:
        actor.require("registers.view")
        for one in Register.objects.filter(retired_at=None).select_related("unit"):
            say(f"{one.key:<16} {one.name}  {one.unit}")
    return 0


def write(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.scope.api import acting
    from luodi.rooms.registers.api import export_entries

    with acting(actor_of(options.account)) as actor:
        register = _found(options.key)
        with options.file.open("wb") as stream:
            count = export_entries(actor=actor, register=register, stream=stream)
    say(f"已写出 {count} 行到 {options.file}。 {count} rows written.")
    return 0


def read(options: argparse.Namespace) -> int:
    """0 when every row was good; 1 with a report by row when not, and nothing was written."""
    ready()
    from luodi.ground.scope.api import acting

    with acting(actor_of(options.account)) as actor:
        return take_in(actor, f"register-{_found(options.key).pk}", options)


def install(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.scope.api import Unit, acting
    from luodi.rooms.registers import api

    with acting(actor_of(options.account)) as actor:
        held = [one for one in actor.holdings if "registers.define" in one.role.permissions]
        if not held:
            actor.require("registers.define")
        highest = min(held, key=lambda one: len(one.path))
        unit = Unit.objects.get(pk=highest.unit_id)
        register = api.install(actor=actor, unit=unit, key=options.key)
    say(f"已启用“{register.name}”。 Installed {register.key} for {unit}.")
    return 0
