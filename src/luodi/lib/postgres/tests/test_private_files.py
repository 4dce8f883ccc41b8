"""Private files and folders, the lock, and the choice of the server's user."""

import os
import pwd
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from luodi.lib.postgres import ClusterError
from luodi.lib.postgres.account import account_for, plain_environment
from luodi.lib.postgres.private import locked, private_folder, write_private

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice")


def test_written_files_are_private_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "passwords.json"
    for text in ("first", "second 落地"):
        write_private(path, text)
        assert path.read_text(encoding="utf-8") == text
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("dear")
    (tmp_path / "passwords.json.new").symlink_to(victim)
    write_private(tmp_path / "passwords.json", "secret")
    assert victim.read_text() == "dear"
    (tmp_path / "lock").symlink_to(victim)
    with pytest.raises(OSError), locked(tmp_path / "lock", time.monotonic()):  # noqa: PT011
        pass


def test_a_private_folder_is_closed_even_if_it_was_open(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o755)
    private_folder(folder, os.geteuid(), os.getegid())
    private_folder(folder, os.geteuid(), os.getegid())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("in_the_way", ["link", "file", "foreign"])
def test_somebody_elses_folder_is_refused(tmp_path: Path, in_the_way: str) -> None:
    folder = tmp_path / "run"
    if in_the_way == "link":
        folder.symlink_to(tmp_path)
    elif in_the_way == "file":
        folder.touch()
    elif os.geteuid() == 0:
        folder.mkdir()
        os.chown(folder, 64321, 64321)
    else:
        pytest.skip("only root makes a folder of another user")
    with pytest.raises(ClusterError) as caught:
        private_folder(folder, os.geteuid(), os.getegid())
    assert caught.value.code == "not-ours"


def test_a_child_keeps_the_lock_of_a_parent_that_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, time.monotonic()) as descriptor:
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[descriptor])
    with pytest.raises(ClusterError), locked(path, time.monotonic()):
        pass
    child.communicate()
    with locked(path, time.monotonic()):
        pass


@only_root
def test_the_owner_of_the_files_runs_the_server(tmp_path: Path) -> None:
    user = pwd.getpwnam("nobody")
    os.chown(tmp_path, user.pw_uid, user.pw_gid)
    assert account_for(tmp_path).name == "nobody"
    os.chown(tmp_path, 64321, 64321)  # a number without a name
    with pytest.raises(ClusterError) as caught:
        account_for(tmp_path)
    assert caught.value.code == "not-ours"


@only_root
def test_a_user_is_made_only_where_none_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    nobody = pwd.getpwnam("nobody")

    def getpwnam(name: str) -> pwd.struct_passwd:
        if name in made:
            return nobody
        raise KeyError(name)

    tool = tmp_path / "useradd"
    tool.write_text(f'#!/bin/sh\nfor last; do :; done; echo "$last" > {tmp_path}/made\n')
    tool.chmod(0o755)
    monkeypatch.setattr(pwd, "getpwnam", getpwnam)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: str(tool))
    with pytest.raises(ClusterError) as caught:
        account_for(tmp_path / "pgdata")
    assert caught.value.code == "no-account"
    assert (tmp_path / "made").read_text() == "luodi\n"
    made.append("luodi")
    assert account_for(tmp_path / "pgdata").uid == nobody.pw_uid
    made.clear()
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(ClusterError, match="useradd --system"):
        account_for(tmp_path / "pgdata")


def test_settings_of_the_caller_do_not_reach_the_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGDATA", "/somewhere/else")
    monkeypatch.setenv("PGOPTIONS", "-c fsync=off")
    assert not [name for name in plain_environment() if name.startswith("PG")]
