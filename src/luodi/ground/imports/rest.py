"""Files of every kind of ledger over REST: upload and dry run, answers, writing, throwing away."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Path, Router, Schema, Status, UploadedFile
from pydantic import Field, StringConstraints

from luodi.ground.imports import staging, working
from luodi.ground.imports.kinds import importer_for
from luodi.ground.imports.staging import Staged
from luodi.ground.scope.api import Actor
from luodi.lib.wire import Line

router = Router(tags=["imports"])

Kind = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z0-9_-]+)?$", max_length=60)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Upload(Schema):
    """`in_hand`: the worker reads or writes it; ask again. `report`: what the dry run understood."""

    digest: str
    in_hand: bool
    problem: str
    report: dict[str, Any] | None


class Answered(Schema):
    answers: dict[Line, Line] = Field(
        description="by a question's key; `column:TITLE` to a column's key, or - not to read it"
    )


class Counts(Schema):
    """`in_hand`: the worker is writing it; the counts come with the message to the account."""

    in_hand: bool
    new: int = 0
    changed: int = 0
    same: int = 0


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _mine(request: HttpRequest, kind: str, digest: str) -> Staged:
    importer_for(_actor(request), kind)
    return staging.staged(_actor(request).account_id, kind, digest)


def _out(staged: Staged) -> dict[str, Any]:
    state = staged.read()
    return {
        "digest": staged.digest,
        "in_hand": bool(staged.read("progress")),
        "problem": state.get("problem", ""),
        "report": state.get("report"),
    }


@router.post("/imports/{kind}", response={201: Upload})
def upload(request: HttpRequest, kind: Path[Kind], file: File[UploadedFile]) -> Any:
    """Keeps a file (.xlsx, .csv) and makes the dry run; nothing is written."""
    return Status(201, _out(working.upload(actor=_actor(request), kind=kind, file=file)))


@router.get("/imports/{kind}/{digest}", response=Upload)
def about(request: HttpRequest, kind: Path[Kind], digest: Path[Digest]) -> Any:
    """What the dry run understood."""
    return _out(_mine(request, kind, digest))


@router.post("/imports/{kind}/{digest}/answers", response=Upload)
def answer(request: HttpRequest, kind: Path[Kind], digest: Path[Digest], data: Answered) -> Any:
    """Answers questions, names columns, and reads the file again."""
    staged = _mine(request, kind, digest)
    working.answer(actor=_actor(request), staged=staged, answers=data.answers)
    return _out(staged)


@router.post("/imports/{kind}/{digest}/write", response=Counts)
def write(request: HttpRequest, kind: Path[Kind], digest: Path[Digest]) -> Any:
    """Writes what the dry run showed: all or nothing."""
    done = working.write(actor=_actor(request), staged=_mine(request, kind, digest))
    return {"in_hand": True} if done is None else {"in_hand": False, **done}


@router.delete("/imports/{kind}/{digest}", response={204: None})
def discard(request: HttpRequest, kind: Path[Kind], digest: Path[Digest]) -> Status[None]:
    """Throws an upload away."""
    _mine(request, kind, digest).discard()
    return Status(204, None)
