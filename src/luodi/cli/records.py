"""`luodi import` and `luodi export`: people and enterprises as Excel files."""

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
    out.set_defaults(run=write)
