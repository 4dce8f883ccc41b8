"""Which system user serves pages: never root.

Started as root, `serve`, `worker` and `demo` give the data folder to the user that runs the database
and become that user, for good.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from pathlib import Path

import django

from luodi.config.ready import cluster, data_dir
from luodi.lib.errors import UserError
from luodi.lib.postgres.account import Account, account_for, refusal, require_way_to

READ_SEARCH = 2  # CAP_DAC_READ_SEARCH of capabilities(7)
PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 47, 2
CAPABILITY_VERSION = 0x20080522
READING_KEPT = (
    "程序所在的文件夹只有 root 能进，已改用系统用户 {user} 运行，并只保留读取文件的权力。"
    "正式使用请把程序装在 /opt 这样别的用户能读的地方。"
    " The programs are where only root can go: running as {user}, with the power to read kept."
    " Install them where others may read, such as /opt."
)


def leave_root() -> str | None:
    """Makes this process the data folder's user where it is root; gives a sentence to say, if any.

    Raises UserError where that cannot be, ClusterError where the folder is closed to that user.
    """
    if os.geteuid() != 0:
        return None
    folder, account = data_dir().resolve(), account_for(cluster().pgdata)
    folder.mkdir(parents=True, exist_ok=True)
    require_way_to(account, folder.parent)
    _give(folder, account)
    reading = not _reaches_programs(account)
    _become(account, reading)
    os.environ |= {"HOME": str(folder), "LUODI_DATA": str(folder)}
    os.chdir("/")
    return READING_KEPT.format(user=account.name) if reading else None


def _give(folder: Path, account: Account) -> None:
    """The folder and all in it to the user; a file with a second name stays whose it is."""
    for place, _folders, files in os.walk(folder):
        for path in (Path(place), *(Path(place, name) for name in files)):
            found = path.lstat()
            if found.st_uid == 0 and (path.is_dir() or found.st_nlink == 1):
                os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _reaches_programs(account: Account) -> bool:
    needed = (sys.executable, os.__file__, django.__file__, __file__)
    return all(refusal(account, ["test", "-r", os.path.realpath(one)]) is None for one in needed)


def _become(account: Account, reading: bool) -> None:
    system = ctypes.CDLL(None, use_errno=True)
    if reading and sys.platform != "linux":
        raise _closed(account)
    if reading:
        system.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if reading:
        head, one = struct.pack("Ii", CAPABILITY_VERSION, 0), 1 << READ_SEARCH
        kept = struct.pack("IIIIII", one, one, one, 0, 0, 0)
        raised = (PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, READ_SEARCH, 0, 0)
        if system.capset(head, kept) or system.prctl(*raised):
            raise _closed(account)


def _closed(account: Account) -> UserError:
    return UserError(
        f"网页不能以 root 身份运行，而系统用户 {account.name} 读不到程序（{sys.prefix}）。"
        "请把程序装在 /opt 这样别的用户能读的地方。"
        f" Pages are not served as root, and {account.name} cannot read the programs in"
        f" {sys.prefix}: install them where others may read, such as /opt."
    )
