"""Migrations: `python tools/migrations.py make APP [NAME]`, and `check`, which lint calls.

Neither needs a database. `check` fails for a change of a model without a migration, for a migration
that imports what may change after it has landed, and for a table that nothing guards or watches.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings

USAGE = "usage: migrations.py check | make APP [NAME]"


def problems() -> list[str]:
    """All that is wrong, a line each."""
    from django.core.checks import ERROR, run_checks

    from luodi.ground.tables.api import live_imports, missing

    checks = [str(one) for one in run_checks() if one.level >= ERROR]
    return [*checks, *missing(), *live_imports()]


def check() -> int:
    found = problems()
    print(
        *(found or ["migrations: complete, frozen; every table is guarded and watched"]), sep="\n"
    )
    return 1 if found else 0


def make(app: str, name: str | None = None) -> int:
    from django.core.management import call_command

    warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
    call_command("makemigrations", app, name=name)
    return 0


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"LUODI_DATA": folder, "LUODI_SECRET_KEY": "none", "LUODI_DEBUG": "false"}
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.config.settings"
        import django

        django.setup()
        match arguments:
            case ["check"]:
                return check()
            case ["make", app, *name] if len(name) < 2:
                return make(app, *name)
    print(USAGE)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
