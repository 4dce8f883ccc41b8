"""Writes requirements/sbom.cdx.json: what an installed Luodi is made of, as CycloneDX 1.6.

Read from the locked requirements and the front end's lock file, so that it says what is installed and
nothing else; the wheel carries it in `.dist-info/sboms/` (PEP 770). `--check` fails where it is stale.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "requirements/sbom.cdx.json"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.M)


def python_parts() -> list[dict[str, Any]]:
    found = PINNED.findall((ROOT / "requirements/base.txt").read_text())
    return [_part(name, version, f"pkg:pypi/{name}@{version}") for name, version in found]


def front_end_parts() -> list[dict[str, Any]]:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    parts = []
    for place, one in lock["packages"].items():
        name = place.rpartition("node_modules/")[2]
        if place and not one.get("dev"):
            encoded = name.replace("@", "%40")
            part = _part(name, one["version"], f"pkg:npm/{encoded}@{one['version']}")
            parts.append(part | {"licenses": [{"expression": one["license"]}]})
    return parts


def _part(name: str, version: str, purl: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def bom() -> str:
    """The bill of materials, the same bytes for the same lock files."""
    parts = sorted(python_parts() + front_end_parts(), key=lambda part: part["purl"])
    version = re.search(r'__version__ = "(.+?)"', (ROOT / "src/luodi/__init__.py").read_text())
    assert version is not None
    made = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "luodi",
                "name": "luodi",
                "version": version[1],
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": parts,
        "dependencies": [{"ref": "luodi", "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if not TARGET.exists() or TARGET.read_text() != bom():
            raise SystemExit("requirements/sbom.cdx.json is stale: run `make lock`")
    else:
        TARGET.write_text(bom())
