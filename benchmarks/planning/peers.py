"""Peers live in a folder of their own and are measured in processes of their own."""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "peers"
LIMIT_S = 240.0  # of a peer's process, its imports and its building included


def install(name: str, *requirements: str) -> Path | None:
    """A virtual environment for one peer under .cache/, made once; returns its python.

    Where the peer cannot be installed, says so and returns ``None``.
    """
    home = CACHE / name
    python = home / "bin" / "python"
    done = home / ".ready"
    if done.exists() and done.read_text() == " ".join(requirements):
        return python
    print(f"   installing {name} …", flush=True)
    quiet = ["--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        pip = [python, "-m", "pip", "install", *quiet, *requirements]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        print(f"   {name} could not be installed: its comparisons are left out", flush=True)
        return None
    done.write_text(" ".join(requirements))
    return python


def run(
    python: Path | str, module: str, *arguments: str, limit_s: float = math.inf
) -> dict[str, float]:
    """Run ``python -m module arguments`` from the project; its last line is a JSON object.

    Adds ``mb``, the process's highest resident memory. After ``limit_s`` it is stopped, and
    ``seconds`` and ``stopped`` are all that is told.
    """
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([str(root / "src"), str(root)])
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [str(python), "-m", module, *arguments],
            cwd=root,
            env={**os.environ, "PYTHONPATH": path},
            stdout=out,
            stderr=errors,
        )
        late = threading.Event()
        timer = threading.Timer(min(limit_s, 1e6), lambda: (late.set(), process.kill()))
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        if late.is_set():
            return {"seconds": limit_s, "stopped": limit_s, "mb": used.ru_maxrss / 1000}
        out.seek(0)
        errors.seek(0)
        said, wrong = out.read(), errors.read()
    if process.returncode:
        raise RuntimeError(wrong[-2000:] or f"exit code {process.returncode}")
    result: dict[str, float] = json.loads(said.strip().splitlines()[-1])
    return result | {"mb": used.ru_maxrss / 1000}


def attempt(python: Path | str | None, module: str, *arguments: str) -> dict[str, float] | None:
    """As :func:`run` for a peer, :data:`LIMIT_S` at most: ``None``, and a line, where it fails."""
    if python is None:
        return None
    try:
        return run(python, module, *arguments, limit_s=LIMIT_S)
    except RuntimeError as error:
        last = (str(error).strip().splitlines() or [""])[-1]
        print(f"   the peer failed ({' '.join(arguments)}): {last[:200]}", flush=True)
        return None
