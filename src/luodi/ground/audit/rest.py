"""The trail over REST, for auditors."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luodi.ground.audit.history import reached
from luodi.ground.audit.models import Entry, Seal
from luodi.lib.wire import Id, Line, Moment

router = Router(tags=["trail"])


class TrailFilter(Schema):
    """Entries are read backwards: ask for those `before` the last one that you have."""

    before: Id | None = Field(None, description="id: only older entries")
    limit: int = Field(100, ge=1, le=1000)
    subject: Line = Field("", description="a table, such as casework_case")
    subject_id: Line = ""
    account: Id | None = None
    action: Line = Field("", description="insert, update, delete, sign-in, reveal, …")
    since: Moment | None = None
    until: Moment | None = Field(None, description="exclusive")


class EntryOut(Schema):
    """`changes` maps a column to its values before and after; `digest` is SHA-256 in hex."""

    id: int
    epoch: int
    xid: int
    at: dt.datetime
    account_id: int | None
    action: str
    subject: str
    subject_id: str
    path: str | None
    changes: dict[str, Any]
    why: str
    digest: str

    @staticmethod
    def resolve_digest(entry: Entry) -> str:
        return bytes(entry.digest).hex()


class SealOut(Schema):
    """A Merkle root over the entries of `xid_from` ≤ xid < `xid_to`; `digest` chains the seals."""

    id: int
    epoch: int
    xid_from: int
    xid_to: int
    entries: int
    root: str
    digest: str
    at: dt.datetime

    @staticmethod
    def resolve_root(seal: Seal) -> str:
        return bytes(seal.root).hex()

    @staticmethod
    def resolve_digest(seal: Seal) -> str:
        return bytes(seal.digest).hex()


@router.get("/trail", response=list[EntryOut])
def trail(request: HttpRequest, wanted: Query[TrailFilter]) -> Any:
    """What was changed, by whom, when and why; the newest first."""
    request.actor.require("trail.view")  # type: ignore[attr-defined]
    rows = reached(request.actor, Entry.objects.order_by("-id"))  # type: ignore[attr-defined]
    for lookup, value in {
        "id__lt": wanted.before,
        "subject": wanted.subject,
        "subject_id": wanted.subject_id,
        "account_id": wanted.account,
        "action": wanted.action,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }.items():
        if value:
            rows = rows.filter(**{lookup: value})
    return rows[: wanted.limit]


@router.get("/trail/seals", response=list[SealOut])
def seals(request: HttpRequest) -> Any:
    """The last thousand seals, the newest first: keep their digests elsewhere."""
    request.actor.require("trail.view")  # type: ignore[attr-defined]
    return Seal.objects.order_by("-id")[:1000]
