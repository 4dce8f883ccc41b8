"""From an upload to its rows: the dry run, answers, corrections, the writing.

A small file is read while the page waits. A large one is left to the worker, which leaves its
progress beside the file, so that a page can show it; a worker that was killed is followed by
another, which begins anew, because nothing is written before all is.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from luodi.ground.imports import staging
from luodi.ground.imports.importer import Importer
from luodi.ground.imports.kinds import importer_for
from luodi.ground.imports.models import Habit, Written
from luodi.ground.imports.running import Outcome, Part, Told, nothing, quietly, run
from luodi.ground.imports.staging import DETAILS, ERRORS, Staged
from luodi.ground.notices.api import tell
from luodi.ground.scope.api import Account, Actor, acting, actor_for, defer
from luodi.lib.errors import NotFound, UserError
from luodi.lib.excel import origin_of

LARGE = 100_000  # bytes, a few thousand rows: a second's reading
READING = ("column:", "header:")  # answers that say how a file is read


def upload(*, actor: Actor, kind: str, file: UploadedFile[bytes]) -> Staged:
    """Keeps a file for its owner and begins the dry run.

    A corrected error file joins the upload whose rows it holds. Raises UserError where it cannot
    be read; of a large one its page says so.
    """
    importer_for(actor, kind)  # whether the actor may
    digest, _mark, stage = origin_of(file).partition("/")
    if digest and stage.isdecimal() and len(stage) < 4:
        try:
            found = staging.staged(actor.account_id, kind, digest)
        except NotFound:  # written or thrown away: its rows stand alone
            pass
        else:
            return correct(actor=actor, staged=found, file=file, stage=int(stage))
    staged = staging.stage(actor.account_id, kind, file.name or "", file.chunks())
    try:
        reread(actor, staged)
    except UserError:
        staged.discard()
        raise
    return staged


def correct(
    *, actor: Actor, staged: Staged, file: UploadedFile[bytes], stage: int | None = None
) -> Staged:
    """Puts the rows of a corrected error file in the place of the bad ones, and reads all again."""
    has_bad = bool(staged.read().get("report", {}).get("bad"))
    last = staged.stage if has_bad or staged.stage == 1 else staged.stage - 1
    staged.join(min(max(stage or last, 1), staged.stage), file.chunks())
    reread(actor, staged)
    return staged


def answer(*, actor: Actor, staged: Staged, answers: Mapping[str, str]) -> None:
    """Takes answers, and reads all again with them."""
    given = {key[:200]: value[:200] for key, value in answers.items() if value}
    staged.keep(answers={**(staged.read().get("answers") or {}), **given})
    reread(actor, staged)


def reread(actor: Actor, staged: Staged) -> None:
    """The dry run, here or in the worker."""
    if staged.size > LARGE:
        _leave(actor, staged, write=False)
    else:
        _read(actor, staged, quietly)


def _read(actor: Actor, staged: Staged, told: Told) -> None:
    """The dry run; what it found stands beside the file, and the bad rows as another."""
    state = staged.read()
    importer = importer_for(actor, staged.kind)
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as details:
        outcome = run(
            importer,
            staged.parts(),
            state.get("answers"),
            write=False,
            told=told,
            recall=lambda titles: _habit(actor, staged.kind, titles),
            errors=errors,
            details=details,
            origin=f"{staged.digest}/{staged.stage}",
        )
        staged.keep_file(DETAILS, details)
        staged.drop_file(ERRORS)
        if outcome.counts["bad"]:
            staged.keep_file(ERRORS, errors)
    staged.keep(f"bad-{staged.stage}", rows=outcome.bad)
    report = outcome.as_dict()
    staged.keep(
        report=report,
        problem="",
        answers=dict(importer.answers.given),
        before=_written_before(actor, staged),
    )


def _written_before(actor: Actor, staged: Staged) -> str:
    """When the same file was written, if it was."""
    rows = Written.objects.filter(
        account_id=actor.account_id, kind=staged.kind, digest=staged.digest
    )
    last = rows.order_by("-at").first()
    return timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M") if last else ""


def _habit(actor: Actor, kind: str, titles: str) -> Mapping[str, str]:
    found = Habit.objects.filter(
        account_id=actor.account_id, kind=kind, titles=hashlib.sha256(titles.encode()).hexdigest()
    ).first()
    answers: dict[str, str] = found.answers if found else {}
    return answers


def _keep_habit(actor: Actor, staged: Staged, outcome: Outcome, given: Mapping[str, str]) -> None:
    kept = {one["key"] for one in outcome.questions if one["kept"]}
    answers = {key: value for key, value in given.items() if key in kept or key.startswith(READING)}
    if answers and actor.account_id:
        Habit.objects.update_or_create(
            account_id=actor.account_id,
            kind=staged.kind,
            titles=hashlib.sha256(outcome.titles.encode()).hexdigest(),
            defaults={"answers": answers},
        )


def write(*, actor: Actor, staged: Staged) -> dict[str, Any] | None:
    """Writes an upload after its dry run: how many rows were new, changed, the same.

    None where the worker has it in hand. Raises UserError where it is refused, and where it would
    write other than was shown: then nothing is written.
    """
    if staged.read("progress"):
        return None
    if staged.size > LARGE:
        _leave(actor, staged, write=True)
        return None
    try:
        outcome = _write(actor, staged, quietly)
    except Changed:
        reread(actor, staged)
        raise
    transaction.on_commit(staged.discard)
    return outcome.as_dict()


class Changed(UserError):
    """What would be written is no longer what was shown."""


def _write(actor: Actor, staged: Staged, told: Told) -> Outcome:
    state = staged.read()
    if not state.get("report"):
        raise NotFound(staging.GONE)
    given: dict[str, str] = state.get("answers") or {}
    try:
        with transaction.atomic():
            written = _claim(actor, staged, state["token"])
            importer = importer_for(actor, staged.kind)
            outcome = run(importer, staged.parts(), given, write=True, told=told)
            if outcome.seal != state["report"]["seal"]:
                raise Changed(_("试读之后数据有了变化，没有写入。请再看一遍试读结果。"))
            if written:
                written.rows = outcome.rows
                written.save(update_fields=["rows"])
            _keep_habit(actor, staged, outcome, given)
    except IntegrityError as problem:
        if "imports_written" not in str(problem):
            raise
        raise NotFound(staging.GONE) from None
    return outcome


def _claim(actor: Actor, staged: Staged, token: str) -> Written | None:
    """Makes a second who writes the same wait, and then find it written."""
    if not actor.account_id:
        return None
    return Written.objects.create(
        account_id=actor.account_id, token=token, kind=staged.kind, digest=staged.digest
    )


def _leave(actor: Actor, staged: Staged, *, write: bool) -> None:
    report = staged.read().get("report") or {}
    staged.progress(rows=0, of=report.get("rows", 0), write=write)
    defer(
        "imports.take_in",
        account_id=actor.account_id,
        kind=staged.kind,
        digest=staged.digest,
        write=write,
        language=get_language(),
    )


def carry_out(account_id: int, kind: str, digest: str, write: bool, language: str) -> None:
    """What the worker does with a large upload, as its owner. Background only."""
    try:
        staged = staging.staged(account_id, kind, digest)
    except NotFound:  # another worker has done it
        return
    account = Account.objects.get(pk=account_id)
    if not account.is_active:
        staged.discard()
        return
    with override(language):
        try:
            with acting(actor_for(account)) as actor:
                _carry_out(actor, staged, write)
        except Exception:
            if staged.read():
                staged.keep(problem=_("系统出错了，没有写入。请稍后重试。"))
                staged.drop("progress")
            raise


def _carry_out(actor: Actor, staged: Staged, write: bool) -> None:
    progress = staged.read("progress")
    if not progress or progress["write"] != write:
        return
    name = staged.read()["name"]

    def told(rows: int) -> None:
        staged.progress(rows=rows, of=progress["of"], write=write)

    try:
        with transaction.atomic():
            said = _step(actor, staged, name, told, write)
    except NotFound:  # another worker has written it
        return
    except UserError as problem:
        said = _("没有写入：%(name)s。%(why)s") % {"name": name, "why": problem}
        if isinstance(problem, Changed):
            _read(actor, staged, quietly)
        staged.keep(problem=str(problem))
    tell(
        accounts=[Account(pk=actor.account_id)],
        key=f"import:{staged.digest[:16]}:{progress['since']}",
        text=said,
        url=page(staged),
    )
    transaction.on_commit(lambda: staged.drop("progress"))


def _step(actor: Actor, staged: Staged, name: str, told: Told, write: bool) -> str:
    if not write:
        _read(actor, staged, told)
        return _("%(name)s 已试读，请查看结果并确认写入。") % {"name": name}
    said = written(_write(actor, staged, told).as_dict())
    transaction.on_commit(lambda: staged.finish(said))
    return f"{name}：{said}"


def page(staged: Staged) -> str:
    """The address of an upload."""
    return reverse("imports:report", args=[staged.kind, staged.digest])


def written(outcome: dict[str, Any]) -> str:
    """What was written, in words."""
    return _("已写入：新增%(new)s条，更新%(changed)s条，没有变化%(same)s条。") % outcome


def take(
    importer: Importer, path: Path, *, write: bool, answers: Mapping[str, str] | None = None
) -> Outcome:
    """Reads a file at once, and writes it where `write` is true: for scripts and tests."""
    return run(importer, [Part(path)], answers or {}, write=write, recall=nothing)
