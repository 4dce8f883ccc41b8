"""An upload between its dry run and its import: on the disk, for its owner, till it is written.

Each has a folder: its file, the corrected error files that joined it (`1`, `2`, …), and what is
known of it (`state.json`).
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from luodi.ground.imports.running import Part, Place
from luodi.lib.errors import NotFound

KEPT_SECONDS = 14 * 24 * 3600
GONE = gettext_lazy("这个文件已写入、已丢弃或已过期，请重新上传。")
ERRORS, DETAILS = "errors", "details"


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


class Staged:
    """An upload on the disk. `digest` is the SHA-256 of its first file."""

    def __init__(self, account_id: int, kind: str, digest: str) -> None:
        self.account_id, self.kind, self.digest = account_id, kind, digest
        self.path = _folder() / f"{account_id}-{kind}-{digest}"

    # --- what is known of it

    def read(self, name: str = "state") -> dict[str, Any]:
        """A note; nothing where there is none (any more)."""
        try:
            found: dict[str, Any] = json.loads((self.path / f"{name}.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def keep(self, note: str = "state", /, **values: Any) -> None:
        """Adds to a note."""
        text = json.dumps({**self.read(note), **values}, ensure_ascii=False, default=str)
        new = self.path / f".{note}-{time.monotonic_ns()}"
        new.touch(mode=0o600)
        new.write_text(text)
        new.replace(self.path / f"{note}.json")

    def drop(self, name: str) -> None:
        (self.path / f"{name}.json").unlink(missing_ok=True)

    def progress(self, *, rows: int, of: int, write: bool) -> None:
        """Says that it is in hand, and how many rows are done (`of`: how many there are)."""
        since = self.read("progress").get("since") or time.time()
        self.keep("progress", rows=rows, of=of, write=write, since=since)

    # --- its files

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(part.path.stat().st_size for part in self.parts())

    def parts(self) -> list[Part]:
        """The first file, then the corrected rows."""
        listed = self.read().get("parts", [])
        return [
            Part(self.path / str(number), frozenset((a, b, c) for a, b, c in replaces))
            for number, replaces in enumerate(listed)
        ]

    def join(self, stage: int, chunks: Iterable[bytes]) -> None:
        """Puts corrected rows in the place of those that were bad when there were `stage` files."""
        bad: list[Place] = self.read(f"bad-{stage}").get("rows", [])
        parts = self.read()["parts"][:stage]
        _write(self.path / str(stage), chunks)
        self.keep(parts=[*parts, bad])

    @property
    def stage(self) -> int:
        """How many files it has."""
        return len(self.read()["parts"])

    def file(self, name: str) -> Path:
        """The workbook of the bad rows, or of what becomes of all. Raises NotFound."""
        path = self.path / f"{name}.xlsx"
        if not path.exists():
            raise NotFound(gettext_lazy("这个文件没有需要更正的行。"))
        return path

    def keep_file(self, name: str, content: IO[bytes]) -> None:
        content.seek(0)
        _write(self.path / f"{name}.xlsx", iter(lambda: content.read(1024 * 1024), b""))

    def drop_file(self, name: str) -> None:
        (self.path / f"{name}.xlsx").unlink(missing_ok=True)

    # --- its end

    def discard(self) -> None:
        """Removes it: it holds personal data."""
        gone = self.path.with_name(f".{secrets.token_hex(8)}")
        try:
            self.path.rename(gone)
        except FileNotFoundError:
            return
        shutil.rmtree(gone, ignore_errors=True)

    def finish(self, said: str) -> None:
        """Removes what was written, and keeps the sentence that says so for the next look."""
        self.discard()
        self.path.mkdir(mode=0o700)
        self.keep("done", said=said)


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with path.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)


def stage(account_id: int, kind: str, name: str, chunks: Iterable[bytes]) -> Staged:
    """Keeps a file. Sweeps what has been left for two weeks."""
    folder = _folder()
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    digest = hashlib.sha256()
    temporary = folder / f".{secrets.token_hex(8)}"
    temporary.mkdir(mode=0o700)

    def counted() -> Iterable[bytes]:
        for chunk in chunks:
            digest.update(chunk)
            yield chunk

    _write(temporary / "0", counted())
    staged = Staged(account_id, kind, digest.hexdigest())
    staged.discard()
    temporary.replace(staged.path)
    staged.keep(name=name, parts=[[]], token=secrets.token_hex(16))
    return staged


def staged(account_id: int, kind: str, digest: str) -> Staged:
    """What this account staged. Raises NotFound where there is none (any more)."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise NotFound(GONE)
    found = Staged(account_id, kind, digest)
    if not found.read():
        raise NotFound(GONE)
    return found


def finished(account_id: int, kind: str, digest: str) -> str:
    """What was said of an upload that has been written, once; empty where there is no such."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        return ""
    one = Staged(account_id, kind, digest)
    said: str = one.read("done").get("said", "")
    if said:
        one.discard()
    return said


def waiting(account_id: int, kind: str) -> list[Staged]:
    """What this account has uploaded and not written yet."""
    start = f"{account_id}-{kind}-"
    names = [one.name for one in _folder().iterdir() if one.name.startswith(start)]
    found = [Staged(account_id, kind, name[len(start) :]) for name in sorted(names)]
    return [one for one in found if one.read()]
