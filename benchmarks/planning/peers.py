"""Peers live in a folder of their own and are measured in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "peers"


def install(name: str, *requirements: str) -> Path:
    """A virtual environment for one peer under .cache/, made once; returns its python."""
    home = CACHE / name
    python = home / "bin" / "python"
    done = home / ".ready"
    if done.exists() and done.read_text() == " ".join(requirements):
        return python
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([python, "-m", "pip", "install", *quiet, *requirements], check=True)
    done.write_text(" ".join(requirements))
    return python


def run(python: Path | str, module: str, *arguments: str) -> dict[str, float]:
    """Run ``python -m module arguments`` from the project; its last line is a JSON object."""
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([str(root / "src"), str(root)])
    done = subprocess.run(
        [str(python), "-m", module, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
