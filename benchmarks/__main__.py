"""Runs every room's bench, each in a process of its own; fails at the end if one missed a target.

A bench is a module of this folder with a `main()` that returns 0 or 1; the planners' have their own
command. Names on the command line choose some.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BESIDE = {"__init__", "__main__", "province", "helpdesk_peer"}  # what benches use


def main(chosen: list[str]) -> int:
    """0 when each bench met its targets."""
    names = chosen or sorted(one.stem for one in Path(__file__).parent.glob("*.py"))
    missed = [
        name
        for name in names
        if name not in BESIDE
        and subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
    ]
    if missed:
        print(f"missed: {', '.join(missed)}")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
