"""From an uploaded workbook to its rows: the dry run, then the writing; who is at work says how far.

A small file is read while the page waits. A large one is left to the worker, which leaves its
progress beside the file, so that a page can show it; a worker that was killed is followed by
another, which begins anew, because nothing is written before all is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from luodi.ground.notices.api import Notice, tell
from luodi.ground.scope.api import Account, Actor, acting, actor_for, defer
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.directory.sheets import staging
from luodi.rooms.directory.sheets.running import Importer, Told, quietly, run

LARGE = 100_000  # bytes, a few thousand rows: a second's reading


# What takes in a workbook of a kind for its owner; the kind may name one of many, such as a register.
Make = Callable[[Actor, str], Importer]


@dataclass(frozen=True, slots=True)
class Kind:
    importer: Make
    page: Callable[[str, str], str]


_kinds: dict[str, Kind] = {}


def provide(kind: str, importer: Make, page: Callable[[str, str], str]) -> None:
    """Says how workbooks of a kind are taken in, and the address of one's page (kind, digest).

    Of a kind with a number behind it, `kind` is the word before.
    """
    _kinds[kind] = Kind(importer, page)


def _kind(kind: str) -> Kind:
    return _kinds[kind.rstrip("0123456789")]


def _importer(actor: Actor, kind: str) -> Importer:
    return _kind(kind).importer(actor, kind)


def upload(*, actor: Actor, kind: str, file: UploadedFile[bytes]) -> str:
    """Keeps a workbook for its owner and begins the dry run; returns its digest.

    Raises UserError where it cannot be read; of a large one its page says so.
    """
    digest, path = staging.stage(actor.account_id, kind, file.chunks())
    name = file.name or ""
    if path.stat().st_size > LARGE:
        _leave(actor, kind, digest, path, name=name, dry_run=True)
        return digest
    try:
        _read(actor, kind, path, name, quietly)
    except UserError:
        staging.discard(path)
        raise
    return digest


def _read(actor: Actor, kind: str, path: Path, name: str, told: Told) -> None:
    """The dry run; what it found stands beside the file, and the bad rows as another."""
    with tempfile.TemporaryFile() as errors:
        outcome = run(_importer(actor, kind), path, dry_run=True, told=told, errors=errors)
        if outcome.bad:
            staging.keep_errors(path, errors)
    staging.keep_report(path, {"name": name, **outcome.as_dict()})


def write(*, actor: Actor, kind: str, digest: str) -> dict[str, Any] | None:
    """Writes a workbook after its dry run: how many rows were new, changed, the same.

    None where the worker has it in hand. Raises UserError where it is refused: nothing is written.
    """
    path = staging.staged(actor.account_id, kind, digest)
    if staging.progress_of(path):
        return None
    report = staging.report_of(path)
    if path.stat().st_size > LARGE:
        _leave(actor, kind, digest, path, name=report["name"], dry_run=False, of=report["rows"])
        return None
    with staging.claimed(path) as claimed:
        outcome = run(_importer(actor, kind), claimed, dry_run=False)
    transaction.on_commit(lambda: staging.discard(path))
    return outcome.as_dict()


def _leave(
    actor: Actor, kind: str, digest: str, path: Path, *, name: str, dry_run: bool, of: int = 0
) -> None:
    staging.keep_progress(path, rows=0, of=of, dry_run=dry_run)
    defer(
        "directory.take_in",
        account_id=actor.account_id,
        kind=kind,
        digest=digest,
        name=name,
        dry_run=dry_run,
        of=of,
        language=get_language(),
    )


def carry_out(
    account_id: int, kind: str, digest: str, name: str, dry_run: bool, of: int, language: str
) -> None:
    """What the worker does with a large workbook, as its owner. Background only."""
    try:
        path = staging.staged(account_id, kind, digest)
    except NotFound:  # another worker has done it
        return
    account = Account.objects.get(pk=account_id)
    if not account.is_active:
        staging.discard(path)
        return

    def told(rows: int) -> None:
        staging.keep_progress(path, rows=rows, of=of, dry_run=dry_run)

    with override(language):
        try:
            with acting(actor_for(account)) as actor:
                _carry_out(actor, kind, path, name, dry_run, told)
        except Exception:
            _refuse(path, _("系统出错了，没有写入。请稍后重试。"))
            staging.drop_progress(path)
            raise


def _carry_out(actor: Actor, kind: str, path: Path, name: str, dry_run: bool, told: Told) -> None:
    with connection.cursor() as cursor:  # of two workers the second waits, and finds it done
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [path.name])
    since, digest = staging.progress_of(path).get("since"), path.stem.rpartition("-")[2]
    key = f"import:{digest[:16]}:{since}"
    is_told = Notice.objects.filter(account_id=actor.account_id, key=key).exists()
    if since is None or not path.exists() or is_told:
        return
    step = _reading if dry_run else _writing
    try:
        with transaction.atomic():
            said = step(actor, kind, path, name, told)
    except UserError as problem:
        _refuse(path, str(problem))
        said = _("没有写入：%(name)s。%(why)s") % {"name": name, "why": problem}
    tell(
        accounts=[Account(pk=actor.account_id)],
        key=key,
        text=said,
        url=_kind(kind).page(kind, digest),
    )
    transaction.on_commit(lambda: staging.drop_progress(path))


def _refuse(path: Path, why: str) -> None:
    staging.keep_report(path, {**staging.report_of(path), "problem": why})


def _reading(actor: Actor, kind: str, path: Path, name: str, told: Told) -> str:
    _read(actor, kind, path, name, told)
    return _("%(name)s 已试读，请查看结果并确认写入。") % {"name": name}


def _writing(actor: Actor, kind: str, path: Path, name: str, told: Told) -> str:
    outcome = run(_importer(actor, kind), path, dry_run=False, told=told)
    said = written(outcome.as_dict())
    transaction.on_commit(lambda: staging.finish(path, said))
    return f"{name}：{said}"


def written(outcome: dict[str, Any]) -> str:
    """What was written, in words."""
    return _("已写入：新增%(created)s条，更新%(updated)s条，没有变化%(unchanged)s条。") % outcome
