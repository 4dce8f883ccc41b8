"""``python -m benchmarks.planning [--small] [--only NAME …]``: all planners, or those named.

Each module offers ``main(small)``, which notes its lines as they come; the table of ratios comes at
the end, or when Ctrl-C stops it. Peers are stopped after ``peers.LIMIT_S`` seconds each.
"""

import argparse
import os
import platform
import sys
import time
import traceback
from importlib import import_module

from benchmarks.planning.measure import LINES, table

NAMES = ("matching", "reach", "energy", "cohorts", "tours")


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.planning", description=__doc__)
    parser.add_argument("--small", action="store_true", help="smaller cases, a few minutes")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", default=[])
    args = parser.parse_args()
    began, failed = time.perf_counter(), []
    for name in args.only or NAMES:
        print(f"\n== {name}", flush=True)
        start = time.perf_counter()
        try:
            import_module(f"benchmarks.planning.{name}").main(args.small)
        except Exception:
            traceback.print_exc()
            failed.append(name)
        except KeyboardInterrupt:  # the table so far is not lost
            failed.append(name)
            break
        print(f"   {name}: {(time.perf_counter() - start) / 60:.1f} minutes", flush=True)
    minutes = (time.perf_counter() - began) / 60
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ")
    print(f"{time.strftime('%Y-%m-%d')}, {minutes:.0f} minutes{', small' if args.small else ''}\n")
    print(table())
    missed = [line.case for line in LINES if line.met is False]
    print(f"\n{len(missed)} targets missed: {'; '.join(missed)}" if missed else "")
    if failed:
        print(f"did not run to the end: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
