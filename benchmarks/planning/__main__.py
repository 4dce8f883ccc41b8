"""Run the planners' benchmarks: all that exist, or those named on the command line."""

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> None:
    """Each module offers ``main()``, which prints a table of ratios against its targets."""
    known = sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith("_"))
    for name in names or [k for k in known if k not in ("measure", "peers")]:
        print(f"\n== {name}", flush=True)
        import_module(f"benchmarks.planning.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
