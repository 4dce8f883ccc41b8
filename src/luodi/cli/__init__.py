"""The command `luodi`: one function a subcommand, a sentence instead of a traceback.

Exit codes: 0 done, 1 it could not be done (the sentence on standard error says what to do),
2 the command line was not understood. `luodi check`: 1 something differs, 2 an error.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import django.db
import psycopg

from luodi import __version__
from luodi.lib.errors import UserError
from luodi.lib.postgres import ClusterError


def parser() -> argparse.ArgumentParser:
    """Every subcommand with its help."""
    from luodi.cli import (
        check,
        checkup,
        database,
        demonstration,
        figures,
        operations,
        programmes,
        records,
        registers,
        reports,
        server,
        site,
        trail,
    )

    top = argparse.ArgumentParser(
        prog="luodi",
        description="落地：开发区工作平台。 The working platform of an economic development zone.",
        epilog="Settings come from LUODI_* and DATABASE_URL; see docs/operators.md.",
    )
    top.add_argument("--version", action="version", version=f"luodi {__version__}")
    top.add_argument(
        "--data", metavar="FOLDER", help="where everything is kept (default: LUODI_DATA)"
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in (
        demonstration,
        server,
        site,
        database,
        checkup,
        records,
        operations,
        registers,
        figures,
        programmes,
        reports,
        check,
        trail,
    ):
        module.add_to(commands)
    plan = commands.add_parser(
        "plan", help="a planner: energy, matching, reach, tours, cohorts", add_help=False
    )
    plan.set_defaults(run=None)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; what a user can mend is one sentence and exit code 1."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["plan"]:
        return _plan(given[1:])
    options = parser().parse_args(given)
    if options.data:
        os.environ["LUODI_DATA"] = os.path.abspath(os.path.expanduser(options.data))
    try:
        return int(options.run(options) or 0)
    except (UserError, ClusterError) as problem:
        print(f"luodi: {problem}", file=sys.stderr)  # noqa: T201
    except (psycopg.Error, django.db.Error) as problem:
        first = str(problem).strip().splitlines()[0]
        print(f"luodi: 数据库没有照办（the database refused）：{first}", file=sys.stderr)  # noqa: T201
    except BrokenPipeError:
        sys.stderr.close()
    except KeyboardInterrupt:
        print(file=sys.stderr)  # noqa: T201
        return 130
    except OSError as problem:
        print(f"luodi: {problem.strerror or problem}: {problem.filename or ''}", file=sys.stderr)  # noqa: T201
    return int(getattr(options, "failed", 1))


def _plan(arguments: Sequence[str]) -> int:
    from luodi.planning.cli import main as plan

    return int(plan(list(arguments)))


def say(*words: object) -> None:
    """Prints to the person at the terminal, at once."""
    print(*words, flush=True)  # noqa: T201
