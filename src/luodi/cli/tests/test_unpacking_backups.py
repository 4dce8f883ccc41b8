"""A backup is a file that somebody may have changed: it writes nowhere but where it is unpacked."""

from __future__ import annotations

import io
import stat
import tarfile
from pathlib import Path

import pytest

from luodi.config.backup import unpack


def packed(*members: tuple[str, bytes, int]) -> tarfile.TarFile:
    """A tar of (name, type, mode); a link points to /etc/passwd."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind, mode in members:
            member = tarfile.TarInfo(name)
            member.type, member.mode, member.linkname = kind, mode, "/etc/passwd"
            member.size = 3 if kind == tarfile.REGTYPE else 0
            archive.addfile(member, io.BytesIO(b"abc"))
    stream.seek(0)
    return tarfile.open(fileobj=stream)


def test_files_and_folders_come_out_without_rights_they_should_not_have(tmp_path: Path) -> None:
    unpack(
        packed(
            ("evidence", tarfile.DIRTYPE, 0o700),
            ("evidence/a", tarfile.REGTYPE, 0o6777),
            ("secret_key", tarfile.REGTYPE, 0o600),
        ),
        tmp_path,
    )
    assert (tmp_path / "evidence/a").read_bytes() == b"abc"
    modes = {
        name: stat.S_IMODE((tmp_path / name).stat().st_mode)
        for name in ("evidence/a", "secret_key")
    }
    assert modes == {"evidence/a": 0o755, "secret_key": 0o600}


@pytest.mark.parametrize(
    "member",
    [
        ("../outside", tarfile.REGTYPE, 0o600),
        ("/luodi-outside", tarfile.REGTYPE, 0o600),
        ("link", tarfile.SYMTYPE, 0o777),
        ("hard", tarfile.LNKTYPE, 0o600),
        ("pipe", tarfile.FIFOTYPE, 0o600),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, member: tuple[str, bytes, int]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(tarfile.TarError):
        unpack(packed(member), folder)
    assert not list(folder.iterdir()) and [one.name for one in tmp_path.iterdir()] == ["in"]
