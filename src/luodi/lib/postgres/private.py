"""Small files and folders that only their owner may use, and one lock between processes."""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import ClusterError

POLL_SECONDS = 0.02


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def publish(temporary: Path, target: Path) -> None:
    """Put a finished file in its place: readers see the old one or the new one, never a half."""
    fd = os.open(temporary, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    temporary.rename(target)
    sync_folder(target.parent)


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` with mode 0600, atomically and durably."""
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as stream:
        stream.write(text)
    publish(temporary, path)


def private_folder(path: Path, uid: int, gid: int) -> None:
    """Make `path` a 0700 folder of user `uid`; refuse one that somebody else put there first.

    The check matters below /tmp, where anyone may create the name before us.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
            raise ClusterError("not-ours", path=path, uid=found.st_uid) from None
    if os.geteuid() == 0:
        os.chown(path, uid, gid, follow_symlinks=False)
    path.chmod(0o700)


@contextmanager
def locked(path: Path, deadline: float) -> Iterator[int]:
    """Hold the lock file `path`; yield its descriptor.

    A child that inherits the descriptor keeps the lock when its parent is killed, so nobody
    starts anew while an orphaned initdb still writes. `deadline` is a time.monotonic() value.
    """
    began = time.monotonic()
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise ClusterError(
                        "busy", path=path.parent, seconds=time.monotonic() - began
                    ) from None
                time.sleep(POLL_SECONDS)
        yield fd
    finally:
        os.close(fd)
