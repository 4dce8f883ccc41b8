"""Files as evidence: what other apps may use of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
import tempfile
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.evidence.kinds import KINDS, kind_of
from luodi.ground.evidence.models import File, location_of
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError

__all__ = ["KINDS", "File", "attach", "files_of", "kind_of", "location_of", "sweep"]

CHUNK = 1024 * 1024
SWEPT = 5_000


def attach(
    *,
    actor: Actor,
    unit: Unit,
    upload: UploadedFile[bytes],
    subject: str,
    subject_id: int,
    at: dt.datetime | None = None,
) -> File:
    """Keeps an uploaded file as evidence of the record `subject_id` of table `subject`.

    The bytes are on the disk, flushed, before the row exists; the same bytes are kept once. Who may
    add to the record is the calling verb's to check. Raises UserError for a file that is not taken.
    """
    if upload.file is None or upload.size is None or upload.size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise UserError(_("文件超过 %(limit)s MB，请压缩后再传。") % {"limit": limit}, "file")
    name = Path(upload.name or "").name[-200:]
    content_type = kind_of(name, upload.file)
    digest = _keep(upload)
    return File.objects.create(
        unit=unit,
        subject=subject,
        subject_id=subject_id,
        name=name,
        content_type=content_type,
        size=upload.size,
        sha256=digest,
        uploaded_by_id=actor.account_id or None,
        uploaded_at=at or timezone.now(),
    )


def _keep(upload: UploadedFile[bytes]) -> str:
    """Writes the bytes under their SHA-256, atomically; returns it in hex."""
    root: Path = settings.EVIDENCE_DIR
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in upload.chunks(CHUNK):
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        target = location_of(digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(temporary).replace(target)
    except OSError as problem:
        Path(temporary).unlink(missing_ok=True)
        raise UserError(_("服务器暂时存不下这个文件，请稍后再传。"), "file") from problem
    return digest.hexdigest()


def files_of(records: Mapping[str, Iterable[int]]) -> dict[tuple[str, int], list[File]]:
    """The files of records, which are given as ids by table; by table and id, oldest first; one query."""
    found: dict[tuple[str, int], list[File]] = {}
    theirs = [
        Q(subject=table, subject_id__in=keys)
        for table, ids in records.items()
        if (keys := list(ids))
    ]
    rows = File.objects.filter(reduce(or_, theirs, Q(pk__in=[])))
    for file in rows.select_related("uploaded_by"):
        found.setdefault((file.subject, file.subject_id), []).append(file)
    return found


def sweep(older_than: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Removes bytes that no row names: what an upload left that was never committed.

    One query for `SWEPT` files; how many there are does not matter to its memory either.
    """
    edge = timezone.now().timestamp() - older_than.total_seconds()
    root: Path = settings.EVIDENCE_DIR
    old = (path for path in root.rglob("*") if _lay_before(path, edge))
    removed = 0
    while batch := {path.name: path for path in itertools.islice(old, SWEPT)}:
        known = File.objects.filter(sha256__in=batch).values_list("sha256", flat=True)
        for name in batch.keys() - set(known):
            if _lay_before(batch[name], edge):  # not uploaded again since the question
                batch[name].unlink(missing_ok=True)
                removed += 1
    return removed


def _lay_before(path: Path, edge: float) -> bool:
    """Whether it is a file that was last written before a moment."""
    try:
        return path.is_file() and path.stat().st_mtime < edge
    except FileNotFoundError:  # taken away meanwhile
        return False
