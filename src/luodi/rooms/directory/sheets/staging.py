"""An uploaded workbook between its dry run and its import: on the disk, for its owner, a day."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.lib.errors import NotFound

KEPT_SECONDS = 24 * 3600
ERRORS = ".errors"
GONE = gettext_lazy("这个文件已写入或已过期，请重新上传。")


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def stage(account_id: int, kind: str, chunks: Iterable[bytes]) -> tuple[str, Path]:
    """Keeps the bytes under their SHA-256; the digest and the path. Sweeps what is a day old."""
    folder = _folder()
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    digest = hashlib.sha256()
    temporary = folder / f".{account_id}-{kind}-{time.monotonic_ns()}"
    temporary.touch(mode=0o600)
    with temporary.open("wb") as out:
        for chunk in chunks:
            digest.update(chunk)
            out.write(chunk)
    path = _path(account_id, kind, digest.hexdigest())
    temporary.replace(path)
    return digest.hexdigest(), path


def staged(account_id: int, kind: str, digest: str) -> Path:
    """The workbook that this account staged. Raises NotFound where there is none (any more)."""
    path = _path(account_id, kind, digest)
    if not re.fullmatch("[0-9a-f]{64}", digest) or not path.exists():
        raise NotFound(GONE)
    return path


def _path(account_id: int, kind: str, digest: str) -> Path:
    return _folder() / f"{account_id}-{kind}-{digest}.xlsx"


def keep_report(path: Path, report: dict[str, Any]) -> None:
    beside = path.with_suffix(".json")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(report, ensure_ascii=False))


def keep_errors(path: Path, errors: IO[bytes]) -> None:
    """Keeps the workbook of the rows that cannot be taken."""
    beside = path.with_suffix(ERRORS)
    beside.touch(mode=0o600)
    errors.seek(0)
    with beside.open("wb") as out:
        shutil.copyfileobj(errors, out)


def errors_of(account_id: int, kind: str, digest: str) -> Path:
    """The workbook of the rows that cannot be taken. Raises NotFound where there is none."""
    path = staged(account_id, kind, digest).with_suffix(ERRORS)
    if not path.exists():
        raise NotFound(_("这个文件没有需要更正的行。"))
    return path


@contextmanager
def claimed(path: Path) -> Iterator[Path]:
    """A workbook for one to write and nobody else. Raises NotFound where another has it."""
    mine = path.with_suffix(".claimed")
    try:
        path.replace(mine)
    except FileNotFoundError:
        raise NotFound(GONE) from None
    try:
        yield mine
    except BaseException:
        mine.replace(path)
        raise


def report_of(path: Path) -> dict[str, Any]:
    """What the dry run found; nothing where it could not be made."""
    return _read(path.with_suffix(".json"))


def keep_progress(path: Path, *, rows: int, of: int, dry_run: bool) -> None:
    """Says that a workbook is in hand, and how many rows are done (`of`: how many there are)."""
    since = progress_of(path).get("since") or time.time()
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({"rows": rows, "of": of, "dry_run": dry_run, "since": since}))
    beside.replace(path.with_suffix(".progress"))


def progress_of(path: Path) -> dict[str, Any]:
    """How far a workbook in hand is; nothing where it is not in hand."""
    return _read(path.with_suffix(".progress"))


def drop_progress(path: Path) -> None:
    path.with_suffix(".progress").unlink(missing_ok=True)


def finish(path: Path, said: str) -> None:
    """Removes what was written, and keeps the sentence that says so for the next look."""
    path.with_suffix(".done").write_text(json.dumps({"said": said}, ensure_ascii=False))
    discard(path)


def finished(account_id: int, kind: str, digest: str) -> str:
    """What was said of a workbook that has been written, once; empty where there is no such."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        return ""
    done = _path(account_id, kind, digest).with_suffix(".done")
    said: str = _read(done).get("said", "")
    done.unlink(missing_ok=True)
    return said


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return found


def discard(path: Path) -> None:
    """Removes the workbook and its report: they hold personal data."""
    for end in (".xlsx", ".claimed", ".json", ERRORS, ".progress"):
        path.with_suffix(end).unlink(missing_ok=True)
