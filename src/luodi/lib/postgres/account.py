"""Which system user runs the server, and running programs as that user.

PostgreSQL refuses to run as root. Started as root, the server gets an account of its own:
`luodi` if the machine has it, else `postgres` (made by the distribution for exactly this), else
a new system account `luodi`. Never `nobody`: other services share it, and whoever is the
server's user can read every file of the database.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ClusterError

PREFERRED = ("luodi", "postgres")


@dataclass(frozen=True)
class Account:
    """A system user: its name, user number and group number."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether programs must change user first (only root can)."""
        return self.uid != os.geteuid()

    def run_as(self) -> dict[str, Any]:
        """Arguments for `subprocess` that make a program run as this user, in plain conditions."""
        common: dict[str, Any] = {"env": plain_environment(), "cwd": "/", "umask": 0o077}
        if self.is_other:
            common |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return common


def plain_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment without PG* settings, which would change what the programs do."""
    kept = {name: os.environ[name] for name in ("TZ", "TMPDIR") if name in os.environ}
    return {"PATH": os.defpath, "LC_ALL": "C", **kept, **(extra or {})}


def account_for(cluster: Path) -> Account:
    """The user that runs the server over the files in `cluster` (which need not exist yet)."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        try:
            return _account(pwd.getpwuid(owner))
        except KeyError:  # brought from another machine: initdb and libpq need a name
            raise ClusterError("not-ours", path=cluster, uid=owner) from None
    for name in PREFERRED:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    return _create()


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _create() -> Account:
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if useradd is None:
        raise ClusterError("no-account", detail="useradd")
    done = subprocess.run(
        [useradd, "--system", "--user-group", "--shell", "/usr/sbin/nologin", PREFERRED[0]],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        # Another process may have made it in the meantime, so look before complaining.
        return _account(pwd.getpwnam(PREFERRED[0]))
    except KeyError:
        raise ClusterError("no-account", detail=done.stderr.strip()) from None


def refusal(account: Account, command: Sequence[str]) -> str | None:
    """Why `account` cannot run `command` to a good end, or None when it can."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, **account.run_as()
        )
    except OSError as error:
        return str(error)
    return (done.stderr.strip() or f"exit {done.returncode}") if done.returncode else None


def can_enter(account: Account, folder: Path) -> bool:
    """Whether `account` may pass through `folder`, given that it may pass its parents."""
    return not account.is_other or refusal(account, ["test", "-x", str(folder)]) is None


def require_way_to(account: Account, folder: Path) -> None:
    """Raise ClusterError naming the first folder on the way that is closed to `account`."""
    for step in (*reversed(folder.parents), folder):
        if not can_enter(account, step):
            raise ClusterError("unreachable", user=account.name, path=folder, closed=step)
